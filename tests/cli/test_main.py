"""The command line: what it offers, how it fails, and with which exit code."""

import json
import os
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from cli.program import aggregator, command, environment, write_cards

from aggregator import __version__
from aggregator.store import crawls
from aggregator.store.engine import Database

COMMANDS = ("run", "crawl", "publish", "site", "schedule", "dump", "takedown", "dedupe", "urls")


def test_help_lists_every_command_with_one_line(tmp_path: Path) -> None:
    done = aggregator(tmp_path, "--help")
    assert done.returncode == 0
    rows = [line.strip("│ ").split(maxsplit=1) for line in done.stdout.splitlines()]
    helped = {row[0]: row[1] for row in rows if len(row) == 2}
    for name in COMMANDS:
        assert helped[name].endswith("."), name


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_every_command_has_an_example(tmp_path: Path, name: str) -> None:
    done = aggregator(tmp_path, name, "--help")
    assert done.returncode == 0
    assert f"aggregator {name}" in done.stdout


def test_version_is_printed(tmp_path: Path) -> None:
    assert aggregator(tmp_path, "--version").stdout == f"aggregator {__version__}\n"


def test_help_does_not_import_what_only_commands_need(tmp_path: Path) -> None:
    variables = dict(environment(tmp_path)) | {"PYTHONPROFILEIMPORTTIME": "1"}
    done = subprocess.run(
        command("--help"), env=variables, capture_output=True, encoding="utf-8", timeout=60, check=True
    )
    assert "import time" in done.stderr
    for heavy in ("sqlalchemy", "trafilatura", "scrapy", "fastapi", "pydantic", "lxml"):
        assert f" {heavy}\n" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "exit_code", "words"),
    [
        (["crawl", "harbor"], 64, "harbor: no outlet has this slug; did you mean harbour?"),
        (["crawl", "xyz"], 64, "`aggregator outlet list` shows all"),
        (["--config", "missing.toml", "schedule"], 78, "missing.toml: no such settings file"),
        (["takedown", "https://www.example.org/a", "--reason", "asked"], 66, "no article with this URL"),
        (["takedown", "7", "--reason", "asked"], 66, "no publication has this id"),
        (["takedown", "7", "--undo"], 66, "no publication has this id"),
        (["takedown", "9" * 30, "--reason", "asked"], 66, "no publication has this id"),
        (["takedown", "http://[::1/a", "--reason", "asked"], 66, "no article with this URL"),
        (["takedown", "", "--reason", "asked"], 66, "no article with this URL"),
        (["dump", "--out", ""], 74, "name a file"),
        (["dump", "--since-dump", "missing.sqlite3"], 74, "this is no dump of ours"),
    ],
)
def test_an_error_is_one_line_with_its_own_exit_code(
    tmp_path: Path, arguments: list[str], exit_code: int, words: str
) -> None:
    write_cards(tmp_path, "harbour", "mountain")
    done = aggregator(tmp_path, *arguments)
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("aggregator: ")
    assert words in done.stderr
    assert done.returncode == exit_code


@pytest.mark.parametrize(
    "arguments", [["crawl"], ["takedown", "7"], ["nonsense"], ["site", "--port", "70000"]]
)
def test_wrong_use_of_a_command_ends_with_2(tmp_path: Path, arguments: list[str]) -> None:
    write_cards(tmp_path, "harbour")
    assert aggregator(tmp_path, *arguments).returncode == 2


def test_debug_shows_where_an_error_arose(tmp_path: Path) -> None:
    done = aggregator(tmp_path, "--debug", "crawl", "x")
    assert "Traceback" in done.stderr
    assert done.returncode == 78


def test_wrong_setting_is_an_error_that_names_file_and_key(tmp_path: Path) -> None:
    (tmp_path / "aggregator.toml").write_text("[site]\nprot = 80\n")
    done = aggregator(tmp_path, "schedule")
    assert done.returncode == 78
    assert "aggregator.toml" in done.stderr
    assert "site.prot" in done.stderr


def test_config_option_names_another_settings_file(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text('outlets = "cards"\n')
    done = aggregator(tmp_path, "--config", "other.toml", "schedule")
    assert "cards: no such folder" in done.stderr


def test_a_wrong_card_does_not_stop_the_others(tmp_path: Path) -> None:
    write_cards(tmp_path, "harbour")
    (tmp_path / "data" / "outlets" / "broken.toml").write_text("name = 1\n")
    done = aggregator(tmp_path, "schedule", "--json")
    assert [row["outlet"] for row in json.loads(done.stdout)] == ["harbour"]
    assert "broken.toml" in done.stderr
    crawled = aggregator(tmp_path, "crawl", "broken")
    assert crawled.returncode == 78
    assert "broken.toml: name" in crawled.stderr


def test_schedule_prints_last_run_next_run_and_rule_of_each_outlet(tmp_path: Path) -> None:
    write_cards(tmp_path, "harbour")
    (tmp_path / "data" / "outlets" / "resting.toml").write_text(
        (tmp_path / "data" / "outlets" / "harbour.toml")
        .read_text()
        .replace("name =", "paused = true\nname =")
    )
    rows = json.loads(aggregator(tmp_path, "schedule", "--json").stdout)
    assert rows[0].keys() == {"outlet", "last_run", "next_run", "rule", "paused", "notes", "slips"}
    assert (rows[0]["outlet"], rows[0]["last_run"], rows[0]["rule"]) == ("harbour", None, "every 60 min")
    assert (rows[1]["outlet"], rows[1]["paused"], rows[1]["next_run"]) == ("resting", True, None)
    table = aggregator(tmp_path, "schedule").stdout
    assert "harbour" in table
    assert "never" in table
    assert "due" in table
    assert "paused: resting" in table
    assert "upkeep" not in table


def test_schedule_tells_of_upkeep_and_the_last_backup_if_the_settings_ask_for_it(tmp_path: Path) -> None:
    write_cards(tmp_path, "harbour")
    (tmp_path / "aggregator.toml").write_text(
        '[upkeep]\nat = "15 4 * * *"\ntimezone = "Asia/Tokyo"\n'
        'backup_folder = "kept"\nprune_pages_days = 90\n'
    )
    *_, upkeep, backup = aggregator(tmp_path, "schedule").stdout.splitlines()
    assert upkeep.endswith(" 04:15 (Asia/Tokyo): a backup into kept, kept pages older than 90 days go"), (
        upkeep
    )
    assert (upkeep[:13], backup) == ("next upkeep: ", "last backup: never")
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "scheduled-2031-04-05-200000.tar").touch()
    assert aggregator(tmp_path, "schedule").stdout.endswith("last backup: Sun 06 Apr 05:00 (Asia/Tokyo)\n")


def test_publish_with_nothing_waiting_says_so(tmp_path: Path) -> None:
    write_cards(tmp_path, "harbour")
    done = aggregator(tmp_path, "publish")
    assert (done.returncode, done.stdout) == (0, "nothing to publish; 0 held\n")


def test_dump_writes_the_file_that_it_is_told_to(tmp_path: Path) -> None:
    done = aggregator(tmp_path, "dump", "--out", "news.sqlite3")
    assert done.returncode == 0, done.stderr
    size = (tmp_path / "news.sqlite3").stat().st_size
    assert done.stdout == f"news.sqlite3: 0 articles, 0 rows, {size} bytes\n"
    assert done.stderr == ""


def test_dump_writes_a_part_or_other_formats_and_brings_an_older_one_up_to_date(tmp_path: Path) -> None:
    for arguments, words in (
        (["--public", "--no-search", "--out", "news.sqlite3"], "news.sqlite3: 0 articles"),
        (["--public", "--since-dump", "news.sqlite3", "--out", "new.sqlite3"], "new.sqlite3: 0 articles"),
        (["--apply", "new.sqlite3", "--out", "news.sqlite3"], "as new.sqlite3 has them"),
        (["--format", "csv", "--zstd", "--full-speed", "--since", "2031-04-05", "--out", "news"], "news: 0"),
    ):
        done = aggregator(tmp_path, "dump", *arguments)
        assert done.returncode == 0, done.stderr
        assert words in done.stdout
    assert (tmp_path / "news" / "article.csv.zst").is_file()
    without = aggregator(tmp_path, "dump", "--apply", "new.sqlite3")
    assert without.returncode == 2
    assert "--out" in without.stderr


def test_an_error_is_one_object_in_a_json_log(tmp_path: Path) -> None:
    done = aggregator(tmp_path, "--log", "json", "crawl", "x")
    (record,) = (json.loads(line) for line in done.stderr.splitlines())
    assert done.returncode == 78
    assert (record["level"], record["exit_code"]) == ("critical", 78)
    assert "no such folder of outlet cards" in record["message"]


@pytest.mark.parametrize("command", [["crawl", "--all"], ["schedule"], ["publish"], ["outlet", "list"]])
def test_a_folder_without_cards_is_told_with_what_to_do(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "data" / "outlets").mkdir(parents=True)
    done = aggregator(tmp_path, *command)
    assert done.returncode == 0
    assert "no outlet cards yet; `aggregator outlet new URL` makes one" in done.stderr


def test_crawl_of_only_paused_outlets_says_so(tmp_path: Path) -> None:
    write_cards(tmp_path, "resting")
    card = tmp_path / "data" / "outlets" / "resting.toml"
    card.write_text("paused = true\n" + card.read_text())
    done = aggregator(tmp_path, "crawl", "--all")
    assert (done.returncode, done.stdout) == (
        0,
        "nothing to crawl: no outlet has a card that is not paused\n",
    )


def test_crawl_of_outlets_that_are_being_crawled_is_refused(tmp_path: Path) -> None:
    write_cards(tmp_path, "harbour")
    with closing(Database.open(f"sqlite:///{tmp_path}/data/aggregator.sqlite3")) as db:
        run = crawls.start_run(db, ["harbour"], os.getpid())
    done = aggregator(tmp_path, "crawl", "harbour")
    assert done.returncode == 75
    assert f"being crawled just now: harbour by run {run}" in done.stderr
