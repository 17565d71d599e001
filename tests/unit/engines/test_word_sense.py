"""What PDF to Word understands of a document: heads, lists, headings, notes, contents, sections."""

from dataclasses import replace

import pytest

from chalicelib.engines.word.document.format import Role
from chalicelib.engines.word.document.inline import NoteKind
from chalicelib.engines.word.draft.block import BlockDraft, ParagraphDraft
from chalicelib.engines.word.draft.draft import Draft
from chalicelib.engines.word.pages.drawn import Fill, Rule
from chalicelib.engines.word.pages.marks import LinkArea, OutlineEntry, Place
from chalicelib.engines.word.pages.page import Page
from tests.support.word_pages import page, paragraph, prose, span, understood


def report(number: int, head: str = "Annual report", foot: str = "Page {} of 4") -> Page:
    head_spans = [span(head, 72, 40)] if head else []
    return page(number, *head_spans, *prose(100, 30), span(foot.format(number), 280, 800))


def texts(blocks: list[BlockDraft]) -> list[str]:
    return [one.text for one in blocks if isinstance(one, ParagraphDraft)]


def fields(blocks: list[BlockDraft]) -> list[tuple[str, str]]:
    lines = [line for one in blocks if isinstance(one, ParagraphDraft) for line in one.lines]
    return [(piece.text, piece.page_field) for line in lines for piece in line.pieces if piece.page_field]


def test_repeated_lines_are_heads_and_feet_when_they_keep_their_place() -> None:
    draft = understood(*(report(number) for number in (1, 2, 3, 4)))

    (section,) = draft.sections
    assert texts(section.headers.default) == ["Annual report"]
    assert fields(section.footers.default) == [("2", "PAGE"), ("4", "NUMPAGES")]
    assert not any("report" in one.text or "Page" in one.text for one in draft.paragraphs())
    assert not section.first_differs


def test_first_page_differs_when_it_has_no_head() -> None:
    draft = understood(report(1, head="", foot=""), *(report(number) for number in (2, 3, 4)))

    (section,) = draft.sections
    assert section.first_differs
    assert texts(section.headers.default) == ["Annual report"]
    assert texts(section.headers.first) == []


def test_odd_and_even_pages_have_their_own_heads_when_these_alternate() -> None:
    draft = understood(*(report(at, head="Left title" if at % 2 == 0 else "Right title") for at in range(1, 8)))

    assert draft.even_differs
    (section,) = draft.sections
    assert texts(section.headers.default) == ["Right title"]
    assert texts(section.headers.even) == ["Left title"]


def test_heads_that_change_are_told_by_their_place_when_most_stand_on_another_page_too() -> None:
    heads = ["Part one", "Part one", "Part two", "Part three", "Part three"]
    draft = understood(*(report(at, head=head, foot="") for at, head in enumerate(heads, 1)))

    assert [text for one in draft.sections for text in texts(one.headers.default)] == [
        "Part one",
        "Part two",
        "Part three",
    ]
    assert not any("Part" in one.text for one in draft.paragraphs())


def test_caption_stays_in_the_body_when_other_pages_begin_their_text_at_its_height() -> None:
    captioned = [page(at, span("Table of results", 200, 90, bold=True), *prose(120, 30)) for at in (1, 2, 3)]
    others = [page(at, *prose(90, 30)) for at in (4, 5, 6, 7)]

    draft = understood(*captioned, *others)

    assert texts(draft.sections[0].headers.default) == []
    assert sum(one.text == "Table of results" for one in draft.paragraphs()) == 3


def test_numbers_stay_text_when_they_do_not_count_with_the_pages() -> None:
    draft = understood(*(page(at, *prose(100, 30), span(year, 280, 800)) for at, year in ((1, "1990"), (2, "1874"))))

    assert texts(draft.sections[0].footers.default) == []
    assert paragraph(draft, "1990")
    assert paragraph(draft, "1874")


def test_section_counts_from_its_own_number_when_front_matter_has_roman_ones() -> None:
    front = [report(at, foot=roman) for at, roman in ((1, "i"), (2, "ii"), (3, "iii"))]
    body = [report(at + 3, foot=str(at)) for at in (1, 2, 3)]

    first, second = understood(*front, *body).sections

    assert (first.number_format, first.number_from) == ("lowerRoman", None)
    assert (second.number_format, second.number_from) == (None, 1)


def test_margins_are_those_of_all_pages_when_one_page_is_short() -> None:
    draft = understood(page(1, *prose(80, 58)), page(2, *prose(80, 3)))

    setup = draft.sections[0].setup
    assert abs(setup.left - 72) < 2
    assert abs(setup.top - 72) < 5
    assert setup.bottom < 90


def test_section_begins_anew_when_pages_turn_to_landscape() -> None:
    wide = Page(2, 842, 595, tuple(prose(80, 10)))

    draft = understood(page(1, *prose(80, 10)), wide, page(3, *prose(80, 10)))

    assert [(one.setup.width, one.setup.height) for one in draft.sections] == [(595, 842), (842, 595), (595, 842)]


def listed(*items: tuple[str, float, str]) -> Draft:
    spans = [
        one
        for at, (label, x, text) in enumerate(items)
        for one in (span(label, x, 240 + 14 * at), span(text, x + 22, 240 + 14 * at))
    ]
    return understood(page(1, *prose(80, 8), *spans, *prose(500, 8)))


def labels(draft: Draft) -> list[tuple[str, int, int | None]]:
    found = [one.label for one in draft.paragraphs() if one.label]
    return [(one.text, one.level, one.number) for one in found]


def test_bullets_become_a_list_when_the_pdf_gives_private_codes() -> None:
    draft = listed(
        ("\uf0b7", 90, "first thing"), ("\uf0b7", 90, "second thing"), ("o", 108, "inner"), ("o", 108, "more")
    )

    assert labels(draft) == [("\u2022", 0, 0), ("\u2022", 0, 0), ("o", 1, 0), ("o", 1, 0)]
    assert paragraph(draft, "first thing")
    assert [level.text for level in draft.lists[0].levels] == ["\u2022", "o"]


def test_numbers_become_a_list_when_they_follow_each_other() -> None:
    draft = listed(("1.", 90, "alpha"), ("a)", 108, "inner"), ("b)", 108, "inner too"), ("2.", 90, "beta"))

    assert labels(draft) == [("1.", 0, 0), ("a)", 1, 0), ("b)", 1, 0), ("2.", 0, 0)]
    assert [(level.format, level.text) for level in draft.lists[0].levels] == [
        ("decimal", "%1."),
        ("lowerLetter", "%2)"),
    ]


def test_list_begins_with_the_printed_number_when_it_is_not_one() -> None:
    draft = listed(("7.", 90, "alpha"), ("8.", 90, "beta"))

    assert draft.lists[0].levels[0].first == 7


def test_legal_numbers_keep_their_levels_when_headings_carry_them() -> None:
    draft = listed(
        ("1.", 72, "Scope"), ("1.1", 72, "Purpose"), ("1.2", 72, "Terms"), ("2.", 72, "Fees"), ("2.1", 72, "Rates")
    )

    assert [level for _, level, _ in labels(draft)] == [0, 1, 1, 0, 1]
    assert draft.lists[0].levels[1].text == "%1.%2"


def test_a_year_stays_text_when_a_paragraph_begins_with_it() -> None:
    draft = understood(page(1, *prose(80, 8), span("12. May was a warm day.", 72, 240), *prose(300, 8)))

    assert labels(draft) == []
    assert paragraph(draft, "12. May")


def test_headings_have_the_outlines_levels_when_there_is_one() -> None:
    pages = page(1, span("Introduction", 72, 80), *prose(110, 8), span("Method", 72, 240), *prose(270, 8))
    outline = [OutlineEntry(1, "Introduction", Place(1, 72, 70)), OutlineEntry(2, "Method", Place(1, 72, 230))]

    draft = understood(pages, outline=outline)

    assert [(one.text, one.level) for one in draft.paragraphs() if one.role is Role.HEADING] == [
        ("Introduction", 1),
        ("Method", 2),
    ]


def test_headings_are_ranked_by_size_when_nothing_else_tells() -> None:
    draft = understood(
        page(
            1,
            span("Great title", 72, 80, size=24),
            span("Chapter", 72, 120, size=16, bold=True),
            *prose(150, 8),
            span("Part of it", 72, 280, size=12, bold=True),
            *prose(310, 8),
        )
    )

    assert paragraph(draft, "Great title").role is Role.TITLE
    assert (paragraph(draft, "Chapter").role, paragraph(draft, "Chapter").level) == (Role.HEADING, 1)
    assert (paragraph(draft, "Part of it").role, paragraph(draft, "Part of it").level) == (Role.HEADING, 2)
    assert draft.styles[Role.HEADING, 1].look.size == 16


def test_title_is_no_heading_when_chapters_count_from_one() -> None:
    draft = understood(
        page(
            1,
            span("Service agreement", 72, 80, size=15, bold=True),
            *prose(110, 4),
            span("1 Scope", 72, 200, size=13, bold=True),
            *prose(220, 4),
            span("2 Fees", 72, 320, size=13, bold=True),
            *prose(340, 4),
        )
    )

    assert paragraph(draft, "Service agreement").role is Role.TITLE
    assert paragraph(draft, "2 Fees").level == 1


def test_boxes_and_cited_numbers_stay_text_when_no_tag_tells_a_list() -> None:
    draft = listed(
        ("\u2610", 90, "Basic plan"), ("\u2610", 90, "Family plan"), ("[1]", 90, "Ann Lee"), ("[2]", 90, "Bo")
    )

    assert labels(draft) == []


def test_date_stays_text_when_a_foot_repeats_it_beside_the_page_number() -> None:
    foot = "Approved on 1 May"
    draft = understood(*(page(at, *prose(100, 30), span(foot, 72, 780), span(str(at), 290, 800)) for at in (1, 2, 3)))

    (section,) = draft.sections
    assert texts(section.footers.default)[0] == foot
    assert [name for _, name in fields(section.footers.default)] == ["PAGE"]
    assert not section.first_differs


def test_a_foot_stands_in_the_margin_when_there_is_one_page() -> None:
    draft = understood(page(1, *prose(100, 20), span("Acme Ltd, IBAN 0000", 230, 805, size=9)))

    assert texts(draft.sections[0].footers.default) == ["Acme Ltd, IBAN 0000"]


def test_numbers_of_lines_are_the_sections_when_they_count_the_rows_of_running_text() -> None:
    numbers = [span(str(at + 1), 50 if at < 9 else 45.5, 100 + 12 * at, size=9) for at in range(30)]

    draft = understood(page(1, *prose(100, 30), *numbers))

    assert draft.sections[0].lines_from == 1
    assert not any(one.text[0].isdigit() for one in draft.paragraphs())


def test_contents_lead_to_their_headings_when_the_pdf_has_no_links() -> None:
    titles = ("Introduction", "Method", "Results")
    entries = [span(f"{one}{'.' * 30}{at + 2}", 72, 120 + 14 * at) for at, one in enumerate(titles)]
    chapters = [page(at + 2, span(one, 72, 80, size=16, bold=True), *prose(110, 8)) for at, one in enumerate(titles)]

    draft = understood(page(1, span("Contents", 72, 90, size=14), *entries), *chapters)

    found = [one for one in draft.paragraphs() if one.contents == 0]
    assert paragraph(draft, "Contents").role is Role.CONTENTS_HEADING
    assert [one.lines[0].pieces[-1].text for one in found] == ["2", "3", "4"]
    heading = next(one for one in draft.paragraphs() if one.role is Role.HEADING and one.text == "Method")
    link = found[1].lines[0].pieces[0].link
    assert link is not None
    assert link.place is not None
    assert draft.anchors[link.place] in heading.bookmarks


def test_internal_link_has_a_bookmark_when_its_page_is_there() -> None:
    area = LinkArea((72, 70, 200, 90), place=Place(2, 72, 295))

    draft = understood(
        page(1, *prose(80, 8), links=(area,)), page(2, *prose(80, 8), span("Target", 72, 310), *prose(340, 4))
    )

    assert area.place is not None
    assert draft.anchors[area.place] in paragraph(draft, "Target").bookmarks


def noted(rule: bool) -> Draft:
    mark, note = span("1", 177, 86, size=6), span("1", 72, 760, size=6)
    spans = [
        span("A sentence with a note", 67, 90),
        mark,
        *prose(102, 40),
        note,
        span("What it says.", 80, 763, size=8),
    ]
    rules = (Rule(72, 750, 216, 750, 0.5),) if rule else ()
    return understood(page(1, *spans, rules=rules))


@pytest.mark.parametrize("rule", [True, False])
def test_small_text_at_the_foot_is_a_note_when_a_raised_mark_refers_to_it(rule: bool) -> None:
    draft = noted(rule)

    (note,) = draft.notes
    assert [one.text for one in note.paragraphs] == ["What it says."]
    assert [
        piece.text for one in draft.paragraphs() for line in one.lines for piece in line.pieces if piece.note == 0
    ] == ["1"]
    assert not any("What it says" in one.text for one in draft.paragraphs())


def test_letters_are_raised_or_lowered_when_they_are_small_and_off_the_baseline() -> None:
    water = [span("H", 72, 300), span("2", 77, 302, size=6), span("O at 10", 80, 300), span("th", 115, 296, size=6)]

    draft = understood(page(1, *prose(80, 8), *water))

    levels = {piece.text: piece.level for line in paragraph(draft, "H2O").lines for piece in line.pieces}
    assert levels == {"H": "base", "2": "sub", "O at 10": "base", "th": "super"}


def test_a_line_is_an_underline_when_it_keeps_to_the_letters() -> None:
    rules = (Rule(72, 301, 97, 301, 0.6), Rule(60, 321.5, 500, 321.5, 0.6))

    draft = understood(page(1, *prose(80, 8), span("under it", 72, 300), span("on a border", 72, 320), rules=rules))

    pieces = [piece for one in draft.paragraphs() for line in one.lines for piece in line.pieces]
    assert [piece.text for piece in pieces if piece.underline] == ["under"]


def test_a_fill_is_a_highlight_when_no_border_runs_along_it() -> None:
    fill = Fill((72, 291, 97, 303), "FFFF00")
    shade = replace(fill, box=(72, 391, 97, 403))
    rules = (Rule(72, 391, 97, 391, 0.5), Rule(72, 403, 97, 403, 0.5))
    spans = [*prose(80, 8), span("seen much", 72, 300), span("cells here", 72, 400)]

    draft = understood(page(1, *spans, fills=(fill, shade), rules=rules))

    pieces = [piece for one in draft.every_paragraph() for line in one.lines for piece in line.pieces]
    assert [piece.text for piece in pieces if piece.highlight] == ["seen "] or [
        piece.text for piece in pieces if piece.highlight
    ] == ["seen"]


def test_foot_is_one_on_every_page_when_the_text_comes_near_to_it_on_one() -> None:
    pages = [report(number, head="", foot="Part A, page {}") for number in (1, 2, 3, 4)]
    near = span("the last line of the page", 72, 789.5)
    pages[2] = replace(pages[2], spans=(*pages[2].spans, near))

    (section,) = understood(*pages).sections

    assert len(section.footers.default) == 1


@pytest.mark.parametrize(("size", "color", "level"), [(14.0, "0F4761", 3), (13.0, "4F81BD", 2), (14.0, "333333", 1)])
def test_heading_has_the_level_of_its_look_when_word_gives_that_look(size: float, color: str, level: int) -> None:
    bold = color == "4F81BD"
    head = span("What this is about", 72, 300, size=size, bold=bold)
    head = replace(head, face=replace(head.face, color=color))

    draft = understood(page(1, *prose(80, 8), head, *prose(330, 8)))

    found = paragraph(draft, "What this is about")
    assert (found.role, found.level) == (Role.HEADING, level)


def test_notes_are_endnotes_when_they_go_on_over_the_page_to_the_end() -> None:
    text = [one for at in range(4) for one in (span("A sentence with a note", 67, 90 + 24 * at),)]
    marks = [span(str(at + 1), 177, 86 + 24 * at, size=6) for at in range(4)]
    first = [span("1", 72, 760, size=6), span("The first says.", 80, 763, size=8)]
    second = [span("2", 72, 772, size=6), span("The second says.", 80, 775, size=8)]
    rest = [
        one
        for at in (3, 4)
        for one in (span(str(at), 72, 80 + 12 * at, size=6), span(f"Number {at} says.", 80, 83 + 12 * at, size=8))
    ]

    draft = understood(page(1, *text, *marks, *prose(200, 40), *first, *second), page(2, *rest))

    assert [(note.kind, note.mark) for note in draft.notes] == [(NoteKind.ENDNOTE, one) for one in "1234"]
    assert draft.notes[3].paragraphs[0].text == "Number 4 says."
