"""Keeps what a rehearsal measured: always in build/, and with ``--record`` in the documents."""

import json
import sys
from collections.abc import Mapping
from typing import Any

from benchmarks import cost, recorded


def write(found: Mapping[str, Any]) -> None:
    """Without a path or a name of this machine: it is committed."""
    text = json.dumps(found, indent=1) + "\n"
    cost.MEASURED.write_text(text)
    if "--record" in sys.argv:
        recorded.FILE.write_text(text)
        recorded.write()
