"""The wheel: what is in it, and that it works where there is no checkout."""

import os
import sqlite3
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from aggregator import newsstand

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parent.parent
OURS = "aggregator"


def run(*command: str | Path, folder: Path, **environment: str) -> str:
    # Of this process's environment only what finds programs: no PYTHONPATH may lend us the checkout.
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **environment},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and with the wheel built from it."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT, folder=out)
    return out


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def names(wheel: Path) -> frozenset[str]:
    with zipfile.ZipFile(wheel) as archive:
        return frozenset(archive.namelist())


class Installed:
    """A fresh environment that holds our wheel; the libraries are lent by the environment of the tests."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.folder = folder / "empty"
        self.folder.mkdir()
        home = folder / "venv"
        venv.create(home, symlinks=True)
        self.bin = home / "bin"
        (self.packages,) = home.glob("lib/python*/site-packages")
        self.before = set(self.listing())
        lent = next(Path(path) for path in sys.path if path.endswith("site-packages"))
        run(
            *(sys.executable, "-m", "pip", "--python", self.bin / "python", "install", "--no-deps"),
            *("--no-index", "--quiet", "--disable-pip-version-check", wheel),
            folder=self.folder,
        )
        self.after = set(self.listing())
        # addsitedir would read the .pth file of an editable install and so bring the checkout back.
        (self.packages / "lent.pth").write_text(f"{lent}\n", encoding="utf-8")

    def listing(self) -> Iterator[str]:
        return (path.name for path in self.packages.iterdir())

    def python(self, code: str) -> str:
        return run(self.bin / "python", "-c", code, folder=self.folder).strip()

    def program(self, *arguments: str) -> str:
        return run(self.bin / OURS, *arguments, folder=self.folder)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return Installed(tmp_path_factory.mktemp("installed"), wheel)


def test_wheel_holds_one_package_and_nothing_else_at_its_top(names: frozenset[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {OURS}
    assert len(tops) == 2


@pytest.mark.parametrize(
    "name",
    [
        "_project/scrapy.cfg",
        "_project/spiders/addon.py",
        "_project/pipelines/store.py",
        "_project/data/demo/LICENSE",
        "py.typed",
        "urls/rules.toml",
    ],
)
def test_wheel_holds(names: frozenset[str], name: str) -> None:
    assert f"{OURS}/{name}" in names


@pytest.mark.parametrize("folder", ["aggregator", "spiders", "pipelines", "data/demo"])
def test_wheel_holds_every_committed_file_of(names: frozenset[str], folder: str) -> None:
    listed = run("git", "ls-files", "-z", "--", folder, folder=ROOT).split("\0")
    files = [name for name in listed if name and (ROOT / name).is_file()]
    prefix = "" if folder == OURS else f"{OURS}/_project/"
    assert len(files) > 5
    assert [name for name in files if prefix + name not in names] == []


def test_wheel_holds_no_caches_and_no_data_of_the_checkout(names: frozenset[str]) -> None:
    assert [name for name in names if "__pycache__" in name or ".sqlite3" in name or ".warc" in name] == []


def test_wheel_carries_the_licence(names: frozenset[str]) -> None:
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_sdist_holds_what_the_tests_and_the_build_need(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "pyproject.toml",
        "scrapy.cfg",
        "LICENSE",
        "Makefile",
        "docs/index.md",
        "tests/test_urls.py",
    } <= inside
    assert not any(name.startswith((".venv", "demo-data", ".ci")) for name in inside)


def test_site_packages_gain_only_our_package(installed: Installed) -> None:
    gained = {name for name in installed.after - installed.before if not name.endswith(".dist-info")}
    assert gained == {OURS}


def test_program_starts_in_an_empty_folder(installed: Installed) -> None:
    version = installed.python("import aggregator; print(aggregator.__version__)")
    assert installed.program("--version").split() == [OURS, version]
    assert any(name == f"{OURS}-{version}.dist-info" for name in installed.after)
    assert "takedown" in installed.program("--help")


def test_installed_package_is_the_wheels_and_not_the_checkouts(installed: Installed) -> None:
    where = Path(installed.python("import aggregator; print(aggregator.__file__)"))
    assert where.is_relative_to(installed.packages)


def test_settings_of_the_own_folder_are_read(installed: Installed) -> None:
    (installed.folder / "aggregator.toml").write_text('[site]\nname = "Coast News"\n', encoding="utf-8")
    shown = installed.python("from aggregator.config import settings; print(settings().site.name)")
    assert shown == "Coast News"


def test_scrapy_finds_our_spiders_in_the_wheel(installed: Installed) -> None:
    root = Path(installed.python("from aggregator import project; print(project.root())"))
    assert root.is_relative_to(installed.packages)
    listed = run(installed.bin / "python", "-m", "scrapy", "list", folder=root, PYTHONPATH=str(root)).split()
    assert {"batch", "feed", "sitemap", "section"} <= set(listed)


def test_database_is_made_from_the_wheels_migrations(installed: Installed) -> None:
    made = installed.python(
        "from aggregator.store.engine import Database\n"
        "db = Database.open('sqlite:///fresh.sqlite3'); print(db.integrity()); db.close()"
    )
    assert made == "ok"


def test_the_whole_program_runs_from_the_wheel_in_a_folder_of_its_own(
    installed: Installed, tmp_path: Path
) -> None:
    slugs = ("al-mina", "elbtal-kurier", "harbour-post", "minato-shinpo", "phare-armor", "synopsis24")
    with newsstand.start(tmp_path, ports=dict.fromkeys(slugs, 0)) as stand:
        stand.write_cards(installed.folder / "cards")
        (installed.folder / "aggregator.toml").write_text(
            'database = "sqlite:///own.sqlite3"\noutlets = "cards"\n', encoding="utf-8"
        )
        installed.program("run", "--once")
    installed.program("dump", "--out", "news.sqlite3")
    with closing(sqlite3.connect(installed.folder / "news.sqlite3")) as dump:
        rows = dump.execute(
            "SELECT DISTINCT outlet FROM publication JOIN article ON article.id = article_id ORDER BY outlet"
        )
        assert tuple(outlet for (outlet,) in rows) == slugs
    assert list((installed.folder / "data" / "pages").rglob("*.warc.gz"))
