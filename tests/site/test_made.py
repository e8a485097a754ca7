"""Pages that were made lately are not made again, and are the same for everybody who asks."""

from published import CARDS, article, publish
from reading import Reader
from starlette.responses import Response

from aggregator.model.outlet import RightsMode
from aggregator.site.caching import KEPT_BYTES, KEPT_SECONDS, Made
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
