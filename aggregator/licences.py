"""Licences: what their names and addresses allow, as far as it can be read from them."""

import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

_ADDRESS = re.compile(
    r"creativecommons\.org/(?:licenses/(?P<terms>by(?:-nc)?(?:-sa|-nd)?)|publicdomain/(?P<free>zero|mark))"
    r"/(?P<version>\d\.\d)",
    re.IGNORECASE,
)
# "CC BY-NC-ND 4.0", "CC-BY", "cc by sa"; none inside another word.
_SHORT = re.compile(r"(?<![\w-])cc[ _-]{0,3}by(?P<more>(?:[ _-]{1,3}(?:nc|nd|sa))*)(?![a-z])", re.IGNORECASE)
_LONG = re.compile(
    r"creative\s+commons\s+(?:attribution|by\b|namensnennung|reconocimiento|atribución|atribuição|attribuzione)"
    r"(?P<more>[^.;|()]{0,80})",
    re.IGNORECASE,
)
_ZERO = re.compile(r"(?<![\w-])(?:cc0|cc-pd(?:m|dc))(?![a-z])", re.IGNORECASE)
# In long names, in the languages whose deeds are linked most.
_NON_COMMERCIAL = re.compile(
    r"(?<![a-z])nc(?![a-z])|non-?\s?commercial|nicht-?\s?kommerziell|no\s?comercial|não\s?comercial"
    r"|utilisation non commerciale|non commerciale",
    re.IGNORECASE,
)
_NO_DERIVATIVES = re.compile(
    r"(?<![a-z])nd(?![a-z])|no-?\s?deriv|keine bearbeitung|sin\s?(?:obra\s?)?deriv|sem\s?deriv"
    r"|pas de modification|non opere derivate",
    re.IGNORECASE,
)
_SHARE_ALIKE = re.compile(
    r"(?<![a-z])sa(?![a-z])|share-?\s?alike|gleichen bedingungen|compartir\s?igual|compartilha\s?igual"
    r"|partage dans les mêmes conditions|condividi allo stesso modo",
    re.IGNORECASE,
)
_ID = re.compile(r"[A-Za-z][A-Za-z0-9.+-]*")
# Ids of licences that news goes out under; other single words are the outlet's own.
_LIKE_ID = re.compile(r"cc(?:0|-|by)|(?:ogl|etalab|dl-de|gfdl)-", re.IGNORECASE)
_LONGEST_CHARS = 2_000
_PLAIN_URL_CHARS = 300


@dataclass(frozen=True, slots=True)
class Terms:
    """What a text says about the use of a work: a public licence with its conditions, or all reserved."""

    is_reserved: bool = False
    attribution: bool = False
    non_commercial: bool = False
    no_derivatives: bool = False
    share_alike: bool = False

    def beyond(self, other: "Terms") -> tuple[str, ...]:
        """What these terms demand and the others do not; ``attribution`` is given in any case."""
        names = ("is_reserved", "non_commercial", "no_derivatives", "share_alike")
        return tuple(name for name in names if getattr(self, name) and not getattr(other, name))


def named(licence: str) -> str:
    """A Creative Commons address as its SPDX identifier (``CC-BY-4.0``); other text comes back as it is."""
    found = _ADDRESS.search(licence)
    if found is None:
        return licence
    if found["terms"]:
        return f"CC-{found['terms'].upper()}-{found['version']}"
    return f"CC0-{found['version']}" if found["free"].lower() == "zero" else f"CC-PDM-{found['version']}"


def terms(licence: str) -> Terms | None:
    """The terms that a licence's id, address or words tell; None if they tell none that is known.

    Of several Creative Commons licences in one text, each condition of any counts. A public licence counts
    before a formula that reserves all rights: templates put the formula beside it.
    """
    text = licence[:_LONGEST_CHARS].strip()
    if found := [*_creative_commons(text)]:
        return Terms(
            attribution=any(one.attribution for one in found),
            non_commercial=any(one.non_commercial for one in found),
            no_derivatives=any(one.no_derivatives for one in found),
            share_alike=any(one.share_alike for one in found),
        )
    if other := _known(text):
        return other
    folded = " ".join(text.casefold().split())
    if any(words in folded for words in _words("reserved")):
        return Terms(is_reserved=True)
    return Terms() if any(words in folded for words in _words("free")) else None


def _creative_commons(text: str) -> Iterable[Terms]:
    for found in _ADDRESS.finditer(text):
        yield _by(found["terms"] or "") if found["terms"] else Terms()
    for pattern in (_SHORT, _LONG):
        for found in pattern.finditer(text):
            yield _by(found["more"])
    if _ZERO.search(text):
        yield Terms()


def _by(conditions: str) -> Terms:
    return Terms(
        attribution=True,
        non_commercial=bool(_NON_COMMERCIAL.search(conditions)),
        no_derivatives=bool(_NO_DERIVATIVES.search(conditions)),
        share_alike=bool(_SHARE_ALIKE.search(conditions)),
    )


def _known(text: str) -> Terms | None:
    for start, conditions in _data()["known"].items():
        if text.lower().startswith(start.lower()) and _ID.fullmatch(text):
            flags = {condition.replace("-", "_"): True for condition in conditions}
            return Terms(**flags)
    return None


def same(first: str, second: str) -> bool:
    """Whether two texts name one licence: one id, one address in any of its forms, or the same words."""
    return _identity(first) == _identity(second)


def _identity(licence: str) -> str:
    text = named(licence.strip())
    if text.lower().startswith(("http://", "https://", "//")):
        parts = urlsplit(text[:_PLAIN_URL_CHARS])
        return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}".lower()
    return " ".join(text.casefold().split())


def fault_of_id(licence: str) -> str | None:
    """What is wrong with a licence that is written like an SPDX id and is none; None if it may stand."""
    if not _ID.fullmatch(licence) or not _LIKE_ID.match(licence):
        return None
    known = spdx_ids()
    if licence in known:
        return None
    near = get_close_matches(licence.upper(), [one.upper() for one in known], n=1, cutoff=0.6)
    exact = next((one for one in known if near and one.upper() == near[0]), "CC-BY-4.0")
    return f"is no SPDX id; did you mean {exact}? An outlet's own words have spaces between them"


@cache
def spdx_ids() -> frozenset[str]:
    """All SPDX licence ids, deprecated ones too (the list of the package ``license-expression``)."""
    # The package itself takes 0.13 s to import, its list 0.03 s to read.
    spec = find_spec("license_expression")
    assert spec is not None and spec.origin is not None  # noqa: S101, PT018 - it is among our dependencies
    index = Path(spec.origin).parent / "data" / "scancode-licensedb-index.json"
    listed = json.loads(index.read_text(encoding="utf-8"))
    return frozenset(str(one["spdx_license_key"]) for one in listed if one.get("spdx_license_key"))


@cache
def _data() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@cache
def _words(kind: str) -> tuple[str, ...]:
    return tuple(" ".join(words.casefold().split()) for words in _data()["words"][kind])
