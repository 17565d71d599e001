"""The registry layer against the installed LibreOffice, which ignores names that it does not know."""

import json
import subprocess
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

import pytest

from chalicelib.engines.libreoffice.registry_layer import CONTENT_PROVIDERS, REMOVED_PROVIDERS, SWITCHES, Switch
from tests.integration.engines.libreoffice.office_bench import ROOT, SYSTEM_PYTHON, soffice

_OOR = "{http://openoffice.org/2001/registry}"

_PROBE = """
import json, sys
from pathlib import Path
from com.sun.star.beans import PropertyValue
from chalicelib.engines.libreoffice.listener import Listener
listener = Listener(Path(sys.argv[1]))
try:
    provider = listener.service("com.sun.star.configuration.ConfigurationProvider")
    answers = []
    for path, name in json.load(sys.stdin):
        where = (PropertyValue("nodepath", 0, "/" + path, 0),)
        node = provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationUpdateAccess", where)
        value = node.getPropertyValue(name)
        try:
            node.setPropertyValue(name, not value if isinstance(value, bool) else value + 1)
            node.commitChanges()
            final = False
        except Exception as error:
            final = "finalized" in str(error)
        answers.append([value, final])
    broker = listener.service("com.sun.star.ucb.UniversalContentBroker")
    own, other = listener.exchange.as_uri() + "/x", "file:///etc/passwd"
    known = {url: broker.queryContentProvider(url) is not None for url in (*sys.argv[2:], own, other)}
    print(json.dumps([answers, known, own]))
finally:
    listener.close()
"""


def _version() -> tuple[int, int]:
    said = subprocess.run([soffice(), "--version"], capture_output=True, text=True, check=True, timeout=60).stdout
    major, minor = said.split()[1].split(".")[:2]
    return int(major), int(minor)


KNOWN = [switch for switch in SWITCHES if switch.is_known_to(_version())]
PROVIDERS = {name: scheme for name, scheme in REMOVED_PROVIDERS.items() if scheme != "ftp" or _version() < (25, 2)}


@cache
def _registry() -> dict[str, str]:
    """Path → type of every property that the installed schemas know, and path → "" of every set's node."""
    known: dict[str, str] = {}
    directory = Path(soffice()).resolve().parents[1] / "share" / "registry"
    for name in ("main", "writer", "calc"):
        root = ET.parse(directory / f"{name}.xcd").getroot()
        for schema in root.iter(f"{_OOR}component-schema"):
            component = f"{schema.get(f'{_OOR}package')}.{schema.get(f'{_OOR}name')}"
            for element in schema.findall("component"):
                known |= _properties(element, component)
        for data in root.iter(f"{_OOR}component-data"):
            known |= _nodes(data, f"{data.get(f'{_OOR}package')}.{data.get(f'{_OOR}name')}")
    return known


def _properties(element: ET.Element, path: str) -> dict[str, str]:
    found = {}
    for child in element:
        inner = f"{path}/{child.get(f'{_OOR}name')}"
        if child.tag == "prop":
            found[inner] = child.get(f"{_OOR}type", "")
        elif child.tag == "group":
            found |= _properties(child, inner)
    return found


def _nodes(element: ET.Element, path: str) -> dict[str, str]:
    found = {}
    for child in element.findall("node"):
        inner = f"{path}/{child.get(f'{_OOR}name')}"
        template = child.find(f"prop[@{_OOR}name='URLTemplate']/value")
        found[inner] = "" if template is None else str(template.text)
        found |= _nodes(child, inner)
    return found


@pytest.mark.parametrize("switch", KNOWN, ids=lambda switch: switch.name)
def test_switch_is_known_with_its_type_when_the_installed_registry_is_read(switch: Switch) -> None:
    expected = "xs:boolean" if switch.value in ("true", "false") else "xs:int"

    assert _registry().get(f"{switch.path}/{switch.name}") == expected


@pytest.mark.parametrize(("name", "scheme"), PROVIDERS.items())
def test_provider_opens_that_scheme_when_the_installed_registry_is_read(name: str, scheme: str) -> None:
    assert _registry().get(f"{CONTENT_PROVIDERS}/{name}") == scheme


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch.name)
def test_switch_is_not_given_up_when_the_installed_registry_still_has_it(switch: Switch) -> None:
    has = f"{switch.path}/{switch.name}" in _registry()

    assert has == switch.is_known_to(_version())


def test_no_other_provider_reaches_other_machines_when_the_installed_registry_is_read() -> None:
    """A newer LibreOffice may add one."""
    local = {"file", "private", "vnd.sun.star.hier", "vnd.sun.star.help", "vnd.sun.star.pkg", "vnd.sun.star.expand"}
    local |= {"vnd.sun.star.tdoc", "vnd.sun.star.zip", "vnd.sun.star.extension", "vnd.libreoffice.image"}
    schemes = {value for path, value in _registry().items() if path.startswith(f"{CONTENT_PROVIDERS}/")}

    assert schemes - local == set(PROVIDERS.values())


def test_switches_hold_and_can_t_be_changed_when_soffice_runs() -> None:
    command = [
        SYSTEM_PYTHON,
        "-c",
        "import uno\n" + _PROBE,
        soffice(),
        "http://x/",
        "https://x/",
        "ftp://x/",
        "webdav://x/",
    ]
    asked = json.dumps([[switch.path, switch.name] for switch in KNOWN])
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, input=asked.encode(), env=environment, capture_output=True, check=True, timeout=60)
    answers, known, own = json.loads(ran.stdout)

    for switch, (value, final) in zip(KNOWN, answers, strict=True):
        assert json.dumps(value) == switch.value, switch
        assert final, switch
    assert known.pop(own)
    assert not any(known.values())
