"""What a publication owes to its outlet, its authors and its readers, by today's rights."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from aggregator.model.outlet import CreditPosition, RightsMode


@dataclass(frozen=True, slots=True)
class Owed:
    """A publication as it should be met, made from the store and the cards and not from any page.

    ``allowed`` is all text that the rights gate lets readers have now, ``withheld`` what else we hold of the
    article. ``refusal`` is why nothing may be shown at all; empty if something may. ``is_out`` is false for
    what was withdrawn or refused. ``canonical`` is the only canonical address that the page may name.
    """

    id: int
    address: str
    permanent: str
    is_out: bool
    is_withdrawn: bool
    mode: RightsMode
    headline: str
    outlet: str
    authors: tuple[str, ...]
    source: str | None
    licence: str
    licence_url: str | None
    credit: str
    canonical: str
    may_index: bool
    is_reserved: bool
    has_pictures: bool
    credit_position: CreditPosition
    allowed: str
    withheld: str
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """Which publication an address of the site means; ``owed`` looks one up by its number.

    ``base_url`` is the address that the site's own links begin with.
    """

    base_url: str
    owed: Callable[[int], Owed | None]

    def is_ours(self, url: str) -> bool:
        """Whether the address is one of the site's."""
        base = self.base_url.rstrip("/")
        return url == base or url.startswith((base + "/", base + "?", base + "#"))

    def number(self, url: str) -> int | None:
        """The number of the publication whose page this is; None for any other address."""
        base = self.base_url.rstrip("/") + "/article/"
        if not url.startswith(base):
            return None
        digits = urlsplit(url.removeprefix(base)).path.split("/")[0]
        return int(digits) if digits.isdecimal() and len(digits) < 19 else None  # noqa: PLR2004 - below 2**63

    def at(self, url: str) -> Owed | None:
        """The publication whose page this is; None for any other address, or one that we do not know."""
        number = self.number(url)
        return None if number is None else self.owed(number)
