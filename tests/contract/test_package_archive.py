"""What lies in the archive that `make package` would upload."""

import zipfile
from pathlib import Path

import pytest

from chalicelib.api.site import console
from chalicelib.api.site.render import ASSETS, FOLDER
from infra.template import ROOT


@pytest.fixture(scope="module")
def names(packaged: Path) -> set[str]:
    """The paths in the archive."""
    with zipfile.ZipFile(packaged / "deployment.zip") as archive:
        return set(archive.namelist())


def test_the_archive_holds_the_code_and_nothing_of_the_project_around_it(names: set[str]) -> None:
    assert {"app.py", "chalice/app.py", "chalicelib/settings.py"} <= names
    assert {name.split("/")[0] for name in names} == {"app.py", "chalice", "chalicelib"}


def test_the_archive_holds_every_file_of_the_pages_and_the_licence_of_what_is_not_ours(names: set[str]) -> None:
    assert {str((FOLDER / name).relative_to(ROOT)) for name in ASSETS} <= names
    built = ("index.html", "reference.js", "documentation.js", "LICENSES.txt")
    assert {str((console.FOLDER / one).relative_to(ROOT)) for one in built} <= names
    assert not [name for name in names if "/." in name]
