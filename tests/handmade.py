"""Pages made in a test, as the downloader hands them over."""

from datetime import UTC, datetime

from aggregator.model.outlet import Seed, SeedKind
from aggregator.model.page import Entry, FetchedPage

URL = "https://harbour.example/2026/03/bridge-opens"
SENTENCES = (
    "The new bridge over the harbour opened on Tuesday after six years of work and two changes of plan.",
    "Some four thousand people walked across it before noon, many of them with dogs and folding chairs.",
    "The mayor said that the toll would be decided in autumn, when the first figures on traffic are known.",
    "Fishermen had feared for their moorings; the council now promises them a new pier on the eastern side.",
)
_TEXT = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)


def make_page(
    html: str | bytes, *, url: str = URL, headers: dict[str, str] | None = None, entry: Entry | None = None
) -> FetchedPage:
    """A fetched page of HTML; a header called ``charset`` becomes the page's charset."""
    body = html if isinstance(html, bytes) else html.encode()
    headers = dict(headers or {})
    charset = headers.pop("charset", None)
    entry = entry or Entry(url, Seed(SeedKind.FEED, "https://harbour.example/feed"))
    at = datetime(2026, 3, 10, tzinfo=UTC)
    return FetchedPage("harbour", entry, url, 200, tuple(headers.items()), charset, body, at)


def article_html(head: str = "", after: str = "", before: str = "", lang: str = "en") -> str:
    """An article's page of four paragraphs, with more in its head, before or after them."""
    return (
        f"<!doctype html><html lang='{lang}'><head><meta charset='utf-8'>"
        f"<title>Bridge opens - The Harbour</title>{head}</head><body><nav><a href='/'>Home</a></nav>"
        f"<main><article><h1>Bridge opens</h1>{before}{_TEXT}{after}</article></main></body></html>"
    )
