"""Pages at fixed places: which they are, and where their text stands in Word."""

from dataclasses import replace

import pytest

from chalicelib.engines.word.document.block import FixedPage, TextBox
from chalicelib.engines.word.document.document import Way
from chalicelib.engines.word.document.picture import Media, MediaType
from chalicelib.engines.word.document.section import PageSetup
from chalicelib.engines.word.draft.draft import ColumnDraft, Draft, PageDraft, SectionDraft, StretchDraft
from chalicelib.engines.word.pages.drawn import Image
from chalicelib.engines.word.pages.page import Page, SourceDocument
from chalicelib.engines.word.pages.text import Face, Span
from chalicelib.engines.word.understand.compose import compose
from chalicelib.engines.word.understand.fixed import find_fixed_pages
from chalicelib.engines.word.understand.lines import find_lines
from tests.support.word_document import png

FACE = Face("Helvetica", 10.0)
SCAN = Image((0, 0, 600, 800), 1, 600, 800)


def span(text: str, x: float = 100.0, baseline: float = 100.0, **more: object) -> Span:
    starts = tuple(x + 5 * at for at in range(len(text)))
    ends = tuple(one + 5 for one in starts)
    plain = Span(text, starts, ends, baseline, baseline - 8, baseline + 2, FACE)
    return replace(plain, **more)  # type: ignore[arg-type]


def judged(page: Page) -> Draft:
    draft = Draft(SourceDocument(1, [page]), [PageDraft(page)])
    find_lines(draft)
    find_fixed_pages(draft)
    return draft


@pytest.mark.parametrize(
    ("page", "way", "why"),
    [
        (Page(1, 600, 800), Way.BLANK, None),
        (Page(1, 600, 800, (span("text"),)), Way.LAYOUT, None),
        (Page(1, 600, 800, (span("text"),), images=(SCAN,)), Way.LAYOUT, None),
        (Page(1, 600, 800, images=(SCAN,)), Way.PICTURE, "no text"),
        (Page(1, 600, 800, (span("text", hidden=True),), images=(SCAN,)), Way.PICTURE, "scanned"),
        (Page(1, 600, 800, (span("text"),), unreadable=4), Way.PICTURE, "unreadable"),
        (Page(1, 600, 800, (span("ok"), span("slanted text", turn=30.0))), Way.FIXED, "mostly turned"),
        (Page(1, 600, 800, (span("over"), span("each", x=102.0, baseline=102.0))), Way.FIXED, "overlaid"),
    ],
)
def test_way_of_page_is_what_it_shows_when_judged(page: Page, way: Way, why: str | None) -> None:
    (found,) = judged(page).pages

    assert (found.way, found.why) == (way, why)
    assert bool(found.lines) == (way is Way.LAYOUT)


def composed(page: Page) -> FixedPage:
    draft = judged(page)
    draft.pages[0].stretches = [StretchDraft([ColumnDraft((0, 0, 600, 800))])]
    draft.sections = [SectionDraft(0, 0, PageSetup(600, 800, 72, 72, 72, 72))]
    (section,) = compose(draft, lambda _: Media(png(), MediaType.PNG)).sections
    (block,) = section.blocks
    assert isinstance(block, FixedPage)
    return block


def test_recognised_text_lies_behind_its_picture_when_page_is_scanned() -> None:
    page = composed(Page(1, 600, 800, (span("text", hidden=True),), images=(SCAN,)))

    assert page.covered
    assert page.background is not None
    assert (page.background.width, page.background.height) == (600, 800)
    assert [box.behind for box in page.boxes] == [True]


def test_lines_share_a_box_when_they_stand_under_each_other() -> None:
    spans = tuple(span("turned", x=100.0, baseline=-100.0 + 12 * at, turn=90.0) for at in range(3))
    (box,) = composed(Page(1, 600, 800, spans)).boxes

    assert len(box.blocks) == 3
    assert box.turn == 90
    assert_holds(box, 100 - 24, 100, 100 + 4, 130)


def assert_holds(box: TextBox, x0: float, y0: float, x1: float, y1: float) -> None:
    """The box covers this region of the page."""
    assert box.x <= x0
    assert box.y <= y0
    assert box.x + box.width >= x1
    assert box.y + box.height >= y1
