"""A system call filter that leaves an engine no socket but AF_UNIX; it needs no privilege (seccomp(2), Linux 3.5).

On Lambda there are neither namespaces nor Landlock, and the Runtime API, by which a worker gets its messages, listens
on loopback: without this an engine could speak to it, and ask a resolver for any name.
"""

import ctypes
import errno
import os
import struct
from collections.abc import Iterable

# linux/prctl.h, linux/seccomp.h, linux/filter.h, linux/audit.h
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_RETURN_ALLOW, _RETURN_ERRNO = 0x7FFF0000, 0x00050000
_LOAD_WORD, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_CALL, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
"""Where struct seccomp_data holds them; of an int argument the kernel reads the lower half only."""

_AF_UNIX = 1
_X32_BIT = 0x40000000
"""x86-64's second set of numbers, for the same calls."""

_NUMBERS = {
    "x86_64": (0xC000003E, 41, 53, (101, 310, 311, 272, 308, 165, 155, 161, 321, 298, 323, 304)),
    "aarch64": (0xC00000B7, 198, 199, (117, 270, 271, 97, 268, 40, 41, 51, 280, 241, 282, 265)),
}
"""By machine: its audit name, socket and socketpair, and those that no engine needs and that would lead around
the filter or into other processes: ptrace, process_vm_readv and _writev, unshare, setns, mount, pivot_root, chroot,
bpf, perf_event_open, userfaultfd, open_by_handle_at."""

_ON_BOTH = (425, 426, 427, 428, 429, 430, 432, 438)
"""io_uring, which makes sockets by itself; open_tree, move_mount, fsopen, fsmount; pidfd_getfd."""


def allow_local_sockets_only() -> None:
    """Refuse every other socket from here on, also to what this process starts. ``no_new_privs`` must be set.

    Raises ``OSError`` where the kernel has no such filters.
    """
    _load(_program(os.uname().machine))


def refuse_calls(numbers: Iterable[int]) -> None:
    """Refuse these system calls from here on, also to what this process starts. Raises ``OSError``."""
    allow = _instruction(_RETURN, _RETURN_ALLOW)
    _load([_instruction(_LOAD_WORD, _CALL), *_refused(numbers), allow])


def _load(program: list[bytes]) -> None:
    code = ctypes.create_string_buffer(b"".join(program))
    head = struct.pack("@HP", len(program), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    zero = ctypes.c_ulong(0)
    mode = ctypes.c_ulong(_SECCOMP_MODE_FILTER)
    if libc.prctl(_PR_SET_SECCOMP, mode, ctypes.c_char_p(head), zero, zero) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"PR_SET_SECCOMP: {os.strerror(number)}")


def _program(machine: str) -> list[bytes]:
    """The filter's instructions; raises ``OSError`` on a machine whose numbers are not known here."""
    if machine not in _NUMBERS:
        raise OSError(errno.ENOSYS, f"no system call filter for {machine}")
    architecture, socket, socketpair, refused = _NUMBERS[machine]
    return [
        _instruction(_LOAD_WORD, _ARCHITECTURE),
        _instruction(_JUMP_EQUAL, architecture, 1, 0),
        _refuse(errno.EPERM),
        _instruction(_LOAD_WORD, _CALL),
        _instruction(_JUMP_AT_LEAST, _X32_BIT, 0, 1),
        _refuse(errno.EPERM),
        *_refused((*refused, *_ON_BOTH)),
        # Either call goes to the look at its first argument; any other is allowed.
        _instruction(_JUMP_EQUAL, socket, 2, 0),
        _instruction(_JUMP_EQUAL, socketpair, 1, 0),
        _instruction(_RETURN, _RETURN_ALLOW),
        _instruction(_LOAD_WORD, _FIRST_ARGUMENT),
        _instruction(_JUMP_EQUAL, _AF_UNIX, 1, 0),
        _refuse(errno.EAFNOSUPPORT),
        _instruction(_RETURN, _RETURN_ALLOW),
    ]


def _refused(numbers: Iterable[int]) -> Iterable[bytes]:
    for number in numbers:
        yield _instruction(_JUMP_EQUAL, number, 0, 1)
        yield _refuse(errno.EPERM)


def _refuse(number: int) -> bytes:
    return _instruction(_RETURN, _RETURN_ERRNO | number)


def _instruction(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """struct sock_filter."""
    return struct.pack("=HBBI", code, if_true, if_false, operand)
