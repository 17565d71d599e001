"""Settings from the environment."""

import os
import re
from dataclasses import fields
from pathlib import Path

import pytest

from chalicelib.settings import MIB, BadSettings, Settings
from tests.support import template

ROOT = Path(__file__).parents[2]
REQUIRED = {
    **{variable: "x" for variable in template.environment() if variable.endswith("_TABLE")},
    **{variable: "https://sqs/x" for variable in template.environment() if variable.endswith("_QUEUE_URL")},
    "FILES_BUCKET": "files",
    "AWS_REGION": "eu-west-1",
    "STAGE": "prod",
}


def test_the_templates_environment_is_enough() -> None:
    settings = Settings.from_env(REQUIRED)
    assert (settings.stage, settings.region, settings.bucket) == ("prod", "eu-west-1", "files")
    assert settings.public_base_url is None


def test_every_bad_variable_is_named_at_once() -> None:
    bad = {
        "STAGE": "",
        "USERS_TABLE": " ",
        "LIGHT_QUEUE_URL": "sqs/x",
        "PUBLIC_BASE_URL": "convert.example.com",
        "JWT_SECRET": "too short",
        "MAX_FILE_BYTES": "50 MB",
        "MAX_ATTEMPTS": "0",
        "LEASE_S": "nan",
        "DEFAULT_WAIT_S": "-1",
        "LOG_LEVEL": "CHATTY",
    }
    missing = {"FILES_BUCKET"}
    environment = {name: value for name, value in (REQUIRED | bad).items() if name not in missing}
    with pytest.raises(BadSettings) as refusal:
        Settings.from_env(environment)
    named = {line.strip().partition(":")[0] for line in str(refusal.value).splitlines()[1:]}
    assert named == {*bad, *missing}


def test_a_secret_is_never_shown() -> None:
    secret = "x1" * 20
    assert secret not in repr(Settings.from_env(REQUIRED | {"JWT_SECRET": secret}))
    with pytest.raises(BadSettings) as refusal:
        Settings.from_env(REQUIRED | {"JWT_SECRET": "short-secret"})
    assert "short-secret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("changes", "limit"),
    [
        ({}, 4_500_000),
        ({"STAGE": "local"}, 50 * MIB),
        ({"STAGE": "local", "MAX_MULTIPART_BYTES": "1000"}, 1_000),
        ({"MAX_MULTIPART_BYTES": ""}, 4_500_000),
    ],
)
def test_a_request_may_carry_what_the_gateway_carries(changes: dict[str, str], limit: int) -> None:
    assert Settings.from_env(REQUIRED | changes).multipart_limit_bytes == limit


def test_the_contracts_limits_are_the_defaults() -> None:
    settings = Settings.from_env(REQUIRED)
    assert settings.max_file_bytes == 50 * MIB
    assert settings.max_image_pixels == 100_000_000
    assert settings.max_pdf_pages == 2_000
    assert settings.result_lifetime_s == settings.idempotency_lifetime_s == 24 * 3_600
    assert settings.default_wait_s == 20
    assert (settings.light_timeout_s, settings.documents_timeout_s, settings.background_timeout_s) == (60, 240, 120)
    assert (settings.lease_s, settings.lease_renewal_s, settings.max_attempts) == (30, 10, 2)


def test_a_url_loses_its_last_slash() -> None:
    settings = Settings.from_env(REQUIRED | {"PUBLIC_BASE_URL": "https://convert.example.com/pro/"})
    assert settings.public_base_url == "https://convert.example.com/pro"


def test_the_operators_guide_names_every_limit_with_its_default() -> None:
    guide = (ROOT / "docs" / "operator.md").read_text()
    listed = {name: float(value) for name, value in re.findall(r"^\| `([A-Z_]+)` \| ([\d.]+) \|", guide, re.MULTILINE)}
    limits = {"max_files", "engine_memory_bytes", *(one.name for one in fields(Settings) if _limits_a_run(one.name))}
    defaults = {one.metadata["variable"]: one.default for one in fields(Settings) if one.name in limits}
    assert listed == defaults


def _limits_a_run(name: str) -> bool:
    return name.startswith(("max_file", "max_pdf", "max_image", "max_zip", "max_output")) or name.endswith(
        ("_timeout_s", "_cpu_s")
    )


def test_the_process_environment_is_read_when_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in os.environ:
        if variable.startswith("AWS_"):
            monkeypatch.delenv(variable)
    for variable, value in REQUIRED.items():
        monkeypatch.setenv(variable, value)
    assert Settings.from_env().region == "eu-west-1"
