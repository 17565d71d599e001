"""What looks like paper."""

from chalicelib.engines.word.pages.drawn import Fill

_WHITE = 0xF8
"""A colour without any channel below is paper, unless it lies on another one."""


def is_white(fill: Fill) -> bool:
    """Whether a fill has the colour of paper."""
    return min(int(fill.color[at : at + 2], 16) for at in (0, 2, 4)) >= _WHITE
