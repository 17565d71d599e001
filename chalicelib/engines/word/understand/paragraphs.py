"""Paragraphs: lines that flow. A line whose end has room for the next line's first word was ended by the author."""

import re
from collections import defaultdict
from collections.abc import Sequence
from statistics import median

from chalicelib.engines.word.draft.block import BlockDraft, ParagraphDraft, TableDraft
from chalicelib.engines.word.draft.draft import ColumnDraft, Draft, PageDraft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.pages.text import Box
from chalicelib.engines.word.understand.joins import Words, join_of
from chalicelib.engines.word.understand.justified import even_out
from chalicelib.engines.word.understand.labels import begins_item, is_apart, label_of
from chalicelib.engines.word.understand.room import Room

_LEADS_TO = re.compile(r"(?:[.\u2026\u00b7_]\s?){4,}\s*\S{0,8}$")
_ENDED = re.compile(r"[.!?:;,\u2026\u3002\u060c\u061b\u061f\u06d4][\"'\u00bb\u201d\u2019)\]]*$")
_FLUSH_PT = 1.0
_SAME_SIZE = 0.06
_LOOSE = 1.2
"""A distance between baselines of so many usual ones ends a paragraph."""

_LOOSEST = 2.3
"""No paragraph has its baselines so many sizes apart where nothing is known of the usual distance."""

_INDENT = 0.7
"""Lines that begin so many sizes apart are indented differently."""


def find_paragraphs(draft: Draft) -> None:
    """Make paragraphs of the lines of every column, and set them between its blocks; joins lines of all paragraphs."""
    for page in draft.pages:
        for stretch in page.stretches:
            for column in stretch.columns:
                own = paragraphs_of(column.lines, column.box, page)
                column.lines = []
                column.blocks = _woven(own, column.blocks)
                _give_edges(column)
                for block in column.blocks:
                    if isinstance(block, TableDraft) and block.element is None:
                        _part_cells(block, page)
    words = Words(draft)
    for paragraph in draft.every_paragraph():
        pairs = zip(paragraph.lines, paragraph.lines[1:], strict=False)
        paragraph.joins = [join_of(before, line, words) for before, line in pairs]


def _part_cells(table: TableDraft, page: PageDraft) -> None:
    """Cells that were found hold all their lines in one paragraph until now."""
    for cell in table.cells:
        parted: list[BlockDraft] = []
        for block in cell.blocks:
            if isinstance(block, ParagraphDraft):
                parted += paragraphs_of(block.lines, (block.left, cell.box[1], block.right, cell.box[3]), page)
            else:
                parted.append(block)
        cell.blocks = parted


def paragraphs_of(lines: Sequence[Line], box: Box, page: PageDraft) -> list[ParagraphDraft]:
    """The paragraphs of lines that stand one below the other in ``box``."""
    even_out(lines)
    room = Room(lines, box, page)
    pitches = _usual_pitches(lines, room)
    groups: list[list[Line]] = []
    for line in lines:
        if groups and not _begins(groups[-1], line, room, pitches):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [ParagraphDraft(group, box[0], box[2], element=_element(group)) for group in groups]


def _element(lines: Sequence[Line]) -> int | None:
    found = {line.element for line in lines}
    return found.pop() if len(found) == 1 else None


def _usual_pitches(lines: Sequence[Line], room: Room) -> dict[int, float]:
    """How far baselines are apart within paragraphs, for each size of letters: after full lines."""
    found: dict[int, list[float]] = defaultdict(list)
    for before, line in zip(lines, lines[1:], strict=False):
        pitch = line.baseline - before.baseline
        if _same_size(before, line) and 0 < pitch < _LOOSEST * line.size and not room.fits(before, line):
            found[round(line.size)].append(pitch)
    return {size: median(own) for size, own in found.items()}


def _same_size(one: Line, other: Line) -> bool:
    return abs(one.size - other.size) <= _SAME_SIZE * max(one.size, other.size)


def _begins(group: Sequence[Line], line: Line, room: Room, pitches: dict[int, float]) -> bool:
    """Whether ``line`` begins a paragraph after those of ``group``."""
    before = group[-1]
    if line.page != before.page or line.rtl != before.rtl or not _same_size(before, line):
        return True
    return (
        _is_apart(group, line, pitches)
        or room.fits(before, line)
        or _begins_item(group, line)
        or _ends_in_column(before)
        or _is_indented_anew(group, line)
        or _turns_bold(group, line)
    )


def _begins_item(group: Sequence[Line], line: Line) -> bool:
    """Whether the line begins with a label; a number in a sentence that goes on at the same edge, as in "see page 12)", is none."""
    label = label_of(line)
    if label is None or not begins_item(line):
        return False
    before = group[-1]
    flush = abs(_start(line) - _start(before)) < _FLUSH_PT and not begins_item(group[0])
    return label.bullet or not flush or is_apart(line, label) or bool(_ENDED.search(before.text.rstrip()))


def _is_apart(group: Sequence[Line], line: Line, pitches: dict[int, float]) -> bool:
    pitch = line.baseline - group[-1].baseline
    own = [after.baseline - one.baseline for one, after in zip(group, group[1:], strict=False)]
    usual = median(own) if own else pitches.get(round(line.size), 0.0)
    if usual <= 0:
        return pitch <= 0 or pitch > _LOOSEST * line.size
    return pitch <= 0.3 * line.size or pitch > _LOOSE * usual + 0.5


def _ends_in_column(line: Line) -> bool:
    """Whether the line ends with something set apart by a tab or by leaders, as entries of contents do."""
    if _LEADS_TO.search(line.text):
        return True
    apart = [at for at, piece in enumerate(line.pieces) if at and piece.gap == "\t"]
    return bool(apart) and not (apart == [1] and begins_item(line))


def _is_indented_anew(group: Sequence[Line], line: Line) -> bool:
    """Whether the line is a first line: further in or out than the lines before it go on."""
    if len(group) < 2 or _is_centered(group):
        return False
    start = _start(line)
    goes_on = median(_start(one) for one in group[1:])
    return abs(start - goes_on) > _INDENT * line.size


def _is_centered(group: Sequence[Line]) -> bool:
    centers = [(one.left + one.right) / 2 for one in group]
    lefts = [one.left for one in group]
    return max(centers) - min(centers) < 2.0 and max(lefts) - min(lefts) > 2.0


def _start(line: Line) -> float:
    """Where it begins, growing in the direction of reading."""
    return -line.right if line.rtl else line.left


def _turns_bold(group: Sequence[Line], line: Line) -> bool:
    """Whether all before was bold and this is not: a heading that fills its line."""
    return all(_bold(one) == 1 for one in group) and _bold(line) == 0


def _bold(line: Line) -> float:
    letters = sum(len(piece.text) for piece in line.pieces)
    return sum(len(piece.text) for piece in line.pieces if piece.face.bold) / max(1, letters)


def _woven(paragraphs: Sequence[ParagraphDraft], blocks: Sequence[BlockDraft]) -> list[BlockDraft]:
    """The paragraphs between the blocks, which keep their order: each before the first that begins below it."""
    woven = list(blocks)
    for paragraph in paragraphs:
        top = paragraph.lines[0].baseline
        at = next((at for at, block in enumerate(woven) if _top(block, paragraph.page) > top), len(woven))
        woven.insert(at, paragraph)
    return woven


def _top(block: BlockDraft, page: int) -> float:
    if isinstance(block, ParagraphDraft):
        return block.lines[0].baseline if block.lines and block.page == page else -1.0
    return block.box[1]


def _give_edges(column: ColumnDraft) -> None:
    """Tell the paragraphs of tags in which column they stand."""
    for block in column.blocks:
        if isinstance(block, ParagraphDraft) and block.right <= block.left:
            block.left, block.right = column.box[0], column.box[2]
