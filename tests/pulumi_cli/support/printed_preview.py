"""What a preview shows of each resource, in rows, with ``--diff`` and as JSON.

The texts in ``expected_output/previews`` were read by a person in a terminal and approved.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.pulumi_cli.support.printed_output import extract_diagnostics, replace_variable_parts
from tests.pulumi_cli.support.project import Project

__all__ = ["PrintedPreview", "read_expected_preview"]

_EXPECTED = Path(__file__).parents[1] / "expected_output" / "previews"
_REASONS = ("op", "diffReasons", "replaceReasons", "detailedDiff")


@dataclass(frozen=True)
class PrintedPreview:
    """Three forms of the preview of one change.

    Attributes:
        rows: What ``pulumi preview`` prints.
        diff: What ``pulumi preview --diff`` prints.
        steps: The steps of ``pulumi preview --json``, by the name of the resource.
    """

    rows: str
    diff: str
    steps: Mapping[str, Mapping[str, Any]]

    @classmethod
    def create(cls, project: Project) -> PrintedPreview:
        """Run the three commands; each must succeed."""
        plan = json.loads(project.run("preview", "--json"))
        steps = {step["urn"].rsplit("::")[-1]: step for step in plan["steps"]}
        return cls(project.run("preview"), project.preview(), steps)

    @property
    def text(self) -> str:
        """Everything that was printed."""
        return self.rows + self.diff + json.dumps(self.steps)

    def describe(self, *names: str) -> str:
        """Return what is shown of these resources, in the order of their names."""
        reasons = {name: self._get_reasons(name) for name in names}
        parts = (
            ("$ pulumi preview", *map(self._find_row, names)),
            ("Diagnostics:", *filter(None, map(self._find_remark, names))),
            ("$ pulumi preview --diff", *map(self._find_diff, names)),
            ("$ pulumi preview --json", json.dumps(reasons, indent=2)),
        )
        text = "\n\n".join("\n".join(part) for part in parts if len(part) > 1)
        return replace_variable_parts(text)

    def _get_reasons(self, name: str) -> dict[str, Any]:
        return {key: self.steps[name][key] for key in _REASONS if key in self.steps[name]}

    def _find_row(self, name: str) -> str:
        operation = self.steps[name]["op"]
        (row,) = re.findall(rf"^ .* {name} {operation} \[diff: .*$", self.rows, re.MULTILINE)
        return str(row)

    def _find_remark(self, name: str) -> str:
        blocks = extract_diagnostics(self.rows).split("\n\n")
        return "\n".join(block.strip("\n") for block in blocks if f" ({name}):\n" in block)

    def _find_diff(self, name: str) -> str:
        """Return a resource's block without the messages between, which come in any order."""
        changes = self.diff.partition("\n    --outputs:--")[0]
        indented = "\n".join(re.findall(r"^ {4,}.*$", changes, re.MULTILINE))
        blocks = re.split(r"\n(?= {4}\S* ?\S+: \(\w+\))", indented)
        (block,) = (block for block in blocks if f"::{name}]\n" in block)
        return block


def read_expected_preview(name: str) -> str:
    """Return what is expected to be shown."""
    return (_EXPECTED / f"{name}.txt").read_text(encoding="utf-8")
