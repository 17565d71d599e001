"""Pictures: images, and regions of vector art, each once, in the flow or at a place beside it."""

from collections.abc import Sequence

from chalicelib.engines.word.draft.block import BlockDraft, CellDraft, ParagraphDraft, PictureDraft, TableDraft
from chalicelib.engines.word.draft.draft import Draft, PageDraft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.pages.drawn import Drawing, Image
from chalicelib.engines.word.pages.text import Box

_SMALLEST_PT2 = 16.0
"""Images on less than this area are dots."""

_LEAST_MARGIN_PT = 12.0
"""Nobody's text stands nearer to the edge of the page."""

_SMALLEST_DRAWING_PT = 10.0
_SAME_PLACE = 0.5
"""Pictures lie on each other when they share so much of the smaller one."""

_DRESS = 0.6
"""Share of a drawing that a table covers which it belongs to."""

_BACKGROUND = 0.85
"""Of a page that a picture covers as its background."""


def find_pictures(draft: Draft) -> None:
    """Put pictures that no tag told into ``known_blocks`` or ``floating``."""
    for page in draft.pages:
        used = {id(one.image) for one in _pictures_in([*page.known_blocks, *page.floating]) if one.image}
        covered = [one.box for one in _pictures_in([*page.known_blocks, *page.floating])]
        images = [
            image
            for at, image in enumerate(page.page.images)
            if at not in page.taken_images and id(image) not in used and area(image.box) > _SMALLEST_PT2
        ]
        once = {(_identity(image), image.box, image.turn): image for image in images}.values()
        found = [PictureDraft(page.number, image.box, image=image) for image in once]
        covered += [one.box for one in found]
        found += [PictureDraft(page.number, one.box, drawing=one) for one in _art(page, covered)]
        for at, picture in enumerate(found):
            if any(_lies_on(picture.box, one.box) for one in found[:at]):
                picture.behind = _is_in_margin(picture.box, page)
                page.floating.append(picture)
            else:
                place(picture, page)


def _identity(image: Image) -> tuple[int, ...]:
    """Which image it is; those without a number of their own are a pattern's as a rule, drawn again and again."""
    return (image.number,) if image.number > 0 else (image.width_px, image.height_px, image.mask)


def _lies_on(box: Box, other: Box) -> bool:
    """Whether a picture lies on one that is there already: it can't stand below it in the flow."""
    shared = (max(box[0], other[0]), max(box[1], other[1]), min(box[2], other[2]), min(box[3], other[3]))
    return shared[2] > shared[0] and shared[3] > shared[1] and area(shared) > _SAME_PLACE * min(area(box), area(other))


def _pictures_in(blocks: Sequence[BlockDraft]) -> list[PictureDraft]:
    found: list[PictureDraft] = []
    for block in blocks:
        if isinstance(block, PictureDraft):
            found.append(block)
        elif isinstance(block, ParagraphDraft):
            found += block.inline_pictures
        else:
            found += [one for cell in block.cells for one in _pictures_in(cell.blocks)]
    return found


def _art(page: PageDraft, covered: Sequence[Box]) -> list[Drawing]:
    """Drawings that are large enough to be one, and no part of a picture that is there already."""
    return [
        one
        for at, one in enumerate(page.page.drawings)
        if at not in page.taken_drawings
        and not _dresses_table(one.box, page)
        and min(one.box[2] - one.box[0], one.box[3] - one.box[1]) >= _SMALLEST_DRAWING_PT
        and not any(inside(one.box, box) for box in covered)
    ]


def _dresses_table(box: Box, page: PageDraft) -> bool:
    """Whether art is the frame and the shades of a table."""
    shares = [_overlap(box, one.box) for one in page.known_blocks if isinstance(one, TableDraft)]
    return max(shares, default=0.0) >= _DRESS * area(box)


def _overlap(one: Box, other: Box) -> float:
    return area((max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])))


def place(picture: PictureDraft, page: PageDraft) -> None:
    """Put a picture where it goes: into a cell, into the flow, or beside or behind the text."""
    cell = _cell_around(picture.box, page.known_blocks)
    lines = [line for line in _all_lines(page) if _shares(line, picture.box)]
    running = [line for line in [*page.heads, *page.feet] if _shares(line, picture.box)]
    over = any(_over(line, picture.box) for line in [*lines, *running])
    if cell is not None:
        cell.blocks.insert(0, picture)
    elif (
        area(picture.box) > _BACKGROUND * page.page.width * page.page.height or over or _is_in_margin(picture.box, page)
    ) or _is_on_table(picture.box, page):
        picture.behind = True
        page.floating.append(picture)
    elif _is_beside_picture(picture.box, page) or (lines and not _are_of_other_columns(lines, picture.box, page)):
        page.floating.append(picture)
    else:
        at = next(
            (at for at, one in enumerate(page.known_blocks) if one.page == page.number and _top(one) > picture.box[1]),
            None,
        )
        page.known_blocks.insert(len(page.known_blocks) if at is None else at, picture)


def _is_in_margin(box: Box, page: PageDraft) -> bool:
    """Whether a picture reaches to where no text flows."""
    width, height = page.page.width, page.page.height
    return min(box[0], box[1], width - box[2], height - box[3]) < _LEAST_MARGIN_PT


def _are_of_other_columns(beside: Sequence[Line], box: Box, page: PageDraft) -> bool:
    """Whether the lines beside a picture stand beside the text above and below it, too."""
    every = [line for line in _all_lines(page) if _over(line, box)]
    above = max((line for line in every if line.bottom <= box[1] + 1), key=lambda one: one.bottom, default=None)
    below = min((line for line in every if line.top >= box[3] - 1), key=lambda one: one.top, default=None)
    own = [line for line in (above, below) if line is not None]
    return bool(own) and not any(
        min(one.right, line.right) > max(one.left, line.left) for one in own for line in beside
    )


def _is_beside_picture(box: Box, page: PageDraft) -> bool:
    """Whether a picture of the flow stands at the same height: another one would come below it there."""
    others = [one.box for one in page.known_blocks if isinstance(one, PictureDraft) and one.page == page.number]
    return any(
        min(one[3], box[3]) - max(one[1], box[1]) > 0.3 * min(one[3] - one[1], box[3] - box[1]) for one in others
    )


def _is_on_table(box: Box, page: PageDraft) -> bool:
    """Whether a picture lies on a table, over several of its cells."""
    tables = [one.box for one in page.known_blocks if isinstance(one, TableDraft) and one.page == page.number]
    return any(_overlap(box, one) > _SAME_PLACE * area(box) for one in tables)


def _cell_around(box: Box, blocks: Sequence[BlockDraft]) -> CellDraft | None:
    for block in blocks:
        if isinstance(block, TableDraft) and inside(box, block.box):
            return next((cell for cell in block.cells if inside(box, cell.box)), None)
    return None


def _all_lines(page: PageDraft) -> list[Line]:
    own = [line for one in page.known_blocks if isinstance(one, ParagraphDraft) for line in one.lines]
    return [*page.lines, *(line for line in own if line.page == page.number)]


def _top(block: BlockDraft) -> float:
    return block.box[1]


def area(box: Box) -> float:
    """In square points."""
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def inside(inner: Box, outer: Box) -> bool:
    """Whether a box is within another one, or all but a touch of it."""
    return (
        inner[0] >= outer[0] - 3 and inner[1] >= outer[1] - 3 and inner[2] <= outer[2] + 3 and inner[3] <= outer[3] + 3
    )


def _shares(line: Line, box: Box) -> bool:
    """Whether a line stands at the height of a picture by more than a touch."""
    return min(line.bottom, box[3]) - max(line.top, box[1]) > 0.3 * (line.bottom - line.top)


def _over(line: Line, box: Box) -> bool:
    return min(line.right, box[2]) - max(line.left, box[0]) > 0.3 * (line.right - line.left)
