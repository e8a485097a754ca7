"""Lists of outlets at the desk: taken in with a report, undone, given out."""

import re
import time

from console.desks import Site, Worker
from interchange.lists import five_hundred, opml, outline
from reading import Answer

from aggregator import outlets
from aggregator.interchange import reading
from aggregator.interchange.listed import Listed
from aggregator.model.desk import Noted
from aggregator.store import audit, desk_cards

HARBOUR = outline("https://harbour.example/feed", "The Harbour", "https://harbour.example/", language="en-IE")
BOUNDARY = "----a-boundary-of-a-browser"
BOMB = b'<?xml version="1.0"?><!DOCTYPE o [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml><body>&a;</body></opml>'


def send(worker: Worker, data: bytes, name: str = "feeds.opml", **fields: str) -> Answer:
    """Send a list as a browser sends a file."""
    parts = [
        f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}'.encode()
        for key, value in ({"form": worker.form("/desk/lists"), "do": "import"} | fields).items()
    ]
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/xml\r\n\r\n'
    body = b"".join(f"--{BOUNDARY}\r\n".encode() + part + b"\r\n" for part in (*parts, head.encode() + data))
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    sent = {"content_type": kind, "origin": worker.base}
    return worker.ask("POST", "/desk/lists", body + f"--{BOUNDARY}--\r\n".encode(), **sent)


def ended(worker: Worker, answer: Answer) -> str:
    """The page of the work that was begun, once it has ended."""
    assert answer.status == 303, answer.text
    end = time.monotonic() + 60
    while time.monotonic() < end:
        page = worker.get(answer.headers["location"])
        if "refresh" not in page.headers:
            return page.text
        time.sleep(0.02)
    raise AssertionError("the import does not end")


def report(worker: Worker, page: str) -> str:
    found = re.search(r'href="(/desk/lists/\d+)"', page)
    assert found, page
    return worker.get(found[1]).text


def log(site: Site) -> list[Noted]:
    return audit.entries(site.db, limit=20)


def test_a_file_of_feeds_becomes_cards_with_a_report_and_is_undone(site: Site) -> None:
    olga = site.worker("olga")
    page = ended(olga, send(olga, five_hundred()))
    assert "400 cards written" in page
    told = report(olga, page)
    assert "420 outlets without a card" in told
    assert "invalid/address" in told
    assert "merged/feed" in told
    folder = site.settings.path(site.settings.outlets)
    cards, wrong = outlets.load_good(folder)
    assert (len(cards), wrong) == (420, ())
    assert olga.get("/desk/outlets/outlet-7").status == 200
    assert [one.why for one in desk_cards.history(site.db, "outlet-7")] == ["imported"]
    outlets.put(folder / "outlet-8.toml", (folder / "outlet-8.toml").read_text() + "\n# read by a person\n")
    listed = olga.get("/desk/lists").text
    name = listed.split('name="import" value="')[1].split('"')[0]
    assert olga.act("/desk/lists", "/desk/lists/undo", **{"import": name}).status == 303
    assert [path.stem for path in folder.glob("*.toml")] == ["outlet-8"]
    newest = desk_cards.history(site.db, "outlet-7")[0]
    assert (newest.why, newest.text) == ("import undone", None)
    assert "undone" in olga.get("/desk/lists").text
    assert olga.act("/desk/lists", "/desk/lists/undo", **{"import": name}).status == 400
    assert [(one.action.action, one.action.outcome.value) for one in log(site)[:3]] == [
        ("import undone", "failed"),
        ("import undone", "done"),
        ("list imported", "done"),
    ]


def test_a_pasted_list_is_looked_at_first_and_nothing_is_written(site: Site) -> None:
    olga = site.worker("olga")
    text = "https://harbour.example/feed.xml\r\nnonsense words\r\nhttps://tide.example/"
    wanted = {"text": text, "language": "fr", "country": "FR"}
    page = ended(olga, olga.act("/desk/lists", "/desk/lists", do="look", **wanted))
    told = report(olga, page)
    assert "Cards that would be written" in told
    assert "nothing was written" in told
    assert "Line 2" in told
    assert "<td>fr</td><td>FR</td>" in told
    assert list(site.settings.path(site.settings.outlets).glob("*.toml")) == []
    ended(olga, olga.act("/desk/lists", "/desk/lists", do="import", **wanted))
    again = report(olga, ended(olga, olga.act("/desk/lists", "/desk/lists", do="import", **wanted)))
    assert "No outlet of the list was new" in again
    assert "known/feed" in again


def test_home_pages_are_looked_at_if_wanted_and_the_report_tells_what_they_showed(site: Site) -> None:
    olga = site.worker("olga")
    wish = {"text": "http://127.0.0.1:9/", "do": "import", "discover": "1"}
    told = report(olga, ended(olga, olga.act("/desk/lists", "/desk/lists", **wish)))
    assert "Home pages that were looked at" in told
    assert "<bdi>http://127.0.0.1:9/</bdi>: <b" in told
    assert "Cards that were written" in told


def test_what_is_wrong_with_a_list_is_told_and_nothing_is_written(site: Site) -> None:
    olga = site.worker("olga")
    empty = olga.act("/desk/lists", "/desk/lists", do="import", text=" ")
    assert (empty.status, "paste a list" in empty.text) == (400, True)
    wrong = olga.act("/desk/lists", "/desk/lists", do="import", text="https://a.example", country="Eire")
    assert (wrong.status, "country:" in wrong.text, "https://a.example" in wrong.text) == (400, True, True)
    for data, name in ((BOMB, "bomb.opml"), (b"<opml", "torn.opml"), (b"<html></html>", "../../page.html")):
        page = ended(olga, send(olga, data, name))
        assert "Failed" in page or "No outlet" in report(olga, page), name
        assert "root:" not in page
    sent = {"content_type": "multipart/form-data", "origin": olga.base}
    assert olga.ask("POST", "/desk/lists", b"no parts", **sent).status == 403
    elsewhere = {
        "content_type": f"multipart/form-data; boundary={BOUNDARY}",
        "origin": "https://evil.example",
    }
    assert olga.ask("POST", "/desk/lists", b"", **elsewhere).status == 403
    assert send(olga, b"x" * 20_000_000).status == 413
    vera = site.worker("vera")
    assert send(vera, opml([HARBOUR])).status == 403
    assert vera.get("/desk/lists").status == 200
    assert list(site.settings.path(site.settings.outlets).glob("*.toml")) == []


def test_lists_that_are_given_out_make_the_same_outlets(site: Site) -> None:
    olga = site.worker("olga")
    ended(olga, send(olga, opml([HARBOUR])))
    for ending, kind in (("opml", "text/x-opml"), ("csv", "text/csv")):
        given = olga.get(f"/desk/lists/outlets.{ending}")
        assert given.headers["content-type"].startswith(kind)
        assert given.headers["content-disposition"] == f'attachment; filename="outlets.{ending}"'
        (entry,) = reading.read(given.body, ending)
        assert isinstance(entry, Listed)
        assert (entry.seed, entry.name) == ("https://harbour.example/feed", "The Harbour")
    assert site.worker().get("/desk/lists/outlets.csv").status == 303
