"""The description is valid, complete, and what the repository holds."""

import json
import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from chalicelib.api import application
from chalicelib.api.endpoint import Endpoint
from chalicelib.api.openapi import document, document_text, main
from chalicelib.api.openapi_examples import BASE_URL
from chalicelib.api.routes import endpoints
from chalicelib.domain.users import Role
from chalicelib.services import Service
from infra import console
from tests.support.gateway import Gateway
from tests.support.knocking import name_of
from tests.support.people import People

COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"
LINTER = Path(__file__).parents[2] / ".tools/description/node_modules/@redocly/cli/bin/cli.js"
OPERATIONS = [
    (f"{method.upper()} {path}", operation)
    for path, item in document()["paths"].items()
    for method, operation in item.items()
]


@pytest.fixture
def cors(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of any origin are let in."""
    open_to_all = replace(service, settings=replace(service.settings, cors_origins=("*",)))
    monkeypatch.setattr(application, "service", lambda: open_to_all)


def test_the_description_is_valid() -> None:
    validate(document())
    assert document()["openapi"].startswith("3.1")


def test_a_linter_has_nothing_to_say_of_the_description(tmp_path: Path) -> None:
    rules = {"apis": {"main": {"root": str(COMMITTED)}}, "extends": ["recommended-strict"]}
    (tmp_path / "redocly.yaml").write_text(json.dumps(rules))
    quiet = os.environ | {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    command: list[str | Path] = [console.node(), LINTER, "lint", "main", "--format", "stylish"]
    told = subprocess.run(command, cwd=tmp_path, env=quiet, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_the_committed_description_is_that_of_the_code() -> None:
    assert COMMITTED.read_text() == document_text()


def test_bounds_are_told_in_the_words_of_json_schema() -> None:
    """Of a bound in its own words pydantic says nothing to a client."""
    assert re.findall(r'"(?:[gl][et]|multiple_of|m(?:in|ax)_length)":', document_text()) == []


def test_drift_is_found_when_the_file_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "openapi.json"
    assert main(["--write", str(path)]) == 0
    assert main(["--check", str(path)]) == 0
    path.write_text(path.read_text().replace("ConvertPro", "Other", 1))
    assert main(["--check", str(path)]) == 1
    assert "make openapi" in capsys.readouterr().err


def test_every_route_is_described() -> None:
    assert {name for name, _ in OPERATIONS} == {name_of(endpoint) for endpoint in endpoints()}


def test_operation_ids_are_unique() -> None:
    ids = [operation["operationId"] for _, operation in OPERATIONS]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("endpoint", endpoints(), ids=name_of)
def test_a_summary_tells_what_a_route_does(endpoint: Endpoint) -> None:
    assert len(endpoint.summary) > 5
    assert endpoint.summary.endswith(".")


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_a_token_is_described_when_a_route_asks_for_one(name: str, operation: dict[str, object]) -> None:
    responses = operation["responses"]
    assert isinstance(responses, dict)
    assert ("401" in responses) == (operation["security"] == [{"bearer": []}] or "/auth/" in name)


def test_the_served_description_names_its_server_and_else_is_the_committed_one(gateway: Gateway) -> None:
    answer = gateway.get("/openapi.json")
    assert [one["url"] for one in answer.json()["servers"]] == [gateway.base_url]
    served = json.loads(answer.text.replace(gateway.base_url, BASE_URL))
    committed = json.loads(COMMITTED.read_text())
    assert served | {"servers": None} == committed | {"servers": None}


def test_every_header_is_described(gateway: Gateway, people: People, cors: None) -> None:
    sent = gateway.get("/api/v2/auth/me", people.token(Role.GENERAL), headers={"Origin": "https://app.example"}).headers
    described = document()["paths"]["/api/v2/auth/me"]["get"]["responses"]["200"]["headers"]
    standard = {"content-type", "content-length"}
    assert {name.lower() for name in sent} - standard == {name.lower() for name in described}


def test_health_tells_the_build(gateway: Gateway) -> None:
    assert gateway.get("/health").json() == {"status": "ok", "build": "Build"}
