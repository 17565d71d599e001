"""Sizes as people read them."""


def readable_size(count: int) -> str:
    """Bytes for a person: "2 GB", "500 MB", in powers of 1,024."""
    for unit, factor in (("GB", 1024**3), ("MB", 1024**2), ("KB", 1024)):
        if count >= factor:
            return f"{count / factor:.3g} {unit}"
    return f"{count} bytes"
