"""Names of an archive's members."""

import pytest

from chalicelib.domain.archive_names import MemberNames


def taken(*names: str) -> list[str]:
    chosen = MemberNames()
    return [chosen.take(name) for name in names]


def test_a_name_stays_as_it_is_when_it_is_plain() -> None:
    assert taken("invoice.pdf.docx", "März 1.pdf") == ["invoice.pdf.docx", "März 1.pdf"]


def test_names_are_numbered_when_they_repeat() -> None:
    assert taken("a.pdf", "a.pdf", "a (2).pdf", "a.pdf", "x", "x", ".env", "env") == [
        *("a.pdf", "a (2).pdf", "a (2) (2).pdf", "a (3).pdf"),
        *("x", "x (2)", "env", "env (2)"),
    ]


def test_names_are_one_when_they_differ_in_case_only() -> None:
    assert taken("A.pdf", "a.PDF") == ["A.pdf", "a (2).PDF"]


def test_folders_are_kept_and_count_when_names_are_compared() -> None:
    assert taken("one/a.pdf", "two/a.pdf", "one/a.pdf") == ["one/a.pdf", "two/a.pdf", "one/a (2).pdf"]


@pytest.mark.parametrize(
    ("hostile", "safe"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\Windows\\a.pdf", "C_/Windows/a.pdf"),
        ("a//./b.pdf", "a/b.pdf"),
        ("con.pdf", "_con.pdf"),
        ("a\x00b\u202e.pdf", "ab.pdf"),
        ("", "file"),
        ("..", "file"),
        ("\u202e", "file"),
    ],
)
def test_a_name_leads_nowhere_else_when_it_is_hostile(hostile: str, safe: str) -> None:
    assert taken(hostile) == [safe]


def test_every_name_is_its_own_when_a_thousand_are_the_same() -> None:
    assert len(set(taken(*["a.pdf"] * 1_000))) == 1_000
