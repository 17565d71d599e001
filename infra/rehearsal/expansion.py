"""The packaged template as AWS's own translator expands it."""

import atexit
import copy
import json
import subprocess
import threading
from collections.abc import Mapping
from functools import cache
from typing import IO, Any

from infra.template import ROOT

SAM_PYTHON = ROOT / ".tools" / "sam" / "bin" / "python"
TRANSLATOR = ROOT / "infra" / "rehearsal" / "translate.py"
IMAGES = {
    "DocumentsImageUri": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/convertpro-documents:rehearsal",
    "BackgroundImageUri": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/convertpro-background:rehearsal",
}
_LOCAL_FILES = ("CodeUri", "ContentUri")
_turn = threading.Lock()


class Refused(Exception):
    """AWS would not take the template; the message says why."""


def parameters(template: Mapping[str, Any], chosen: Mapping[str, str]) -> dict[str, str]:
    """The value of each parameter: as ``chosen``, else its default."""
    defaults = {name: str(one["Default"]) for name, one in template["Parameters"].items() if "Default" in one}
    return defaults | IMAGES | dict(chosen)


def expand(template: Mapping[str, Any], chosen: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What CloudFormation gets to see. Raises ``Refused`` with the translator's words."""
    uploaded = _uploaded(template)
    request = {"template": uploaded, "parameters": parameters(template, chosen or {})}
    asked, answered = _translator()
    with _turn:
        asked.write(json.dumps(request) + "\n")
        asked.flush()
        answer = json.loads(answered.readline() or '{"refused": "the translator has ended"}')
    if "refused" in answer:
        raise Refused(answer["refused"][-2000:])
    expansion: dict[str, Any] = answer["expansion"]
    return expansion


@cache
def _translator() -> tuple[IO[str], IO[str]]:
    """Where a process takes requests and answers them: its start takes seconds, an expansion a tenth of one."""
    process = subprocess.Popen([SAM_PYTHON, TRANSLATOR], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    assert process.stdout
    atexit.register(_end, process)
    return process.stdin, process.stdout


def _end(process: "subprocess.Popen[str]") -> None:
    process.communicate()


def _uploaded(template: Mapping[str, Any]) -> dict[str, Any]:
    """With archives in a bucket, as `aws cloudformation package` leaves it."""
    uploaded: dict[str, Any] = copy.deepcopy(dict(template))
    for resource in uploaded["Resources"].values():
        properties = resource.get("Properties", {})
        for name in _LOCAL_FILES:
            if name in properties:
                properties[name] = "s3://convertpro-artifacts/archive.zip"
    return uploaded
