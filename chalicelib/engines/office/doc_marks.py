"""Ends the font and size of a doc's line before the empty paragraph after it, where LibreOffice would let them run on.

Its filter ends a run's formatting at the first letter after it. Where that is the mark of an empty paragraph, the
paragraph takes it over and is as high as the letters before: Word gives it the height that its own mark has.
"""

import struct

from chalicelib.engines.office.word_binary import PAGE_BYTES, Piece, WordBinary

_MARK = 0x0D
_ENDS = frozenset({_MARK, 0x07, 0x0C, -1})
"""What a paragraph begins after: another one's mark, a cell's, a page's, or nothing."""

_HEIGHT = frozenset({0x4A43, 0x4A4F, 0x4A50, 0x4A51})
"""Size and the three fonts of a run (MS-DOC 2.6.1: sprmCHps, sprmCRgFtc0 to 2)."""


def end_formatting_at_marks(document: WordBinary) -> int:
    """Let each such run end one letter earlier, before the mark of its line, and answer how many did.

    A line's mark is as high as nothing, beside its letters. Runs of two pages are left as they are.
    """
    count = 0
    for page in document.pages:
        bounds = document.bounds(page)
        for run in range(1, len(bounds) - 1):
            piece = document.piece_at(bounds[run])
            if piece is not None and _runs_on(document, page, run, bounds, piece):
                _end_earlier(document.data, page, run, bounds, piece)
                count += 1
    return count


def _runs_on(document: WordBinary, page: int, run: int, bounds: list[int], piece: Piece) -> bool:
    """Whether a run begins with the mark of an empty paragraph, and does not set what the one before does."""
    at, width = bounds[run], piece.width
    if document.letter(at, piece) != _MARK or document.letter(at - width, piece) != _MARK:
        return False
    if document.letter(at - 2 * width, piece) in _ENDS or bounds[run - 1] > at - width:
        return False
    before, after = (document.properties(page, one, len(bounds) - 1) for one in (run - 1, run))
    return bool((before - after) & _HEIGHT)


def _end_earlier(data: bytearray, page: int, run: int, bounds: list[int], piece: Piece) -> None:
    start, count, end = page * PAGE_BYTES, len(bounds) - 1, bounds[run] - piece.width
    if bounds[run - 1] == end:  # the run is but the mark: it is formatted as the next
        places = start + 4 * (count + 1)
        data[places + run - 1] = data[places + run]
        return
    struct.pack_into("<I", data, start + 4 * run, end)
    bounds[run] = end
