"""The operators' desk: who may work there, what they may do, and what is noted of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

_KNOWN_ADDRESS: Final = "address:"


class Scope(StrEnum):
    """Something that a person or a program may do at the desk."""

    READ = "read"
    REVIEW = "review"
    OUTLETS = "outlets"
    TAKEDOWN = "takedown"
    AUDIT = "audit"


class Role(StrEnum):
    """What a person is at the desk: a viewer reads, an editor also reviews, an operator does everything."""

    VIEWER = "viewer"
    EDITOR = "editor"
    OPERATOR = "operator"

    @property
    def scopes(self) -> frozenset[Scope]:
        """What somebody in this role may do."""
        match self:
            case Role.VIEWER:
                return frozenset({Scope.READ})
            case Role.EDITOR:
                return frozenset({Scope.READ, Scope.REVIEW})
            case Role.OPERATOR:
                return frozenset(Scope)


@dataclass(frozen=True, slots=True)
class User:
    """A person who may log in; ``logged_in_at`` is None before the first time."""

    id: int
    name: str
    role: Role
    added_at: datetime
    logged_in_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A person at work: since when, and when they last asked for something."""

    key: str
    user: User
    since: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a session lasts without a request, and at most."""

    idle: timedelta
    longest: timedelta

    def is_over(self, since: datetime, seen_at: datetime, now: datetime) -> bool:
        """Whether a session has ended by now; one from the future, too: the clock was set back."""
        return not (now - self.idle < seen_at and now - self.longest < since <= now + self.idle)


@dataclass(frozen=True, slots=True)
class Token:
    """A program's way in; the secret itself is shown once and never stored."""

    id: int
    name: str
    scopes: frozenset[Scope]
    added_at: datetime
    added_by: str
    expires_at: datetime | None = None
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_good(self, now: datetime) -> bool:
        """Whether it still opens the door."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True)
class CardVersion:
    """A card's text as it was written or found at a moment; no text where there was no card."""

    id: int
    outlet: str
    at: datetime
    who: str
    why: str
    text: str | None


class Outcome(StrEnum):
    """What became of an action."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody did, or tried to do.

    ``who`` is a user's name, ``token:NAME`` or the account at the command line; ``subject`` is what it was
    done to; ``before`` and ``after`` tell what changed, in words or as text, where that can be told.
    """

    who: str
    action: str
    subject: str = ""
    before: str | None = None
    after: str | None = None
    outcome: Outcome = Outcome.DONE


@dataclass(frozen=True, slots=True)
class Noted:
    """An action in the log."""

    id: int
    at: datetime
    action: Action


# Ten wrong passwords are more than a person needs who remembers it at all, and a quarter of an hour for ten
# more makes 960 a day: a password of twelve characters outlives its owner. An address may fail more often,
# since an office shares one; it is what bounds guesses at many names.
PAUSE: Final = timedelta(minutes=15)
MOST_OF_ACCOUNT: Final = 10
MOST_OF_ADDRESS: Final = 50


@dataclass(frozen=True, slots=True)
class Attempts:
    """Wrong passwords of one account or from one address, since when, and until when it is locked."""

    count: int
    since: datetime
    locked_until: datetime | None = None

    def is_locked(self, now: datetime) -> bool:
        """Whether no password is looked at now."""
        return self.locked_until is not None and now < self.locked_until

    def and_one_more(self, most: int, now: datetime) -> "Attempts":
        """One more wrong password; old ones are forgotten after a pause, and ``most`` lock for one."""
        is_old = now - self.since >= PAUSE or now < self.since
        count, since = (1, now) if is_old else (self.count + 1, self.since)
        return Attempts(count, since, now + PAUSE if count >= most else None)


def account(name: str) -> str:
    """The subject that an account's attempts are counted under."""
    return f"account:{name}"


def address(host: str) -> str:
    """The same of an address; of IPv6 the network, since one machine has as many as it likes."""
    return f"{_KNOWN_ADDRESS}{host}"


def most(subject: str) -> int:
    """How many wrong passwords lock a subject."""
    return MOST_OF_ADDRESS if subject.startswith(_KNOWN_ADDRESS) else MOST_OF_ACCOUNT
