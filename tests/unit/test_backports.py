"""Where `make run` finds the newest LibreOffice of a Debian release."""

import pytest

from infra.local import backports

_MIRROR = "http://mirror.example/debian/"
_TARGETS = f"""\
{_MIRROR}|trixie|stable|main|Debian|Packages
{_MIRROR}|trixie|stable|main|Debian|Translations
http://mirror.example/security/|trixie-security|stable-security|main|Debian|Packages
http://else.example/apt/|nodistro|nodistro|main|$(ORIGIN)|Packages
"""


@pytest.fixture
def trixie(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Debian 13 with a mirror of its own."""
    monkeypatch.delenv("LIBREOFFICE", raising=False)
    monkeypatch.setattr(backports, "_codename", lambda: "trixie")
    rows = [["" if "$(" in part else part for part in line.split("|")] for line in _TARGETS.splitlines()]
    monkeypatch.setattr(backports, "_targets", lambda: [row for row in rows if row[5] == "Packages"])


@pytest.mark.usefixtures("trixie")
def test_the_machines_own_mirror_is_used_when_backports_are_added() -> None:
    text = backports.source_text("trixie-backports")
    assert text is not None
    assert text.startswith(f"Types: deb\nURIs: {_MIRROR}\nSuites: trixie-backports\nComponents: main\n")
    assert not backports.is_configured("trixie-backports")


@pytest.mark.usefixtures("trixie")
def test_backports_are_wanted_when_libreoffice_is_missing_or_the_releases_own() -> None:
    own = {"libreoffice-core-nogui": "4:25.2.3-2+deb13u4", "python3-uno": "4:25.2.3-2+deb13u4"}
    assert backports.wanted_suite({}) == "trixie-backports"
    assert backports.wanted_suite(own) == "trixie-backports"
    assert backports.wanted_suite(dict.fromkeys(own, "4:26.8.2-1~bpo13+1")) is None


@pytest.mark.usefixtures("trixie")
def test_libreoffice_is_left_alone_when_it_is_a_desktops_or_a_person_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert backports.wanted_suite({"libreoffice-core": "4:25.2.3-2+deb13u4"}) is None
    monkeypatch.setenv("LIBREOFFICE", "system")
    assert backports.wanted_suite({}) is None
