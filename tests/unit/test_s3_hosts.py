"""Where presigned URLs and forms send a client."""

from dataclasses import replace

import pytest

from chalicelib.settings import Settings
from chalicelib.store import connection
from chalicelib.store.files import Files
from tests.unit.test_settings import REQUIRED


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Files:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    settings = replace(Settings.from_env(REQUIRED), region="eu-central-1", endpoint_url=None)
    return Files(connection.client(settings, "s3"), "files")


def test_signed_addresses_name_the_host_of_their_region(files: Files) -> None:
    """The global host redirects, or refuses, what was signed for most regions."""
    host = "https://files.s3.eu-central-1.amazonaws.com/"
    assert files.download_url("key", "name.pdf", "application/pdf", 60).startswith(host)
    assert files.presigned_post("key", 1, 60).url == host
