"""Hashes passwords with argon2id and verifies them in the same time whether there is a user or not."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher


@cache
def _hasher() -> "PasswordHasher":
    """argon2-cffi's defaults: RFC 9106's low-memory profile (64 MiB, 3 passes, 4 lanes)."""
    from argon2 import PasswordHasher  # a log-in's alone: no other request waits for it

    return PasswordHasher()


@cache
def _decoy() -> str:
    return _hasher().hash("no user has this password")


def hash_password(password: str) -> str:
    """The argon2id hash of ``password``."""
    return _hasher().hash(password)


def verify(password: str, password_hash: str | None) -> bool:
    """Whether ``password`` is the hashed one; without a hash a decoy is verified, which takes as long."""
    from argon2.exceptions import Argon2Error, InvalidHashError

    try:
        _hasher().verify(password_hash or _decoy(), password)
    except (Argon2Error, InvalidHashError):
        return False
    return password_hash is not None
