"""Starts a command without privileges or network, which never outlives its parent; needs the stdlib only.

Run as a script, ``python -I jail.py --parent PID -- command args…``, so that no other code is loaded before
the command is confined. What needs a privilege (the bounding set, the network namespace) is done where it is
permitted; ``no_new_privs``, the death signal and the filter of system calls work for everybody and are required.
"""

import contextlib
import ctypes
import fcntl
import functools
import os
import resource
import signal
import socket
import struct
import sys
import time
from collections import defaultdict
from pathlib import Path

# linux/prctl.h, linux/capability.h, linux/sched.h, linux/sockios.h
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_CAPBSET_DROP = 24
_PR_SET_SECUREBITS = 28
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_CLEAR_ALL = 4
_SECBIT_NOROOT_LOCKED = 0b11
_CAPABILITY_VERSION_3 = 0x20080522
_CAPABILITIES = 64
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 1


def protect_this_process() -> None:
    """Keep every other process of this user out of ``/proc/<this>``: its environment, memory and open files.

    A worker's environment holds the role's credentials. Call before any child starts; raises ``OSError``.
    """
    _require(_prctl(_PR_SET_DUMPABLE, 0), "PR_SET_DUMPABLE")


def die_with_parent(parent: int) -> None:
    """The kernel kills this process when the thread that started it ends; exits if ``parent`` is gone."""
    _require(_prctl(_PR_SET_PDEATHSIG, signal.SIGKILL), "PR_SET_PDEATHSIG")
    if os.getppid() != parent:
        os._exit(1)


def forbid_new_privileges() -> None:
    """No exec from here on gains anything by setuid bits or file capabilities. Raises ``OSError``."""
    _require(_prctl(_PR_SET_NO_NEW_PRIVS, 1), "PR_SET_NO_NEW_PRIVS")


def drop_capabilities() -> None:
    """Give up every capability for good: the bounding set first, which uid 0 would regain by exec.

    Without CAP_SETPCAP the bounding set stays; ``no_new_privs`` then keeps an exec from regaining it.
    """
    _prctl(_PR_SET_SECUREBITS, _SECBIT_NOROOT_LOCKED)
    for capability in range(_CAPABILITIES):
        _prctl(_PR_CAPBSET_DROP, capability)
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    header = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)
    _require(_libc().capset(header, bytes(24)), "capset")


def leave_the_network() -> bool:
    """Move into a network namespace that has loopback only; ``False`` where the kernel does not permit it.

    Without CAP_SYS_ADMIN a user namespace of one's own may still permit it (most desktops and servers do).
    """
    uid, gid = os.geteuid(), os.getegid()
    if _libc().unshare(_CLONE_NEWNET) != 0:
        if _libc().unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
            return False
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", _IFF_UP))
    return True


def adopt_orphans() -> None:
    """Become the parent of orphaned descendants, so that none gets out of :func:`kill_descendants`' sight."""
    _require(_prctl(_PR_SET_CHILD_SUBREAPER, 1), "PR_SET_CHILD_SUBREAPER")


def kill_descendants(root: int, *, rounds: int = 100) -> None:
    """SIGKILL every descendant of ``root``, also those that left its process group, until none is alive.

    ``root`` must not start new ones meanwhile (it is the caller, or stopped). Zombies are left to their
    parent.
    """
    for _ in range(rounds):
        alive = _descendants(root)
        if not alive:
            return
        for pid in alive:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.002)


def _descendants(root: int) -> list[int]:
    children: dict[int, list[int]] = defaultdict(list)
    zombies = set()
    for pid, parent, state in _processes():
        children[parent].append(pid)
        if state in "ZX":
            zombies.add(pid)
    found, queue = [], [root]
    while queue:
        below = children.pop(queue.pop(), [])
        found += below
        queue += below
    return [pid for pid in found if pid not in zombies]


def _processes() -> list[tuple[int, int, str]]:
    """(pid, parent's pid, state) of each process; the name in between may hold any character, blanks too."""
    rows = []
    for entry in os.listdir("/proc"):  # noqa: PTH208 - a Path for each process costs more than the whole scan
        if entry.isdigit():
            try:
                fields = Path("/proc", entry, "stat").read_bytes().rpartition(b")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            rows.append((int(entry), int(fields[1]), fields[0].decode()))
    return rows


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, value: int) -> int:
    zero = ctypes.c_ulong(0)
    return int(_libc().prctl(option, ctypes.c_ulong(value), zero, zero, zero))


def _require(status: int, what: str) -> None:
    if status != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _confine(command: list[str]) -> None:
    """Leave the process local sockets only and, where the kernel has Landlock, the files of an engine."""
    # With -I nothing of the project is found; these two need the standard library only, as this module does.
    sys.path.append(str(Path(__file__).resolve().parents[2]))
    from chalicelib.engines import confinement, seccomp

    confinement.of_engine(command, os.environ)
    seccomp.allow_local_sockets_only()


def main(arguments: list[str]) -> None:
    """Confine this process, then become the command: ``--parent PID -- command args…``."""
    parent, command = int(arguments[1]), arguments[3:]
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):
        leave_the_network()
    drop_capabilities()
    forbid_new_privileges()
    _confine(command)
    adopt_orphans()
    die_with_parent(parent)
    os.execvp(command[0], command)  # noqa: S606 - replacing this process without a shell is the purpose


if __name__ == "__main__":
    main(sys.argv[1:])
