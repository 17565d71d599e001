"""Targets of links as a package may hold them."""

from urllib.parse import quote, urlsplit

_KEPT = "!#$%&'()*+,/:;=?@[]~-._"
_LONGEST = 2048
"""Characters of a target that Word takes (its own limit is 2083)."""


def target(uri: str) -> str | None:
    """``uri`` as the target of a relationship; None when it is none that Word could open."""
    text = quote(uri.strip(), safe=_KEPT)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    if not parts.scheme or len(text) > _LONGEST or (port is not None and not 0 <= port < 65536):
        return None
    if parts.scheme in ("http", "https", "ftp") and not parts.hostname:
        return None
    brackets = any(one in parts.path + parts.query + parts.fragment for one in "[]")
    return text.replace("[", "%5B").replace("]", "%5D") if brackets else text
