"""Long loops and linters, which only ``make prove`` runs."""

from tests.pipelines.fixtures import pipeline, template

__all__ = ["pipeline", "template"]
