"""Stores documents in another format, with a password if one is given; run by the Python that has ``uno``.

``python3 store_as.py SOFFICE`` reads a JSON list of ``[source, kind, filter, target, password]`` from its input.
"""

import json
import sys
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]
from com.sun.star.beans import NamedValue  # type: ignore[import-not-found]

from chalicelib.engines.job import InputFile, Job
from chalicelib.engines.libreoffice.documents import Opened, file_url, properties
from chalicelib.engines.libreoffice.exchange import exchanged
from chalicelib.engines.libreoffice.listener import Listener


def store(soffice: Listener, job: Job, filter_name: str, password: str | None) -> None:
    """Load the job's input and store it as its output."""
    values: dict[str, Any] = {"FilterName": filter_name}
    if password and "2007" in filter_name:
        pairs = (NamedValue("OOXPassword", password), NamedValue("CryptoType", "Standard"))
        values["EncryptionData"] = uno.Any("[]com.sun.star.beans.NamedValue", pairs)
    elif password:
        values["Password"] = password
    with Opened(soffice, job) as document:
        document.storeToURL(file_url(job.output), properties(values))


def main() -> None:
    """Serve the list."""
    soffice = Listener(Path(sys.argv[1]))
    try:
        for source, kind, filter_name, target, password in json.load(sys.stdin):
            path = Path(source)
            job = Job("store", (InputFile(path, path.name, kind),), Path(target), path.parent)
            with exchanged(job, soffice.exchange) as inside:
                soffice.call(lambda inside=inside, one=(filter_name, password): store(soffice, inside, *one))  # type: ignore[misc]
    finally:
        soffice.close()


if __name__ == "__main__":
    main()
