"""Section pages: links that look like articles, and those that do not."""

import pytest
from paced import within

from aggregator.model.outlet import Seed, SeedKind
from aggregator.seeds.section import LEAST_SCORE, parse_section, score

URL = "https://www.news.example/politics/"
SEED = Seed(SeedKind.SECTION, URL)
HEADLINE = "Council votes the budget after six hours"


def parse(html: str, url: str = URL, limit: int = 50) -> list[tuple[str, str | None]]:
    entries = parse_section(html.encode(), None, url, SEED, limit=limit)
    return [(entry.url, entry.headline) for entry in entries]


@pytest.mark.parametrize(
    "path",
    [
        "/politics/council-votes-budget-after-long-night",
        "/2024/05/06/council-votes/",
        "/2024/may/06/council-votes",
        "/politik/haushalt-beschlossen-19655247.html",
        "/articles/ASR5Q2F2RR5QUTIL00X.html",
        "/stories/3376705/",
        "/news/articles/clymn8zyrp9o",
        "/?p=12345",
        "/article.php?id=5512",
        "/news/20240506/k1.html",
        "/ελλάδα/το-συμβούλιο-ψήφισε-τον-προϋπολογισμό",
        "/%D9%85%D8%AC%D9%84%D8%B3-%D8%A7%D9%84%D9%85%D8%AF%D9%8A%D9%86%D8%A9-%D9%8A%D9%82%D8%B1",
    ],
)
def test_address_of_an_article_with_a_headline_counts(path: str) -> None:
    assert score("https://www.news.example" + path, HEADLINE) >= LEAST_SCORE


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/", "News"),
        ("/politics", "Politics"),
        ("/politics/europe/", "Europe"),
        ("/tag/council", "Council"),
        ("/tags/budget-of-the-city", "Budget of the city"),
        ("/author/ada-bell-of-the-desk", "Ada Bell"),
        ("/auteurs/ada-bell/", "Ada Bell"),
        ("/category/local-news-of-today/", "Local news of today"),
        ("/rubrique/vie-de-la-ville", "Vie de la ville"),
        ("/login?next=/2024/05/06/council-votes", "Log in to read the whole article"),
        ("/newsletter/the-morning-in-five-minutes", "The morning in five minutes, every day"),
        ("/impressum", "Impressum"),
        ("/privacy-policy/how-we-use-your-data", "How we use your data and cookies"),
        ("/search?q=council+votes+budget", "Search"),
        ("/2024/05/", "May 2024"),
        ("/page/2", "Older articles of this section"),
        ("/pictures/2024/05/06/council-votes-budget.jpg", HEADLINE),
        ("/feed", "RSS feed of all our articles"),
    ],
)
def test_address_of_a_list_or_a_service_page_does_not_count(path: str, text: str) -> None:
    assert score("https://www.news.example" + path, text) < LEAST_SCORE


def test_articles_come_in_page_order_each_once_with_their_longest_text() -> None:
    html = f"""<nav><a href="/2024/05/06/in-the-menu">Menu</a></nav>
    <article><a href="/2024/05/06/council-votes"><img src="a.jpg" alt=""></a>
    <h2><a href="/2024/05/06/council-votes?utm_source=front">{HEADLINE}</a></h2>
    <a href="/2024/05/06/council-votes#comments">3 comments</a></article>
    <article><a href="../sport/cup-final-ends-without-a-goal-12345.html"><span>Sport</span>
      <h3>Cup final ends without a goal</h3></a></article>
    <a href="/politics/">More politics of today and yesterday</a>"""
    assert parse(html) == [
        ("https://www.news.example/2024/05/06/council-votes?utm_source=front", HEADLINE),
        (
            "https://www.news.example/sport/cup-final-ends-without-a-goal-12345.html",
            "Cup final ends without a goal",
        ),
    ]


@pytest.mark.parametrize(
    ("base", "href", "counts"),
    [
        (URL, "https://news.example/2024/05/06/a-b-c", True),
        (URL, "https://sport.news.example/2024/05/06/a-b-c", True),
        (URL, "https://other.example.org/2024/05/06/a-b-c", False),
        ("https://news.co.uk/", "https://other.co.uk/2024/05/06/a-b-c", False),
        ("http://127.0.0.1:8101/", "http://127.0.0.1:8101/2024/05/06/a-b-c", True),
        ("http://127.0.0.1:8101/", "http://127.0.0.1:8102/2024/05/06/a-b-c", False),
        ("http://127.0.0.1/", "http://127.0.0.2/2024/05/06/a-b-c", False),
        (URL, "mailto:desk@news.example", False),
        (URL, "javascript:void(0)", False),
        (URL, "http://[broken/2024/05/06/a-b-c", False),
    ],
)
def test_only_web_links_of_the_same_site_count(base: str, href: str, *, counts: bool) -> None:
    assert bool(parse(f'<a href="{href}">{HEADLINE}</a>', base)) is counts


def test_headline_without_spaces_is_counted_by_its_letters() -> None:
    html = '<a href="/news/k10014440001.html">市議会は六時間の審議の末に予算を可決した</a>'
    assert parse(html) == [
        ("https://www.news.example/news/k10014440001.html", "市議会は六時間の審議の末に予算を可決した")
    ]


def test_base_element_and_limit_are_respected() -> None:
    links = "".join(f'<a href="story-{n}{n}{n}{n}{n}.html">{HEADLINE}</a>' for n in range(1, 6))
    found = parse(f'<base href="/archive/2024/">{links}', limit=2)
    assert [url for url, _ in found] == [
        "https://www.news.example/archive/2024/story-11111.html",
        "https://www.news.example/archive/2024/story-22222.html",
    ]


@pytest.mark.parametrize("html", ["", " ", "<!-- nothing -->", "no tags at all", "<a>no address</a>", "\x00"])
def test_page_without_links_gives_nothing(html: str) -> None:
    assert parse(html) == []


def test_ten_megabytes_of_links_end_soon() -> None:
    html = f'<a href="/2024/05/06/a-b-c-d">{HEADLINE}</a>' * 130_000
    with within(8):
        assert len(parse(html)) == 1
