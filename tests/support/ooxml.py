"""The rules of Microsoft's Open XML SDK, as a program: whether Word opens a file as it is."""

import json
import os
import subprocess
from pathlib import Path

import pytest

_PACKAGES = Path(__file__).parents[2] / ".tools" / "ooxml-validator" / "node_modules" / "@xarsh"


def violations(document: Path) -> list[str]:
    """What is wrong with a .docx by the newest Word's rules: part, place and rule of each violation."""
    program = next(iter(_PACKAGES.glob("ooxml-validator-*/ooxml-validator")), None)
    if program is None:
        if os.environ.get("CI"):
            raise FileNotFoundError(_PACKAGES)
        pytest.skip("the OOXML validator is not installed: make install-test")
    told = subprocess.run(
        [program, document],
        capture_output=True,
        text=True,
        check=False,
        env={"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
    )
    answer = json.loads(told.stdout)
    return [f"{one.get('path')} {one.get('xPath')}: {one.get('description')}" for one in answer["errors"]]
