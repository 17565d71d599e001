"""The system calls that Lambda refuses to a function: namespaces, mounts, ptrace, and Landlock with them."""

import platform

from chalicelib.engines import seccomp

_X86_64 = (101, 165, 166, 272, 308, 155, 161, 310, 311, 321, 298, 323, 304, 246, 175, 313, 176, 444, 445, 446)
_AARCH64 = (117, 40, 39, 97, 268, 41, 51, 270, 271, 280, 241, 282, 265, 104, 105, 273, 106, 444, 445, 446)


def refuse_what_lambda_refuses() -> None:
    """Load the filter; no_new_privs must be set, or the right to do without."""
    seccomp.refuse_calls(_X86_64 if platform.machine() == "x86_64" else _AARCH64)
