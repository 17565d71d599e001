"""Removing pages: which ones, what is refused, and what a client is told."""

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from chalicelib.domain.errors import (
    CorruptDocument,
    EncryptedDocument,
    LimitExceeded,
    NoPagesLeft,
    PageOutOfRange,
)
from chalicelib.engines.job import Limits
from chalicelib.engines.process import Engines
from tests.integration.engines.image_files import ENGINES_HOME
from tests.integration.engines.page_bench import PageBench
from tests.integration.engines.tiny_pdf import stream, text, write, write_packed

pytestmark = pytest.mark.skipif(not (ENGINES_HOME / "light").is_dir(), reason="the light engine is not installed")

WORDS = ["one", "two", "three", "four"]
Objects = dict[int, str | bytes]


@pytest.fixture
def page_bench(engines: Engines, tmp_path: Path) -> PageBench:
    return PageBench(engines, tmp_path)


def _document(contents: list[str | bytes], annotations: str = "", catalog: str = "") -> Objects:
    """Page ``n`` is object ``10 + n``, its content object ``1000 + n``."""
    kids = " ".join(f"{11 + at} 0 R" for at in range(len(contents)))
    objects: Objects = {
        1: f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        2: f"<< /Type /Pages /Count {len(contents)} /Kids [{kids}] /MediaBox [0 0 300 400] /Resources 3 0 R >>",
        3: "<< /Font << /F1 4 0 R /F2 5 0 R >> /XObject << /Fm 6 0 R /White 7 0 R /Im 8 0 R >>"
        " /ExtGState << /Odd << /BM /Difference >> >> /ColorSpace << /Ink [/Separation /Red /DeviceRGB 9 0 R] >> >>",
        4: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        5: "<< /Type /Font /Subtype /Type0 /BaseFont /Sans /Encoding /Identity-H /ToUnicode 10 0 R >>",
        6: stream("0 0 10 10 re f", "/Type /XObject /Subtype /Form /BBox [0 0 300 400]"),
        7: stream("q 1 1 1 rg 0 0 10 10 re f Q", "/Type /XObject /Subtype /Form /BBox [0 0 300 400]"),
        8: stream(b"\xff", "/Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray"),
        9: "<< /FunctionType 2 /Domain [0 1] /C0 [1 1 1] /C1 [1 0 0] /N 1 >>",
        10: stream("1 beginbfchar <0003> <0020> endbfchar 1 beginbfrange <0010> <0020> <0041> endbfrange"),
    }
    for at, content in enumerate(contents):
        objects[11 + at] = f"<< /Type /Page /Parent 2 0 R /Contents {1001 + at} 0 R {annotations * (at == 1)} >>"
        objects[1001 + at] = stream(content)
    return objects


def _pages(count: int = 4) -> bytes:
    return write(_document([text(word) for word in WORDS[:count]]))


@pytest.mark.parametrize(
    ("pages", "left"),
    [("1", "two three four"), ("last", "one two three"), ("2-3", "one four"), ("1,3-", "two"), ("4,1", "two three")],
)
def test_named_pages_are_removed_in_order_when_others_stay(page_bench: PageBench, pages: str, left: str) -> None:
    outcome = page_bench.run(_pages(), pages)

    assert page_bench.texts() == left.split()
    assert (outcome.report["pages_in"], outcome.report["pages_out"]) == (4, len(left.split()))
    assert outcome.report["engine"] == "pypdf"
    assert outcome.warnings == ()
    assert page_bench.progress[-1] == (4, 4, "pages")


def test_object_streams_are_kept_when_the_document_has_them(page_bench: PageBench) -> None:
    page_bench.run(write_packed(_document([text(word) for word in WORDS * 100])), "2-399")

    assert page_bench.texts() == ["one", "four"]
    assert page_bench.result().xref_objStm
    assert page_bench.output.read_bytes().startswith(b"%PDF-1.7")


def test_removal_is_refused_when_no_page_would_be_left(page_bench: PageBench) -> None:
    with pytest.raises(NoPagesLeft, match="at least one must stay"):
        page_bench.run(_pages(), "1-4")
    with pytest.raises(NoPagesLeft, match="named or blank"):
        page_bench.run(write(_document([text("one"), ""])), "1", remove_blank=True)


def test_removal_is_refused_when_a_page_does_not_exist(page_bench: PageBench) -> None:
    with pytest.raises(PageOutOfRange, match="'5' is out of range: the document has 4 pages"):
        page_bench.run(_pages(), "1,5")


def test_limit_is_named_when_the_document_has_too_many_pages(page_bench: PageBench) -> None:
    with pytest.raises(LimitExceeded, match="has 4 pages; at most 3 are accepted"):
        page_bench.run(_pages(), "1", limits=Limits(timeout_s=30, pdf_pages=3))


def _encrypted(user: str, owner: str) -> bytes:
    writer, buffer = PdfWriter(clone_from=BytesIO(_pages())), BytesIO()
    writer.encrypt(user, owner, algorithm="AES-256")
    writer.write(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(("password", "sentence"), [(None, "send its password"), ("wrong", "does not open it")])
def test_encrypted_document_is_refused_when_the_password_is_not_its_own(
    page_bench: PageBench, password: str | None, sentence: str
) -> None:
    with pytest.raises(EncryptedDocument, match=sentence):
        page_bench.run(_encrypted("user", "owner"), "1", password=password)


@pytest.mark.parametrize(("user", "password"), [("user", "user"), ("user", "owner"), ("", None), ("", "of no use")])
def test_result_is_in_the_clear_and_says_so_when_the_document_was_encrypted(
    page_bench: PageBench, user: str, password: str | None
) -> None:
    outcome = page_bench.run(_encrypted(user, "owner"), "1", password=password)

    assert not page_bench.result().is_encrypted
    assert page_bench.texts() == WORDS[1:]
    assert any("not encrypted" in warning for warning in outcome.warnings)


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\nnothing of the sort\n", b"", bytes(1000), write({1: "<< /Pages 2 0 R >>"})]
)
def test_document_is_refused_when_it_is_beyond_repair(page_bench: PageBench, data: bytes) -> None:
    with pytest.raises(CorruptDocument, match="damaged beyond repair"):
        page_bench.run(data, "1")


def test_document_is_repaired_with_a_warning_when_its_table_is_wrong(page_bench: PageBench) -> None:
    outcome = page_bench.run(_pages().replace(b"%PDF-1.7\n", b"%PDF-1.7\n%moved everything\n"), "1")

    assert page_bench.texts() == WORDS[1:]
    assert any("was repaired" in warning for warning in outcome.warnings)


def test_damage_is_repaired_in_the_result_too_when_no_page_is_blank(page_bench: PageBench) -> None:
    outcome = page_bench.run(_pages().replace(b"%PDF-1.7\n", b"%PDF-1.7\n%moved everything\n"), remove_blank=True)

    assert page_bench.texts() == WORDS
    assert any("was repaired" in warning for warning in outcome.warnings)
    assert outcome.report["pages_out"] == 4


def test_page_is_named_when_its_content_can_not_be_read(page_bench: PageBench) -> None:
    data = _pages().replace(b"1003 0 obj\n<<", b"1003 0 obj\n)<")

    for pages in ("1", None):
        outcome = page_bench.run(data, pages, remove_blank=True)

        assert any(warning.startswith("Damaged: page 3.") for warning in outcome.warnings)


def test_missing_pages_are_told_when_the_document_declares_more(page_bench: PageBench) -> None:
    outcome = page_bench.run(_pages().replace(b"/Count 4", b"/Count 9"), "1")

    assert "The PDF says it has 9 pages, but only 4 can be found in it." in outcome.warnings


def test_signature_is_told_to_be_invalid_when_the_document_was_signed(page_bench: PageBench) -> None:
    form = "/AcroForm << /Fields [<< /FT /Sig /T (sig) /V << /Type /Sig /Contents <00> >> >>] /SigFlags 3 >>"

    outcome = page_bench.run(write(_document([text("one"), text("two")], catalog=form)), "1")

    assert any("signatures invalid" in warning for warning in outcome.warnings)


def test_page_stays_when_the_tree_names_it_twice_and_one_of_them_goes(page_bench: PageBench) -> None:
    objects = _document([text("one"), text("two")])
    objects[2] = "<< /Type /Pages /Count 3 /Kids [11 0 R 12 0 R 11 0 R] /MediaBox [0 0 9 9] /Resources 3 0 R >>"

    page_bench.run(write(objects), "1")

    assert page_bench.texts() == ["two", "one"]


def test_resource_stays_when_its_name_is_not_ascii(page_bench: PageBench) -> None:
    objects = _document([text("one"), text("two")])
    objects[3] = b"<< /Font << /F\xe9\xe8 4 0 R >> >>"
    objects[1002] = stream(b"BT /F#e9\xe8 24 Tf (caf\xe9) Tj ET")

    page_bench.run(write(objects), "1")

    (name,) = page_bench.result().pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    assert b"/F#E9#E8" in page_bench.output.read_bytes(), name


BLANK = {
    "empty": "",
    "moves only": "q 1 0 0 1 5 5 cm 0 0 10 10 re W n Q",
    "white area": "1 g 0 0 300 400 re f",
    "white in another space": "0 0 0 0 k 0 0 300 400 re f /Ink cs 0 scn 0 0 9 9 re f",
    "white lines": "1 1 1 RG 0 0 m 9 9 l S",
    "white form": "/White Do",
    "blanks": "BT /F1 12 Tf (  ) Tj [( ) -500 ()] TJ ET",
    "blanks of a composite font": "BT /F2 12 Tf <00030003> Tj ET",
}
NOT_BLANK = {
    "text": text("x"),
    "hidden text": "BT 3 Tr /F1 12 Tf (x) Tj ET",
    "glyphs of a composite font": "BT /F2 12 Tf <00030010> Tj ET",
    "blanks of an unknown font": "BT /F9 12 Tf ( ) Tj ET",
    "line": "0 0 m 9 9 l S",
    "area after white": "q 1 g 0 0 9 9 re f Q 0 0 9 9 re f",
    "nearly white area": "0.99 g 0 0 300 400 re f",
    "ink": "/Ink cs 0.1 scn 0 0 9 9 re f",
    "form": "/Fm Do",
    "white image": "/Im Do",
    "inline image": "BI /W 1 /H 1 /BPC 8 /CS /G ID \xff EI",
    "white that inverts": "/Odd gs 1 g 0 0 9 9 re f",
    "nonsense": "1 g ( 0 0 9 9 re f",
    "unknown object": "/Nothing Do",
}


@pytest.mark.parametrize("content", BLANK.values(), ids=BLANK)
def test_page_is_removed_as_blank_when_it_shows_nothing(page_bench: PageBench, content: str) -> None:
    outcome = page_bench.run(write(_document([text("one"), content, text("three")])), remove_blank=True)

    assert page_bench.texts() == ["one", "three"]
    assert outcome.report["blank_pages"] == [2]
    assert "Removed as blank: page 2." in outcome.warnings


@pytest.mark.parametrize("content", NOT_BLANK.values(), ids=NOT_BLANK)
def test_page_stays_when_it_shows_anything_or_is_not_understood(page_bench: PageBench, content: str) -> None:
    data = write(_document([text("one"), content, text("three")]))

    outcome = page_bench.run(data, remove_blank=True)

    assert outcome.report["blank_pages"] == []
    assert outcome.warnings[0] == "No blank page was found."
    assert page_bench.output.read_bytes() == data


@pytest.mark.parametrize("content", ["200 0 0 200 9 9 cm /Im Do", "1 g " + text("x"), NOT_BLANK["hidden text"]])
def test_page_is_named_when_what_lies_on_it_looks_like_paper(page_bench: PageBench, content: str) -> None:
    data = write(_document(["0 0 9 9 re f", content, "0.8 g 0 0 1 1 re f"]))

    outcome = page_bench.run(data, remove_blank=True)

    assert [one for one in outcome.warnings if one.startswith("Kept")] == [
        "Kept: page 2. Text or pictures lie there that can't be told from blank paper; "
        "name such pages to have them removed."
    ]


def test_page_stays_when_it_is_empty_but_for_an_annotation(page_bench: PageBench) -> None:
    note = "/Annots [<< /Type /Annot /Subtype /Text /Contents (note) /Rect [0 0 9 9] >>]"

    outcome = page_bench.run(write(_document([text("one"), ""], note)), remove_blank=True)

    assert outcome.report["blank_pages"] == []


def test_page_stays_when_its_content_is_missing(page_bench: PageBench) -> None:
    objects = _document([text("one"), ""])
    del objects[1002]

    outcome = page_bench.run(write(objects), remove_blank=True)

    assert outcome.report["blank_pages"] == []


def test_named_and_blank_pages_go_together_when_both_are_asked_for(page_bench: PageBench) -> None:
    contents: list[str | bytes] = [text("one"), "", text("three"), "", "", text("six")]

    outcome = page_bench.run(write(_document(contents)), "1", remove_blank=True)

    assert page_bench.texts() == ["three", "six"]
    assert outcome.report["removed_pages"] == "1-2,4-5"
    assert outcome.report["blank_pages"] == [2, 4, 5]
    assert "Removed as blank: pages 2, 4-5." in outcome.warnings


def test_every_mutilated_document_ends_in_a_named_refusal_or_a_result(page_bench: PageBench) -> None:
    whole = _pages()
    for cut in range(20, len(whole), 97):
        damaged = whole[:cut] + whole[cut + 31 :]
        try:
            outcome = page_bench.run(damaged, "1")
        except (CorruptDocument, NoPagesLeft):
            continue
        assert len(PdfReader(page_bench.output).pages) == outcome.report["pages_out"]
