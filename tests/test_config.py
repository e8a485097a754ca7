"""Settings: what is wrong is named with its place, and children get what their parent has."""

from pathlib import Path

import pytest
from cli.program import aggregator

from aggregator.config import Settings, environment


def test_a_wrong_variable_is_named_even_beside_a_good_file(tmp_path: Path) -> None:
    (tmp_path / "aggregator.toml").write_text("[site]\nport = 8001\n")
    done = aggregator(tmp_path, "schedule", AGGREGATOR_SITE__PORT="many")
    assert done.returncode == 78
    assert "environment (AGGREGATOR_*)" in done.stderr
    assert "site.port" in done.stderr


def test_a_list_that_is_no_json_is_one_clear_line(tmp_path: Path) -> None:
    done = aggregator(tmp_path, "schedule", AGGREGATOR_CRAWL__ALLOW_ADDRESSES="10.0.0.0/8")
    assert done.returncode == 78
    assert done.stderr.count("\n") == 1
    assert '"crawl"' in done.stderr
    assert "JSON" in done.stderr


def test_a_misspelt_variable_is_an_error_and_no_default(tmp_path: Path) -> None:
    done = aggregator(tmp_path, "schedule", AGGREGATOR_DATABSE="sqlite:///other.sqlite3")
    assert done.returncode == 78
    assert "AGGREGATOR_DATABSE: no such setting; did you mean AGGREGATOR_DATABASE?" in done.stderr


def test_a_settings_file_that_is_no_utf_8_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "aggregator.toml").write_bytes(b'database = "\xff"\n')
    done = aggregator(tmp_path, "schedule")
    assert done.returncode == 78
    assert "aggregator.toml: not valid TOML" in done.stderr


def test_a_child_has_its_parents_settings_whatever_the_file_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "aggregator.toml").write_text('http_proxy = "http://127.0.0.1:9"\n')
    monkeypatch.setenv("AGGREGATOR_HOME", str(tmp_path))
    values = Settings().model_copy(update={"http_proxy": None, "outlets": Path("cards")})
    for name, value in environment(values).items():
        monkeypatch.setenv(name, value)
    assert Settings() == values


def test_an_edition_is_no_larger_than_a_statement_may_be(tmp_path: Path) -> None:
    done = aggregator(tmp_path, "schedule", AGGREGATOR_PUBLISH__MAX_ARTICLES="100000")
    assert done.returncode == 78
    assert "less than or equal to 10000" in done.stderr
