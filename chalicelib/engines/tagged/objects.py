"""A PDF's objects, in the few ways in which the tags need them; anything unexpected is nothing."""

from collections.abc import Iterator
from typing import Any

from chalicelib.engines.tables.pymupdf import pymupdf

_mupdf: Any = pymupdf.mupdf


class PdfObject:
    """A PDF object, which may be absent; references are followed."""

    __slots__ = ("_raw",)

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    @classmethod
    def catalog(cls, document: Any) -> "PdfObject":
        """The catalog of a PyMuPDF document."""
        trailer = _mupdf.pdf_trailer(_mupdf.pdf_document_from_fz_document(document.this))
        return cls(trailer).get("Root")

    def get(self, key: str) -> "PdfObject":
        """The value of ``key``; an absent object when this is no dictionary or has no such key."""
        return PdfObject(_mupdf.pdf_dict_gets(self._raw, key)) if self.is_dict() else _ABSENT

    def items(self) -> Iterator[tuple[str, "PdfObject"]]:
        """Keys and values of a dictionary."""
        for at in range(_mupdf.pdf_dict_len(self._raw) if self.is_dict() else 0):
            key = _mupdf.pdf_to_name(_mupdf.pdf_dict_get_key(self._raw, at))
            yield key, PdfObject(_mupdf.pdf_dict_get_val(self._raw, at))

    def members(self) -> Iterator["PdfObject"]:
        """The members of an array; the object itself where it is none; nothing where it is absent."""
        if self._raw is None:
            return
        if _mupdf.pdf_is_array(self._raw):
            for at in range(_mupdf.pdf_array_len(self._raw)):
                yield PdfObject(_mupdf.pdf_array_get(self._raw, at))
        elif not _mupdf.pdf_is_null(self._raw):
            yield self

    def is_dict(self) -> bool:
        """Whether it is a dictionary or a stream."""
        return self._raw is not None and bool(_mupdf.pdf_is_dict(self._raw))

    def is_int(self) -> bool:
        """Whether it is a whole number."""
        return self._raw is not None and bool(_mupdf.pdf_is_int(self._raw))

    def integer(self) -> int:
        """Its number, -1 where it is none."""
        return int(_mupdf.pdf_to_int(self._raw)) if self.is_int() else -1

    def real(self) -> float | None:
        """Its number as a float."""
        if self._raw is None or not _mupdf.pdf_is_number(self._raw):
            return None
        return float(_mupdf.pdf_to_real(self._raw))

    def boolean(self) -> bool:
        """Whether it is ``true``."""
        return self._raw is not None and bool(_mupdf.pdf_to_bool(self._raw))

    def name(self) -> str | None:
        """Its name, without the slash."""
        if self._raw is None or not _mupdf.pdf_is_name(self._raw):
            return None
        return str(_mupdf.pdf_to_name(self._raw))

    def text(self) -> str | None:
        """Its text string, decoded; None where it is none or empty."""
        if self._raw is None or not _mupdf.pdf_is_string(self._raw):
            return None
        return str(_mupdf.pdf_to_text_string(self._raw)) or None

    def number(self) -> int:
        """The number of the object that is referred to, 0 for a direct one."""
        return int(_mupdf.pdf_to_num(self._raw)) if self._raw is not None else 0


_ABSENT = PdfObject(None)
