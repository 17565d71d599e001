"""The style sheet: a style for every role, from what the document says its paragraphs look like."""

from dataclasses import dataclass, replace

from chalicelib.engines.word.document.document import Document, Style
from chalicelib.engines.word.document.format import Align, Format, Role
from chalicelib.engines.word.document.inline import Level, Look, NoteKind
from chalicelib.engines.word.write.formats import properties
from chalicelib.engines.word.write.looks import differences, fonts, language
from chalicelib.engines.word.write.units import half_points
from chalicelib.engines.word.write.xml import w, whole

HEADINGS = CONTENTS_LEVELS = 9
"""Levels that Word has of headings and of contents entries."""

_NOTHING = Look("", 0.0)
"""Differs from every look in font and size."""

_FALLBACK = Look("Calibri", 11.0)
_LARGER = {1: 1.6, 2: 1.3, 3: 1.15}
"""Sizes of headings that the document does not have, against body text."""

_INDENT_PT = 11.0
"""Of each further level of contents entries that the document does not have."""

HYPERLINK, FOOTNOTE_REFERENCE, ENDNOTE_REFERENCE = "Hyperlink", "FootnoteReference", "EndnoteReference"
PLACEHOLDER, COMMENT_REFERENCE, COMMENT_TEXT = "PlaceholderText", "CommentReference", "CommentText"
_LINK_COLOR, _PLACEHOLDER_COLOR = "0563C1", "666666"


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """A paragraph style as written: its identifier, Word's name of it, and what it says in whole."""

    identifier: str
    name: str
    look: Look
    format: Format
    outline: int | None = None
    follows: str = "Normal"
    custom: bool = False


class StyleSheet:
    """The styles of a document; what links mostly look like is the look of theirs."""

    def __init__(self, document: Document, link: tuple[str | None, bool] | None) -> None:
        self._document = document
        normal = document.styles.get((Role.NORMAL, 0), Style(_FALLBACK))
        self.normal = ParagraphStyle("Normal", "Normal", replace(normal.look, language=None), normal.format)
        self._link = link or (_LINK_COLOR, True)
        self._styles: dict[str, ParagraphStyle] = {"Normal": self.normal}
        for style in self._all():
            self._styles[style.identifier] = style

    def of(self, role: Role, level: int, kind: NoteKind | None = None) -> ParagraphStyle:
        """The style of paragraphs of ``role``; in an endnote or a table of figures there are others."""
        return self._styles[_identifier(role, level, kind)]

    @property
    def table_of_figures(self) -> ParagraphStyle:
        """The style of entries of a list of figures or tables."""
        return self._styles["TableofFigures"]

    def linked(self, base: Look) -> Look:
        """What links look like in text that looks like ``base``."""
        color, underline = self._link
        return replace(base, color=color, underline=underline)

    def reference(self, base: Look) -> Look:
        """What the marks of notes look like in text that looks like ``base``."""
        return replace(base, level=Level.SUPER)

    def part(self) -> str:
        """``styles.xml``."""
        return whole(
            "w:styles", self._defaults(), *(self._paragraph(one) for one in self._styles.values()), self._rest()
        )

    def _all(self) -> list[ParagraphStyle]:
        normal = self.normal
        plain = Format(rtl=normal.format.rtl)
        size = normal.look.size
        own = self._own
        styles = [
            own(
                Role.HEADING, level, f"Heading{level}", f"heading {level}",
                replace(normal.look, bold=True, size=size * _LARGER.get(level, 1.0)),
                replace(plain, before=12, after=4, keep_next=True, keep_lines=True), outline=level - 1,
            )
            for level in range(1, HEADINGS + 1)
        ]  # fmt: skip
        for role, name, title, look, format_ in (
            (Role.TITLE, "Title", "Title", replace(normal.look, size=size * 2), replace(plain, after=12)),
            (Role.SUBTITLE, "Subtitle", "Subtitle", replace(normal.look, size=size * 1.3), replace(plain, after=12)),
            (Role.CAPTION, "Caption", "caption", replace(normal.look, italic=True), replace(plain, after=10)),
            (Role.QUOTE, "Quote", "Quote", replace(normal.look, italic=True), replace(normal.format, start=36, end=36)),
            (Role.CODE, "SourceCode", "Source Code", replace(normal.look, font="Courier New"), plain),
            (Role.LIST_ITEM, "ListParagraph", "List Paragraph", normal.look, replace(normal.format, align=Align.START, first=0)),
            (Role.HEADER, "Header", "header", normal.look, plain),
            (Role.FOOTER, "Footer", "footer", normal.look, plain),
            (Role.NOTE, "FootnoteText", "footnote text", replace(normal.look, size=size * 0.85), plain),
            (Role.CONTENTS_HEADING, "TOCHeading", "TOC Heading", replace(normal.look, bold=True, size=size * 1.6), plain),
        ):  # fmt: skip
            styles.append(own(role, 0, name, title, look, format_))
        styles += [
            own(
                Role.CONTENTS_ENTRY, level, f"TOC{level}", f"toc {level}",
                normal.look, replace(plain, start=_INDENT_PT * (level - 1), after=5),
            )
            for level in range(1, CONTENTS_LEVELS + 1)
        ]  # fmt: skip
        entry, note = styles[-CONTENTS_LEVELS], styles[-CONTENTS_LEVELS - 2]
        styles.append(replace(entry, identifier="TableofFigures", name="table of figures"))
        styles.append(replace(note, identifier="EndnoteText", name="endnote text"))
        styles.append(ParagraphStyle(COMMENT_TEXT, "annotation text", replace(normal.look, size=10), plain))
        return styles

    def _own(
        self,
        role: Role,
        level: int,
        identifier: str,
        name: str,
        look: Look,
        format_: Format,
        outline: int | None = None,
    ) -> ParagraphStyle:
        """The document's own style of the role, else that given."""
        style = self._document.styles.get((role, level), Style(look, format_))
        follows = "Normal" if outline is not None or role in (Role.TITLE, Role.SUBTITLE, Role.CAPTION) else identifier
        own = replace(style.look, language=None)
        return ParagraphStyle(identifier, name, own, style.format, outline, follows, role is Role.CODE)

    def _defaults(self) -> str:
        look = self.normal.look
        size = half_points(look.size)
        tongue = language(self._document.metadata.language)
        letters = fonts(look) + w("sz", val=size) + w("szCs", val=size) + tongue
        return w("docDefaults", w("rPrDefault", w("rPr", letters)), w("pPrDefault", w("pPr")))

    def _paragraph(self, style: ParagraphStyle) -> str:
        normal = style.identifier == "Normal"
        base_look = _NOTHING if normal else self.normal.look
        base_format = Format() if normal else self.normal.format
        keeping, lying = properties(style.format, base_format)
        outline = w("outlineLvl", val=style.outline) if style.outline is not None else ""
        inside = keeping + lying + outline
        letters = differences(style.look, base_look)
        return w(
            "style",
            w("name", val=style.name),
            "" if normal else w("basedOn", val="Normal"),
            w("next", val=style.follows) if style.follows != style.identifier else "",
            _rank(style),
            w("pPr", inside) if inside else "",
            w("rPr", letters) if letters else "",
            type="paragraph",
            default=1 if normal else None,
            customStyle=1 if style.custom else None,
            styleId=style.identifier,
        )

    def _rest(self) -> str:
        """Character and table styles, and the defaults of lists and tables."""
        look = self.normal.look
        color, underline = self._link
        link = replace(look, color=color, underline=underline)
        reference = self.reference(look)
        return "".join(
            (
                _character("DefaultParagraphFont", "Default Paragraph Font", "", default=True),
                _character(HYPERLINK, "Hyperlink", differences(link, look)),
                _character(FOOTNOTE_REFERENCE, "footnote reference", differences(reference, look)),
                _character(ENDNOTE_REFERENCE, "endnote reference", differences(reference, look)),
                _character(COMMENT_REFERENCE, "annotation reference", w("sz", val=16) + w("szCs", val=16)),
                _character(PLACEHOLDER, "Placeholder Text", w("color", val=_PLACEHOLDER_COLOR)),
                _NORMAL_TABLE,
                _NO_LIST,
            )
        )


_NORMAL_TABLE = w(
    "style",
    w("name", val="Normal Table"), w("uiPriority", val=99), w("semiHidden"), w("unhideWhenUsed"),
    w("tblPr", w("tblInd", w=0, type="dxa"), w(
        "tblCellMar", w("top", w=0, type="dxa"), w("left", w=108, type="dxa"),
        w("bottom", w=0, type="dxa"), w("right", w=108, type="dxa"),
    )),
    type="table", default=1, styleId="TableNormal",
)  # fmt: skip
_NO_LIST = w(
    "style", w("name", val="No List"), w("uiPriority", val=99), w("semiHidden"), w("unhideWhenUsed"),
    type="numbering", default=1, styleId="NoList",
)  # fmt: skip


def _character(identifier: str, name: str, letters: str, *, default: bool = False) -> str:
    return w(
        "style",
        w("name", val=name),
        "" if default else w("basedOn", val="DefaultParagraphFont"),
        w("uiPriority", val=1 if default else 99),
        w("semiHidden") if default else "",
        w("unhideWhenUsed"),
        w("rPr", letters) if letters else "",
        type="character",
        default=1 if default else None,
        styleId=identifier,
    )


def _rank(style: ParagraphStyle) -> str:
    """Whether Word offers the style among the first."""
    if style.outline is not None or style.identifier in (
        "Normal",
        "Title",
        "Subtitle",
        "Quote",
        "Caption",
        "ListParagraph",
    ):
        return w("qFormat")
    return w("uiPriority", val=39 if style.identifier.startswith("TOC") else 99) + w("unhideWhenUsed")


def _identifier(role: Role, level: int, kind: NoteKind | None) -> str:
    bounded = str(max(1, min(9, level)))
    if role is Role.HEADING:
        return "Heading" + bounded
    if role is Role.CONTENTS_ENTRY:
        return "TOC" + bounded
    if role is Role.NOTE and kind is NoteKind.ENDNOTE:
        return "EndnoteText"
    return _PLAIN.get(role, "Normal")


_PLAIN = {
    Role.TITLE: "Title",
    Role.SUBTITLE: "Subtitle",
    Role.CAPTION: "Caption",
    Role.QUOTE: "Quote",
    Role.CODE: "SourceCode",
    Role.LIST_ITEM: "ListParagraph",
    Role.HEADER: "Header",
    Role.FOOTER: "Footer",
    Role.NOTE: "FootnoteText",
    Role.CONTENTS_HEADING: "TOCHeading",
}
