"""The program as people start it: its own process, its own home folder."""

import atexit
import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

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
    """Run one command to its end."""
    variables = dict(environment(home)) | extra
    with TemporaryDirectory() as folder:
        output, errors = (Path(folder, name) for name in ("output", "errors"))
        for file in (output, errors):
            file.touch()
        request = {
            "arguments": arguments,
            "environment": variables,
            "folder": str(home),
            "output": str(output),
            "errors": str(errors),
        }
        code = Starter.of_this_process().exit_code(json.dumps(request))
        words = [file.read_bytes().decode() for file in (output, errors)]
    return subprocess.CompletedProcess(arguments, code, *words)


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

    def exit_code(self, request: str) -> int:
        """What a command ended with; one that takes a minute is killed with its starter."""
        to, back = self._process.stdin, self._process.stdout
        assert to is not None
        assert back is not None
        print(request, file=to, flush=True)
        if not select.select([back], [], [], 120)[0]:
            self.end()
            raise subprocess.TimeoutExpired(request, 120)
        return int(back.readline())

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
