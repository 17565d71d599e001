"""Standard structure types, and what programs write instead of them."""

from collections.abc import Mapping

_NAMES = """
Document DocumentFragment Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private Aside Title P
H H1 H2 H3 H4 H5 H6 H7 H8 H9 L LI Lbl LBody Table TR TH TD THead TBody TFoot Span Quote Note FENote Reference
BibEntry Code Link Annot Ruby RB RT RP Warichu WT WP Figure Formula Form Artifact Sub Em Strong
"""
_STANDARD = frozenset(_NAMES.split())
_UNWRITTEN = {
    "Footnote": "Note",
    "Endnote": "Note",
    "FENote": "Note",
    "Heading": "H",
    "Paragraph": "P",
    "StyleSpan": "Span",
    "InlineShape": "Figure",
    "Shape": "Figure",
    "Diagram": "Figure",
    "Chart": "Figure",
    "Textbox": "Div",
    "Story": "Div",
    "Article": "Art",
    "Subtitle": "P",
}
"""Types of Word, Acrobat and InDesign that a PDF may use without mapping them (or PDF 2.0's in other words)."""

_LONGEST_CHAIN = 20


def standard_role(raw: str, role_map: Mapping[str, str | None]) -> str:
    """The standard type that ``raw`` stands for, by the PDF's role map; ``raw`` itself where nothing is known."""
    role = raw
    for _ in range(_LONGEST_CHAIN):
        if role in _STANDARD:
            break
        mapped = role_map.get(role)
        if not mapped or mapped == role:
            break
        role = mapped
    role = role if role in _STANDARD else _UNWRITTEN.get(role, role)
    return _UNWRITTEN.get(role, role) if role == "FENote" else role
