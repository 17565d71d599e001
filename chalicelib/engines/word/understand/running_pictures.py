"""Pictures of heads and feet: what is printed at the same place on one page after the other."""

from collections import defaultdict

from chalicelib.engines.word.draft.block import PictureDraft
from chalicelib.engines.word.draft.draft import Draft
from chalicelib.engines.word.pages.text import Box

_STEP_PT = 4.0
"""Places that differ by less are the same."""

_SHARE = 0.6
"""Of the document's pages that a picture of its heads is on; the first one may differ."""


def find_running_pictures(draft: Draft) -> None:
    """Fill ``PageDraft.running_pictures`` and ``taken_images``."""
    places: dict[tuple[int, ...], list[tuple[int, int]]] = defaultdict(list)
    for at, page in enumerate(draft.pages):
        for number, image in enumerate(page.page.images):
            places[image.number, *_rounded(image.box)].append((at, number))
    for found in places.values():
        on = {at for at, _ in found}
        if len(on) < 2 or len(on) < _SHARE * (len(draft.pages) - 1):
            continue
        for at, number in found:
            page = draft.pages[at]
            image = page.page.images[number]
            page.taken_images.add(number)
            page.running_pictures.append(PictureDraft(page.number, image.box, image=image, behind=True))


def _rounded(box: Box) -> tuple[int, ...]:
    return tuple(round(side / _STEP_PT) for side in box)
