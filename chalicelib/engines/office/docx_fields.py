"""Keeps the results that Word stored with its fields: a letter's date, a merged name, a reference's words.

LibreOffice calculates fields anew while it loads: dates become today's, references whose target is gone become an
error's text, and what was merged into a letter disappears.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_LIVE = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "TOC", "HYPERLINK", "INDEX"})
"""What follows the pages as they are laid out here, or is a link, or is kept by LibreOffice itself."""

_FORMS = frozenset({"FORMTEXT", "FORMCHECKBOX", "FORMDROPDOWN", "SHAPE", "EMBED", "EQ", "SYMBOL", "ADVANCE"})
_OF_THE_PAGE = frozenset({"STYLEREF"})
_OF_BOOKMARKS = frozenset({"REF", "PAGEREF", "NOTEREF"})

_MARKUP = re.compile(
    rb"<w:fldChar\b[^>]*?w:fldCharType=[\"'](?P<kind>begin|separate|end)[\"'][^>]*?(?P<empty>/)?>"
    rb"|</w:fldChar>"
    rb"|<w:instrText\b[^>]*>(?P<text>[^<]*)</w:instrText>"
    rb"|<w:fldSimple\b[^>]*?w:instr=(?:\"(?P<simple>[^\"]*)\"|'(?P<simple2>[^']*)')[^>]*?(?P<alone>/)?>"
    rb"|(?P<close></w:fldSimple>)"
)
_SHOWN = re.compile(
    rb"<w:t\b[^>]*>[^<]*</w:t>|<w:(?:tab|br|cr|noBreakHyphen)\b[^>]*/>|<w:instrText\b[^>]*>[^<]*</w:instrText>"
)
_TEXT = re.compile(rb"<w:t\b[^>]*>[^<]")
_EMPTY_CONTENTS = b"<w:t>\xe2\x80\xa6</w:t>"
"""An ellipsis: LibreOffice forgets a table of contents that holds nothing, and could not fill it."""

_BOOKMARK = re.compile(rb"<w:bookmarkStart\b[^>]*?w:name=[\"']([^\"']+)[\"']")
_WORDS = re.compile(r"\"([^\"]*)\"|(\S+)")

_Change = tuple[int, int, bytes]


@dataclass
class _Field:
    begin: tuple[int, int]
    instruction: list[bytes] = field(default_factory=list)
    texts: list[tuple[int, int]] = field(default_factory=list)
    separate: tuple[int, int] | None = None


def bookmarks(document: bytes) -> frozenset[bytes]:
    """The names of the bookmarks of a part."""
    return frozenset(_BOOKMARK.findall(document))


def with_stored_results(part: bytes, targets: frozenset[bytes], *, runs_along: bool = False) -> bytes:
    """``part`` with every field that would be calculated anew replaced by its stored result.

    References to one of the ``targets`` become links. Fields without a result stay: they show nothing. In what
    ``runs_along`` on every page the heading of that page is shown, which was stored for one page only.
    """
    if b"fldChar" not in part and b"fldSimple" not in part:
        return part
    live = _LIVE | _FORMS | (_OF_THE_PAGE if runs_along else frozenset())
    changes = sorted({*_complex(part, targets, live), *_simple(part, live)})
    pieces, at = [], 0
    for start, end, text in changes:
        if start < at:
            continue
        pieces += [part[at:start], text]
        at = end
    return b"".join((*pieces, part[at:]))


def _complex(part: bytes, targets: frozenset[bytes], live: frozenset[str]) -> Iterator[_Change]:
    open_fields: list[_Field] = []
    for found in _MARKUP.finditer(part):
        kind = found["kind"]
        if kind == b"begin":
            end = found.end() if found["empty"] else part.find(b"</w:fldChar>", found.end()) + len(b"</w:fldChar>")
            open_fields.append(_Field((found.start(), end)))
        elif found["text"] is not None and open_fields and open_fields[-1].separate is None:
            open_fields[-1].instruction.append(found["text"])
            open_fields[-1].texts.append(found.span())
        elif kind == b"separate" and open_fields:
            open_fields[-1].separate = found.span()
        elif kind == b"end" and open_fields:
            yield from _unlinked(part, open_fields.pop(), found.span(), targets, live)


def _unlinked(
    part: bytes, one: _Field, end: tuple[int, int], targets: frozenset[bytes], live: frozenset[str]
) -> Iterator[_Change]:
    """What is taken out of the markup: the marks, and whatever would show between the first and the second."""
    if one.separate is None:
        return
    name, target, is_link = _parsed(b"".join(one.instruction))
    if name == "TOC" and not _TEXT.search(part, one.separate[1], end[0]):
        yield (one.separate[1], one.separate[1], _EMPTY_CONTENTS)
    if name in live or not name:
        return
    if name in _OF_BOOKMARKS and target.encode() in targets:
        if name == "PAGEREF":
            return
        if is_link and one.texts:
            first, *others = one.texts
            yield (*first, b'<w:instrText xml:space="preserve"> HYPERLINK \\l "%s" </w:instrText>' % target.encode())
            yield from ((*span, b"") for span in others)
            return
    yield (*one.begin, b"")
    for shown in _SHOWN.finditer(part, one.begin[1], one.separate[0]):
        yield (*shown.span(), b"")
    yield (*one.separate, b"")
    yield (*end, b"")


def _simple(part: bytes, live: frozenset[str]) -> Iterator[_Change]:
    """``fldSimple`` holds its result as its content; they don't nest in one another."""
    opened: tuple[int, int] | None = None
    for found in _MARKUP.finditer(part):
        instruction = found["simple"] if found["simple"] is not None else found["simple2"]
        if instruction is not None and not found["alone"]:
            name = _parsed(instruction)[0]
            opened = found.span() if name and name not in live else None
        elif found["close"] and opened:
            yield (*opened, b"")
            yield (*found.span(), b"")
            opened = None


def _parsed(instruction: bytes) -> tuple[str, str, bool]:
    r"""A field's name, its first argument, and whether it is to be a link (``\h``)."""
    text = instruction.decode("utf-8", "replace").replace("&quot;", '"')
    words = [quoted or plain for quoted, plain in _WORDS.findall(text)]
    if not words:
        return "", "", False
    name = words[0].upper()
    if name not in _KNOWN and len(words) == 1:
        return "REF", words[0], False
    return name, words[1] if len(words) > 1 else "", "\\h" in words


_OTHERS = """
DATE TIME SAVEDATE PRINTDATE CREATEDATE EDITTIME IF FILENAME FILESIZE MERGEFIELD MERGEREC MERGESEQ NEXT NEXTIF
SKIPIF DOCPROPERTY DOCVARIABLE TITLE SUBJECT AUTHOR KEYWORDS COMMENTS LASTSAVEDBY INFO NUMCHARS NUMWORDS
TEMPLATE REVNUM USERNAME USERADDRESS USERINITIALS ASK FILLIN SET QUOTE LINK DDE DDEAUTO INCLUDETEXT
INCLUDEPICTURE AUTOTEXT AUTOTEXTLIST BIBLIOGRAPHY CITATION SEQ LISTNUM AUTONUM AUTONUMLGL AUTONUMOUT COMPARE
DATABASE ADDRESSBLOCK GREETINGLINE BARCODE DISPLAYBARCODE MERGEBARCODE GOTOBUTTON MACROBUTTON PRINT PRIVATE TA
TOA TC XE RD DATA GLOSSARY HTMLCONTROL ADDIN
"""

_KNOWN = _LIVE | _FORMS | _OF_BOOKMARKS | _OF_THE_PAGE | frozenset(_OTHERS.split())
