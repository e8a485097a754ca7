"""The draft of a card: what was found at an outlet becomes an outlet, with what a person must check."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from babel.core import get_global, parse_locale
from courlan.urlutils import get_tldinfo
from protego import Protego

from aggregator import licences
from aggregator.model.outlet import Outlet, Politeness, Rights, Seed, SeedKind
from aggregator.seeds.discover import Discovered, sitemaps_of
from aggregator.urls import host, url_key

# More feeds are mostly sections of the first.
_MOST_FEEDS = 3
_LONGEST_DELAY_SECONDS = 60.0
SLUG_CHARS = 63
_NO_SITE_NAME = re.compile(r"^(?:www\d?|m|mobile)$")


@dataclass(frozen=True, slots=True)
class Draft:
    """An outlet's first card: ``findings`` tell where its values come from, ``doubts`` what to check."""

    outlet: Outlet
    findings: tuple[str, ...]
    doubts: tuple[str, ...]


def draft(page: Discovered, url: str, robots_txt: str, tried: Mapping[str, bool], *, agent: str) -> Draft:
    """The card for an outlet from what its home page, its robots.txt and its feeds told.

    ``tried`` maps each address that was tried to whether it is a feed or a sitemap; ``agent`` is the user
    agent whose rules in robots.txt count. Rights stay at ``link``, whatever licence was found: a person
    reads it first.
    """
    findings, doubts = list[str](), list[str]()
    seeds = _seeds(page, url, robots_txt, tried)
    findings += [f"{seed.kind}: {seed.url}" for seed in seeds]
    if seeds[0].kind is SeedKind.SECTION:
        doubts.append("no feed and no sitemap answered: the home page's links will be used")
    language, country = _language(page, findings, doubts)
    rights = Rights(licence=licences.named(page.licence) if page.licence else None, licence_url=page.licence)
    if page.licence:
        findings.append(f"licence: {rights.licence}, linked by the page ({page.licence})")
        doubts.append('the licence: read it, then set [rights] mode (now "link") and credit')
    else:
        doubts.append('no licence found: mode stays "link" unless the outlet allows more')
    name = page.name or host(url)
    findings.append(f"name: {name}")
    outlet = Outlet(
        slug=slug_of(url, name),
        name=name,
        homepage=url,
        language=language,
        country=country,
        seeds=seeds,
        politeness=Politeness(delay_seconds=_delay(robots_txt, url, agent, findings, doubts)),
        rights=rights,
    )
    return Draft(outlet, tuple(findings), tuple(doubts))


def _seeds(page: Discovered, url: str, robots_txt: str, tried: Mapping[str, bool]) -> tuple[Seed, ...]:
    """The feeds that answered, those that the page names first; a news sitemap beside them; else the page."""
    sitemaps = dict.fromkeys([*page.sitemaps, *sitemaps_of(robots_txt, url)])
    answered = [address for address, is_good in tried.items() if is_good]
    is_sitemap = {a: a in sitemaps or "sitemap" in urlsplit(a).path.lower() for a in answered}
    feeds = [a for a in answered if not is_sitemap[a] and a in page.feeds]
    # Usual places tend to be the same feed under several names: one of them will do.
    feeds = feeds or [a for a in answered if not is_sitemap[a]][:1]
    maps = sorted((a for a in answered if is_sitemap[a]), key=lambda a: "news" not in a.lower())
    wanted = [a for a in maps if "news" in urlsplit(a).path.lower() or not feeds][:1]
    chosen = [Seed(SeedKind.FEED, a) for a in feeds[:_MOST_FEEDS]] + [
        Seed(SeedKind.SITEMAP, a) for a in wanted
    ]
    once = {url_key(seed.url): seed for seed in reversed(chosen)}
    return tuple(reversed(once.values())) or (Seed(SeedKind.SECTION, url),)


def _language(page: Discovered, findings: list[str], doubts: list[str]) -> tuple[str, str]:
    """Language and country; one that the page does not tell is the likeliest beside the other (CLDR)."""
    language, country = page.language, page.country
    if language:
        findings.append(f"language: {language}, from the page")
    elif country:
        language = _likely(f"und_{country}")[0]
        doubts.append(f"language: {language} is a guess from the country")
    else:
        language = "en"
        doubts.append("language: en stands there because the page names none")
    if country:
        findings.append(f"country: {country}, from the address or the page's language")
    else:
        country = _likely(language.replace("-", "_"))[1]
    # WordPress says en-US everywhere until somebody changes it.
    doubts.append(f"country: is it really {country}?")
    return language, country


def _likely(tag: str) -> tuple[str, str]:
    likely = get_global("likely_subtags")
    full = likely.get(tag) or likely.get(tag.split("_", maxsplit=1)[0]) or "en_Latn_US"
    language, territory, *_ = parse_locale(full)
    return language, territory or "US"


def _delay(robots_txt: str, url: str, agent: str, findings: list[str], doubts: list[str]) -> float:
    robots = Protego.parse(robots_txt)
    if not robots.can_fetch(url, agent):
        doubts.append("robots.txt forbids the home page to us: ask the outlet before you crawl it")
    delay = robots.crawl_delay(agent)
    if delay is None or delay <= Politeness().delay_seconds:
        return Politeness().delay_seconds
    findings.append(f"delay: {delay:g} s, asked for by robots.txt")
    return float(min(delay, _LONGEST_DELAY_SECONDS))


def slug_of(url: str, name: str) -> str:
    """A slug: the site's own part of its host (``bbc`` of www.bbc.co.uk, ``fr-euronews``), else the name."""
    found = get_tldinfo(url, fast=True)
    own, domain = (found[0] or "", found[1] or "") if found else ("", "")
    labels = host(url).removesuffix(domain).strip(".").split(".") if domain else []
    before = [label for label in labels if label and not _NO_SITE_NAME.match(label)]
    text = "-".join([*before, own]) if own and not host(url).replace(".", "").isdigit() else name
    return as_slug(text) or "outlet"


def as_slug(text: str) -> str:
    """A text as a slug, of 63 characters at most; empty if none of it can stand there."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_CHARS].strip("-")
