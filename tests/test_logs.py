"""Logs: readable for people, JSON for machines, and quiet where asked."""

import json
import subprocess
import sys
from datetime import datetime, timedelta

import pytest

PROGRAM = """
import logging, sys
from aggregator import logs
logs.configure(sys.argv[1], sys.argv[2] == "quiet")
log = logging.getLogger("aggregator.sample")
log.info("edition %d: é", 7, extra={"edition": 7, "outlets": ("a", "b")})
logging.getLogger("apscheduler.scheduler").warning("noise")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("it broke")
"""


def lines(fmt: str, volume: str = "loud") -> list[str]:
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", PROGRAM, fmt, volume],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    assert done.stdout == ""
    return done.stderr.splitlines()


def test_json_log_is_one_object_a_line_with_time_level_logger_message_and_extras() -> None:
    first, second = (json.loads(line) for line in lines("json"))
    assert datetime.fromisoformat(first["time"]).utcoffset() == timedelta(0)
    del first["time"]
    assert first == {
        "level": "info",
        "logger": "aggregator.sample",
        "message": "edition 7: é",
        "edition": 7,
        "outlets": ["a", "b"],
    }
    assert second["level"] == "error"
    assert "ZeroDivisionError" in second["exception"]


def test_text_log_says_time_and_message_and_names_what_is_worse_than_news() -> None:
    first, second, *trace = lines("text")
    assert first[8:] == " edition 7: é"
    assert second[8:] == " error: it broke"
    assert trace[-1] == "ZeroDivisionError: division by zero"


@pytest.mark.parametrize("fmt", ["text", "json"])
def test_quiet_leaves_out_what_is_no_warning(fmt: str) -> None:
    assert not any("edition" in line for line in lines(fmt, "quiet"))
    assert any("it broke" in line for line in lines(fmt, "quiet"))


def test_a_fault_that_nobody_caught_is_a_log_line_too() -> None:
    program = "from aggregator import logs\nlogs.configure('json')\n1 / 0"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=False)
    (record,) = (json.loads(line) for line in done.stderr.splitlines())
    assert (done.returncode, record["level"]) == (1, "critical")
    assert "ZeroDivisionError" in record["exception"]


def test_a_warning_of_a_library_is_a_log_line_too() -> None:
    program = "import warnings\nfrom aggregator import logs\nlogs.configure('json')\nwarnings.warn('old')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    (record,) = (json.loads(line) for line in done.stderr.splitlines())
    assert (record["level"], "old" in record["message"]) == ("warning", True)
