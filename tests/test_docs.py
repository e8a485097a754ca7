"""What is documented is tested: commands, settings, reasons, exit codes, the dump's tables, links."""

import re
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from pydantic import BaseModel

from aggregator import errors
from aggregator.checking.finding import Fault
from aggregator.cli.main import app
from aggregator.config import Settings
from aggregator.interchange.listed import End
from aggregator.model.crawl import Reason
from aggregator.model.picture import PictureFault
from aggregator.store.dump import dump
from aggregator.store.engine import Database

ROOT = Path(__file__).resolve().parent.parent


def docs() -> str:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    return "\n".join(page.read_text(encoding="utf-8") for page in pages)


@dataclass(frozen=True)
class Command:
    name: str
    options: tuple[str, ...]


def leaves(command: Any, path: tuple[str, ...]) -> Iterator[Command]:
    # By shape, not by class: Typer brings a click of its own.
    options = tuple(each.opts[0] for each in command.params if each.param_type_name == "option")
    groups = getattr(command, "commands", {})
    if not command.hidden:
        yield Command(" ".join(path), options)
        for name, sub in groups.items():
            yield from leaves(sub, (*path, name))


def commands() -> list[Command]:
    return list(leaves(typer.main.get_command(app), ("aggregator",)))


def test_every_command_stands_in_the_docs() -> None:
    text = docs()
    names = [command.name for command in commands()]
    assert "aggregator run" in names
    assert [name for name in names if f"`{name}" not in text] == []


def test_every_option_stands_in_the_docs() -> None:
    text = docs()
    missing = [
        f"{command.name} {option}"
        for command in commands()
        for option in command.options
        if option not in text
    ]
    assert missing == []


def settings(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, object]]:
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from settings(kind, f"{prefix}{name}.")
        else:
            yield prefix + name, field.default


def written(default: object) -> str:
    if default is None or default == ():
        return "–"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{int(default) if isinstance(default, float) and default.is_integer() else default}`"


def documented_settings() -> dict[str, str]:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z_.]+)` \| ([^|]*) \|", page, re.MULTILINE)
    return {name: default.strip() for name, default in rows}


def test_every_setting_stands_in_the_docs_with_its_default() -> None:
    assert documented_settings() == {name: written(default) for name, default in settings(Settings)}


def test_every_reason_stands_in_the_docs() -> None:
    text = docs()
    assert [reason.value for reason in (*Reason, *PictureFault) if f"`{reason.value}`" not in text] == []


def test_every_end_of_a_listed_outlet_stands_in_the_docs() -> None:
    text = docs()
    assert [end.value for end in End if f"`{end.value}`" not in text] == []


def test_every_finding_stands_in_the_docs() -> None:
    text = docs()
    assert [fault.value for fault in Fault if f"`{fault.value}`" not in text] == []


def subclasses(kind: type[errors.AggregatorError]) -> Iterator[type[errors.AggregatorError]]:
    yield kind
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from subclasses(child)


def test_every_exit_code_stands_in_the_docs() -> None:
    page = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    codes = {error.exit_code for error in subclasses(errors.AggregatorError)}
    assert [code for code in sorted(codes) if f"| `{code}` |" not in page] == []


def test_every_link_between_our_pages_leads_somewhere() -> None:
    dead = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages()
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
        if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists()
    ]
    assert dead == []


def pages() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", "*.md"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_every_table_of_the_dump_stands_in_the_docs_and_their_queries_run(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "analysts.md").read_text(encoding="utf-8")
    db = Database.open(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    dump(db, tmp_path / "news.sqlite3")
    db.close()
    with closing(sqlite3.connect(tmp_path / "news.sqlite3")) as news:
        listed = news.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type != 'shadow'")
        tables = [name for (name,) in listed if not name.startswith("sqlite_")]
        assert "v_article" in tables
        assert [name for name in tables if not re.search(rf"^\|.*`{name}`.*\|$", page, re.MULTILINE)] == []
        queries = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)
        assert len(queries) > 1
        for query in queries:
            news.execute(query).fetchall()
