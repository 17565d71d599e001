"""Bookmarks where internal links lead, and the links of pictures and of contents' entries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from chalicelib.engines.word.document.format import Role
from chalicelib.engines.word.draft.block import BlockDraft, ParagraphDraft, PictureDraft, TableDraft
from chalicelib.engines.word.draft.draft import Draft, PageDraft
from chalicelib.engines.word.pages.marks import LinkArea, Place
from chalicelib.engines.word.understand.links import link_over
from chalicelib.engines.word.understand.outline_headings import plain

_ABOVE_PT = 24.0
"""Programs lead to a place above the heading: its space before, or a line of room."""


def find_bookmarks(draft: Draft) -> None:
    """Fill ``Draft.anchors`` and ``ParagraphDraft.bookmarks``; set ``PictureDraft.link``."""
    _link_pictures(draft)
    targets: dict[int, list[ParagraphDraft]] = defaultdict(list)
    for paragraph in draft.every_paragraph():
        if paragraph.lines:
            targets[paragraph.page].append(paragraph)
    _link_entries(draft)
    names: dict[int, str] = {}
    for place in _places(draft):
        target = _target(place, targets.get(place.page, ()))
        if target is not None:
            name = names.setdefault(id(target), f"_{_kind(target)}{len(names) + 1:06d}")
            draft.anchors[place] = name
            if name not in target.bookmarks:
                target.bookmarks.append(name)


def _kind(target: ParagraphDraft) -> str:
    return "Toc" if target.role is Role.HEADING else "Ref"


def _places(draft: Draft) -> list[Place]:
    links = [piece.link for one in draft.every_paragraph() for line in one.lines for piece in line.pieces]
    links += [piece.link for one in draft.notes for p in one.paragraphs for line in p.lines for piece in line.pieces]
    links += [piece.link for page in draft.pages for line in [*page.heads, *page.feet] for piece in line.pieces]
    links += [picture.link for page in draft.pages for picture in _pictures(page)]
    return list(dict.fromkeys(link.place for link in links if link is not None and link.place is not None))


def _target(place: Place, paragraphs: Iterable[ParagraphDraft]) -> ParagraphDraft | None:
    """The first paragraph below the place (or the one that it lies in); the page's first where only that is said."""
    ordered = sorted(paragraphs, key=lambda one: one.lines[0].top)
    if place.y is None or not ordered:
        return ordered[0] if ordered else None
    y = place.y
    below = [one for one in ordered if one.lines[0].bottom > y - 1]
    if below and below[0].lines[0].top - y < _ABOVE_PT * 4:
        near = [one for one in below if one.lines[0].top - y < _ABOVE_PT]
        return next((one for one in near if one.role is Role.HEADING), below[0])
    return below[0] if below else ordered[-1]


def _link_entries(draft: Draft) -> None:
    """Lead entries of contents without links to the headings that they name."""
    headings: dict[str, ParagraphDraft] = {}
    for one in draft.paragraphs():
        if one.role is Role.HEADING and one.lines:
            label = one.label.text if one.label else ""
            headings.setdefault(plain(one.text), one)
            headings.setdefault(plain(label + one.text), one)
    for entry in draft.paragraphs():
        pieces = [piece for line in entry.lines for piece in line.pieces]
        if entry.contents is None or any(piece.link for piece in pieces):
            continue
        text = plain("".join(line.text for line in entry.lines).rstrip("0123456789ivxlcIVXLC \t"))
        found = headings.get(text)
        if found is not None:
            area = LinkArea(entry.box, place=Place(found.page, found.lines[0].left, found.lines[0].top))
            for piece in pieces:
                piece.link = area


def _link_pictures(draft: Draft) -> None:
    for page in draft.pages:
        for picture in _pictures(page):
            picture.link = picture.link or link_over(page, picture.box)


def _pictures(page: PageDraft) -> Iterator[PictureDraft]:
    yield from _pictures_in([*page.blocks, *page.floating])


def _pictures_in(blocks: Iterable[BlockDraft]) -> Iterator[PictureDraft]:
    for block in blocks:
        if isinstance(block, PictureDraft):
            yield block
        elif isinstance(block, ParagraphDraft):
            yield from block.inline_pictures
        elif isinstance(block, TableDraft):
            for cell in block.cells:
                yield from _pictures_in(cell.blocks)
