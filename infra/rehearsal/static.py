"""The part of a rehearsal that runs nothing: the expansion and what must hold of it."""

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from infra.rehearsal import checks, expansion, released
from infra.rehearsal.checks import Deployment
from infra.template import ROOT

ACCOUNTS = ROOT / "infra" / "accounts"
PACKAGED = ROOT / "build" / "package" / "sam.yaml"
_FIRST = {"TablesProtected": "false"}
"""How a stack is created; `make deploy` protects the tables once it stands."""


def account(name: str) -> dict[str, str]:
    """The parameters for an account of this size: ``small`` has 10 concurrent executions, ``normal`` 1,000."""
    lines = (ACCOUNTS / f"{name}.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def deployment(template: Mapping[str, Any], chosen: Mapping[str, str]) -> Deployment:
    """``template`` as it would be created with these parameters. Raises ``Refused``."""
    parameters = expansion.parameters(template, {**chosen, **_FIRST})
    return Deployment(expansion.expand(template, parameters), parameters, released.read())


def findings(one: Deployment) -> list[str]:
    """What is wrong, each under the name of its check."""
    return [f"{check.__name__}: {found}" for check in checks.CHECKS for found in check(one)]


def lint(expanded: Mapping[str, Any]) -> list[str]:
    """What cfn-lint says of the expansion."""
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch, "expansion.yaml")
        file.write_text(yaml.safe_dump(dict(expanded)))
        command = [str(Path(sys.executable).parent / "cfn-lint"), "--format", "parseable", str(file)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
    return result.stdout.splitlines()


def rehearse() -> int:
    """Look at the packaged template, for both sizes of accounts; how much is wrong."""
    template = yaml.safe_load(PACKAGED.read_text())
    wrong: list[str] = []
    for path in sorted(ACCOUNTS.glob("*.env")):
        try:
            one = deployment(template, account(path.stem))
        except expansion.Refused as error:
            print(f"AWS's translator refuses the template:\n{error}")
            return 1
        wrong += findings(one)
        print(
            f"  {path.stem} account: {len(one.expansion['Resources'])} resources, "
            f"at most {checks.concurrency(one)} functions at a time"
        )
    wrong += lint(one.expansion)
    print("\n".join(dict.fromkeys(wrong)) or "  The translator, cfn-lint and every check agree.")
    return len(wrong)
