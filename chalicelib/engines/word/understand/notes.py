"""Footnotes and endnotes: small text at the foot of a page (or the end of the document) that raised marks refer to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from chalicelib.engines.tagged.tree import TagTree
from chalicelib.engines.word.document.format import Role
from chalicelib.engines.word.document.inline import Level, NoteKind
from chalicelib.engines.word.draft.block import ParagraphDraft
from chalicelib.engines.word.draft.cutting import cut
from chalicelib.engines.word.draft.draft import Draft, NoteDraft, PageDraft
from chalicelib.engines.word.draft.line import Line, Piece
from chalicelib.engines.word.understand.joins import Words, join_of
from chalicelib.engines.word.understand.note_regions import note_regions
from chalicelib.engines.word.understand.numerals import readings
from chalicelib.engines.word.understand.rows import Row, rows_of
from chalicelib.engines.word.understand.solid import join_lines

_MARK = re.compile(r"^\s*[(\[]?(\d{1,3}|[ivxlc]{1,6}|[a-z]|[*\u2020\u2021\u00a7\u00b6#]{1,3})[)\].]?(?=\s|$)")
_REFERENCE = re.compile(r"^[(\[]?(\d{1,3}|[ivxlc]{1,6}|[a-z]|[*\u2020\u2021\u00a7\u00b6#]{1,3})[)\]]?$")


@dataclass(slots=True)
class _Found:
    """A note in the making: its mark, its lines and the page that it begins on."""

    mark: str
    lines: list[Line]
    page: PageDraft
    reference: Piece | None = None


@dataclass(slots=True)
class _Marks:
    """The raised marks of the text that no note has taken yet, in their order."""

    pieces: list[tuple[PageDraft, Piece]] = field(default_factory=list)

    def take(self, mark: str, page: PageDraft | None) -> Piece | None:
        """The first of these marks, on ``page`` or anywhere."""
        for at, (where, piece) in enumerate(self.pieces):
            if (page is None or where is page) and _reference(piece) == mark:
                del self.pieces[at]
                return piece
        return None

    def leave(self, rows: Sequence[Row]) -> None:
        """Forget the marks that stand in notes: Word has none there."""
        own = _pieces_in(rows)
        self.pieces = [one for one in self.pieces if id(one[1]) not in own]


def find_notes(draft: Draft) -> None:
    """Fill ``Draft.notes``, set ``Piece.note`` of their marks; their lines leave the pages."""
    words = Words(draft)
    marks = _Marks([(page, piece) for page in draft.pages for line in page.lines for piece in _raised(line)])
    if not marks.pieces:
        return
    notes: list[_Found] = []
    for page in draft.pages:
        _take_footnotes(page, draft.source.tags, marks, notes)
    last = notes[-1].page.number if notes else 0
    ends = _over_pages(draft, marks, notes)
    for one in notes:
        _enter(draft, one, NoteKind.ENDNOTE if ends and one.page.number >= last else NoteKind.FOOTNOTE, words)
    if not notes:
        for one in _endnotes(draft, marks):
            _enter(draft, one, NoteKind.ENDNOTE, words)


def _raised(line: Line) -> list[Piece]:
    """Marks that stand after something: the mark at the beginning of a line is a note's own."""
    return [
        piece
        for at, piece in enumerate(line.pieces)
        if at and piece.level is Level.SUPER and _reference(piece) is not None
    ]


def _reference(piece: Piece) -> str | None:
    found = _REFERENCE.match(piece.text.strip())
    return found[1] if found else None


def _take_footnotes(page: PageDraft, tags: TagTree, marks: _Marks, notes: list[_Found]) -> None:
    """The notes at the foot of a page; what stands before the first mark goes on with the last note before."""
    for rows in note_regions(page, tags, lambda rows: _beginnings(rows, page, marks)):
        marks.leave(rows)
        taken: set[int] = set()
        for row in rows:
            line = join_lines(row.lines)
            mark = _mark(line)
            reference = marks.take(mark, page) if mark else None
            if reference is not None and mark is not None:
                notes.append(_Found(mark, [line], page, reference))
            elif notes:
                notes[-1].lines.append(line)
            else:
                continue
            taken |= {id(one) for one in row.lines}
            page.notes_bottom = max(page.notes_bottom, line.bottom)
        page.lines = [line for line in page.lines if id(line) not in taken]


def _beginnings(rows: Sequence[Row], page: PageDraft, marks: _Marks) -> list[int]:
    """Which rows begin with a mark of the page's text; a mark among the notes themselves refers to nothing."""
    own = _pieces_in(rows)
    said = {_reference(piece) for where, piece in marks.pieces if where is page and id(piece) not in own}
    return [at for at, row in enumerate(rows) if _mark(row.lines[0]) in said - {None}]


def _pieces_in(rows: Sequence[Row]) -> set[int]:
    return {id(piece) for row in rows for line in row.lines for piece in line.pieces}


def _mark(line: Line) -> str | None:
    first = line.pieces[0]
    if first.level is Level.SUPER:
        return _reference(first)
    found = _MARK.match(first.text if " " in first.text or len(line.pieces) == 1 else first.text.rstrip(".)"))
    return found[1] if found else None


def _endnotes(draft: Draft, marks: _Marks) -> list[_Found]:
    """Notes after all text: rows at the document's end, whose marks count from the first on, each referred to."""
    wanted = [mark for _, piece in marks.pieces if (mark := _reference(piece)) is not None]
    rows = [(page, row) for page in draft.pages for row in rows_of(page.lines)]
    first = next((at for at in range(len(rows) - 1, -1, -1) if _is_first(rows[at][1], wanted)), None)
    if first is None or len(wanted) < 2:
        return []
    found: list[_Found] = []
    for page, row in rows[first:]:
        line = join_lines(row.lines)
        mark = _mark(line)
        reference = marks.take(mark, None) if mark and _may_follow(found, mark) else None
        if mark and reference is not None:
            found.append(_Found(mark, [line], page, reference))
        elif found:
            found[-1].lines.append(line)
    if 2 * len(found) < len(wanted):
        return []
    taken = {id(line) for _, row in rows[first:] for line in row.lines}
    for page in draft.pages:
        page.lines = [line for line in page.lines if id(line) not in taken]
    return found


def _over_pages(draft: Draft, marks: _Marks, notes: list[_Found]) -> bool:
    """Whether the last notes go on over the following pages to the document's end: then they are endnotes.

    Those on the following pages are added.
    """
    last = notes[-1].page.number if notes else 0
    rows = [(page, row) for page in draft.pages if page.number > last for row in rows_of(page.lines)]
    if not notes or not rows or not _goes_on(notes, marks, [row for _, row in rows]):
        return False
    for page, row in rows:
        line = join_lines(row.lines)
        mark = _mark(line)
        reference = marks.take(mark, None) if mark and _may_follow(notes, mark) else None
        if mark and reference is not None:
            notes.append(_Found(mark, [line], page, reference))
        else:
            notes[-1].lines.append(line)
    for page in draft.pages:
        page.lines = page.lines if page.number <= last else []
    return True


def _goes_on(notes: Sequence[_Found], marks: _Marks, rows: Sequence[Row]) -> bool:
    """Whether these rows begin with the note after the last one, which the text before refers to, and are all as small."""
    last, mark = notes[-1], _mark(rows[0].lines[0])
    said = {_reference(piece) for page, piece in marks.pieces if page.number <= last.page.number}
    small = all(row.size <= 1.01 * last.lines[0].size for row in rows)
    return small and mark is not None and mark in said and _may_follow(notes, mark)


def _is_first(row: Row, wanted: Sequence[str]) -> bool:
    return _mark(row.lines[0]) == wanted[0]


def _may_follow(found: Sequence[_Found], mark: str) -> bool:
    if not found:
        return True
    before, now = readings(found[-1].mark), readings(mark)
    return not before or any(now.get(form) == value + 1 for form, value in before.items())


def _enter(draft: Draft, note: _Found, kind: NoteKind, words: Words) -> None:
    _drop_mark(note.lines[0])
    lines = [line for line in note.lines if line.pieces]
    joins = [join_of(before, after, words) for before, after in zip(lines, lines[1:], strict=False)]
    left, right = (min(line.left for line in lines), max(line.right for line in lines)) if lines else (0.0, 0.0)
    paragraph = ParagraphDraft(lines, left, right, joins, role=Role.NOTE)
    piece = note.reference
    if piece is not None:
        piece.note, piece.link = len(draft.notes), None
        piece.custom_mark = len(draft.notes) + 1 not in readings(note.mark).values()
    draft.notes.append(NoteDraft(kind, note.mark, [paragraph], note.page.number))


def _drop_mark(line: Line) -> None:
    first = line.pieces[0]
    if first.level is Level.SUPER:
        line.pieces.pop(0)
    else:
        found = _MARK.match(first.text)
        _, rest = cut(first, found.end() if found else 0)
        blank = len(rest.text) - len(rest.text.lstrip())
        line.pieces[0] = cut(rest, blank)[1]
        if not line.pieces[0].text:
            line.pieces.pop(0)
    if line.pieces:
        line.pieces[0].gap = ""
