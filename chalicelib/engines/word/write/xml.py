"""XML as text: elements of WordprocessingML put together, with all that XML can't hold left out."""

import re

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML 1.0 document may have (production 2), lone surrogates included."""

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_BLANKS = str.maketrans({"\t": "&#9;", "\n": "&#10;", "\r": "&#13;"})

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_SPACES = {
    "w": W,
    "r": R,
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": A,
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "w15": "http://schemas.microsoft.com/office/word/2012/wordml",
}

Value = str | int | None


def escape(text: str) -> str:
    """``text`` for XML, without what XML can't hold."""
    return _ILLEGAL.sub("", text).translate(_ESCAPES)


def attribute(text: str) -> str:
    """``text`` for an attribute's value: blanks of any kind are kept."""
    return escape(text).translate(_BLANKS)


def tag(name: str, /, *content: str, **attributes: Value) -> str:
    """An element ``name`` with its prefix; attributes that are None are left out, ``_`` in their names is ``:``."""
    head = "".join(
        f' {key.replace("_", ":", 1)}="{attribute(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(content)
    return f"<{name}{head}>{inside}</{name}>" if inside else f"<{name}{head}/>"


def w(name: str, /, *content: str, **attributes: Value) -> str:
    """An element of WordprocessingML, its attributes of the same namespace."""
    head = "".join(f' w:{key}="{attribute(str(value))}"' for key, value in attributes.items() if value is not None)
    inside = "".join(content)
    return f"<w:{name}{head}>{inside}</w:{name}>" if inside else f"<w:{name}{head}/>"


def root(name: str) -> tuple[str, str]:
    """The opening and closing text of a part whose root is ``name``, all namespaces declared."""
    spaces = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _SPACES.items())
    return f'{DECLARATION}<{name}{spaces} mc:Ignorable="w14 w15">', f"</{name}>"


def whole(name: str, *content: str) -> str:
    """A whole part whose root is ``name``."""
    opening, closing = root(name)
    return opening + "".join(content) + closing
