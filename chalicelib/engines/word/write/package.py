"""The package of a document (ECMA-376 part 2): its parts, what they are and how they relate, in a ZIP file."""

import hashlib
import zipfile
from collections.abc import Iterable
from pathlib import Path

from chalicelib.engines.word.document.picture import MediaType
from chalicelib.engines.word.write.xml import DECLARATION, tag

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."

MAIN = _WORD + "document.main+xml"
_EXTENSIONS = {
    MediaType.PNG: "png",
    MediaType.JPEG: "jpeg",
    MediaType.GIF: "gif",
    MediaType.TIFF: "tiff",
    MediaType.EMF: "emf",
    MediaType.SVG: "svg",
}
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of every part: the same document is the same file."""


def word_type(kind: str) -> str:
    """The content type of a part of WordprocessingML: ``styles``, ``header``, …"""
    return f"{_WORD}{kind}+xml"


class Part:
    """A part and its relationships; equal ones are made once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._relations: dict[tuple[str, str, bool], str] = {}

    def relate(self, kind: str, target: str, *, external: bool = False) -> str:
        """The identifier of the relationship of type ``kind`` to ``target``, a name in the package or a URI."""
        kind = kind if ":" in kind else OFFICE + kind
        return self._relations.setdefault((kind, target, external), f"rId{len(self._relations) + 1}")

    def relations(self) -> str | None:
        """The part that holds the relationships; None when there are none."""
        if not self._relations:
            return None
        inside = (
            tag("Relationship", Id=identifier, Type=kind, Target=target, TargetMode="External" if external else None)
            for (kind, target, external), identifier in self._relations.items()
        )
        return DECLARATION + tag("Relationships", *inside, xmlns=_RELATIONS)


class Package:
    """A ZIP file in the making. Parts are written as they are ready; ``close`` writes what tells of them."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
        self._types: dict[str, str] = {}
        self._parts: list[Part] = []
        self._media: dict[str, tuple[str, bytes]] = {}
        self.top = Part("")

    def add(self, part: Part, content_type: str, chunks: Iterable[str]) -> None:
        """Write a part, piece by piece."""
        self._types[part.name] = content_type
        self._parts.append(part)
        with self._zip.open(_info(part.name), "w", force_zip64=True) as file:
            for chunk in chunks:
                file.write(chunk.encode())

    def add_picture(self, data: bytes, media_type: MediaType) -> str:
        """The name of the part of a picture; equal ones are one."""
        key = hashlib.sha256(data).hexdigest()
        extension = _EXTENSIONS[media_type]
        name, _ = self._media.setdefault(key, (f"word/media/image{len(self._media) + 1}.{extension}", data))
        return name

    def close(self) -> None:
        """Write pictures, relationships and types, and the file's end."""
        for name, data in self._media.values():
            self._write(name, data, compressed=name.endswith((".emf", ".svg", ".tiff")))
        for part in [self.top, *self._parts]:
            folder, _, name = part.name.rpartition("/")
            relations = part.relations()
            if relations:
                self._write(f"{folder}/_rels/{name}.rels".lstrip("/"), relations.encode())
        self._write("[Content_Types].xml", self._content_types().encode())
        self._zip.close()

    def abandon(self) -> None:
        """Close the file after an error, whatever it holds."""
        self._zip.close()

    def _content_types(self) -> str:
        known = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
        known |= {extension: media.value for media, extension in _EXTENSIONS.items()}
        defaults = (tag("Default", Extension=extension, ContentType=kind) for extension, kind in known.items())
        overrides = (tag("Override", PartName=f"/{name}", ContentType=kind) for name, kind in self._types.items())
        return DECLARATION + tag("Types", *defaults, *overrides, xmlns=_TYPES)

    def _write(self, name: str, data: bytes, *, compressed: bool = True) -> None:
        self._zip.writestr(_info(name), data, zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _LONG_AGO)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info
