"""The rights gate as a table: what the card grants, what the page says, what may go out."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.model.article import Article, Block, BlockKind, Completeness
from aggregator.model.edition import Decision, Hold, Publish, Refuse, StoredArticle
from aggregator.model.outlet import Rights, RightsMode
from aggregator.publish.rights import decide, republishes_another

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FULL, EXCERPT, LINK, NEVER = RightsMode
URL = "https://www.example.org/a/1"


def stored(
    *,
    headline: str = "A headline",
    source_link: str = URL,
    published: datetime | None = None,
    completeness: Completeness = Completeness.FULL,
    robots: tuple[str, ...] = (),
) -> StoredArticle:
    article = Article(
        outlet="example",
        url=URL,
        canonical_url=URL,
        source_link=source_link,
        headline=headline,
        blocks=(Block(BlockKind.PARAGRAPH, "Text."),),
        language="en",
        fetched_at=NOW,
        published=published,
        completeness=completeness,
        robots=robots,
    )
    return StoredArticle(id=1, article=article, copy_of=None, revision=1, stored_at=NOW)


def outcome(decision: Decision) -> tuple[str, int | None]:
    match decision:
        case Publish(mode, chars, _):
            return mode.value, chars
        case Hold(until, _):
            return "hold", int((until - NOW).total_seconds())
        case Refuse():
            return "refuse", None


@pytest.mark.parametrize(
    ("granted", "robots", "completeness", "expected"),
    [
        # What the card grants, if the page says nothing.
        (FULL, (), Completeness.FULL, "full"),
        (EXCERPT, (), Completeness.FULL, "excerpt"),
        (LINK, (), Completeness.FULL, "link"),
        (NEVER, (), Completeness.FULL, "refuse"),
        # Robots directives lower it.
        (FULL, ("noarchive",), Completeness.FULL, "excerpt"),
        (EXCERPT, ("noarchive",), Completeness.FULL, "excerpt"),
        (LINK, ("noarchive",), Completeness.FULL, "link"),
        (FULL, ("nosnippet",), Completeness.FULL, "link"),
        (EXCERPT, ("NoSnippet",), Completeness.FULL, "link"),
        (FULL, ("noarchive", "nosnippet"), Completeness.FULL, "link"),
        (FULL, ("max-snippet:0",), Completeness.FULL, "link"),
        (FULL, ("max-snippet:-1",), Completeness.FULL, "full"),
        (FULL, ("max-snippet: 120",), Completeness.FULL, "excerpt"),
        (LINK, ("max-snippet:120",), Completeness.FULL, "link"),
        # These do not limit the mode.
        (FULL, ("index", "follow", "max-image-preview:large"), Completeness.FULL, "full"),
        (FULL, ("noindex", "noai"), Completeness.FULL, "full"),
        # A part of a text is never shown as the whole.
        (FULL, (), Completeness.PAYWALLED, "excerpt"),
        (FULL, (), Completeness.TEASER, "excerpt"),
        # Neither is what is no text, or has no end yet.
        (FULL, (), Completeness.GALLERY, "excerpt"),
        (FULL, (), Completeness.VIDEO, "excerpt"),
        (FULL, (), Completeness.LIVE, "excerpt"),
        (LINK, (), Completeness.LIVE, "link"),
        (FULL, ("nosnippet",), Completeness.VIDEO, "link"),
        (LINK, (), Completeness.PAYWALLED, "link"),
        (FULL, ("nosnippet",), Completeness.PAYWALLED, "link"),
    ],
)
def test_page_lowers_the_mode_of_the_card_and_never_raises_it(
    granted: RightsMode, robots: tuple[str, ...], completeness: Completeness, expected: str
) -> None:
    decision = decide(stored(robots=robots, completeness=completeness), Rights(mode=granted), NOW)
    assert outcome(decision)[0] == expected


@pytest.mark.parametrize(
    ("card_chars", "robots", "expected"),
    [
        (300, (), 300),
        (300, ("max-snippet:120",), 120),
        (80, ("max-snippet:120",), 80),
        (300, ("max-snippet:200", "max-snippet:90"), 90),
    ],
)
def test_excerpt_has_the_shorter_of_the_two_lengths(
    card_chars: int, robots: tuple[str, ...], expected: int
) -> None:
    rights = Rights(mode=RightsMode.EXCERPT, excerpt_chars=card_chars)
    assert outcome(decide(stored(robots=robots), rights, NOW)) == ("excerpt", expected)


def test_a_card_that_says_nothing_grants_a_link() -> None:
    assert decide(stored(), Rights(), NOW) == Publish(RightsMode.LINK, 300, ())


def test_outlet_that_wants_a_person_is_refused_whatever_its_mode() -> None:
    decision = decide(stored(), Rights(mode=RightsMode.FULL, automatic=False), NOW)
    assert isinstance(decision, Refuse)
    assert "needs a person" in decision.reason


@pytest.mark.parametrize("headline", ["", "  \n"])
def test_article_without_headline_is_refused(headline: str) -> None:
    assert decide(stored(headline=headline), Rights(), NOW) == Refuse("The article has no headline.")


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (timedelta(days=-400), "link"),
        (timedelta(0), "link"),
        (timedelta(seconds=1), "hold"),
        (timedelta(hours=24), "hold"),
        (timedelta(hours=24, seconds=1), "link"),
        (timedelta(days=270), "link"),
    ],
)
def test_article_dated_ahead_waits_unless_its_date_is_a_lie(ahead: timedelta, expected: str) -> None:
    decision = decide(stored(published=NOW + ahead), Rights(), NOW)
    assert outcome(decision)[0] == expected
    if isinstance(decision, Hold):
        assert decision.until == NOW + ahead


def test_held_article_goes_out_when_its_time_has_come() -> None:
    decision = decide(stored(published=NOW), Rights(mode=RightsMode.FULL), NOW)
    assert outcome(decision)[0] == "full"


@pytest.mark.parametrize(
    ("source_link", "another"),
    [
        (URL, False),
        ("https://example.org/a/1?utm_source=x", False),
        ("https://amp.example.org/a/1", False),
        ("https://news.example.org/a/1", False),
        ("http://www.example.org:80/a/1", False),
        ("https://www.example.com/a/1", True),
        ("https://notexample.org/a/1", True),
        ("https://www.example.org:8102/a/1", True),
    ],
)
def test_page_with_another_sites_text_is_at_most_a_link(source_link: str, *, another: bool) -> None:
    page = stored(source_link=source_link)
    assert republishes_another(page.article) is another
    decision = decide(page, Rights(mode=RightsMode.FULL), NOW)
    assert outcome(decision)[0] == ("link" if another else "full")


def test_each_signal_gives_its_own_sentence() -> None:
    page = stored(
        robots=("noarchive", "noai"),
        completeness=Completeness.PAYWALLED,
        source_link="https://www.example.com/a",
    )
    decision = decide(page, Rights(mode=RightsMode.FULL), NOW)
    assert isinstance(decision, Publish)
    assert decision.reasons == (
        "The page forbids stored copies (noarchive).",
        "The outlet sells the article, or the rest of it.",
        "The page republishes an article of example.com, for which this outlet cannot speak.",
        "The page says noai, which does not limit the mode.",
    )
