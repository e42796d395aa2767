"""What a run prints and writes: tables, a page, the ratios of the last whole run."""
