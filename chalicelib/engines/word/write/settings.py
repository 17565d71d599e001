"""The parts that tell of the document as a whole: settings and properties."""

from chalicelib.engines.word.document.document import Document
from chalicelib.engines.word.write.looks import language
from chalicelib.engines.word.write.moments import moment
from chalicelib.engines.word.write.notes import SEPARATORS
from chalicelib.engines.word.write.xml import DECLARATION, escape, tag, w, whole

_DEFAULT_TAB_TWIPS = 720
_WORD_2013 = 15
"""The compatibility mode in which Word lays out as it does today."""

_COMPATIBILITY = "http://schemas.microsoft.com/office/word"
_CORE = {
    "xmlns_cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    "xmlns_dc": "http://purl.org/dc/elements/1.1/",
    "xmlns_dcterms": "http://purl.org/dc/terms/",
    "xmlns_xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
_EXTENDED = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"


def settings_part(document: Document, kinds: list[str]) -> str:
    """``settings.xml``; ``kinds`` of notes that the document has: ``footnote``, ``endnote``."""
    mode = w("compatSetting", name="compatibilityMode", uri=_COMPATIBILITY, val=_WORD_2013)
    tongue = language(document.metadata.language) or w("lang", val="en-US")
    return whole(
        "w:settings",
        w("displayBackgroundShape") if document.page_color else "",
        w("defaultTabStop", val=_DEFAULT_TAB_TWIPS),
        w("evenAndOddHeaders") if document.even_differs else "",
        w("characterSpacingControl", val="doNotCompress"),
        *(
            w(f"{kind}Pr", *(w(kind, id=one) for one in SEPARATORS))
            for kind in ("footnote", "endnote")
            if kind in kinds
        ),
        w("compat", mode),
        tongue.replace("<w:lang ", "<w:themeFontLang "),
        w("decimalSymbol", val="."),
        w("listSeparator", val=","),
    )


def core_part(document: Document) -> str:
    """``core.xml``: what the PDF said of itself."""
    told = document.metadata
    texts = (
        ("dc:title", told.title),
        ("dc:subject", told.subject),
        ("dc:creator", told.author),
        ("cp:keywords", told.keywords),
        ("dc:language", told.language),
    )
    moments = (("dcterms:created", moment(told.created)), ("dcterms:modified", moment(told.modified)))
    inside = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in texts if text)
    inside += "".join(tag(name, at, xsi_type="dcterms:W3CDTF") for name, at in moments if at)
    return DECLARATION + tag("cp:coreProperties", inside, **_CORE)


def app_part(document: Document) -> str:
    """``app.xml``."""
    return DECLARATION + tag("Properties", f"<Pages>{max(1, len(document.facts))}</Pages>", xmlns=_EXTENDED)
