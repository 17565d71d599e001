"""Lines around paragraphs, cells and pages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Border:
    """A line: ``width`` in points, ``color`` RRGGBB or None for automatic; ``style`` ``single``, ``double``, ``dashed``, ``dotted``."""

    width: float = 0.5
    color: str | None = None
    style: str = "single"


@dataclass(frozen=True, slots=True)
class Borders:
    """The four sides; None is no line. ``between`` separates neighbouring paragraphs with equal borders."""

    top: Border | None = None
    left: Border | None = None
    bottom: Border | None = None
    right: Border | None = None
    between: Border | None = None

    def __bool__(self) -> bool:
        return any((self.top, self.left, self.bottom, self.right, self.between))
