"""What a file is, by its bytes: the signatures of every accepted kind, and names made safe."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

HEAD_BYTES = 8_192
"""How much of a file :func:`sniff` wants; PDF readers accept ``%PDF-`` within the first 1,024 bytes."""
NAME_MAX_BYTES = 200


@dataclass(frozen=True)
class FileKind:
    """A file format by its usual extension."""

    name: str
    media_type: str
    label: str


_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"
KINDS = {
    kind.name: kind
    for kind in (
        FileKind("pdf", "application/pdf", "PDF"),
        FileKind("docx", f"{_OOXML}.wordprocessingml.document", "Word document"),
        FileKind("doc", "application/msword", "Word 97-2003 document"),
        FileKind("odt", f"{_ODF}.text", "OpenDocument text"),
        FileKind("rtf", "application/rtf", "Rich Text document"),
        FileKind("xlsx", f"{_OOXML}.spreadsheetml.sheet", "Excel workbook"),
        FileKind("xls", "application/vnd.ms-excel", "Excel 97-2003 workbook"),
        FileKind("ods", f"{_ODF}.spreadsheet", "OpenDocument spreadsheet"),
        FileKind("csv", "text/csv", "CSV"),
        FileKind("pptx", f"{_OOXML}.presentationml.presentation", "PowerPoint presentation"),
        FileKind("ppt", "application/vnd.ms-powerpoint", "PowerPoint 97-2003 presentation"),
        FileKind("odp", f"{_ODF}.presentation", "OpenDocument presentation"),
        FileKind("jpg", "image/jpeg", "JPEG image"),
        FileKind("png", "image/png", "PNG image"),
        FileKind("gif", "image/gif", "GIF image"),
        FileKind("bmp", "image/bmp", "BMP image"),
        FileKind("tiff", "image/tiff", "TIFF image"),
        FileKind("webp", "image/webp", "WebP image"),
        FileKind("heic", "image/heic", "HEIC image"),
    )
}

_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_MAGIC = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
    (b"{\\rtf", "rtf"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_WORD = (b"\xdb\xa5", b"\x31\xbe", b"\xfe\x37")
_BIFF = (b"\x09\x08", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00", b"\x09\x00\x04\x00")
_BMP_HEADER_SIZES = {12, 16, 40, 52, 56, 64, 108, 124}


@dataclass(frozen=True)
class Sniffed:
    """Candidate kinds by the bytes, most likely first; an encrypted Office file fits several."""

    candidates: tuple[str, ...]


def sniff(head: bytes, tail: bytes, name: str) -> Sniffed:
    """The kinds that a file can be, by its bytes; only csv, which has no signature, goes by its ``name``.

    ``head`` is its first ``HEAD_BYTES``, ``tail`` its last 64 KiB (where a zip keeps its directory).
    """
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return Sniffed((kind,))
    for probe in (_container, _image):
        found = probe(head, tail, name)
        if found:
            return Sniffed(found)
    if b"%PDF-" in head[:1_024]:
        return Sniffed(("pdf",))
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        return Sniffed(("rtf",))
    return Sniffed(("csv",) if _is_csv(head, name) else ())


def _container(head: bytes, tail: bytes, name: str) -> tuple[str, ...]:
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(head, tail)
    if head.startswith(_OLE):
        return _ole_kind(head, tail, name)
    if head.startswith(_OLD_WORD):
        return ("doc",)
    return ("xls",) if head.startswith(_BIFF) else ()


def _image(head: bytes, _tail: bytes, _name: str) -> tuple[str, ...]:
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return ("webp",)
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return ("heic",)
    if head.startswith(b"BM") and len(head) >= 18 and int.from_bytes(head[14:18], "little") in _BMP_HEADER_SIZES:
        return ("bmp",)
    return ()


_OOXML_FOLDERS = {b"word/": "docx", b"xl/": "xlsx", b"ppt/": "pptx"}


def _zip_kind(head: bytes, tail: bytes) -> tuple[str, ...]:
    match = re.match(rb"mimetypeapplication/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)", head[30:110])
    if match:
        return ({b"text": "odt", b"spreadsheet": "ods"}.get(match[1], "odp"),)
    names = _zip_names(tail) or [head[30:60]]
    for name in names:
        for folder, kind in _OOXML_FOLDERS.items():
            if name.startswith(folder):
                return (kind,)
    return ()


def _zip_names(tail: bytes) -> list[bytes]:
    """The names in a zip's central directory, as far as ``tail`` holds it; none when it has no end record."""
    end = tail.rfind(b"PK\x05\x06")
    at = max(0, end - int.from_bytes(tail[end + 12 : end + 16], "little")) if end >= 0 else -1
    at = tail.find(b"PK\x01\x02", at) if at >= 0 else -1
    names = []
    while at >= 0 and tail[at : at + 4] == b"PK\x01\x02":
        lengths = [int.from_bytes(tail[at + place : at + place + 2], "little") for place in (28, 30, 32)]
        names.append(tail[at + 46 : at + 46 + lengths[0]])
        at += 46 + sum(lengths)
    return names


def _ole_kind(head: bytes, tail: bytes, name: str) -> tuple[str, ...]:
    """By the names of streams, which any case may be used for. An embedded document has names too: all are candidates,
    and the engine looks which stand in the root.
    """
    seen = (head + tail).lower()
    extension = PurePosixPath(name).suffix.lower().lstrip(".")
    if _utf16("encryptedpackage") in seen:
        return tuple(sorted(("docx", "xlsx", "pptx"), key=lambda kind: kind != extension))
    found = [kind for kind, streams in _OLE_STREAMS.items() if any(_utf16(one) in seen for one in streams)]
    if found:
        return tuple(sorted(found, key=lambda kind: kind != extension.removesuffix("x")))
    # A directory further inside than we look: the name breaks the tie between the OLE kinds.
    order = {"doc": ("doc", "xls"), "docx": ("docx", "doc"), "xlsx": ("xlsx", "xls"), "ppt": ("ppt", "doc", "xls")}
    return order.get(extension, ("xls", "doc", "ppt"))


_OLE_STREAMS = {"doc": ("worddocument",), "xls": ("workbook", "book\0"), "ppt": ("powerpoint document",)}


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def _is_csv(head: bytes, name: str) -> bool:
    if PurePosixPath(name).suffix.lower() != ".csv":
        return False
    return head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" not in head or wide_encoding(head) is not None


def wide_encoding(head: bytes) -> str | None:
    """UTF-16 without a mark: its line ends and separators have a zero, always on the same side, whatever the script."""
    for first, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = head[first::2].count(0), head[1 - first :: 2].count(0)
        if zeros > max(1, len(head) // 64) and others == 0:
            return name
    return None


def safe_name(name: str | None, fallback: str) -> str:
    """``name`` as a plain file name: no path, no control or reserved characters, at most 200 bytes of UTF-8."""
    text = unicodedata.normalize("NFC", name or "").replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(char for char in text if unicodedata.category(char)[0] != "C")
    text = re.sub(r'[<>:"|?*]', "_", text).strip(" .")
    if not text:
        return fallback
    stem, dot, extension = text.rpartition(".")
    if not dot or len(extension.encode()) > 20:
        stem, extension = text, ""
    room = NAME_MAX_BYTES - len(extension.encode()) - 1
    stem = stem.encode()[:room].decode("utf-8", "ignore")
    return f"{stem}.{extension}" if extension else stem


def renamed(name: str, extension: str) -> str:
    """``name`` with ``extension`` in place of its own."""
    stem = name.rpartition(".")[0] or name
    return f"{stem}.{extension}"
