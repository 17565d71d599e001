"""What files an engine may see: its own interpreter and code, its worker's temporary files, and of a job its folder.

Two rings by Landlock, where the kernel has it. The outer one is drawn round every engine's process before it starts;
it leaves out what lies beside the code: ``.local``, other people's files. The inner one is drawn round the child that
handles a job: it leaves that job's folder alone, no other job's.
"""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from chalicelib.engines.landlock import ALL, LIST, MAKE_SOCKETS, READ, READ_WRITE_FILE, restrict_files

_SYSTEM = (
    *("/usr", "/lib", "/lib64", "/bin", "/etc", "/var/lang", "/var/runtime", "/sys"),
    *("/var/cache/fontconfig", "/var/spool/libreoffice", "/usr/lib/libreoffice"),
)
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_PIPES = "/tmp"  # noqa: S108 - where LibreOffice puts the sockets of its named pipes, whatever TMPDIR says
_PRIVATE = ("HOME", "TMPDIR")
_WRITTEN = ("NUMBA_CACHE_DIR",)
_CODE = "chalicelib"
_OWN_PROCESS = ("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/sys")


def of_engine(command: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Draw the outer ring round this process, which becomes ``command``; ``False`` without Landlock.

    Its HOME lies in the worker's temporary directory, where jobs' files come and go. Raises ``OSError``.
    """
    temporary = Path(environment["HOME"]).parent
    told = [path for path in map(Path, command[1:]) if path.is_absolute()]
    # A program that it is told of, such as soffice, comes with its installation.
    told += [path.resolve().parents[1] for path in told if path.is_file()]
    allowed = {**_readable(command[0], environment), **dict.fromkeys(told, READ)}
    return restrict_files({**allowed, Path("/proc"): READ, Path(_PIPES): MAKE_SOCKETS, temporary: ALL})


def of_job(command: str, environment: Mapping[str, str], folders: Iterable[Path], inputs: Iterable[Path]) -> bool:
    """Draw the inner ring: of all files that jobs have, this one's ``folders`` and ``inputs``. Raises ``OSError``."""
    own = {**dict.fromkeys(map(Path, _OWN_PROCESS), READ), **dict.fromkeys(inputs, READ), **dict.fromkeys(folders, ALL)}
    return restrict_files({**_readable(command, environment), **own})


def _readable(command: str, environment: Mapping[str, str]) -> dict[Path, int]:
    """What any engine needs: the system, devices, its interpreter, and what its variables name."""
    program = Path(shutil.which(command) or command)
    homes = (program.parents[1], program.resolve().parents[1])
    allowed = dict.fromkeys((*map(Path, _SYSTEM), *homes), READ)
    allowed |= dict.fromkeys(map(Path, _DEVICES), READ_WRITE_FILE)
    for name, value in environment.items():
        if name not in (*_PRIVATE, "PATH"):
            for path in (Path(one) for one in value.split(":") if one.startswith("/")):
                allowed |= _named(name, path)
    return allowed


def _named(variable: str, path: Path) -> dict[Path, int]:
    if variable in _WRITTEN:
        with suppress(OSError):
            path.mkdir(parents=True, exist_ok=True)
        return {path: ALL}
    if (path / _CODE).is_dir():
        return {path: LIST, path / _CODE: READ}
    return {path: READ}
