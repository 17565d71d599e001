"""Columns of PDF to Word: between which edges text stands."""

from dataclasses import replace

from tests.support.word_pages import page, prose, understood


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
