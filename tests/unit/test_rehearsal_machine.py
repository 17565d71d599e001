"""What a rehearsal takes from this machine, and how it reads what it rehearses."""

import zipfile
from pathlib import Path

import pytest

from infra.rehearsal import artefacts, machine


def test_npm_trusts_in_a_build_what_it_trusts_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", "/etc/ssl/certs/ca-certificates.crt")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "mine")
    assert machine.lent_variables()["NODE_EXTRA_CA_CERTS"] == "/etc/ssl/certs/ca-certificates.crt"
    assert "AWS_SECRET_ACCESS_KEY" not in machine.lent_variables()


@pytest.mark.parametrize(("name", "expected"), [("app.cpython-313.pyc", True), ("app.cpython-311.pyc", False)])
def test_an_archive_without_lambdas_bytecode_is_noticed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, expected: bool
) -> None:
    monkeypatch.setattr(artefacts, "PACKAGE", tmp_path)
    with zipfile.ZipFile(tmp_path / "deployment.zip", "w") as archive:
        archive.writestr(f"__pycache__/{name}", b"")
    assert artefacts.has_bytecode("deployment.zip") is expected
