"""The images' Dockerfiles, as far as they can be checked without building them."""

import fnmatch
import re
import shlex
from pathlib import Path

import pytest

from infra.local import system_packages

ROOT = Path(__file__).parents[2]
IMAGES = sorted((ROOT / "infra" / "images").glob("*/Dockerfile"))


def instructions(dockerfile: Path) -> list[str]:
    """One line for each instruction, comments gone."""
    lines = [line for line in dockerfile.read_text().splitlines() if not line.startswith("#")]
    return re.sub(r"\\\n", " ", "\n".join(lines)).splitlines()


def copied(dockerfile: Path) -> list[str]:
    """What is copied from the project."""
    sources = []
    for line in instructions(dockerfile):
        words = shlex.split(line)
        if words[:1] == ["COPY"] and not words[1].startswith("--from"):
            sources += words[1:-1]
    return sources


@pytest.mark.parametrize("dockerfile", IMAGES, ids=lambda one: one.parent.name)
def test_what_an_image_copies_exists_and_is_sent_to_the_builder(dockerfile: Path) -> None:
    ignore = Path(f"{dockerfile}.dockerignore").read_text().split()
    admitted = [pattern[1:] for pattern in ignore if pattern.startswith("!")]
    assert ignore.count("*") == 1, "everything is left out but what is named"
    for source in copied(dockerfile):
        assert (ROOT / source).exists(), source
        assert any(fnmatch.fnmatch(source, pattern) for pattern in admitted), source


def test_the_documents_image_has_the_packages_of_make_run() -> None:
    (install, *_) = [
        line
        for line in instructions(ROOT / "infra/images/documents/Dockerfile")
        if "soffice" in line or "libreoffice" in line
    ]
    wanted = {names[0] for names in system_packages.RUN}
    assert wanted <= set(install.split())


@pytest.mark.parametrize("dockerfile", IMAGES, ids=lambda one: one.parent.name)
def test_an_image_leaves_chalice_out_and_starts_the_worker(dockerfile: Path) -> None:
    text = dockerfile.read_text()
    assert "sed -i '/^chalice==/d'" in text
    assert 'CMD ["chalicelib.workers.conversions.handler"]' in text
    assert "ENGINES_HOME=/opt" in text


def test_libreoffice_finds_a_name_for_the_user_that_lambda_runs_it_as() -> None:
    """It ends at once without one; Lambda's user is 993, and in no image's password file but AWS's own."""
    steps = [line for line in instructions(ROOT / "infra/images/documents/Dockerfile") if "/etc/passwd" in line]
    (first, last) = next(re.search(r"seq (\d+) (\d+)", line) for line in steps).groups()  # type: ignore[union-attr]
    assert int(first) <= 993 <= int(last)
