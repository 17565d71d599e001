"""Shuts a process out of the file system by Landlock, which needs no privilege (Linux 5.13, landlock(7))."""

import ctypes
import os
import struct
from collections.abc import Mapping
from pathlib import Path

# linux/landlock.h
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_FILE = 1 << 5
_MAKE_SOCK = 1 << 9
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_FIRST_VERSION = (1 << 13) - 1
_ADDED = {2: _REFER, 3: _TRUNCATE}
_RULE_PATH_BENEATH = 1
_ABI_VERSION = 1

# asm-generic/unistd.h: the same on x86-64 and arm64
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446

LIST = _READ_DIR
READ = _EXECUTE | _READ_FILE | _READ_DIR
READ_WRITE_FILE = _READ_FILE | _WRITE_FILE
MAKE_SOCKETS = _MAKE_SOCK | _REMOVE_FILE
ALL = _FIRST_VERSION | _REFER | _TRUNCATE


def restrict_files(allowed: Mapping[Path, int]) -> bool:
    """Leave this process, and what it executes, only these paths with these rights; ``False`` without Landlock.

    Paths that do not exist are passed over. ``no_new_privs`` must be set. Raises ``OSError``.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ABI_VERSION)
    if version < 1:
        return False
    handled = _FIRST_VERSION | sum(right for since, right in _ADDED.items() if version >= since)
    attributes = struct.pack("=Q", handled)
    ruleset = _checked(libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0))
    for path, rights in allowed.items():
        if path.exists():
            _allow(libc, ruleset, path, rights & handled)
    _checked(libc.syscall(_RESTRICT_SELF, ruleset, 0))
    os.close(ruleset)
    return True


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    directory = path.is_dir()
    of_files = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    rule = struct.pack("=Qi", rights if directory else rights & of_files, descriptor)
    _checked(libc.syscall(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, rule, 0))
    os.close(descriptor)


def _checked(status: int) -> int:
    if status < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"landlock: {os.strerror(number)}")
    return status
