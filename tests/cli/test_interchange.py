"""``aggregator outlet import`` and ``export``."""

import json
from pathlib import Path

from cli.program import aggregator
from interchange.lists import opml, outline

from aggregator import outlets

LIST = opml(
    [
        outline("https://harbour.example/rss", "Harbour", "https://harbour.example/", language="en-GB"),
        outline("https://harbour.example/rss", "Harbour again"),
        outline("ftp://quai.example/rss", "Quai"),
    ]
)


def test_import_tells_first_then_writes_and_takes_back(tmp_path: Path) -> None:
    (tmp_path / "list.opml").write_bytes(LIST)
    folder = tmp_path / "data" / "outlets"
    dry = aggregator(tmp_path, "outlet", "import", "list.opml", "--dry-run")
    assert dry.returncode == 0
    assert "nothing was written" in dry.stdout
    assert "line 5: invalid/address" in dry.stdout
    assert not folder.exists()
    done = aggregator(tmp_path, "outlet", "import", "list.opml", "--json")
    told = json.loads(done.stdout)
    assert told["counts"] == {"invalid/address": 1, "merged/feed": 1, "written": 1}
    assert list(outlets.load(folder)) == ["harbour"]
    assert told["import"] in aggregator(tmp_path, "outlet", "imports").stdout
    assert "1 cards removed" in aggregator(tmp_path, "outlet", "import", "--undo").stdout
    assert list(outlets.load(folder)) == []


def test_list_of_which_nothing_can_be_used_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("no address\n")
    done = aggregator(tmp_path, "outlet", "import", "list.txt")
    assert done.returncode == 65
    assert "line 1: invalid/address" in done.stdout
    gone = aggregator(tmp_path, "outlet", "import", "gone.opml")
    assert gone.returncode == 65
    assert "gone.opml" in gone.stderr


def test_export_is_a_list_that_import_knows(tmp_path: Path) -> None:
    (tmp_path / "list.opml").write_bytes(LIST)
    aggregator(tmp_path, "outlet", "import", "list.opml")
    for name in ("out.opml", "out.csv", "out.txt"):
        assert aggregator(tmp_path, "outlet", "export", name).returncode == 0
        again = json.loads(aggregator(tmp_path, "outlet", "import", name, "--json").stdout)
        assert again["counts"] == {"known/feed": 1}


def test_home_page_that_does_not_answer_is_told_and_its_outlet_is_written_as_listed(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("http://127.0.0.1:9/\n")
    done = aggregator(tmp_path, "outlet", "import", "list.txt", "--discover", "--json")
    told = json.loads(done.stdout)
    assert "127.0.0.1" in told["looks"][0]["problem"]
    assert told["counts"] == {"written": 1}
    assert not (tmp_path / "data" / "outlets" / ".imports" / "looks.jsonl").exists()
