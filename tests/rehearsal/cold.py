"""How long a function takes that was not there, beside nothing else, and what of it is importing."""

import json
import shutil
from collections.abc import Callable
from statistics import median
from typing import Any

from infra.rehearsal.cloud import LOGS, Cloud
from infra.rehearsal.images import HOME
from infra.rehearsal.sandbox import Place, Sandbox
from infra.template import ROOT
from tests.rehearsal import story

ROUNDS, IMPORTS, WARM = 3, 7, 5
LONGEST_IMPORT = 1.5
"""The API's, of that of a bare application of Chalice and PynamoDB."""

_IMPORT = "import time; began = time.process_time(); import {module}; print(time.process_time() - began)"
_COMPARED = """
import json, subprocess, sys
seconds = {"app": [], "bare_app": []}
for _ in range(int(sys.argv[2])):
    for module, found in seconds.items():
        ran = subprocess.run([sys.executable, "-c", sys.argv[1].format(module=module)], capture_output=True, check=True)
        found.append(float(ran.stdout))
print("IMPORTS", json.dumps(seconds), flush=True)
"""


def starts(cloud: Cloud, client: story.Client) -> dict[str, Any]:
    """Seconds by the clock of a first log-in, of a first letter to PDF and of the next ones; medians.

    The first log-in makes the API, checks a password and answers; the first letter makes the documents' function,
    starts LibreOffice and converts.
    """
    api, documents = cloud.functions["APIHandler"], cloud.functions["DocumentsFunction"]
    log_ins = _cold(api, lambda: story.Client(cloud.base_url, story.EMAIL))
    letters = _cold(documents, lambda: client.convert("docx-to-pdf"))
    for _ in range(WARM):
        client.convert("docx-to-pdf")
    return {
        "first_login_s": round(median(log_ins), 2),
        "first_docx_to_pdf_s": round(median(letters), 2),
        "next_docx_to_pdf_s": round(median(documents.figures.warm[-WARM:]), 3),
    }


def imports(cloud: Cloud) -> dict[str, float]:
    """Processor time of importing the API and a bare application, in turn in one sandbox: the least of each."""
    api = cloud.functions["APIHandler"]
    layer = HOME / "bare"
    shutil.rmtree(layer, ignore_errors=True)
    (layer / "opt" / "bare").mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "rehearsal" / "bare_app.py", layer / "opt" / "bare")
    command = [api.artefact.command[0], "-c", _COMPARED, _IMPORT, str(IMPORTS)]
    path = api.artefact.environment["PYTHONPATH"]
    # What is compiled beside the archive's own would be compiled anew each time: its root can't be written to.
    environment = {**api.environment, "PYTHONPATH": f"/var/task:{path}:/opt/bare"}
    place = Place((*api.artefact.layers, layer), api.memory_mb * 1024**2, 64 * 1024**2, command, environment)
    log = LOGS / "imports.log"
    sandbox = Sandbox("imports", place, log)
    status = sandbox.wait()
    sandbox.kill()
    found = [line for line in log.read_text().splitlines() if line.startswith("IMPORTS ")]
    assert status == 0, log.read_text()[-2000:]
    seconds = json.loads(found[0].removeprefix("IMPORTS "))
    app, bare = min(seconds["app"]), min(seconds["bare_app"])
    assert app <= LONGEST_IMPORT * bare, f"importing the API takes {app:.3f} s, a bare application {bare:.3f} s"
    return {"import_s": round(app, 3), "bare_import_s": round(bare, 3), "import_ratio": round(app / bare, 2)}


def _cold(function: Any, use: Callable[[], Any]) -> list[float]:
    """What the first call took, each time in a new sandbox."""
    before = len(function.figures.cold)
    for _ in range(ROUNDS):
        function.kill()
        use()
    return list(function.figures.cold[before:])
