"""The API: what pages show, as data; lists that lead on; a proper answer to anything odd."""

import json
from datetime import timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pictured import go_out, kept
from published import CARDS, LIVE, START, article, fill, publish, store
from reading import Reader, site_over
from site_stories import FIRE, told

from aggregator.model.article import Image
from aggregator.model.edition import NewPublication, PublicationState
from aggregator.model.outlet import RightsMode
from aggregator.model.picture import Copy
from aggregator.renditions import Renditions
from aggregator.site.api.examples import examples
from aggregator.site.links import Links
from aggregator.store import articles, editions, outlets, story_rulings
from aggregator.store.engine import Database

PROBLEM = "application/problem+json"
LISTS = ["/articles", "/stories", "/outlets", "/editions", "/topics", "/search?q=ferry"]
ODD = {
    "/nothing": 404,
    "/": 404,
    "/articles/0": 404,
    "/articles/-1": 404,
    "/articles/1e3": 404,
    "/articles/%D9%A1": 404,
    "/articles/%00": 404,
    "/articles/%ed%a0%80": 404,
    "/articles/999999999999999999": 404,
    "/articles/99999999999999999999": 404,
    "/articles/'; drop": 404,
    "/stories/1": 404,
    "/editions/99": 404,
    "/outlets/nobody": 404,
    "/outlets/%00": 404,
    "/outlets/..%2f..%2fetc": 404,
    "/articles?cursor=nonsense": 404,
    "/articles?cursor=%00": 404,
    "/articles?cursor=%ed%a0%80": 404,
    "/stories?cursor=nonsense": 404,
    "/editions?cursor=nonsense": 404,
    "/editions?cursor=0": 404,
    "/search?q=a&cursor=-1": 404,
    "/search?q=a&cursor=9999": 404,
    "/articles?cursor=" + "a" * 5000: 422,
    "/articles?limit=0": 422,
    "/articles?limit=101": 422,
    "/articles?limit=many": 422,
    "/articles?language=%3Cb%3E": 422,
    "/articles?outlet=%27": 422,
    "/articles?mode=never": 422,
    "/articles?since=yesterday": 422,
    "/articles?since=2026-02-30": 422,
    "/articles?since=2026-03-01T08:00:00": 422,
    "/articles?until=0": 422,
    "/articles?edition=%F0%9F%A6%AD": 422,
    "/articles?langauge=fr": 422,
    "/search": 422,
    "/search?q=": 422,
    "/search?q=" + "a" * 5000: 422,
}
HARMLESS = [
    "/search?q=%00",
    "/search?q=%ff%fe",
    "/search?q=%ed%a0%80",
    "/search?q=%22AND%20OR%20NEAR(%28*%3A%5E",
    "/search?q=%27%3B%20DROP%20TABLE%20publication%3B--",
    "/articles?topic=%00",
    "/articles?topic=%27%3B%20drop",
    "/articles?until=0001-01-01T00:00:00%2B23:59",
    "/articles?since=9999-12-31T23:59:60-23:59",
    "/articles?outlet=nobody&language=tlh&edition=99",
    "/stories?language=tlh&outlets=1000",
    "/topics?language=tlh",
    "/editions?cursor=1",
]


def get(reader: Reader, path: str) -> Any:
    answer = reader.get("/api/v1" + path)
    assert answer.status == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return json.loads(answer.body)


def all_of(reader: Reader, path: str) -> list[Any]:
    """The items of a list, page by page."""
    found = []
    while path:
        page = get(reader, path)
        found += page["items"]
        after = urlsplit(page["next"] or "")
        path = f"{after.path.removeprefix('/api/v1')}?{after.query}" if page["next"] else ""
    return found


def number_of(reader: Reader, headline: str) -> int:
    return int(reader.address(headline).rpartition("/")[2])


def test_an_article_carries_all_that_its_source_is_owed(news: Reader) -> None:
    found = get(news, f"/articles/{number_of(news, 'The ferry stays at the pier')}")
    assert found["source"] == {"name": "The Harbour", "url": "https://harbour.example/1"}
    assert found["outlet"]["slug"] == "harbour"
    assert found["authors"] == ["Ann Ray"]
    assert (found["licence"], found["credit"]) == ("CC0-1.0", "Credit of harbour")
    assert found["licence_url"].startswith("https://creativecommons.org/")
    assert (found["mode"], found["completeness"], found["revision"]) == ("full", "full", 1)
    assert found["published"] == "2026-03-01T07:59:00Z"
    assert found["page"] == f"{news.base}/article/{found['number']}/the-ferry-stays-at-the-pier"
    assert found["topics"] == [{"key": "coast", "label": "Coast"}]
    assert [each["text"] for each in found["blocks"]] == [
        "The ferry waits at the pier.",
        "Nobody has seen the captain since Sunday.",
        "Report number 1 of the harbour.",
    ]


def test_pictures_are_our_copies_with_their_credit_as_far_as_rights_allow(own: Reader) -> None:
    url, credit = "https://harbour.example/pier.jpg", "Ada Quay"
    outlets.sync(own.db, CARDS)
    made = Renditions(Copy("a" * 32, 960, 540, has_avif=True), {})
    for number, has_images in ((1, True), (2, False)):
        image = Image(url, "a pier", "The pier at low tide.", credit)
        kept(own.db, go_out(own.db, number, image, has_images=has_images), url, made)
    shown = {each["headline"]: each["pictures"] for each in get(own, "/articles")["items"]}
    assert shown["Report 2 with a picture"] == []
    [picture] = shown["Report 1 with a picture"]
    assert picture == {
        "url": f"{own.base}/picture/{'a' * 32}-960.webp",
        "width": 960,
        "height": 540,
        "alt": "a pier",
        "caption": "The pier at low tide.",
        "credit": credit,
    }


def test_no_answer_has_text_beyond_the_rights(news: Reader) -> None:
    excerpt = get(news, f"/articles/{number_of(news, 'Die Fähre bleibt am Kai')}")
    assert [each["text"] for each in excerpt["blocks"]] == ["The ferry waits at the pier."]
    assert excerpt["completeness"] == "paywalled"
    link = get(news, f"/articles/{number_of(news, 'Το πλοίο μένει στο λιμάνι')}")
    assert (link["mode"], link["blocks"], link["summary"]) == ("link", [], "")
    everything = all_of(news, "/articles?blocks=true&limit=20")
    assert {each["mode"] for each in everything} == {"full", "excerpt", "link"}
    withheld = ("Report number 3 of the kurier", "Report number 4 of the synopsis")
    hits = get(news, "/search?q=ferry&limit=100")
    for words in withheld:
        assert words not in json.dumps([everything, hits])


def test_hostile_text_is_plain_text_and_no_address(news: Reader) -> None:
    for item in all_of(news, "/articles?outlet=live"):
        assert item["source"]["url"] is None or item["source"]["url"].startswith("https://live.example/")
        assert item["licence_url"] is None
        assert any(item["headline"].startswith(" ".join(live.split())) for live in LIVE)


def test_lists_lead_to_everything_once(news: Reader) -> None:
    found = all_of(news, "/articles?limit=7")
    numbers = [each["number"] for each in found]
    assert len(numbers) == len(set(numbers)) == 52
    moments = [each["published"] for each in found]
    assert all(later >= earlier for later, earlier in pairwise(moments))
    assert {each["blocks"] for each in found} == {None}
    assert len(all_of(news, "/search?q=ferry&limit=9")) == get(news, "/search?q=ferry")["total"]
    assert [each["number"] for each in all_of(news, "/editions?limit=2")] == [5, 4, 3, 2, 1]


def test_the_next_page_keeps_the_filters_and_stands_in_the_header(news: Reader) -> None:
    answer = news.get("/api/v1/articles?limit=2&outlet=harbour&since=2026-03-01&blocks=true")
    after = json.loads(answer.body)["next"]
    assert answer.headers["link"] == f'<{after}>; rel="next"'
    asked = parse_qs(urlsplit(after).query)
    assert asked.pop("cursor")
    assert asked == {"limit": ["2"], "outlet": ["harbour"], "since": ["2026-03-01"], "blocks": ["true"]}


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("outlet=kurier", 1),
        ("language=ar", 1),
        ("language=AR-eg", 1),
        ("topic=coast", 44),
        ("topic=COAST", 44),
        ("mode=link", 1),
        ("edition=1", 41),
        ("since=2026-03-01T07:00:00Z", 12),
        ("until=2026-03-01T07:00:00Z", 40),
        ("since=2026-03-02", 0),
        ("since=2026-03-01T07:00:00%2B01:00&until=2026-03-01T07:00:00Z&outlet=harbour", 21),
        ("order=arrived&since=2026-03-01T08:00:00Z", 52),
    ],
)
def test_filters_narrow_a_list(news: Reader, query: str, count: int) -> None:
    assert len(all_of(news, f"/articles?limit=100&{query}")) == count


def test_an_outlet_and_an_edition_lead_to_their_articles(news: Reader) -> None:
    for path, count in (("/outlets/harbour", 41), ("/editions/1", 41)):
        address = urlsplit(get(news, path)["articles"])
        assert address.path == "/api/v1/articles"
        assert len(all_of(news, f"/articles?{address.query}")) == count
    assert {each["slug"] for each in get(news, "/outlets")["items"]} == {each.slug for each in CARDS}
    topic = get(news, "/topics?limit=1")["items"]
    assert [(each["key"], each["count"]) for each in topic] == [("coast", 44)]


def test_stories_are_given_as_readers_see_them(own: Reader) -> None:
    number = told(own)
    [head] = get(own, "/stories")["items"]
    assert (head["number"], head["reports"], head["outlets"]) == (number, 2, 2)
    assert get(own, "/stories?outlets=3")["items"] == get(own, "/stories?language=fr")["items"] == []
    story = get(own, f"/stories/{number}")
    assert story["headline"] == head["headline"]
    assert [each["mode"] for each in story["articles"]] == ["full", "link"]
    for item in story["articles"]:
        assert item["story"]["number"] == number
        assert get(own, f"/articles/{item['number']}")["story"]["reports"] == 2
    tide = get(own, f"/articles/{number_of(own, 'A tide table')}")
    assert tide["story"] is None


def test_a_story_of_which_little_is_left_leaves_the_list(own: Reader) -> None:
    number = told(own)
    editions.withdraw(own.db, number_of(own, FIRE[0]), "asked", START)
    assert get(own, "/stories")["items"] == []
    assert len(get(own, f"/stories/{number}")["articles"]) == 1
    assert FIRE[0] not in json.dumps(get(own, f"/stories/{number}"))


def test_a_merged_story_answers_under_its_old_number(own: Reader) -> None:
    number = told(own)
    lone = next(each for each in range(1, 9) if each != number and own.get(f"/story/{each}").status == 200)
    story_rulings.merge(own.db, number, lone, START)
    assert get(own, f"/stories/{lone}")["number"] == number


def test_pages_of_stories_follow_one_another(db: Database) -> None:
    with site_over(db) as reader:
        told(reader)
        first = get(reader, "/stories?limit=1")
        assert first["next"] is None
        assert all_of(reader, "/stories?limit=1") == first["items"]


def test_what_was_withdrawn_answers_gone_with_the_reason_and_no_text(own: Reader) -> None:
    outlets.sync(own.db, CARDS)
    publish(own.db, RightsMode.FULL, article("harbour", 1, "The ferry stays"))
    number = number_of(own, "The ferry stays")
    editions.withdraw(own.db, number, "the outlet asked", START + timedelta(hours=1))
    answer = own.get(f"/api/v1/articles/{number}")
    told_of = json.loads(answer.body)
    assert (answer.status, answer.headers["content-type"]) == (410, PROBLEM)
    assert told_of["type"] == f"{own.base}/api#withdrawn"
    assert (told_of["reason"], told_of["withdrawn"]) == ("the outlet asked", "2026-03-01T09:00:00Z")
    assert "ferry" not in answer.text
    assert get(own, "/articles")["items"] == []


def test_what_was_refused_was_never_there(own: Reader) -> None:
    outlets.sync(own.db, CARDS)
    store(own.db, article("harbour", 1, "A link"))
    stored = articles.find(own.db, "https://harbour.example/1")
    assert stored is not None
    never, refused = RightsMode.NEVER, PublicationState.REFUSED
    verdict = NewPublication(stored.id, refused, never, "A link", (), None, "", ())
    editions.publish(own.db, [verdict], START + timedelta(hours=1))
    assert own.get("/api/v1/articles/1").status == 404


def test_a_reservation_of_mining_is_passed_on(own: Reader) -> None:
    outlets.sync(own.db, CARDS)
    publish(own.db, RightsMode.FULL, article("harbour", 1, "The ferry stays"))
    stored = articles.find(own.db, "https://harbour.example/1")
    assert stored is not None
    blocks = stored.article.blocks
    full, out = RightsMode.FULL, PublicationState.PUBLISHED
    reserved = NewPublication(stored.id, out, full, "Stays", blocks, None, "", (), is_minable=False)
    editions.publish(own.db, [reserved], START + timedelta(hours=1))
    answer = own.get("/api/v1/articles/1")
    assert json.loads(answer.body)["tdm_reserved"] is True
    assert answer.headers["tdm-reservation"] == "1"


@pytest.mark.parametrize(("path", "status"), ODD.items())
def test_an_odd_request_gets_a_problem(news: Reader, path: str, status: int) -> None:
    answer = news.get("/api/v1" + path.replace(" ", "%20"))
    problem = json.loads(answer.body)
    assert (answer.status, answer.headers["content-type"]) == (status, PROBLEM)
    assert problem["status"] == status
    assert problem["type"].startswith(f"{news.base}/api#")
    assert problem["title"]
    assert problem["detail"]
    assert len(answer.body) < 2000


@pytest.mark.parametrize("path", HARMLESS)
def test_a_strange_request_is_only_a_request(news: Reader, path: str) -> None:
    assert get(news, path)["items"] == []


@pytest.mark.postgres
@pytest.mark.parametrize("path", HARMLESS)
def test_the_same_on_postgresql(strange: Reader, path: str) -> None:
    assert get(strange, path)["items"] == []


@pytest.fixture(scope="module")
def strange(request: pytest.FixtureRequest) -> Any:
    server = request.getfixturevalue("postgres")
    name = server.create(server.template)
    db = Database.open(server.url(name))
    fill(db)
    with site_over(db) as reader:
        yield reader
    db.close()
    server.drop(name)


def test_a_problem_names_the_parameter_and_what_it_may_be(news: Reader) -> None:
    problem = json.loads(news.get("/api/v1/articles?limit=101&langauge=fr").body)
    assert [each["where"] for each in problem["faults"]] == ["query.limit", "query.langauge"]
    assert "less than or equal to 100" in problem["detail"]


@pytest.mark.parametrize("path", [*LISTS, "/articles/1", "/outlets/harbour", "/editions/1", "/openapi.json"])
def test_a_copy_that_is_still_right_costs_nothing(news: Reader, path: str) -> None:
    first = news.get("/api/v1" + path)
    again = news.get("/api/v1" + path, If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert first.headers["cache-control"] == again.headers["cache-control"] == "public, max-age=60"
    head = news.get("/api/v1" + path, "HEAD")
    assert (head.status, head.body, head.headers["etag"]) == (200, b"", first.headers["etag"])


def test_an_answer_changes_its_tag_with_its_content(own: Reader) -> None:
    outlets.sync(own.db, CARDS)
    before = own.get("/api/v1/articles").headers["etag"]
    publish(own.db, RightsMode.FULL, article("harbour", 1, "The ferry stays"))
    assert own.get("/api/v1/articles", If_None_Match=before).status == 200


def test_pages_of_other_sites_may_read_and_nobody_may_write(news: Reader) -> None:
    answer = news.get("/api/v1/articles", Origin="https://reader.example")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    asks = {"Origin": "https://reader.example", "Access_Control_Request_Method": "GET"}
    asks["Access_Control_Request_Headers"] = "if-none-match"
    assert news.get("/api/v1/articles", "OPTIONS", **asks).status == 200
    assert "access-control-allow-origin" not in news.get("/", Origin="https://reader.example").headers
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = news.get("/api/v1/articles", method)
        assert (answer.status, answer.headers["content-type"]) == (405, PROBLEM)
        assert answer.headers["allow"] == "GET"


def test_the_pages_policy_holds_for_the_api_too(news: Reader) -> None:
    for path in ("/api/v1/articles", "/api/v1/nothing", "/api"):
        headers = news.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_the_examples_are_real_answers(news: Reader) -> None:
    document = get(news, "/openapi.json")
    assert document["servers"] == [{"url": f"{news.base}/api/v1"}]
    assert set(document["paths"]) == set(examples(Links(news.base)))
    for path in document["paths"]:
        told_of = document["paths"][path]["get"]
        assert told_of["responses"]["200"]["content"]["application/json"]["example"]
        assert told_of["description"]
    real = get(news, "/articles/1")
    example = document["paths"]["/articles/{number}"]["get"]["responses"]["200"]
    assert example["content"]["application/json"]["example"].keys() == real.keys()


def test_every_field_of_an_answer_is_explained_on_the_page(news: Reader) -> None:
    page = news.get("/api").text
    for model in get(news, "/openapi.json")["components"]["schemas"].values():
        for name in model.get("properties", {}):
            assert f"<code>{name}</code>" in page
    assert news.get("/api/v1").headers["location"] == "/api"
