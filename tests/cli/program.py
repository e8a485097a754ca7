"""The program as people start it: its own process, its own home folder."""

import atexit
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

CARD = """
name = "{name}"
homepage = "http://127.0.0.1:9/{name}/"
language = "en"
country = "GB"

[[seeds]]
kind = "feed"
url = "http://127.0.0.1:9/{name}/feed.xml"

[politeness]
allow_addresses = ["127.0.0.1/32"]

[schedule]
every_minutes = 60
"""


def environment(home: Path) -> Mapping[str, str]:
    """This process's variables, with this home and without settings of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AGGREGATOR_")}
    return kept | {"AGGREGATOR_HOME": str(home), "NO_COLOR": "1", "COLUMNS": "160", "PYTHONUTF8": "1"}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "aggregator.cli.main", *arguments]


def aggregator(home: Path, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end; one that takes five minutes is killed."""
    with begun(home, *arguments, **extra) as one:
        code = one.process.wait(timeout=300)
        return subprocess.CompletedProcess(arguments, code, one.output, one.errors)


class Started:
    """A process that the starter started, with what is used of ``Popen``."""

    def __init__(self, starter: "Starter", request: Mapping[str, object]) -> None:
        self._starter = starter
        self.pid: int = starter.answer(request)
        self.returncode: int | None = None

    def poll(self) -> int | None:
        return self._code(0)

    def wait(self, timeout: float) -> int:
        code = self._code(timeout)
        if code is None:
            raise subprocess.TimeoutExpired("aggregator", timeout)
        return code

    def _code(self, seconds: float) -> int | None:
        if self.returncode is None:
            self.returncode = self._starter.answer({"pid": self.pid, "seconds": seconds})
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


@dataclass(frozen=True)
class Begun:
    """A command under way."""

    process: Started | subprocess.Popen[bytes]
    folder: Path

    @property
    def output(self) -> str:
        """What it has written so far."""
        return (self.folder / "output").read_bytes().decode()

    @property
    def errors(self) -> str:
        return (self.folder / "errors").read_bytes().decode()

    def first_line(self) -> str:
        """The first line of its output, which it may take its time for; all of it if it ends without one."""
        while "\n" not in self.output and self.process.poll() is None:
            time.sleep(0.02)
        return self.output.partition("\n")[0]


@contextmanager
def begun(home: Path, *arguments: str, is_cold: bool = False, **extra: str) -> Iterator[Begun]:
    """Begin a command, and kill it at the end if it still runs; a cold one is loaded from nothing."""
    variables = dict(environment(home)) | extra
    with TemporaryDirectory() as name:
        folder = Path(name)
        output, errors = (folder / each for each in ("output", "errors"))
        for file in (output, errors):
            file.touch()
        process: Started | subprocess.Popen[bytes]
        if is_cold:
            with output.open("wb") as out, errors.open("wb") as err:
                process = subprocess.Popen(
                    command(*arguments), env=variables, cwd=home, stdout=out, stderr=err
                )
        else:
            request = {"arguments": arguments, "environment": variables, "folder": str(home)}
            request |= {"output": str(output), "errors": str(errors)}
            process = Started(Starter.of_this_process(), request)
        try:
            yield Begun(process, folder)
        finally:
            process.kill()
            process.wait(timeout=20)


class Starter:
    """The process that starts the program (see ``starter.py``); each process of the tests has one."""

    _one: "Starter | None" = None

    def __init__(self) -> None:
        # In the home of nobody: what the program reads at its start it reads again when it is started.
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("starter.py"))],
            env=dict(environment(Path(os.devnull))),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        atexit.register(self.end)

    @classmethod
    def of_this_process(cls) -> "Starter":
        if cls._one is None:
            cls._one = cls()
        return cls._one

    def answer(self, request: Mapping[str, object]) -> Any:
        to, back = self._process.stdin, self._process.stdout
        assert to is not None
        assert back is not None
        print(json.dumps(request), file=to, flush=True)
        return json.loads(back.readline())

    def end(self) -> None:
        Starter._one = None
        self._process.kill()
        self._process.communicate()


def write_cards(home: Path, *slugs: str) -> None:
    """Cards of outlets that never answer."""
    folder = home / "data" / "outlets"
    folder.mkdir(parents=True, exist_ok=True)
    for slug in slugs:
        (folder / f"{slug}.toml").write_text(CARD.format(name=slug), encoding="utf-8")
