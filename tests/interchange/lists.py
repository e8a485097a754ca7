"""Lists of outlets, made for tests and measures."""

from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

LANGUAGES = ("en", "fr", "de", "es", "it")


def outline(seed: str, name: str = "", home: str = "", **more: str) -> str:
    """An outline of a feed."""
    facts = {"type": "rss", "text": name, "xmlUrl": seed, "htmlUrl": home} | more
    return "<outline " + " ".join(f"{key}={quoteattr(value)}" for key, value in facts.items() if value) + "/>"


def opml(outlines: Iterable[str], prolog: str = "") -> bytes:
    """A list of them, each on a line of its own."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>' + prolog, '<opml version="2.0"><body>', *outlines]
    return "\n".join([*lines, "</body></opml>"]).encode()


def five_hundred() -> bytes:
    """500 feeds: 420 outlets, 40 of them with a second feed, 30 feeds that stand twice, 10 that are none."""
    found = []
    for number in range(420):
        home = f"https://outlet-{number}.example/"
        found.append(outline(f"{home}rss.xml", f"Outlet {number}", home, language=LANGUAGES[number % 5]))
    for number in range(40):
        home = f"https://outlet-{number}.example/"
        found.append(outline(f"{home}sport/rss.xml", f"Outlet {number} Sport", home))
    found += [outline(f"http://www.outlet-{number}.example/rss.xml", "Again") for number in range(100, 130)]
    found += [outline(address, "Wrong") for address in ("ftp://a.example/x", "javascript:alert(1)")] * 5
    return opml(f"<outline text='Folder'>{one}</outline>" for one in found)
