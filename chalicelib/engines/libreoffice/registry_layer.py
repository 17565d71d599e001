"""The registry layer that every soffice of ours starts with: what documents may not do, as finalised switches.

``oor:finalized`` in a profile's own ``registrymodifications.xcu`` is accepted and ignored at run time: only a
layer *below* the user's makes a value final. So the switches stand in a layer of their own (an ``.xcd`` file in
a directory named by ``CONFIGURATION_LAYERS``). LibreOffice ignores names it does not know without a word; a
test asserts each against the installed registry.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

_LAYER_FILE = "convertpro.xcd"

_INSTALLED = "xcsxcu:${BRAND_BASE_DIR}/share/registry"
_RESOURCES = "res:${BRAND_BASE_DIR}/share/registry"
_USER = "user:!${$BRAND_BASE_DIR/program/bootstraprc:UserInstallation}/user/registrymodifications.xcu"


@dataclass(frozen=True)
class Switch:
    """One property of the registry: ``path`` is the component and its nodes, ``Office.Common/Security``.

    ``versions`` are those of LibreOffice that know it, ``7.4`` as ``(7, 4)``: the first, and the first that does not.
    """

    path: str
    name: str
    value: str
    versions: tuple[tuple[int, int], tuple[int, int]] = ((7, 4), (99, 0))

    def is_known_to(self, version: tuple[int, int]) -> bool:
        """Whether that version has such a property."""
        return self.versions[0] <= version < self.versions[1]


_SCRIPTING = "org.openoffice.Office.Common/Security/Scripting"
_MISC = "org.openoffice.Office.Common/Misc"

_OLD = ((7, 4), (25, 2))
_NEW = ((25, 2), (99, 0))
"""By the registries of 7.4.7, 25.2.3 and 26.8.2; in between Debian has no version."""

SWITCHES = (
    Switch(_SCRIPTING, "BlockUntrustedRefererLinks", "true"),
    Switch(_SCRIPTING, "MacroSecurityLevel", "3"),
    Switch(_SCRIPTING, "DisableMacrosExecution", "true"),
    Switch(_SCRIPTING, "OfficeBasic", "0", _OLD),
    Switch(_SCRIPTING, "ExecutePlugins", "false", _OLD),
    Switch(_SCRIPTING, "DisablePythonRuntime", "true", _NEW),
    Switch(_SCRIPTING, "DisableOLEAutomation", "true", _NEW),
    Switch("org.openoffice.Office.Common/Security", "LoadExoticFileFormats", "0"),
    Switch("org.openoffice.Office.Security/Hyperlinks", "Open", "0"),
    Switch("org.openoffice.Office.Calc/Content/Update", "Link", "1"),
    Switch("org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    Switch("org.openoffice.Office.Java/VirtualMachine", "Enable", "false", _OLD),
    Switch("org.openoffice.Office.Recovery/RecoveryInfo", "Enabled", "false"),
    Switch("org.openoffice.Office.Recovery/AutoSave", "Enabled", "false"),
    Switch("org.openoffice.Office.Common/Load", "DetectWebDAVRedirection", "false"),
    Switch("org.openoffice.Office.Update/Update", "Enabled", "false"),
    Switch(_MISC, "CrashReport", "false"),
    Switch(_MISC, "FirstRun", "false"),
    Switch(_MISC, "ExperimentalMode", "false"),
    Switch(_MISC, "UseOpenCL", "false"),
    Switch(_MISC, "UseLocking", "false"),
    Switch(_MISC, "UseDocumentOOoLockFile", "false"),
    Switch("org.openoffice.Office.Common/History", "PickListSize", "0"),
)
"""Links: 1 is "never" in Calc and 0 in Writer (``officecfg``'s schemas; 2 would be "on request" in Calc)."""

CONTENT_PROVIDERS = "org.openoffice.ucb.Configuration/ContentProviders/Local/SecondaryKeys/Office/ProviderData"

REMOVED_PROVIDERS = {
    "Provider3": "http",
    "Provider4": "vnd.sun.star.webdav",
    "Provider4a": "webdav",
    "Provider12": "https",
    "Provider12a": "vnd.sun.star.webdavs",
    "Provider12b": "webdavs",
    "Provider6": "ftp",
    "Provider43": "vnd.libreoffice.cmis",
}
"""What opens URLs of other machines, by its name in the registry: without it soffice knows no such scheme.

FTP is gone from 25.2 on.
"""


def write_layer(directory: Path) -> str:
    """Write the layer into ``directory`` and return the ``-env:`` argument that makes soffice read it."""
    directory.mkdir(parents=True)
    (directory / _LAYER_FILE).write_text(layer(), encoding="utf-8")
    layers = " ".join((_INSTALLED, f"xcsxcu:{directory.as_uri()}", _RESOURCES, _USER))
    return f"-env:CONFIGURATION_LAYERS={layers}"


def layer() -> str:
    """The layer's text."""
    lines = [_data(switch.path, _property(switch)) for switch in SWITCHES]
    lines += [_data(CONTENT_PROVIDERS, f'<node oor:name="{name}" oor:op="remove"/>') for name in REMOVED_PROVIDERS]
    return "\n".join(('<?xml version="1.0" encoding="UTF-8"?>', _ROOT, *lines, "</oor:data>\n"))


_ROOT = (
    '<oor:data xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)


def _property(switch: Switch) -> str:
    value = escape(switch.value)
    return f'<prop oor:name="{switch.name}" oor:op="fuse" oor:finalized="true"><value>{value}</value></prop>'


def _data(path: str, content: str) -> str:
    component, *nodes = path.split("/")
    package, _, name = component.rpartition(".")
    inner = "".join(_wrapped(nodes, content))
    return f'<oor:component-data oor:package="{package}" oor:name="{name}">{inner}</oor:component-data>'


def _wrapped(nodes: list[str], content: str) -> Iterator[str]:
    yield from (f'<node oor:name="{node}">' for node in nodes)
    yield content
    yield from ("</node>" for _ in nodes)
