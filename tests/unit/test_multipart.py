"""Reading ``multipart/form-data``."""

import pytest

from chalicelib.api.multipart import parse
from chalicelib.domain.errors import InvalidRequest
from chalicelib.services.incoming import SentFile

TYPE = "multipart/form-data; boundary=frontier"


def part(name: str, body: bytes, filename: str | None = None, *more: str) -> bytes:
    """One part, with its delimiter."""
    disposition = f'Content-Disposition: form-data; name="{name}"'
    disposition += f'; filename="{filename}"' if filename is not None else ""
    head = "\r\n".join(["--frontier", disposition, *more])
    return head.encode() + b"\r\n\r\n" + body + b"\r\n"


def form(*parts: bytes) -> bytes:
    """A whole body."""
    return b"".join(parts) + b"--frontier--\r\n"


def refused(body: bytes, content_type: str = TYPE) -> tuple[str | int, ...]:
    """Where a body is at fault."""
    with pytest.raises(InvalidRequest) as refusal:
        parse(body, content_type)
    return refusal.value.errors[0].loc


def test_files_keep_their_order_and_bytes() -> None:
    bodies = [b"\r\n--frontie", b"\x00\xff" * 100, b"", b"--frontier-not", b"last"]
    body = form(*(part("file", content, f"{number}.jpg") for number, content in enumerate(bodies)))
    files, fields = parse(body, TYPE)
    assert files == [SentFile(f"{number}.jpg", content) for number, content in enumerate(bodies)]
    assert fields == {}


def test_fields_and_files_may_come_mixed() -> None:
    body = form(part("pages", b"1-3"), part("file", b"x", "a.pdf", "Content-Type: application/pdf"), part("n", b""))
    assert parse(body, TYPE) == ([SentFile("a.pdf", b"x")], {"pages": "1-3", "n": ""})


def test_a_repeated_field_becomes_a_list() -> None:
    body = form(part("sheets", b"A"), part("sheets", b"B"), part("fit", b"page"))
    assert parse(body, TYPE)[1] == {"sheets": ["A", "B"], "fit": "page"}


def test_a_large_file_arrives_whole() -> None:
    content = bytes(range(256)) * 40_000
    assert parse(form(part("file", content, "a.bin")), TYPE)[0][0].body == content


@pytest.mark.parametrize("filename", ["R\u00e9sum\u00e9.pdf", "\u4e2d\u6587.pdf", "semi;colon.pdf"])
def test_a_filename_keeps_its_characters(filename: str) -> None:
    assert parse(form(part("file", b"x", filename)), TYPE)[0][0].name == filename


@pytest.mark.parametrize(
    "quoted", ['multipart/form-data; boundary="frontier"', "Multipart/Form-Data;boundary=frontier"]
)
def test_the_boundary_is_found_however_it_is_written(quoted: str) -> None:
    assert parse(form(part("n", b"1")), quoted)[1] == {"n": "1"}


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=other",
        "multipart/form-data; boundary=" + "x" * 300,
    ],
)
def test_a_body_is_refused_when_the_boundary_is_bad(content_type: str) -> None:
    assert refused(form(part("n", b"1")), content_type) == ("body",)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"%PDF-1.4",
        part("file", b"x", "a.pdf"),
        form(part("file", b"x", "a.pdf"))[:-10],
        b"--frontier\r\n\r\nx\r\n--frontier--\r\n",
        b"--frontier\r\nContent-Disposition: form-data; name=" + b"x" * 100_000 + b"\r\n\r\nx\r\n--frontier--\r\n",
    ],
)
def test_a_body_is_refused_when_it_is_cut_off_or_no_form(body: bytes) -> None:
    assert refused(body)[0] == "body"


def test_a_file_is_refused_when_its_part_has_another_name() -> None:
    assert refused(form(part("document", b"x", "a.pdf"))) == ("body", "document")


def test_a_field_is_refused_when_it_is_not_utf8() -> None:
    assert refused(form(part("password", b"\xff\xfe"))) == ("body", "password")


def test_a_field_is_refused_when_it_is_endless() -> None:
    assert refused(form(part("pages", b"1," * 40_000))) == ("body", "pages")


def test_a_body_is_refused_when_it_has_too_many_parts() -> None:
    assert refused(form(*(part("n", b"1") for _ in range(300)))) == ("body",)
