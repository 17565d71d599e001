"""What a file is, by its bytes, and names made safe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.filekinds import HEAD_BYTES, KINDS, NAME_MAX_BYTES, renamed, safe_name, sniff
from tests.support.samples import OLE_MAGIC, archive, ole, sample

ENCRYPTED = ole("EncryptionInfo", "EncryptedPackage")


def kinds(body: bytes, name: str = "document") -> tuple[str, ...]:
    """What ``body`` is taken for."""
    return sniff(body[:HEAD_BYTES], body[-65_536:], name).candidates


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "csv"])
@pytest.mark.parametrize("name", ["document", "document.exe", "document.pdf", "document.docx", "table.csv"])
def test_a_kind_is_seen_by_its_bytes_whatever_the_name(kind: str, name: str) -> None:
    assert kinds(sample(kind), name)[0] == kind


@pytest.mark.parametrize("name", ["table.csv", "TABLE.CSV", "a.b.csv"])
@pytest.mark.parametrize("body", [b"a,b\n1,2\n", "\ufeffa;b\n".encode(), "a\tb\n".encode("utf-16"), b"\xe4,\xf6\n"])
def test_csv_goes_by_its_name_when_it_is_text(name: str, body: bytes) -> None:
    assert kinds(body, name) == ("csv",)


@pytest.mark.parametrize(("body", "name"), [(b"a,b\n", "table.txt"), (b"a,b\n", "csv"), (b"a\0b", "table.csv")])
def test_a_file_is_no_csv_when_its_name_or_bytes_say_otherwise(body: bytes, name: str) -> None:
    assert kinds(body, name) == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"Dear reader",
        b"<html><body>Dear reader</body></html>",
        b"<?xml version='1.0'?><office:document/>",
        b"\x7fELF\x02\x01\x01",
        b"MZ\x90\x00",
        b"BM, he said",
        b"RIFF\x24\x00\x00\x00WAVEfmt ",
        b"\x00\x00\x00\x18ftypmp42",
        b"%!PS-Adobe-3.0",
    ],
)
@pytest.mark.parametrize("name", ["letter.docx", "letter.pdf", "letter.xlsx", "letter.png", "letter.rtf"])
def test_a_file_is_of_no_kind_when_only_its_name_says_so(body: bytes, name: str) -> None:
    assert kinds(body, name) == ()


@pytest.mark.parametrize("members", [{"visio/document.xml": "<x/>"}, {"readme.txt": "x"}, {"mimetype": "text/plain"}])
def test_a_zip_is_of_no_kind_when_it_is_no_office_file(members: dict[str, str]) -> None:
    assert kinds(archive(members), "letter.docx") == ()


@pytest.mark.parametrize(
    ("outer", "inner", "kind"),
    [
        ("xl/workbook.xml", "docx", "xlsx"),
        ("word/document.xml", "xlsx", "docx"),
        ("ppt/slides/slide1.xml", "docx", "pptx"),
    ],
)
def test_an_office_file_is_seen_when_another_is_embedded_in_it(outer: str, inner: str, kind: str) -> None:
    folder = outer.partition("/")[0]
    body = archive({outer: "<x/>", f"{folder}/embeddings/1.{inner}": sample(inner)})
    assert kinds(body) == (kind,)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.docx", ("docx", "xlsx", "pptx")),
        ("a.xlsx", ("xlsx", "docx", "pptx")),
        ("a", ("docx", "xlsx", "pptx")),
        ("a.pdf", ("docx", "xlsx", "pptx")),
    ],
)
def test_an_encrypted_office_file_can_be_either_and_the_name_says_which_first(
    name: str, expected: tuple[str, ...]
) -> None:
    assert kinds(ENCRYPTED, name) == expected


def test_a_compound_file_is_old_office_when_its_directory_is_out_of_view() -> None:
    assert kinds(OLE_MAGIC + bytes(200_000), "a.doc") == ("doc", "xls")
    assert kinds(OLE_MAGIC + bytes(200_000), "a.xls") == ("xls", "doc", "ppt")


@pytest.mark.parametrize(
    ("streams", "name", "expected"),
    [
        (("WORKBOOK",), "a.xls", ("xls",)),
        (("worddocument",), "a.doc", ("doc",)),
        (("Workbook", "WordDocument"), "a.xls", ("xls", "doc")),
        (("PowerPoint Document",), "a.ppt", ("ppt",)),
    ],
)
def test_a_compound_file_is_what_its_streams_name_in_any_case_when_others_are_embedded(
    streams: tuple[str, ...], name: str, expected: tuple[str, ...]
) -> None:
    assert kinds(ole(*streams), name) == expected


def test_a_csv_is_seen_when_it_is_utf_16_without_a_mark() -> None:
    assert kinds("Имя;Город\nИван;Москва\n".encode("utf-16-le"), "a.csv") == ("csv",)


@pytest.mark.parametrize(("junk", "expected"), [(b"\r\n\r\n", ("pdf",)), (b"x" * 1_000, ("pdf",)), (b"x" * 1_024, ())])
def test_a_pdf_is_seen_when_little_stands_before_its_header(junk: bytes, expected: tuple[str, ...]) -> None:
    assert kinds(junk + sample("pdf")) == expected


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"MM\x00*\x00\x00\x00\x08", "tiff"),
        (b"II+\x00\x08\x00\x00\x00", "tiff"),
        (b"GIF87a\x01\x00\x01\x00", "gif"),
        (b"\xff\xd8\xff\xe1\x00\x18Exif", "jpg"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00", "heic"),
        (b"\xdb\xa5\x2d\x00", "doc"),
        (b"\x09\x08\x10\x00\x00\x06\x05\x00", "xls"),
        (b" \r\n{\\rtf1 x}", "rtf"),
    ],
)
def test_a_rarer_form_of_a_kind_is_seen(body: bytes, kind: str) -> None:
    assert kinds(body) == (kind,)


@given(st.binary(max_size=200), st.text(max_size=20))
def test_any_bytes_are_of_known_kinds_or_none(body: bytes, name: str) -> None:
    assert set(kinds(body, name)) <= set(KINDS)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Report.pdf", "Report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ada\\Report.pdf", "Report.pdf"),
        ("a\r\nb\0c.pdf", "abc.pdf"),
        ('a"b<c>d|e?f*g:h.pdf', "a_b_c_d_e_f_g_h.pdf"),
        ("  .hidden. ", "hidden"),
        ("\u202efdp.exe", "fdp.exe"),
        ("Re\u0301sume\u0301.pdf", "R\u00e9sum\u00e9.pdf"),
        ("\u4e2d\u6587.pdf", "\u4e2d\u6587.pdf"),
        ("..", "fallback.pdf"),
        ("", "fallback.pdf"),
        (None, "fallback.pdf"),
        ("dir/", "fallback.pdf"),
    ],
)
def test_a_name_becomes_a_plain_file_name(name: str | None, safe: str) -> None:
    assert safe_name(name, "fallback.pdf") == safe


@pytest.mark.parametrize("name", ["\u00e4" * 500 + ".pdf", "x" * 500 + ".pdf", "\U0001f600" * 200 + ".docx"])
def test_a_long_name_keeps_its_extension(name: str) -> None:
    safe = safe_name(name, "fallback")
    assert len(safe.encode()) <= NAME_MAX_BYTES
    assert safe.rpartition(".")[2] == name.rpartition(".")[2]


@given(st.text(max_size=400))
def test_any_name_is_short_plain_and_stays_as_it_is_when_it_is_safe(name: str) -> None:
    safe = safe_name(name, "fallback.pdf")
    assert 0 < len(safe.encode()) <= NAME_MAX_BYTES
    assert not set(safe) & set('/\\\r\n\0"<>|?*:')
    assert safe == safe_name(safe, "fallback.pdf")


@pytest.mark.parametrize(
    ("name", "result"), [("a.pdf", "a.docx"), ("a.b.pdf", "a.b.docx"), ("a", "a.docx"), (".pdf", ".pdf.docx")]
)
def test_a_result_is_named_after_its_input(name: str, result: str) -> None:
    assert renamed(name, "docx") == result
