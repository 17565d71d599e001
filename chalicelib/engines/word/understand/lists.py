"""Lists: items with their levels and numbering; what was printed as their label goes from the text."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from chalicelib.engines.word.document.document import ListDefinition, ListLevel
from chalicelib.engines.word.document.inline import Look
from chalicelib.engines.word.draft.block import BlockDraft, ParagraphDraft, TableDraft
from chalicelib.engines.word.draft.draft import Draft
from chalicelib.engines.word.families import face_of
from chalicelib.engines.word.understand.labels import take_label, values
from chalicelib.engines.word.understand.list_items import Item, find_items
from chalicelib.engines.word.understand.list_numbers import LEVELS, Counting, Lists

_DEEPER_PT = 6.0
"""An item's label so much further in than that of the one before is a level deeper."""

_STEP_PT = 18.0
_TAB = 0.35
"""A label followed by a gap of more sizes is followed by a tab."""


def find_lists(draft: Draft) -> None:
    """Set ``ParagraphDraft.label`` of items and fill ``Draft.lists``; labels leave the lines."""
    lists = Lists()
    placed: list[tuple[Item, int, int]] = []
    for paragraphs in _flows(draft):
        items = find_items(paragraphs, draft.source.tags)
        levels = _levels(items, paragraphs)
        placed += _place(items, levels, lists)
    for item, number, level in placed:
        label = take_label(item.paragraph.lines[0], item.label)
        label.number, label.level = number, level
        label.value = next(iter(values(item.label).values()), None)
        item.paragraph.label = label
    draft.lists = [_definition(own, [one for one in placed if one[1] == at]) for at, own in enumerate(lists.all)]


def settle_list_indents(draft: Draft) -> None:
    """Take the indents of each level from what its items have; runs when formats are found."""
    found: dict[tuple[int, int], Counter[tuple[float, float]]] = defaultdict(Counter)
    for paragraph in draft.every_paragraph():
        label, form = paragraph.label, paragraph.format
        if label is not None and label.number is not None and form is not None:
            found[label.number, label.level][form.start, -form.first] += 1
    for number, definition in enumerate(draft.lists):
        levels = list(definition.levels)
        for at, level in enumerate(levels):
            indents = found.get((number, at))
            start, hanging = indents.most_common(1)[0][0] if indents else (_STEP_PT * (at + 1), _STEP_PT)
            levels[at] = ListLevel(level.format, level.text, level.first, start, hanging, level.look, level.suffix)
        draft.lists[number] = ListDefinition(tuple(levels))


def _flows(draft: Draft) -> Iterator[list[ParagraphDraft]]:
    """Paragraphs that follow each other: the body's, and each cell's."""
    yield draft.paragraphs()
    for page in draft.pages:
        yield from _cells([*page.blocks, *page.floating])


def _cells(blocks: Sequence[BlockDraft]) -> Iterator[list[ParagraphDraft]]:
    for block in blocks:
        if isinstance(block, TableDraft):
            for cell in block.cells:
                yield [one for one in cell.blocks if isinstance(one, ParagraphDraft)]
                yield from _cells(cell.blocks)


def _levels(items: Sequence[Item], paragraphs: Sequence[ParagraphDraft]) -> list[int]:
    """By how far labels stand in against those before; text at the outermost label's edge ends the nesting."""
    levels: list[int] = []
    stack: list[float] = []
    nested: dict[tuple[str, int], Counter[int]] = defaultdict(Counter)
    begins: list[int] = []
    for at, item in enumerate(items):
        if at and _ended(paragraphs[items[at - 1].place + 1 : item.place], stack):
            stack = []
        while stack and item.indent < stack[-1] - _DEEPER_PT:
            stack.pop()
        if not stack or item.indent > stack[-1] + _DEEPER_PT:
            if not stack:
                begins.append(at)
            stack.append(item.indent)
        levels.append(min(LEVELS - 1, len(stack) - 1))
        if at not in begins:
            nested[_key(item)][levels[-1]] += 1
    for at in begins:
        usual = nested[_key(items[at])].most_common(1)
        if usual and levels[at] == 0 and items[at].label.bullet:
            levels[at] = usual[0][0]
    return levels


def _key(item: Item) -> tuple[str, int]:
    return item.label.text if item.label.bullet else "1", round(item.indent / 4)


def _ended(between: Sequence[ParagraphDraft], stack: Sequence[float]) -> bool:
    return any(_indent(one) <= (stack[0] if stack else 0) + _DEEPER_PT / 2 for one in between)


def _indent(paragraph: ParagraphDraft) -> float:
    line = paragraph.lines[0]
    return paragraph.right - line.right if line.rtl else line.left - paragraph.left


def _place(items: Sequence[Item], levels: Sequence[int], lists: Lists) -> list[tuple[Item, int, int]]:
    placed: list[tuple[Item, int, int]] = []
    current: int | None = None
    for at, (item, seen) in enumerate(zip(items, levels, strict=True)):
        if at and item.place > items[at - 1].place + 1 and seen == 0:
            current = None
        if item.label.bullet:
            current, level = lists.place_bullet(item.label, seen, current), seen
        else:
            current, level = lists.place_number(item.label, item.formats, seen, current)
        placed.append((item, current, level))
    return placed


def _definition(own: Counting, items: Sequence[tuple[Item, int, int]]) -> ListDefinition:
    levels = []
    for at in range(max(own.shapes) + 1):
        form, text = own.shapes.get(at, ("bullet", "\u2022"))
        here = [item for item, _, level in items if level == at]
        levels.append(ListLevel(form, text, own.firsts.get(at, 1), look=_look(here), suffix=_suffix(here)))
    return ListDefinition(tuple(levels))


def _look(items: Sequence[Item]) -> Look | None:
    """The font of a bullet that is not of the text's font."""
    if not items or items[0].paragraph.label is None or not items[0].label.bullet:
        return None
    label = items[0].paragraph.label
    pieces = items[0].paragraph.lines[0].pieces
    if pieces and pieces[0].face.font == label.face_font:
        return None
    family = face_of(label.face_font, 0).family
    signs = any(name in label.face_font.lower() for name in ("symbol", "wingding", "dingbat"))
    return Look("Arial" if signs else family, round(2 * label.face_size) / 2)


def _suffix(items: Sequence[Item]) -> str:
    gaps = []
    for item in items:
        label, line = item.paragraph.label, item.paragraph.lines[0]
        if label is not None and line.pieces:
            gap = label.left - line.right if line.rtl else line.left - label.right
            gaps.append(gap / line.size)
    return "space" if gaps and sorted(gaps)[len(gaps) // 2] < _TAB else "tab"
