"""The OpenAPI description of this service as a file: written from the code, or compared with it."""

import sys
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.api.openapi_document import describe, text_of
from chalicelib.api.routes import endpoints


@cache
def document() -> dict[str, Any]:
    """The description, without a server's address."""
    return describe(endpoints())


def document_text(base_url: str | None = None) -> str:
    """The description as JSON, with ``base_url`` as its server and in its examples."""
    return text_of(document(), base_url)


def main(arguments: list[str]) -> int:
    """``--check FILE`` or ``--write FILE``; the exit code."""
    mode, path = arguments[0], Path(arguments[1])
    if mode == "--write":
        path.write_text(document_text())
    elif path.read_text() != document_text():
        sys.stderr.write(f"{path} is not what the code says; run make openapi and look at the difference.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
