"""What an operator's machine needs to package, and what is installed into the archives."""

from pathlib import Path

import pytest

from infra import lambda_python, package, wheels
from infra.lambda_python import LambdaPython
from infra.local import install
from infra.locks.environments import ENVIRONMENTS


def test_packaging_installs_no_engine_and_nothing_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "_install_system_packages", lambda purpose: pytest.fail(f"apt for {purpose}"))
    monkeypatch.setattr(install.Step, "is_done", lambda _self: True)
    install.install("package")
    targets = [one.target.relative_to(install.ROOT).parts[0] for one in install.steps("package")]
    assert set(targets) <= {".tools", "chalicelib"}


def test_an_archive_is_filled_by_hash_and_anew_when_another_python_made_its_bytecode(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    commands: list[list[str]] = []
    version = "3.13.5"
    monkeypatch.setattr(package, "_run", commands.append)
    monkeypatch.setattr(lambda_python, "find", lambda: LambdaPython(("python3.13",)))
    monkeypatch.setattr(LambdaPython, "version", lambda _self: version)
    monkeypatch.setattr(LambdaPython, "compile", lambda _self, _folder: None)
    fill = [package._environment("api", tmp_path / "vendor") for _ in range(2)]
    version = "3.13.6"
    assert [*fill, package._environment("api", tmp_path / "vendor")] == [True, False, True]
    for command in commands:
        assert {"--require-hashes", "--no-deps", str(ENVIRONMENTS["api"].lock), *wheels.OPTIONS} <= set(command)
