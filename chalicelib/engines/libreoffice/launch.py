"""Becomes soffice, confined and bound to its server: ``python -m … PID HOME soffice.bin arguments…``."""

import os
import sys
from pathlib import Path

from chalicelib.engines import jail
from chalicelib.engines.landlock import ALL, MAKE_SOCKETS, READ, READ_WRITE_FILE, restrict_files

_READ_ONLY = (
    "/usr",
    "/lib",
    "/lib64",
    "/etc",
    "/var/spool/libreoffice",
    "/var/cache/fontconfig",
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/meminfo",
)
_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
_PIPES = "/tmp"  # noqa: S108 - where LibreOffice puts the sockets of its named pipes, whatever TMPDIR says


def main(arguments: list[str]) -> None:
    """Die with the server, and see no file of anybody else's.

    LibreOffice opens some files that documents name past its own switches: pictures in an SVG, RTF's fields.
    """
    parent, home, binary = int(arguments[0]), Path(arguments[1]), Path(arguments[2])
    jail.die_with_parent(parent)
    jail.forbid_new_privileges()
    os.umask(0o077)
    fonts = [Path(name).parent for name in (os.environ.get("FONTCONFIG_FILE"),) if name]
    readable = dict.fromkeys((*map(Path, _READ_ONLY), binary.parents[1], *fonts), READ)
    devices = dict.fromkeys(map(Path, _DEVICES), READ_WRITE_FILE)
    if not restrict_files({**readable, **devices, Path(_PIPES): MAKE_SOCKETS, home: ALL}):
        sys.stderr.write("no Landlock in this kernel: soffice can read what this user can\n")
        sys.stderr.flush()
    os.execv(binary, arguments[2:])  # noqa: S606 - replacing this process without a shell is the purpose


if __name__ == "__main__":
    main(sys.argv[1:])
