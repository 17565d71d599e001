"""Heads and feet as paragraphs: what stands left, in the middle and at the right of a row, with tabs between."""

from collections.abc import Sequence

from chalicelib.engines.word.document.format import Align, Format, Role, TabAlign, TabStop
from chalicelib.engines.word.draft.block import BlockDraft, ParagraphDraft, PictureDraft
from chalicelib.engines.word.draft.draft import PageDraft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.understand.rows import Row, rows_of

_CENTER_PT = 4.0
_AT_EDGE_PT = 4.0


def signature(lines: Sequence[Line]) -> str:
    """What heads or feet say, whatever the page's number."""
    return "\n".join(
        "".join(f"{piece.gap}{piece.page_field or piece.text}" for line in row.lines for piece in line.pieces)
        for row in rows_of(lines)
    )


def running_blocks(lines: Sequence[Line], role: Role, left: float, right: float) -> list[BlockDraft]:
    """Each row as a paragraph between the margins ``left`` and ``right``."""
    return [_paragraph(row, role, left, right) for row in rows_of(lines)]


def _paragraph(row: Row, role: Role, left: float, right: float) -> ParagraphDraft:
    paragraph = ParagraphDraft([_line(row)], left, right, role=role)
    paragraph.format = _format(row, left, right)
    return paragraph


def _line(row: Row) -> Line:
    """The row as one line; its parts are told apart by tabs."""
    parts = list(reversed(row.lines)) if all(line.rtl for line in row.lines) else row.lines
    pieces = []
    for at, part in enumerate(parts):
        for place, piece in enumerate(part.pieces):
            if at and place == 0:
                piece.gap = "\t"
            pieces.append(piece)
    first = parts[0]
    return Line(
        first.page,
        pieces,
        row.baseline,
        row.size,
        row.top,
        row.bottom,
        rtl=all(line.rtl for line in parts),
        element=first.element,
    )


def _format(row: Row, left: float, right: float) -> Format:
    rtl = all(line.rtl for line in row.lines)
    if len(row.lines) > 1:
        return Format(tabs=tuple(_tab(line, left, right, rtl) for line in _following(row, rtl)), rtl=rtl)
    line = row.lines[0]
    at_left, at_right = line.left - left < _AT_EDGE_PT, right - line.right < _AT_EDGE_PT
    if not at_left and not at_right and abs((line.left + line.right) / 2 - (left + right) / 2) < _CENTER_PT:
        return Format(align=Align.CENTER, rtl=rtl)
    if at_right and not at_left:
        return Format(align=Align.START if rtl else Align.END, rtl=rtl)
    start, end = line.left - left, right - line.right
    start, end = (end, start) if rtl else (start, end)
    beyond = round(end - _AT_EDGE_PT, 1) if end < 0 else 0.0
    return Format(start=round(start, 1) if abs(start) > _AT_EDGE_PT else 0.0, end=beyond, rtl=rtl)


def _following(row: Row, rtl: bool) -> list[Line]:
    return list(reversed(row.lines))[1:] if rtl else row.lines[1:]


def _tab(line: Line, left: float, right: float, rtl: bool) -> TabStop:
    middle = (line.left + line.right) / 2
    if abs(middle - (left + right) / 2) < _CENTER_PT:
        return TabStop(round((right - left) / 2, 1), TabAlign.CENTER)
    far = line.left - left if rtl else right - line.right
    if far < 2 * _AT_EDGE_PT:
        place = right - line.left if rtl else line.right - left
        return TabStop(round(place, 1), TabAlign.END)
    return TabStop(round(right - line.right if rtl else line.left - left, 1))


def heads_of(page: PageDraft) -> tuple[str, str]:
    """The signatures of a page's heads and feet, pictures included."""
    head, foot = signature(page.heads), signature(page.feet)
    for picture in page.running_pictures:
        mark = f"\n[{picture.image.number if picture.image else 0}]"
        head, foot = (head + mark, foot) if is_head(picture, page) else (head, foot + mark)
    return head, foot


def is_head(picture: PictureDraft, page: PageDraft) -> bool:
    """Whether a running picture goes with the heads: what lies in the middle of the page (a watermark) does too."""
    return picture.box[1] < page.page.height / 2
