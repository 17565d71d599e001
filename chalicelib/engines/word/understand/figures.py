"""Figures that the tags tell: an image as it is, or all that is drawn there, with its letters, as one picture."""

from collections.abc import Iterator, Sequence

from chalicelib.engines.tagged.tree import Content, Element, TagTree
from chalicelib.engines.word.draft.block import PictureDraft
from chalicelib.engines.word.draft.draft import PageDraft
from chalicelib.engines.word.draft.line import Piece
from chalicelib.engines.word.pages.drawn import Drawing
from chalicelib.engines.word.pages.text import Box
from chalicelib.engines.word.understand.tagged_text import TaggedText

_WORDY = 0.3
"""Share of its box that the letters of a figure cover, from which on it is text with something drawn around it."""

_LEAST_PT = 4.0


def figure_of(
    element: Element, tags: TagTree, text: TaggedText, pages: dict[int, PageDraft]
) -> tuple[PictureDraft, list[Piece]] | None:
    """The picture and the letters that are part of it; None where none is found, or its text is what matters."""
    contents = [one for one in tags.contents(element.index) if isinstance(one, Content)]
    page = pages.get(contents[0].page) if contents else None
    if page is None:
        return None
    marks = {one.mcid for one in contents if one.page == page.number}
    images = [one for one in page.page.images if one.mcid in marks]
    art = [one.box for one in page.page.art if one.mcid in marks]
    alt = element.alt or element.actual_text
    pieces = list(_pieces(element, tags, text, page.number))
    if len(images) == 1 and not pieces and _holds(images[0].box, art):
        return PictureDraft(page.number, images[0].box, image=images[0], alt=alt, element=element.index), []
    box = _hull([*(one.box for one in images), *art])
    if box is None or min(box[2] - box[0], box[3] - box[1]) < _LEAST_PT or _is_wordy(box, pieces):
        return None
    box = _hull([box, *(_box(one) for one in pieces)]) or box
    words = " ".join(piece.text for piece in pieces)
    alt = alt or words or None
    drawing = Drawing(box, len(art), 0)
    picture = PictureDraft(page.number, box, drawing=drawing, alt=alt, element=element.index, with_text=bool(pieces))
    picture.words = words
    return picture, pieces


def _pieces(element: Element, tags: TagTree, text: TaggedText, page: int) -> Iterator[Piece]:
    yield from (piece for number, _, piece in text.of(element.index) if number == page)
    for child in tags.children(element.index):
        yield from _pieces(child, tags, text, page)


def _is_wordy(box: Box, pieces: Sequence[Piece]) -> bool:
    covered = sum((one.right - one.left) * one.face.size for one in pieces)
    return covered > _WORDY * (box[2] - box[0]) * (box[3] - box[1])


def _holds(outer: Box, boxes: Sequence[Box]) -> bool:
    return all(
        one[0] >= outer[0] - 1 and one[1] >= outer[1] - 1 and one[2] <= outer[2] + 1 and one[3] <= outer[3] + 1
        for one in boxes
    )


def _box(piece: Piece) -> Box:
    return piece.left, piece.span.top, piece.right, piece.span.bottom


def _hull(boxes: Sequence[Box]) -> Box | None:
    if not boxes:
        return None
    return (
        min(one[0] for one in boxes),
        min(one[1] for one in boxes),
        max(one[2] for one in boxes),
        max(one[3] for one in boxes),
    )
