"""Small files of every kind that a conversion accepts or produces, made by script."""

import io
import zipfile
from collections.abc import Mapping
from functools import cache

import openpyxl
import pillow_heif
from PIL import Image

from tests.support.documents import pdf, word

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PILLOW = {"jpg": "JPEG", "png": "PNG", "gif": "GIF", "bmp": "BMP", "tiff": "TIFF", "webp": "WEBP"}


@cache
def sample(kind: str) -> bytes:
    """A file of ``kind``: a name of ``domain.filekinds``."""
    if kind in _PILLOW:
        return _picture(_PILLOW[kind])
    return _MAKERS[kind]()


def ole(*streams: str) -> bytes:
    """A compound file's signature and the names of its streams, as far as a look at its bytes goes."""
    return OLE_MAGIC + b"".join(name.encode("utf-16-le") for name in streams).ljust(1_024, b"\0")


def opendocument(media_type: str) -> bytes:
    """An OpenDocument package: its media type first, uncompressed."""
    return archive({"mimetype": f"application/vnd.oasis.opendocument.{media_type}", "content.xml": "<x/>"})


def archive(members: Mapping[str, str | bytes]) -> bytes:
    """A zip file, its members uncompressed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
    return buffer.getvalue()


def _workbook() -> bytes:
    workbook, buffer = openpyxl.Workbook(), io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _picture(form: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(buffer, form)
    return buffer.getvalue()


def _heic() -> bytes:
    buffer = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 64), "navy")).save(buffer)
    return buffer.getvalue()


_MAKERS = {
    "pdf": lambda: pdf("Dear reader"),
    "docx": lambda: word("Dear reader"),
    "doc": lambda: ole("WordDocument"),
    "odt": lambda: opendocument("text"),
    "rtf": lambda: rb"{\rtf1\ansi Dear reader}",
    "xlsx": _workbook,
    "xls": lambda: ole("Workbook"),
    "ods": lambda: opendocument("spreadsheet"),
    "pptx": lambda: archive({"[Content_Types].xml": "<x/>", "ppt/presentation.xml": "<x/>"}),
    "ppt": lambda: ole("PowerPoint Document"),
    "odp": lambda: opendocument("presentation"),
    "csv": lambda: b"name,amount\nAda,1\n",
    "heic": _heic,
}
