"""A project with a pipeline of its own."""

from tests.pipelines.fixtures import pipeline, template

__all__ = ["pipeline", "template"]
