"""Tags first: where the tags of a PDF cover a page's text, they say what its blocks are and in which order."""

from collections.abc import Sequence

from chalicelib.engines.tagged.tree import Element, ObjectReference, TagTree
from chalicelib.engines.word.document.document import Way
from chalicelib.engines.word.document.format import Role
from chalicelib.engines.word.draft.block import BlockDraft, ParagraphDraft
from chalicelib.engines.word.draft.draft import Draft, PageDraft
from chalicelib.engines.word.draft.line import Piece
from chalicelib.engines.word.understand.figures import figure_of
from chalicelib.engines.word.understand.lines import make_line
from chalicelib.engines.word.understand.tag_order import is_readable
from chalicelib.engines.word.understand.tagged_tables import place_cells, table_of
from chalicelib.engines.word.understand.tagged_text import INLINE, TaggedText, lines_of

_COVERED = 0.9
"""A page is read by its tags when they own so much of the text that is neither head nor foot."""

_UNSEEN = " \u00a0\u00ad\u200b"

_ROLES = {
    "Title": Role.TITLE,
    "Caption": Role.CAPTION,
    "BlockQuote": Role.QUOTE,
    "Code": Role.CODE,
    "TOCI": Role.CONTENTS_ENTRY,
}
_GROUPS = frozenset(
    [
        "Document",
        "DocumentFragment",
        "Part",
        "Art",
        "Sect",
        "Div",
        "NonStruct",
        "Private",
        "Aside",
        "TOC",
        "Index",
        "L",
        "LI",
        "LBody",
        "BlockQuote",
        "Form",
        "THead",
        "TBody",
        "TFoot",
        "TR",
        "TD",
        "TH",
    ]
)
"""Roles that hold blocks; text right in one of them is a paragraph."""


def follow_tags(draft: Draft) -> None:
    """Fill ``PageDraft.floating`` and the blocks of tagged pages: their order is that of the tree."""
    pages = {page.number: page for page in draft.pages}
    for page in draft.pages:
        page.tagged = _is_covered(page) and is_readable(page, draft.source.tags)
        if page.tagged:
            page.way = Way.TAGS
    tagged = [page for page in draft.pages if page.tagged]
    if tagged:
        walk = _Walk(draft.source.tags, TaggedText(tagged), pages)
        for root in draft.source.tags.roots:
            walk.enter(draft.source.tags.elements[root])
        walk.flush()
        _deal_out(walk.blocks, pages, walk.taken)


def _is_covered(page: PageDraft) -> bool:
    letters = sum(line.letters for line in page.lines)
    owned = sum(
        len(piece.text) - piece.text.count(" ")
        for line in page.lines
        for piece in line.pieces
        if piece.element is not None
    )
    return letters > 0 and owned >= _COVERED * letters


class _Walk:
    """A walk down the tree: collects pieces until a block ends, and makes it of them."""

    def __init__(self, tags: TagTree, text: TaggedText, pages: dict[int, PageDraft]) -> None:
        self._tags, self._text, self._pages = tags, text, pages
        self.blocks: list[BlockDraft] = []
        self.taken: set[int] = set()
        """The pieces that are in a block, by identity: a line that is made of them may join several in one."""
        self._pieces: list[tuple[int, int, Piece]] = []
        self._owner: Element | None = None
        self._labels = False
        """All pieces so far are a list item's label: the block that begins goes on with them."""

    def enter(self, element: Element) -> None:
        """Take an element with all that is in it."""
        if element.role == "Table" and self._take_table(element):
            return
        if element.role in ("Figure", "Formula") and self._take_picture(element):
            return
        if element.role == "Artifact":
            return
        block = element.role not in INLINE
        if block and not self._labels:
            self.flush()
        if block:
            self._owner = element
        self._enter_kids(element, block=block)
        if block:
            self.flush()

    def _enter_kids(self, element: Element, *, block: bool) -> None:
        taken = False
        for kid in element.kids:
            if isinstance(kid, int):
                self.enter(self._tags.elements[kid])
                if block and not self._pieces:
                    self._owner = element
            elif not taken and not isinstance(kid, ObjectReference):
                taken = self._take_text(element)

    def _take_text(self, element: Element) -> bool:
        """All text that is right in the element, at the first of it: its kids in between are inline as a rule."""
        found = self._text.of(element.index)
        if found:
            self._labels = element.role == "Lbl" and (self._labels or not self._pieces)
            self._pieces += found
            self._owner = self._owner or element
        return True

    def flush(self) -> None:
        """End the block at hand."""
        pieces, self._pieces, self._labels = self._pieces, [], False
        owner, self._owner = self._owner, None
        if pieces and owner is not None:
            self.taken |= {id(piece) for _, _, piece in pieces}
            paragraph = ParagraphDraft(lines_of(pieces), 0, 0, element=owner.index)
            paragraph.role, paragraph.level = _role(owner, self._tags)
            self.blocks.append(paragraph)

    def _take_table(self, element: Element) -> bool:
        """A table as one block; false where the element holds no rows of cells."""
        cells = place_cells(element, self._tags)
        if not cells:
            return False
        self.flush()
        walks = [self._walk_in(cell.element) for cell in cells]
        inner = [(cell, walk.blocks) for cell, walk in zip(cells, walks, strict=True)]
        table = table_of(element, inner, self._pages)
        if table is not None:
            self.blocks.append(table)
            self.taken.update(*(walk.taken for walk in walks))
        return True

    def _walk_in(self, element: Element) -> "_Walk":
        walk = _Walk(self._tags, self._text, self._pages)
        walk.enter(element)
        walk.flush()
        return walk

    def _take_picture(self, element: Element) -> bool:
        """A figure as one picture; false where none is found and its text is all that there is."""
        found = figure_of(element, self._tags, self._text, self._pages)
        if found is None:
            return False
        picture, letters = found
        self.taken |= {id(piece) for piece in letters}
        picture.inline = bool(self._pieces) or (self._owner is not None and self._owner.role in ("P", "LBody"))
        self.blocks.append(picture)
        return True


def _role(element: Element, tags: TagTree) -> tuple[Role, int]:
    for one in tags.ancestors(element.index):
        if one.role in _ROLES:
            return _ROLES[one.role], 1 if one.role == "TOCI" else 0
        if len(one.role) == 2 and one.role[0] == "H" and one.role[1].isdigit():
            return Role.HEADING, int(one.role[1])
        if one.role == "H":
            depth = sum(other.role in ("Sect", "Part", "Art") for other in tags.ancestors(one.index))
            return Role.HEADING, max(1, min(9, depth))
        if one.role in _GROUPS:
            break
    return Role.NORMAL, 0


def _deal_out(blocks: Sequence[BlockDraft], pages: dict[int, PageDraft], taken: set[int]) -> None:
    """Give every block to the page on which it begins; the pieces ``taken`` leave the lines of their pages."""
    for block in blocks:
        page = pages.get(block.page)
        if page is not None:
            page.known_blocks.append(block)
    for page in pages.values():
        if page.tagged:
            left = ([piece for piece in line.pieces if id(piece) not in taken] for line in page.lines)
            page.lines = [
                line if len(pieces) == len(line.pieces) else make_line(line.page, pieces, line.turn)
                for line, pieces in zip(page.lines, left, strict=True)
                if any(piece.form or piece.text.strip(_UNSEEN) for piece in pieces)
            ]
