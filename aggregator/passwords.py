"""Passwords and secrets: made, hashed, and compared in the same time whoever asks."""

import hashlib
import secrets
import threading
import unicodedata
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from aggregator.errors import DeskError

FEWEST_CHARS: Final = 12
MOST_CHARS: Final = 200
FEWEST_DIFFERENT: Final = 5

# RFC 9106's second choice: 64 MiB for each check. Two at once are enough for a desk, and a flood of wrong
# passwords cannot fill the memory.
_HASHER: Final = PasswordHasher()
_AT_ONCE: Final = threading.BoundedSemaphore(2)


def check(user: str, password: str) -> None:
    """Refuse a password that can be guessed.

    Raises:
        DeskError: it is too short, too long, of too few different characters, or holds the user's name.
    """
    if not FEWEST_CHARS <= len(password) <= MOST_CHARS:
        raise DeskError(f"password: expected {FEWEST_CHARS} to {MOST_CHARS} characters; got {len(password)}")
    if len(set(password)) < FEWEST_DIFFERENT:
        raise DeskError(f"password: expected at least {FEWEST_DIFFERENT} different characters")
    if user.casefold() in password.casefold():
        raise DeskError("password: expected one without the user's name in it")


def hashed(password: str) -> str:
    """The Argon2id hash of a password, with its salt and parameters."""
    with _AT_ONCE:
        return _HASHER.hash(_normal(password))


def is_right(stored: str | None, password: str) -> bool:
    """Whether a password has this hash; without a hash it costs the same and is wrong."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(stored or _nobodys(), _normal(password)) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with other parameters than ours of today."""
    return _HASHER.check_needs_rehash(stored)


def secret() -> str:
    """A new secret of 256 bits, fit for a cookie or a header."""
    return secrets.token_urlsafe(32)


def digest(told: str) -> str:
    """What is stored of such a secret: nobody finds 256 random bits by their SHA-256."""
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _nobodys() -> str:
    """The hash of a password that nobody knows, for users who are not there."""
    return _HASHER.hash(secret())


def _normal(password: str) -> str:
    """The same characters whatever keyboard they came from; lone surrogates cannot be encoded."""
    composed = unicodedata.normalize("NFKC", password[: MOST_CHARS * 2])
    return composed.encode("utf-8", "replace").decode()
