"""What two boxes are to each other."""

from chalicelib.engines.word.pages.text import Box


def hull(one: Box, other: Box) -> Box:
    """The smallest box around both."""
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def touch(one: Box, other: Box, gap_pt: float) -> bool:
    """Whether no more than ``gap_pt`` lies between them, across or down."""
    return (
        one[0] - gap_pt <= other[2]
        and other[0] - gap_pt <= one[2]
        and one[1] - gap_pt <= other[3]
        and other[1] - gap_pt <= one[3]
    )
