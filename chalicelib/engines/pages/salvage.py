"""A last resort for a PDF whose trailer or cross-reference table can't be read: a new one over the same objects."""

import re

_OBJECT = re.compile(rb"(\d{1,10})\s+(\d{1,5})\s+obj\b")
_FARTHEST = 50_000


def salvaged(data: bytes) -> bytes | None:
    """``data`` with a trailer of its own in place of those it has, which makes pypdf look for every object itself.

    ``None`` where that can't help: without a catalog in sight, or encrypted, since the key is in the old trailer.
    """
    if b"/Encrypt" in data:
        return None
    at = data.rfind(b"/Catalog")
    headers = list(_OBJECT.finditer(data, max(0, at - _FARTHEST), at)) if at >= 0 else []
    if not headers:
        return None
    root = b"%b %b R" % (headers[-1][1], headers[-1][2])
    objects = data.replace(b"trailer", b"Trailer").replace(b"startxref", b"Startxref")
    return objects + b"\ntrailer\n<< /Root %b >>\nstartxref\n0\n%%%%EOF\n" % root
