"""Long loops and linters, which only ``make prove`` runs."""
