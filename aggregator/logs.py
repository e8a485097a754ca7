"""Logs: one readable line for people, or one JSON object a line for servers."""

import json
import logging
import os
import sys
from datetime import UTC, datetime
from enum import StrEnum
from types import TracebackType
from typing import Final

FORMAT_VARIABLE: Final = "AGGREGATOR_LOG"
"""Tells a crawl's process how its parent writes log lines, so that a server's log stays of one kind."""


class LogFormat(StrEnum):
    """How a log line is written."""

    TEXT = "text"
    JSON = "json"


# What others say too often: routine at their level, noise at ours. APScheduler warns at each tick that
# comes while a crawl runs; charset_normalizer explains every guess; what SQLAlchemy's pool says is
# raised, too, but for cursors that cannot be closed behind Ctrl-C.
_NOISY: Final = {
    "alembic": logging.WARNING,
    "apscheduler": logging.ERROR,
    "asyncio": logging.WARNING,
    "charset_normalizer": logging.WARNING,
    "filelock": logging.WARNING,
    "httpx": logging.WARNING,
    "scrapy": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "sqlalchemy.pool": logging.CRITICAL,
    "trafilatura": logging.CRITICAL,
    "uvicorn": logging.WARNING,
}
_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "taskName",
    "color_message",
}


def configure(fmt: LogFormat | str = LogFormat.TEXT, quiet: bool = False) -> None:  # noqa: FBT001, FBT002 - two words of the command line
    """Send this process's log to standard error; ``quiet`` leaves out everything below a warning."""
    os.environ[FORMAT_VARIABLE] = LogFormat(fmt).value
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if is_json() else TextFormatter())
    if is_json():
        # What would stand there in lines of its own is an object, too.
        logging.captureWarnings(True)
        sys.excepthook = _log_uncaught
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING if quiet else logging.INFO)
    for name, level in _NOISY.items():
        logging.getLogger(name).setLevel(level)


def is_json() -> bool:
    """Whether this process and its children log JSON."""
    return os.environ.get(FORMAT_VARIABLE) == LogFormat.JSON.value


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger(__name__).critical("this should not have happened", exc_info=(kind, error, trace))


class TextFormatter(logging.Formatter):
    """``12:00:01 message`` in local time; a warning or an error says so before its message."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(message)s", datefmt="%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        """The line without a traceback."""
        line = super().formatMessage(record)
        if record.levelno < logging.WARNING:
            return line
        return f"{record.asctime} {record.levelname.lower()}: {record.message}"


class JsonFormatter(logging.Formatter):
    """One JSON object: ``time`` (ISO 8601, UTC), ``level``, ``logger``, ``message``, then the extra fields.

    An exception's traceback stands under ``exception``.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The object on one line."""
        fields: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        fields |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False, default=str)


def configure_child() -> None:
    """Log warnings and worse in the format of the process that started this one."""
    configure(os.environ.get(FORMAT_VARIABLE, LogFormat.TEXT), quiet=True)
