"""What is read on a page: lines of words with boxes, sizes and confidence, in the pixels of the upright picture."""

from dataclasses import dataclass, field

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line as an engine reads it; ``confidence`` 0–1. ``words`` where the engine says where they stand."""

    text: str
    box: Box
    confidence: float
    words: tuple[tuple[str, Box], ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """A word from ``x0`` to ``x1`` on its ``baseline``, its letters ``size`` high as a font's size counts."""

    text: str
    x0: float
    x1: float
    baseline: float
    size: float
    confidence: float
    bold: bool = False

    @property
    def box(self) -> Box:
        """The word's own, as high as Latin letters of its size."""
        return self.x0, self.baseline - 0.75 * self.size, self.x1, self.baseline + 0.22 * self.size


@dataclass(slots=True)
class ReadPage:
    """``words`` line by line; how the picture was turned (degrees clockwise) and straightened to read it."""

    words: list[list[Word]] = field(default_factory=list)
    engine: str = ""
    language: str = ""
    turned: int = 0
    skew: float = 0.0

    @property
    def confidence(self) -> float:
        """The mean over the characters, 0 where there are none."""
        words = [word for line in self.words for word in line]
        letters = sum(len(word.text) for word in words)
        return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0
