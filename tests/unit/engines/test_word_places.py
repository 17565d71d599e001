"""Where things stand that PDF to Word reads: pictures at edges and on every page, columns, raised letters, tables."""

from chalicelib.engines.tables.closed import closed_grids
from chalicelib.engines.tables.content import PageContent
from chalicelib.engines.tables.fuse import Region
from chalicelib.engines.tables.rules import Rules
from chalicelib.engines.tables.text import Word
from chalicelib.engines.word.draft.block import PictureDraft
from chalicelib.engines.word.pages.drawn import Drawing, Image
from tests.support.word_pages import page, prose, span, understood


def test_picture_is_of_the_head_when_it_stands_at_one_place_on_every_page() -> None:
    logo, chart = Image((450, 20, 520, 50), 1, 70, 30), Image((72, 500, 372, 700), 2, 300, 200)
    pages = [page(at, *prose(100, 30), images=(logo, chart) if at == 2 else (logo,)) for at in (1, 2, 3)]

    draft = understood(*pages)

    (section,) = draft.sections
    assert [one.image for one in section.headers.default if isinstance(one, PictureDraft)] == [logo]
    shown = [one.image for sheet in draft.pages for one in sheet.blocks if isinstance(one, PictureDraft)]
    assert shown == [chart]


def test_drawing_is_of_the_foot_when_it_stands_at_one_place_on_every_page() -> None:
    wave = Drawing((0, 780, 595, 842), 5, 3)

    draft = understood(*(page(at, *prose(100, 30), drawings=(wave,)) for at in (1, 2, 3)))

    (section,) = draft.sections
    assert [one.drawing for one in section.footers.default if isinstance(one, PictureDraft)] == [wave]
    assert not any(isinstance(one, PictureDraft) for sheet in draft.pages for one in [*sheet.blocks, *sheet.floating])


def test_picture_takes_no_room_of_the_text_when_it_reaches_to_the_edge_of_the_page() -> None:
    banner, photo = Image((0, 0, 595, 70), 1, 595, 70), Image((72, 300, 372, 480), 2, 300, 180)

    draft = understood(page(1, *prose(100, 10), *prose(500, 10), images=(banner, photo)))

    floating = [one for one in draft.pages[0].floating if isinstance(one, PictureDraft)]
    assert [(one.image, one.behind) for one in floating] == [(banner, True)]
    assert [one.image for one in draft.pages[0].blocks if isinstance(one, PictureDraft)] == [photo]


def test_columns_are_read_one_after_the_other_when_there_are_three() -> None:
    words = ("the left one holds these", "what the middle holds now", "on the right is the rest")
    spans = [
        span(f"{text} {at:02}", 50 + 175 * column, 100 + 12 * at)
        for at in range(30)
        for column, text in enumerate(words)
    ]

    draft = understood(page(1, *spans))

    text = " ".join(one.text for one in draft.paragraphs())
    assert [text.count(one) for one in words] == [30, 30, 30]
    assert text.rindex(words[0]) < text.index(words[1]) < text.rindex(words[1]) < text.index(words[2])
    assert [len(stretch.columns) for stretch in draft.pages[0].stretches] == [3]


def test_raised_letters_stay_with_their_word_when_a_line_of_the_next_column_is_nearer_to_their_height() -> None:
    left = [span("a line of the left column", 50, 100 + 12 * at) for at in range(20)]
    right = [span("a line of the right one", 320, 95 + 12 * at) for at in range(20)]
    raised = span("th", 175, 216, size=6)

    draft = understood(page(1, *left, raised, *right))

    found = [one.text for one in draft.paragraphs()]
    assert any("columnth" in one for one in found)
    assert not any("oneth" in one or "one th" in one for one in found)


def _drawn(cells: list[list[str]]) -> tuple[PageContent, Region]:
    """A lattice of cells of 150 × 40 points, and the lines of their text."""
    xs = [100.0 + 150 * at for at in range(len(cells[0]) + 1)]
    ys = [100.0 + 40 * at for at in range(len(cells) + 1)]
    words = [
        Word(
            xs[at] + 5 + 40 * place,
            ys[row] + 4 + 12 * line,
            xs[at] + 35 + 40 * place,
            ys[row] + 14 + 12 * line,
            text,
            10,
        )
        for row, own in enumerate(cells)
        for at, said in enumerate(own)
        for line, part in enumerate(said.split("\n"))
        for place, text in enumerate(part.split())
    ]
    boxes = [(x, y, x + 150, y + 40) for y in ys[:-1] for x in xs[:-1]]
    return PageContent(words, Rules([], []), height=842), Region((xs[0], ys[0], xs[-1], ys[-1]), xs, ys, boxes)


def test_cells_are_as_drawn_when_their_text_wraps() -> None:
    content, region = _drawn([["Name", "What"], ["one\ntwo", "goes on\nin lines"], ["three", ""]])

    (grid,) = closed_grids(content, [region])

    assert (grid.columns, grid.rows) == (2, 3)


def test_lines_part_no_cells_when_most_of_these_are_empty() -> None:
    content, region = _drawn([["", "", ""], ["", "one", ""], ["", "", ""]])

    assert closed_grids(content, [region]) == []


def test_drawn_rows_are_groups_when_lines_of_text_stand_abreast_in_them() -> None:
    content, region = _drawn([["one\ntwo\nthree"] * 3])

    assert closed_grids(content, [region]) == []
