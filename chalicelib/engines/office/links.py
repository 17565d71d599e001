"""What a document refers to outside itself: fields of RTF that would read files, and a count of linked objects."""

import re
import zipfile
import zlib

from chalicelib.engines.job import InputFile
from chalicelib.engines.office.files import is_compound

_PART_BYTES = 1 << 24

_RELATIONSHIP = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_EXTERNAL = re.compile(rb"\bTargetMode\s*=\s*[\"']External[\"']")
_OBJECT_TYPE = re.compile(rb"/(?:image|oleObject|package|audio|video|media|subDocument|aFChunk|frame)[\"']")
_CHUNK_TYPE = re.compile(rb"/aFChunk[\"']")
_WORD_TARGET = re.compile(rb"\bTarget\s*=\s*[\"'][^\"']*\.doc[xm][\"']", re.IGNORECASE)
_ODF_OBJECT = re.compile(
    rb"<(?:draw:(?:image|object|object-ole|plugin|floating-frame|fill-image)|style:background-image|"
    rb"text:section-source|table:table-source|table:cell-range-source)\b[^>]*?"
    rb"\bxlink:href\s*=\s*[\"'](?:\w{2,}:|/|\.\./)"
)
_ODF_PARTS = ("content.xml", "styles.xml")

_INSTRUCTION = re.compile(rb"\\fldinst(?![a-z])")
_UNKNOWN_INSTRUCTION = b"\\*\\nofldinst"
_RTF_GROUPING = re.compile(rb"\\[{}\\]|[{}]|\\bin(?![a-z])")
_READS_FILES = re.compile(rb"INCLUDE(?:PICTURE|TEXT)|\\bin(?![a-z])|\0")
"""LibreOffice knows the words in capitals and in one piece only; binary data or zeros in a field hide something."""


def linked_objects(source: InputFile) -> int:
    """Pictures, objects and texts that stand outside a zipped document; 0 for other kinds."""
    if source.kind not in ("docx", "xlsx", "pptx", "odt", "ods", "odp") or is_compound(source.path):
        return 0
    try:
        with zipfile.ZipFile(source.path) as archive:
            return sum(_count(archive, entry) for entry in archive.infolist())
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError):
        return 0


def foreign_parts(source: InputFile) -> int:
    """Parts of another format (HTML, RTF, text) that a DOCX holds in place of paragraphs: Writer leaves them out."""
    if source.kind != "docx" or is_compound(source.path):
        return 0
    try:
        with zipfile.ZipFile(source.path) as archive:
            relations = [
                one
                for entry in archive.infolist()
                if entry.filename.endswith(".rels")
                for one in _RELATIONSHIP.findall(_read(archive, entry))
            ]
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError):
        return 0
    return sum(bool(_CHUNK_TYPE.search(one) and not _WORD_TARGET.search(one)) for one in relations)


def foreign_warnings(count: int) -> list[str]:
    """One sentence about what was left out."""
    if count == 0:
        return []
    what = "1 part of another format (such as HTML) is" if count == 1 else f"{count} parts of other formats are"
    return [f"{what} left out: the document holds it instead of text. Open it in Word, save it anew, and try again."]


def without_file_fields(rtf: bytes) -> tuple[bytes, int]:
    """``rtf`` with the instructions of fields that read other files made unknown, and their number.

    LibreOffice's RTF import opens the file of an INCLUDEPICTURE itself, past every switch. The results that
    the fields had when the document was saved stay.
    """
    parts, count, at = [], 0, 0
    while found := _INSTRUCTION.search(rtf, at):
        dangerous = _READS_FILES.search(rtf, found.end(), _end_of_group(rtf, found.end())) is not None
        parts += [rtf[at : found.start()], _UNKNOWN_INSTRUCTION if dangerous else found[0]]
        count += dangerous
        at = found.end()
    return b"".join((*parts, rtf[at:])), count


def link_warnings(count: int) -> list[str]:
    """One sentence about what was not fetched."""
    if count == 0:
        return []
    what = "1 picture, object or text is" if count == 1 else f"{count} pictures, objects or texts are"
    return [f"{what} only linked from the document and not in it: nothing is fetched, so it may be missing here."]


def _count(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    if entry.filename.endswith(".rels"):
        relations = _RELATIONSHIP.findall(_read(archive, entry))
        return sum(bool(_EXTERNAL.search(one) and _OBJECT_TYPE.search(one)) for one in relations)
    if entry.filename.rpartition("/")[2] in _ODF_PARTS:
        return len(_ODF_OBJECT.findall(_read(archive, entry)))
    return 0


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as part:
        return part.read(_PART_BYTES)


def _end_of_group(rtf: bytes, start: int) -> int:
    depth = 1
    for token in _RTF_GROUPING.finditer(rtf, start):
        depth += {b"{": 1, b"}": -1}.get(token[0], 0)
        if depth == 0 or token[0] == b"\\bin":
            return token.end()
    return len(rtf)
