"""The images' Dockerfiles, and what is installed in them, as far as they can be checked without building them."""

import re
from pathlib import Path

import pytest

from infra.local import system_packages
from infra.locks.environments import ENVIRONMENTS
from infra.rehearsal import dockerfile
from infra.template import ROOT

IMAGES = sorted((ROOT / "infra" / "images").glob("*/Dockerfile"))


def runs(path: Path) -> list[str]:
    """The commands of all stages."""
    stages = dockerfile.stages(path.read_text())
    return [one.text for stage in stages for one in stage.instructions if one.name == "RUN"]


@pytest.mark.parametrize("path", IMAGES, ids=lambda one: one.parent.name)
def test_what_an_image_copies_exists_and_is_sent_to_the_builder(path: Path) -> None:
    ignore = Path(f"{path}.dockerignore").read_text()
    assert ignore.split().count("*") == 1, "everything is left out but what is named"
    for stage in dockerfile.stages(path.read_text()):
        copies = [dockerfile.copied(one.text) for one in stage.instructions if one.name == "COPY"]
        for source in [source for origin, sources, _ in copies if origin is None for source in sources]:
            assert (ROOT / source).exists(), source
            assert dockerfile.is_sent(ignore, source), source


def test_the_documents_image_has_the_packages_of_make_run() -> None:
    (install, *_) = [one for one in runs(ROOT / "infra/images/documents/Dockerfile") if "libreoffice" in one]
    words = set(install.split())
    assert [names for names in system_packages.RUN if not words.intersection(names)] == []


@pytest.mark.parametrize("path", IMAGES, ids=lambda one: one.parent.name)
def test_an_image_installs_what_its_lists_say_by_hash_and_starts_the_worker(path: Path) -> None:
    (install,) = [one for one in runs(path) if " install --quiet" in one]
    assert {"--require-hashes", "--no-deps", "--only-binary=:all:"} <= set(install.split())
    text = path.read_text()
    assert 'CMD ["chalicelib.workers.conversions.handler"]' in text
    assert "ENGINES_HOME=/opt" in text


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_a_list_of_hashes_is_of_the_requirements_that_stand_in_the_project(name: str) -> None:
    environment = ENVIRONMENTS[name]
    assert environment.is_locked(), "make locks"
    locked = [line.split()[0] for line in environment.lock.read_text().splitlines() if not line.startswith("#")]
    asked = {re.sub(r"[-_.]+", "-", line.split("[")[0].split("=")[0]).lower() for line in environment.wanted()}
    found = {re.sub(r"[-_.]+", "-", line.split("==")[0]).lower() for line in locked}
    assert asked == found if environment.complete else asked <= found
    assert not any("chalice" in line for line in locked)


def test_libreoffice_finds_a_name_for_the_user_that_lambda_runs_it_as() -> None:
    """It ends at once without one; Lambda's user is 993, and in no image's password file but AWS's own."""
    steps = [one for one in runs(ROOT / "infra/images/documents/Dockerfile") if "/etc/passwd" in one]
    (first, last) = next(re.search(r"seq (\d+) (\d+)", line) for line in steps).groups()  # type: ignore[union-attr]
    assert int(first) <= 993 <= int(last)
