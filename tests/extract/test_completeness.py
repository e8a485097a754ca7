"""Whether the text is the whole article: each kind of page, and the traps that whole articles set."""

import json

import pytest
from handmade import SENTENCES, article_html, make_page

from aggregator.extract.claims import Found, Statement
from aggregator.extract.completeness import Clues, judge
from aggregator.extract.page import extract
from aggregator.model.article import Article, Block, BlockKind, Completeness, CutBlock
from aggregator.model.outlet import Rules, Seed, SeedKind
from aggregator.model.page import Entry

LONG = "".join(f"<p>{sentence} {' '.join(SENTENCES)}</p>" for sentence in SENTENCES)
SEED = Seed(SeedKind.FEED, "https://harbour.example/feed")
FULL, PAYWALLED, TEASER = Completeness.FULL, Completeness.PAYWALLED, Completeness.TEASER


def ld(**fields: object) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Bridge opens"} | fields
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def read(
    head: str = "", after: str = "", *, before: str = "", below: str = "", summary: str | None = None
) -> Article:
    """The article of a page with more in its head, around its text, and below its article element."""
    html = article_html(head, after, before).replace("</article>", f"</article>{below}")
    entry = Entry("https://harbour.example/b", SEED, dek=summary)
    return extract(make_page(html, entry=entry), Rules())


def evidence(article: Article) -> str:
    return next(origin.source for origin in article.origins if origin.field == "completeness")


def of_text(text: str, **clues: object) -> Completeness:
    return judge(Clues([Block(BlockKind.PARAGRAPH, text)], **clues)).found.value  # type: ignore[arg-type]


def test_text_is_full_unless_something_says_otherwise() -> None:
    assert (read().completeness, evidence(read())) == (FULL, "default")
    free = read(ld(isAccessibleForFree=True))
    assert (free.completeness, evidence(free)) == (FULL, "json-ld:isAccessibleForFree")


@pytest.mark.parametrize("no", [False, "False", "false", "no", "http://schema.org/False", [False], 0])
def test_declared_not_free_is_paywalled_though_the_text_is_whole(no: object) -> None:
    article = read(ld(isAccessibleForFree=no), LONG)
    assert (article.completeness, evidence(article)) == (PAYWALLED, "json-ld:isAccessibleForFree")


@pytest.mark.parametrize("empty", ["", None, {}, "https://schema.org/Maybe"])
def test_an_empty_declaration_says_nothing(empty: object) -> None:
    assert read(ld(isAccessibleForFree=empty)).completeness is FULL


def test_a_part_that_is_not_free_counts_where_the_article_says_nothing() -> None:
    part = {"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".rest"}
    assert evidence(read(ld(hasPart=part))) == "json-ld:hasPart.isAccessibleForFree"
    assert read(ld(isAccessibleForFree=True, hasPart=part)).completeness is FULL


@pytest.mark.parametrize(
    "head",
    [
        ld() + ld(isAccessibleForFree=False),
        ld() + '<script type="application/ld+json">{"@graph": [{"@type": "WebPage", '
        '"isAccessibleForFree": "false"}]}</script>',
        '<script type="application/ld+json">{"name": "a "bad" one", "isAccessibleForFree": "no"}</script>',
        "<meta itemprop='isAccessibleForFree' content='false'>",
        "<meta property='article:content_tier' content='locked'>",
        "<meta name='k5a:paid' content='1'>",
    ],
)
def test_a_publisher_has_many_places_to_say_that_it_sells(head: str) -> None:
    assert read(head).completeness is PAYWALLED


@pytest.mark.parametrize(
    "head",
    [
        ld() + ld(headline="Another article", isAccessibleForFree=False),
        ld() + "<meta name='adv:premium' content='yes'>",
        "<meta property='article:content_tier' content='metered'>",
        ld(isAccessibleForFree=True) + "<meta property='article:content_tier' content='locked'>",
    ],
)
def test_what_is_said_of_others_or_outweighed_is_no_wall(head: str) -> None:
    assert read(head).completeness is FULL


@pytest.mark.parametrize(
    "wall",
    [
        "Subscribe to continue reading this story.",
        "This post is for paid subscribers",
        "Noch 40 % dieses Artikels. Jetzt weiterlesen mit dem Probeabo.",
        "Il vous reste 60% de cet article à lire. La suite est réservée aux abonnés.",
        "Te queda por leer el 45% de este artículo.",
        "Per continuare a leggere, abbonati.",
        "Para continuar lendo, faça login.",
        "Log in om verder te lezen",
        "Aby czytać dalej, wykup dostęp.",
        "Чтобы читать дальше, оформите подписку",
        "Okumaya devam etmek için abone olun",
        "この記事は有料会員限定です。残り800文字",
        "계속 읽으시려면 구독하세요",
        "订阅后继续阅读",
        "लॉगिन करें और आगे पढ़ने के लिए सदस्य बनें",
        "لمتابعة القراءة اشترك الآن",
    ],
)
@pytest.mark.parametrize("shape", ["<p>{}</p>", "<div class='box'><h2>{}</h2><a href='/abo'>OK</a></div>"])
def test_a_line_right_behind_the_text_withholds_the_rest(wall: str, shape: str) -> None:
    note = "<p>Jane Roe has written about the harbour since 2014.</p>"
    assert read(after=shape.format(wall)).completeness is PAYWALLED
    assert read(after=shape.format(wall) + note).completeness is PAYWALLED
    assert read(below=shape.format(wall)).completeness is PAYWALLED


def test_a_wall_outweighs_a_declaration_that_registering_is_free() -> None:
    article = read(ld(isAccessibleForFree=True), "<h2>What is next</h2><p>Log in to continue</p>")
    assert article.completeness is PAYWALLED
    assert [(one.source, one.value) for one in article.losers if one.field == "completeness"] == [
        ("json-ld:isAccessibleForFree", "full")
    ]


def test_a_box_that_is_called_a_wall_is_one_in_any_language() -> None:
    box = "<div class='c-paywall'><p>Tilaa lehti ja lue juttu loppuun.</p><a href='/tilaa'>Tilaa</a></div>"
    assert evidence(read(below=box)) == "page:c-paywall"
    assert read(ld(isAccessibleForFree=True), below=box).completeness is FULL


@pytest.mark.parametrize(
    "box",
    [
        "<div class='paywall' hidden><p>Subscribe to continue reading</p></div>",
        "<div class='paywall' style='display: none'><p>Subscribe to continue reading</p></div>",
        "<div class='paywall-modal'></div>",
        "<template><p>Subscribe to continue reading</p></template>",
        "<footer><p>Subscribe to continue reading</p></footer>",
        "<div><h3>More stories</h3><ul><li>For subscribers <a href='/x'>The ferry</a></li></ul></div>",
        "<aside><h3>Newsletter</h3><p>Sign up for our newsletter. Cancel anytime.</p></aside>",
        "<p>You need to be a subscriber to join the conversation.</p><p>Log in</p>",
        "<p>Nur für Abonnenten: <a href='/y'>Das Archiv der Werft</a></p>",
        "<p>有料会員になると会員限定の有料記事もお読みいただけます。</p>",
        "<div class='poll'><p>Will you use the bridge? Yes 60 %, no 40 %.</p><button>Vote</button></div>",
    ],
)
def test_furniture_below_a_whole_article_is_no_wall(box: str) -> None:
    assert read(below=box).completeness is FULL


def test_words_in_the_menu_are_no_wall() -> None:
    menu = "<p class='menu'><a href='/abo'>Subscribe to continue reading</a></p>"
    html = article_html(ld(isAccessibleForFree=True)).replace("<nav>", f"<nav>{menu}")
    assert extract(make_page(html), Rules()).completeness is FULL


def test_an_offer_between_the_paragraphs_is_no_wall() -> None:
    assert read(after=f"<p>Subscribe to continue reading</p>{LONG}").completeness is FULL


@pytest.mark.parametrize(
    "last",
    [
        "Papers that sell their articles ask readers to log in, and many of those who came to read leave.",
        "Half of those asked said that they subscribe to read the local pages, which nobody else writes.",
        "Wer zahlt, liest weiter: Für die Verlage zählt heute jedes Abo, und jede Redaktion spürt das.",
    ],
)
def test_an_article_about_walls_is_whole(last: str) -> None:
    middle = "<p>“To continue reading, subscribe” is what most visitors see, and most of them turn away.</p>"
    assert read(after=f"{middle}{LONG}<p>{last}</p>").completeness is FULL


@pytest.mark.parametrize("end", ["[…]", "[...]", "and the…", "and the ..."])
def test_a_short_text_that_breaks_off_is_a_teaser(end: str) -> None:
    assert of_text(f"{SENTENCES[0]} {end}") is TEASER


@pytest.mark.parametrize("end", ["“I wonder, I really wonder …”", "And so it goes on...", "He left ...."])
def test_a_long_text_may_end_in_dots(end: str) -> None:
    assert of_text(f"{' '.join(SENTENCES) * 4} {end}") is FULL


def test_dots_and_an_offer_together_are_a_wall() -> None:
    html_end = "<p>And then, on the last day of the year, the mayor …</p><p>Cancel anytime.</p>"
    assert read(after=LONG + html_end).completeness is PAYWALLED


def test_a_text_shorter_than_the_feeds_summary_is_a_teaser() -> None:
    longer = (
        " ".join(SENTENCES) + " More follows in the evening, when the council has met and voted on it all."
    )
    article = extract(
        make_page(
            f"<title>Bridge opens</title><h1>Bridge opens</h1><article><p>{SENTENCES[0]}</p></article>",
            entry=Entry("https://harbour.example/b", SEED, dek=longer),
        ),
        Rules(),
    )
    assert (article.completeness, evidence(article)) == (TEASER, "entry:longer summary")
    assert read(summary=SENTENCES[0]).completeness is FULL


def test_a_text_shorter_than_the_publishers_own_is_a_teaser() -> None:
    assert evidence(read(ld(articleBody=" ".join(SENTENCES) * 4))) == "json-ld:articleBody"
    assert read(ld(articleBody=" ".join(SENTENCES))).completeness is FULL
    assert read(ld(wordCount=900)).completeness is FULL


def test_the_first_of_several_pages_is_a_teaser() -> None:
    pages = "<p>Pages: 1 <a href='/2026/03/bridge-opens/2/'>2</a></p>"
    assert evidence(read(after=pages)) == "page:second page"
    comments = "<a href='/2026/03/bridge-opens/comment-page-2/#comments'>2</a><a href='?cpage=2'>2</a>"
    assert read(below=comments).completeness is FULL


def test_the_outlets_usual_length_counts_with_another_hint_only() -> None:
    short = " ".join(SENTENCES)
    assert of_text(short, usual_chars=9_000) is FULL
    assert of_text(short, usual_chars=9_000, meta={"article:content_tier": ["metered"]}) is PAYWALLED
    assert of_text(short, usual_chars=900, meta={"article:content_tier": ["metered"]}) is FULL
    assert of_text(short, usual_chars=9_000, statement=Statement(words=900)) is TEASER


def test_a_cut_line_counts_at_the_end_only() -> None:
    blocks = [Block(BlockKind.PARAGRAPH, " ".join(SENTENCES), place=place) for place in (0, 2, 3)]
    for place, expected in ((1, FULL), (4, PAYWALLED)):
        cut = CutBlock("Subscribe to continue reading.", "phrase/paywall", place=place)
        assert judge(Clues(blocks, [cut])).found.value is expected


GALLERY = "".join(f"<figure><img src='/{n}.jpg'><figcaption>Pier {n}</figcaption></figure>" for n in range(9))
TEASERS = "".join(f"<a href='/x{n}'><figure><img src='/{n}.jpg'></figure>Pier {n}</a>" for n in range(9))


@pytest.mark.parametrize(
    ("head", "after"),
    [
        (ld(**{"@type": "ImageGallery"}), ""),
        (ld(**{"@type": ["NewsArticle", "MediaGallery"]}), ""),
        (ld() + ld(**{"@type": "ImageGallery"}), ""),
        ("<meta property='og:type' content='slideshow'>", ""),
        ("", GALLERY),
    ],
)
def test_pictures_with_little_text_are_a_gallery(head: str, after: str) -> None:
    assert read(head, after).completeness is Completeness.GALLERY


@pytest.mark.parametrize(
    ("head", "after"),
    [("", GALLERY + LONG), ("", TEASERS), (ld() + ld(**{"@type": "ImageGallery"}), LONG)],
)
def test_text_with_pictures_is_full(head: str, after: str) -> None:
    assert read(head, after).completeness is FULL


FILM = {"@type": "VideoObject", "name": "Bridge opens", "description": " ".join(SENTENCES)}


@pytest.mark.parametrize(
    "head",
    [
        f'<script type="application/ld+json">{json.dumps(FILM)}</script>',
        ld(video=FILM),
        "<meta property='og:type' content='video.other'>",
    ],
)
def test_a_film_with_little_text_is_a_video(head: str) -> None:
    assert read(head).completeness is Completeness.VIDEO
    assert read(head, LONG).completeness is FULL


def test_an_article_with_a_film_of_its_own_description_is_full() -> None:
    words = "Watch how the first of four thousand people crossed the new bridge on Tuesday, with dogs."
    film = FILM | {"description": words}
    assert read(ld(video=film)).completeness is FULL


POSTS = "".join(
    f"<div class='live-post'><time datetime='2026-03-03T0{hour}:00Z'></time>{SENTENCES[hour % 4]}</div>"
    for hour in range(6)
)


@pytest.mark.parametrize(
    ("head", "after"),
    [
        (ld(**{"@type": "LiveBlogPosting"}), LONG),
        (ld() + ld(**{"@type": "LiveBlogPosting"}), LONG),
        (ld(coverageStartTime="2026-03-03T08:00:00Z"), ""),
        ("", POSTS),
    ],
)
def test_a_running_report_is_live(head: str, after: str) -> None:
    assert read(head, after).completeness is Completeness.LIVE


def test_a_report_about_a_live_show_is_full() -> None:
    after = "<div class='delivery live'><time datetime='2026-03-03'></time>Live at nine</div>"
    assert read(after=LONG + after).completeness is FULL


def test_what_is_sold_outweighs_what_the_page_is() -> None:
    article = read(ld(**{"@type": "LiveBlogPosting"}, isAccessibleForFree=False))
    assert article.completeness is PAYWALLED
    assert ("json-ld:LiveBlogPosting", "live") in {
        (one.source, one.value) for one in article.losers if one.field == "completeness"
    }


def test_no_text_at_all_is_judged_too() -> None:
    assert judge(Clues([], statement=Statement(is_free=Found(value=True, source="x")))).found.value is FULL
