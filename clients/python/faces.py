"""Writes the blocking client from the asynchronous one: `python faces.py`, or `--check` that it is so."""

import re
import sys
from pathlib import Path

PACKAGE = Path(__file__).parent / "src" / "convertpro"
SOURCE, TARGET = PACKAGE / "client_async.py", PACKAGE / "client.py"
_WORDS = {
    "programs on an event loop": "programs that may block",
    "AsyncConvertPro": "ConvertPro",
    "AsyncResult": "Result",
    "AsyncClient": "Client",
    "OnLoop": "Blocking",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "aclose": "close",
    "async def": "def",
    "await ": "",
}


def blocking(text: str) -> str:
    """The blocking client's source."""
    pattern = re.compile("|".join(map(re.escape, _WORDS)))
    return pattern.sub(lambda found: _WORDS[found[0]], text)


if __name__ == "__main__":
    wanted = blocking(SOURCE.read_text())
    if "--check" not in sys.argv:
        TARGET.write_text(wanted)
    elif TARGET.read_text() != wanted:
        sys.exit(f"{TARGET} is not what {Path(__file__).name} writes.")
