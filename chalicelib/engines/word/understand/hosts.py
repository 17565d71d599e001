"""Which paragraph holds a box of text that stands at a place of its own: the one before which it is read."""

from collections.abc import Iterable

from chalicelib.engines.word.document.block import Block, TextBox
from chalicelib.engines.word.draft.block import ParagraphDraft
from chalicelib.engines.word.draft.draft import PageDraft

Hung = dict[int, list[Block]]
"""What hangs on a paragraph, by ``id()`` of its draft; 0 for what the page's first block holds."""


def hung_on(page: PageDraft, placed: Iterable[Block]) -> Hung:
    """Boxes with text by the paragraph that begins below their upper edge; pictures and shapes where the page begins."""
    able = [one for one in page.blocks if isinstance(one, ParagraphDraft) and one.lines and one.contents is None]
    found: Hung = {}
    for block in placed:
        host = _host(block, able) if isinstance(block, TextBox) and block.blocks and able else None
        found.setdefault(id(host) if host is not None else 0, []).append(block)
    return found


def _host(box: TextBox, able: list[ParagraphDraft]) -> ParagraphDraft:
    below = [one for one in able if one.box[1] >= box.y]
    beside = [one for one in below if one.left < box.x + box.width and one.right > box.x]
    return min(beside or below or able[-1:], key=lambda one: one.box[1])
