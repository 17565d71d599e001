"""The template that `make package` would deploy, made once for all tests that look into it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from infra import package


@pytest.fixture(scope="session")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that Chalice wrote; without dependencies, which take a minute and change nothing here."""
    stage = package.stage(tmp_path_factory.mktemp("stage"))
    return package.merged_template(stage, tmp_path_factory.mktemp("package")).parent


@pytest.fixture(scope="session")
def template(packaged: Path) -> dict[str, Any]:
    """The merged template."""
    loaded: dict[str, Any] = yaml.safe_load((packaged / "sam.yaml").read_text())
    return loaded


@pytest.fixture(scope="session")
def resources(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Its resources by logical id."""
    loaded: dict[str, dict[str, Any]] = template["Resources"]
    return loaded
