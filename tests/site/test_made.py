"""Pages that were made lately are not made again, and are the same for everybody who asks."""

from published import CARDS, article, publish
from reading import Reader
from starlette.responses import Response

from aggregator.model.outlet import RightsMode
from aggregator.site.caching import KEPT_BYTES, KEPT_PIECES, KEPT_SECONDS, Alike, Made
from aggregator.store import outlets


def test_a_page_is_kept_a_minute_and_copied_for_each_reader() -> None:
    made = Made()
    made.keep("a", Response(b"page", headers={"ETag": "a"}), 100.0)
    first = made.get("a", 100.0)
    assert first is not None
    first.headers["Content-Encoding"] = "gzip"
    second = made.get("a", 99.9 + KEPT_SECONDS)
    assert second is not None
    assert (second.body, second.headers["etag"]) == (b"page", "a")
    assert "content-encoding" not in second.headers
    assert second.headers.getlist("content-length") == ["4"]
    assert made.get("a", 100.0 + KEPT_SECONDS) is None
    assert made.get("b", 100.0) is None


def test_pages_made_first_give_way() -> None:
    made = Made()
    for name in "abca":
        made.keep(name, Response(b"x" * (KEPT_BYTES // 2)), 0.0)
    assert [name for name in "abc" if made.get(name, 1.0) is not None] == ["a", "c"]
    made.keep("d", Response(b"x" * (KEPT_BYTES + 1)), 0.0)
    assert [name for name in "abcd" if made.get(name, 1.0) is not None] == []


def test_readers_get_the_kept_page_in_their_language_and_after_a_change_a_new_one(own: Reader) -> None:
    outlets.sync(own.db, CARDS)
    publish(own.db, RightsMode.FULL, article("harbour", 1, "The first ferry"))
    first, again = own.get("/"), own.get("/")
    assert (first.status, first.body) == (200, again.body)
    assert "The first ferry" in first.text
    unsettled = {"date", "last-modified"}
    assert {name: value for name, value in first.headers.items() if name not in unsettled} == {
        name: value for name, value in again.headers.items() if name not in unsettled
    }
    assert own.get("/", accept_encoding="gzip").headers["content-encoding"] == "gzip"
    assert "content-encoding" not in own.get("/").headers
    assert 'lang="fr"' in own.get("/", accept_language="fr").text
    assert "The first ferry" not in own.get("/", cookie="reader=hidden=harbour").text
    assert own.get("/", if_none_match=again.headers["etag"]).status == 304
    publish(own.db, RightsMode.FULL, article("harbour", 2, "The second ferry"))
    assert "The second ferry" in own.get("/").text


def test_what_pages_say_alike_is_made_once_a_version() -> None:
    alike, made = Alike(), []

    def ask(version: object, key: str) -> str:
        return alike.get(version, key, lambda: made.append((version, key)) or f"{key} of {version}")

    assert [ask(1, "a"), ask(1, "a"), ask(1, "b")] == ["a of 1", "a of 1", "b of 1"]
    assert made == [(1, "a"), (1, "b")]
    assert [ask(2, "a"), ask(1, "a"), ask(2, "a")] == ["a of 2", "a of 1", "a of 2"], (
        "never another version's"
    )
    for number in range(KEPT_PIECES + 1):
        ask(3, str(number))
    made.clear()
    ask(3, str(KEPT_PIECES))
    ask(3, "0")
    assert made == [(3, "0")], "the oldest gives way"


def test_an_articles_page_tells_of_what_its_outlet_brought_meanwhile(own: Reader) -> None:
    outlets.sync(own.db, CARDS)
    publish(own.db, RightsMode.FULL, *(article("harbour", number, f"Report {number}") for number in range(3)))
    page = own.get(own.address("Report 0")).headers["location"]
    assert [f"Report {number}" in own.get(page).text for number in (1, 2, 3)] == [True, True, False]
    publish(own.db, RightsMode.FULL, article("harbour", 3, "Report 3"))
    others = own.get(page).text.split("<article ")[2:]
    assert sorted("Report 3" in card for card in others) == [False, False, True]
    assert not any("Report 0" in card for card in others), "an article is not its own neighbour"
    assert "Report 3" in own.get(page, accept_language="fr").text
