"""A formula as a tree, as far as OMML needs it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MathText:
    """Letters and signs; ``upright`` for function names and digits."""

    text: str
    upright: bool = False


@dataclass(frozen=True, slots=True)
class Fraction:
    """One over the other."""

    numerator: tuple["MathNode", ...]
    denominator: tuple["MathNode", ...]


@dataclass(frozen=True, slots=True)
class Root:
    """A root; ``degree`` is empty for a square root."""

    radicand: tuple["MathNode", ...]
    degree: tuple["MathNode", ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """A base with what is raised and lowered beside it."""

    base: tuple["MathNode", ...]
    above: tuple["MathNode", ...] = ()
    below: tuple["MathNode", ...] = ()


MathNode = MathText | Fraction | Root | Script


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in a line, or ``display``: alone in its paragraph. ``size`` of its letters in points."""

    content: tuple[MathNode, ...]
    size: float
    display: bool = False
