"""Pictures of heads and feet: what is printed at the same place on one page after the other."""

from collections import defaultdict

from chalicelib.engines.word.draft.block import PictureDraft
from chalicelib.engines.word.draft.draft import Draft, PageDraft
from chalicelib.engines.word.pages.text import Box

_STEP_PT = 4.0
"""Places that differ by less are the same."""

_ZONE, _LEAST_PT = 0.15, 10.0
"""Share of the page's height in which art of heads and feet stands, and its least side."""

_SHARE = 0.6
"""Of the document's pages that a picture of its heads is on; the first one may differ."""


def find_running_pictures(draft: Draft) -> None:
    """Fill ``PageDraft.running_pictures``, ``taken_images`` and ``taken_drawings``."""
    _find_drawings(draft)
    places: dict[tuple[int, ...], list[tuple[int, int]]] = defaultdict(list)
    for at, page in enumerate(draft.pages):
        for number, image in enumerate(page.page.images):
            places[image.number, *_rounded(image.box)].append((at, number))
    for found in places.values():
        on = {at for at, _ in found}
        if not _is_steady(on, draft):
            continue
        for at, number in found:
            page = draft.pages[at]
            image = page.page.images[number]
            page.taken_images.add(number)
            page.running_pictures.append(PictureDraft(page.number, image.box, image=image, behind=True))


def _find_drawings(draft: Draft) -> None:
    """Vector art near the upper or the lower edge, alike on one page after the other."""
    places: dict[tuple[int, ...], list[tuple[int, int]]] = defaultdict(list)
    for at, page in enumerate(draft.pages):
        for number, one in enumerate(page.page.drawings):
            if _is_in_zone(one.box, page):
                places[one.paths, one.curves, *_rounded(one.box)].append((at, number))
    for found in places.values():
        if not _is_steady({at for at, _ in found}, draft):
            continue
        for at, number in found:
            page = draft.pages[at]
            page.taken_drawings.add(number)
            drawing = page.page.drawings[number]
            page.running_pictures.append(PictureDraft(page.number, drawing.box, drawing=drawing, behind=True))


def _is_in_zone(box: Box, page: PageDraft) -> bool:
    height = page.page.height
    low = min(box[2] - box[0], box[3] - box[1]) >= _LEAST_PT
    return low and (box[3] < _ZONE * height or box[1] > (1 - _ZONE) * height)


def _is_steady(on: set[int], draft: Draft) -> bool:
    return len(on) > 1 and len(on) >= _SHARE * (len(draft.pages) - 1)


def _rounded(box: Box) -> tuple[int, ...]:
    return tuple(round(side / _STEP_PT) for side in box)
