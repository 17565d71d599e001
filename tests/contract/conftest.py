"""What several contract tests look at, made once."""

from pathlib import Path

import pytest

from infra import package


@pytest.fixture(scope="session")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that Chalice wrote; without dependencies, which take a minute and change nothing here."""
    stage = package.stage(tmp_path_factory.mktemp("stage"))
    return package.merged_template(stage, tmp_path_factory.mktemp("package")).parent
