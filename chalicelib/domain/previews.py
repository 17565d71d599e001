"""Previews: what is made for one, in which steps, and where it lies."""

from dataclasses import dataclass

from chalicelib.domain.conversion import object_prefix

SOURCE_PAGES = 10
"""Of a source so many pages are drawn: what is made of them goes with it, by name, when its conversion ends."""

LAY_OUT, DRAW, READ = "lay-out", "draw", "read"
"""The steps: lay a document out as PDF, draw a page, read the first rows of a workbook."""


@dataclass(frozen=True)
class Step:
    """One thing to be made for a preview: ``what`` of ``of`` ("source" or "result") of a conversion."""

    conversion_id: str
    of: str
    what: str
    page: int = 1

    @property
    def key(self) -> str:
        """Where it lies once it is made."""
        name = {LAY_OUT: "laid-out.pdf", DRAW: f"{self.page}.png", READ: "rows.json"}[self.what]
        return f"{prefix_of(self.conversion_id)}{self.of}-{name}"

    @property
    def problem_key(self) -> str:
        """Where it is told why it can't be made."""
        return f"{self.key}.problem"


def prefix_of(conversion_id: str) -> str:
    """Where all previews of a conversion lie."""
    return f"{object_prefix(conversion_id)}preview/"


def source_preview_keys(conversion_id: str) -> list[str]:
    """Whatever may have been made of a source."""
    steps = [Step(conversion_id, "source", DRAW, page) for page in range(1, SOURCE_PAGES + 1)]
    steps += [Step(conversion_id, "source", what) for what in (LAY_OUT, READ)]
    return [key for step in steps for key in (step.key, step.problem_key)]
