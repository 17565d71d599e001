"""Becomes a sandbox: ``python -m infra.rehearsal.inside ORDERS``; see sandbox.py, which gives them as JSON."""

import ctypes
import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

from chalicelib.engines import jail
from infra.rehearsal.filters import refuse_what_lambda_refuses
from infra.rehearsal.images import EMULATOR

USER, GROUP = 993, 990
"""As which Lambda runs functions."""

_CLONE_NEWNS, _CLONE_NEWUTS, _CLONE_NEWIPC, _CLONE_NEWPID = 0x00020000, 0x04000000, 0x08000000, 0x20000000
_DEVICES = ("null", "zero", "full", "random", "urandom")


def main(orders: dict[str, Any]) -> int:
    """Mount, fork into the new namespaces, and wait for what lives there; its exit status."""
    jail.die_with_parent(orders["parent"])
    _unshare(_CLONE_NEWNS | _CLONE_NEWUTS | _CLONE_NEWIPC)
    root = Path(orders["home"], "root")
    _mount("--make-rprivate", "/")
    lower = ":".join(reversed(orders["layers"]))
    _mount("-t", "overlay", "overlay", "-o", f"lowerdir={lower}", str(root))
    _mount("-o", "loop,nosuid,nodev", str(root.with_name("tmp.img")), str(root / "tmp"))
    (root / "tmp").chmod(0o1777)
    shutil.rmtree(root / "tmp" / "lost+found", ignore_errors=True)
    for source, name in orders.get("files", {}).items():
        shutil.copy(source, root / "tmp" / name)
    _mount("-t", "tmpfs", "-o", "size=64k,mode=755", "tmpfs", str(root / "dev"))
    for name in _DEVICES:
        (root / "dev" / name).touch()
        _mount("--bind", f"/dev/{name}", str(root / "dev" / name))
    # Not before: the next process that starts is the first of its namespace, and all end with it.
    _unshare(_CLONE_NEWPID)
    child = os.fork()
    if child == 0:
        _become(root, orders)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _become(root: Path, orders: dict[str, Any]) -> NoReturn:
    """As the first process of its namespace: shed every right, and execute the command."""
    for group in orders["groups"]:
        Path(group, "cgroup.procs").write_text("0")
    _mount("-t", "proc", "proc", str(root / "proc"))
    emulator = os.open(EMULATOR, os.O_RDONLY | os.O_CLOEXEC)
    os.chroot(root)
    os.chdir(orders["workdir"])
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.setgroups([])
    os.setresgid(GROUP, GROUP, GROUP)
    os.setresuid(USER, USER, USER)
    jail.die_with_parent(os.getppid())
    jail.forbid_new_privileges()
    refuse_what_lambda_refuses()
    program = emulator if orders["command"][0] == EMULATOR.name else orders["command"][0]
    os.execve(program, orders["command"], orders["environment"])


def _unshare(flags: int) -> None:
    if ctypes.CDLL(None, use_errno=True).unshare(flags) != 0:
        raise OSError(ctypes.get_errno(), "unshare")


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
