"""What holds for any card and any page: signals only narrow, lengths are kept, no source link, no text."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from publish import cases

from aggregator.model.article import Article, Completeness, FieldLoser, FieldOrigin
from aggregator.model.decision import Circumstances, Decision, LicenceState, Publish, Review
from aggregator.model.edition import StoredArticle
from aggregator.model.outlet import Outlet, RequiredPart, Rights, RightsMode
from aggregator.publish.render import render
from aggregator.publish.rights import decide
from aggregator.urls import is_web

LICENCES = [
    None, "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-ND-4.0", "CC-BY-NC-4.0", "CC-BY-NC-ND-4.0", "CC0-1.0",
    "All rights reserved", "https://www.example.org/terms", "words of our own",
]  # fmt: skip
PARTS = st.lists(st.sampled_from(RequiredPart), unique=True, max_size=2).map(tuple)
RIGHTS = st.builds(
    Rights,
    mode=st.sampled_from(RightsMode),
    excerpt_chars=st.integers(0, 400),
    licence=st.sampled_from(LICENCES),
    licence_url=st.sampled_from([None, "https://www.example.org/terms"]),
    to_confirm=st.booleans(),
    agreement=st.booleans(),
    automatic=st.booleans(),
    monthly_cap=st.sampled_from([None, 1, 3]),
    images=st.booleans(),
    verbatim=st.booleans(),
    commercial=st.sampled_from([None, True, False]),
    required=PARTS,
    provided=PARTS,
)
AROUND = st.builds(
    Circumstances,
    is_commercial=st.booleans(),
    is_approved=st.booleans(),
    refusal=st.sampled_from([None, None, "no"]),
    out_this_month=st.integers(0, 4),
    licence=st.sampled_from(LicenceState),
    twins=st.lists(st.tuples(st.just("twin"), RIGHTS), max_size=1).map(tuple),
)
ROBOTS = [
    "noarchive", "nosnippet", "max-snippet:0", "max-snippet:40", "max-snippet:-1", "noindex", "none", "noai",
    "noimageai", "follow", "max-image-preview:large",
]  # fmt: skip
BLOCKS = st.lists(
    st.tuples(
        st.sampled_from(["paragraph", "heading", "quote", "table", "list_item"]),
        st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=90),
        st.booleans(),
    ),
    max_size=5,
)
PAGES = st.builds(
    cases.stored,
    headline=st.sampled_from(["Bridge opens", " "]),
    source_link=st.sampled_from([cases.URL, "https://www.example.com/b", "", "ftp://example.org/a", "/a"]),
    blocks=BLOCKS,
    dek=st.sampled_from([None, "", "A dek."]),
    ahead_hours=st.sampled_from([None, -3, 5, 30]),
    completeness=st.sampled_from(Completeness),
    robots=st.lists(st.sampled_from(ROBOTS), max_size=3),
    licence=st.sampled_from(LICENCES),
    tdm_reserved=st.booleans(),
)


def with_robots(article: Article, directive: str) -> Article:
    return replace(article, robots=(*article.robots, directive))


def with_licence(article: Article, licence: str) -> Article:
    return replace(article, losers=(*article.losers, FieldLoser("licence", "entry:licence", licence)))


def unquotable(article: Article, number: int) -> Article:
    blocks = [
        replace(block, is_quotable=block.is_quotable and at != number)
        for at, block in enumerate(article.blocks)
    ]
    return replace(article, blocks=tuple(blocks))


def stripped(article: Article) -> Article:
    return replace(article, origins=(*article.origins, FieldOrigin("source_link", "stripped:Source link")))


SIGNALS = st.one_of(
    st.sampled_from(ROBOTS).map(lambda word: lambda article: with_robots(article, word)),
    st.sampled_from(LICENCES[1:]).map(lambda licence: lambda article: with_licence(article, str(licence))),
    st.integers(0, 4).map(lambda number: lambda article: unquotable(article, number)),
    st.just(stripped),
    st.just(lambda article: replace(article, tdm_reserved=True)),
    st.just(lambda article: replace(article, agency=(*article.agency, "AFP"))),
    st.just(lambda article: replace(article, source_link="https://www.example.com/b")),
)
OUTLET = Outlet("example", "The Example", "https://www.example.org/", "en", "GB", seeds=())


def proposed(decision: Decision) -> Publish | None:
    """What goes out, or would if a person released it."""
    match decision:
        case Publish():
            return decision
        case Review(_, later):
            return later
    return None


def goes_beyond(after: Publish, before: Publish) -> bool:
    """Whether one publication shows or allows anything that the other does not."""
    order = list(RightsMode)
    if order.index(after.mode) < order.index(before.mode):
        return True
    if after.mode is RightsMode.EXCERPT and before.mode is after.mode:
        return after.excerpt_chars > before.excerpt_chars
    return any(
        getattr(after, name) and not getattr(before, name)
        for name in ("has_images", "is_indexable", "is_minable")
    )


@settings(max_examples=600, deadline=None)
@given(PAGES, RIGHTS, AROUND, SIGNALS)
def test_a_further_signal_never_widens_a_decision(
    page: StoredArticle, rights: Rights, around: Circumstances, signal: object
) -> None:
    assert callable(signal)
    before = decide(page, rights, cases.NOW, around)
    lowered = signal(page.article)
    if not is_web(page.article.source_link) or not isinstance(lowered, Article):
        lowered = replace(lowered, source_link=page.article.source_link)
    after = decide(replace(page, article=lowered), rights, cases.NOW, around)
    if isinstance(after, Publish):
        assert isinstance(before, Publish)
    shown, was = proposed(after), proposed(before)
    if shown is not None:
        assert was is not None
        assert not goes_beyond(shown, was)


@settings(max_examples=300, deadline=None)
@given(PAGES, RIGHTS, AROUND)
def test_nothing_goes_out_beyond_the_card(page: StoredArticle, rights: Rights, around: Circumstances) -> None:
    shown = proposed(decide(page, rights, cases.NOW, around))
    if shown is not None:
        order = list(RightsMode)
        assert order.index(shown.mode) >= order.index(rights.mode)
        assert shown.excerpt_chars <= rights.excerpt_chars


@settings(max_examples=400, deadline=None)
@given(PAGES, RIGHTS, AROUND)
def test_without_a_source_link_nothing_is_published(
    page: StoredArticle, rights: Rights, around: Circumstances
) -> None:
    decision = decide(page, rights, cases.NOW, around)
    if not is_web(page.article.source_link):
        assert proposed(decision) is None


@settings(max_examples=400, deadline=None)
@given(PAGES, RIGHTS, AROUND)
def test_readers_never_get_more_text_than_is_allowed(
    page: StoredArticle, rights: Rights, around: Circumstances
) -> None:
    decision = decide(page, rights, cases.NOW, around)
    if not isinstance(decision, Publish):
        return
    text = render(decision, page, OUTLET).text
    match decision.mode:
        case RightsMode.EXCERPT:
            assert 0 < len(text) <= decision.excerpt_chars
            withheld = [block.text.strip() for block in page.article.blocks if not block.is_quotable]
            quoted = [block.text.strip() for block in page.article.blocks if block.is_quotable]
            assert not any(
                one and one in text and not any(one in other for other in quoted) for one in withheld
            )
        case RightsMode.LINK:
            assert text == ""
        case RightsMode.FULL:
            assert text == page.article.body
