"""Columns of PDF to Word: between which edges text stands, in pages and in tables."""

from dataclasses import replace

from chalicelib.engines.tagged.tree import TagTree
from chalicelib.engines.word.draft.block import CellDraft
from chalicelib.engines.word.draft.draft import PageDraft
from chalicelib.engines.word.pages.drawn import Rule
from chalicelib.engines.word.understand.lines import read_lines
from chalicelib.engines.word.understand.merging import merge_cells
from tests.support.word_pages import page, prose, span, understood


def test_text_ends_at_the_edges_of_its_own_pages_when_these_have_other_margins() -> None:
    wide = [page(at, *prose(100, 30, x=50)) for at in (1, 2, 3)]
    narrow = [
        page(
            at,
            *(
                replace(one, text=one.text[:60], starts=one.starts[:60], ends=one.ends[:60])
                for one in prose(100, 30, x=100)
            ),
        )
        for at in (4, 5)
    ]

    draft = understood(*wide, *narrow)

    assert len([one for one in draft.paragraphs() if one.page >= 4]) == 2


def test_cells_stay_apart_when_lines_part_those_of_the_head_alone() -> None:
    boxes = {(row, at): (100.0 * at, 20.0 * row, 100.0 * at + 100, 20.0 * row + 20) for row in (0, 1) for at in (0, 1)}
    cells = [CellDraft(*place, box) for place, box in boxes.items()]
    wall = Rule(100, 0, 100, 20, 0.5)
    draft = PageDraft(
        page(1, span("Topic", 5, 12), span("Owner", 105, 12), span("Bridge", 5, 32), span("Anna", 105, 32))
    )
    read_lines(draft, TagTree())

    assert len(merge_cells(cells, draft.lines, [wall])) == 4
