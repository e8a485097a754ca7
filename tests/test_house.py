"""The rules of the house, as far as a program can check them."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
MAX_LINES = 300
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc"}
TOOLS = Path(sys.executable).parent


def committed(*patterns: str) -> list[Path]:
    out = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    return [ROOT / name for name in out.split("\0") if name and (ROOT / name).is_file()]


def modules() -> list[Path]:
    return [
        path
        for folder in ("aggregator", "spiders", "pipelines")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations/versions" not in path.as_posix()
    ]


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
        ["lint-imports"],
    ],
    ids=" ".join,
)
def test_linter_is_green(command: list[str]) -> None:
    done = subprocess.run(
        [str(TOOLS / command[0]), *command[1:]], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_module_is_longer_than_300_lines() -> None:
    lengths = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in modules()}
    assert len(lengths) > 50
    assert {str(p.relative_to(ROOT)): n for p, n in lengths.items() if n > MAX_LINES} == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [str(p) for p in modules() if p.stem in FORBIDDEN_NAMES or p.parent.name in FORBIDDEN_NAMES] == []


def test_every_module_says_in_its_docstring_what_it_is() -> None:
    silent = [str(p.relative_to(ROOT)) for p in modules() if not p.read_text("utf-8").startswith('"""')]
    assert silent == []


# Written in parts, so that this file does not hold what it looks for.
MACHINE = re.compile("|".join(("/" + "work/", "/" + "root/", r"/home/\w+/")))


def test_no_committed_file_names_a_machine() -> None:
    named = []
    for path in committed():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a recorded page with another encoding
        named += [f"{path.relative_to(ROOT)}: {hit}" for hit in MACHINE.findall(text)]
    assert named == []


def pins(name: str) -> dict[str, list[Version]]:
    found: dict[str, list[Version]] = {}
    for line in (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith((" ", "#")):
            requirement = Requirement(line.rstrip(" \\"))
            (version,) = (Version(each.version) for each in requirement.specifier)
            found.setdefault(canonicalize_name(requirement.name), []).append(version)
    return found


@pytest.mark.parametrize("name", ["build.txt", "run.txt", "dev.txt", "bench.txt"])
def test_requirements_name_no_place_to_fetch_from(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    lines = text.splitlines()
    assert not re.search(
        r"://|--(?:extra-)?index-url|--find-links|--trusted-host|^-[if] ", text, re.MULTILINE
    )
    pinned = [i for i, line in enumerate(lines) if line and not line.startswith((" ", "#"))]
    assert [lines[i] for i in pinned if "--hash=sha256:" not in lines[i + 1]] == []


def spelled_out(extras: Mapping[str, Sequence[str]], name: str) -> Iterator[str]:
    """What an extra asks for, with that of our other extras that it names."""
    for line in extras[name]:
        requirement = Requirement(line)
        if requirement.name == "aggregator":
            for other in requirement.extras:
                yield from spelled_out(extras, other)
        else:
            yield line


def test_requirements_are_in_step_with_pyproject() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [("run.txt", line) for line in project["dependencies"]]
    tested = [*project["dependencies"], *spelled_out(extras, "dev"), *extras["postgres"]]
    wanted += [("dev.txt", line) for line in tested]
    wanted += [("bench.txt", line) for line in extras["bench"]]
    stale = []
    for name, line in wanted:
        requirement = Requirement(line)
        versions = pins(name).get(canonicalize_name(requirement.name), [])
        if not versions or not all(version in requirement.specifier for version in versions):
            stale.append(f"{name}: {line}; run `make requirements`")
    assert stale == []


def test_run_and_test_requirements_pin_the_same_versions() -> None:
    everything = pins("dev.txt")
    for name in ("run.txt", "build.txt"):
        assert {key: value for key, value in pins(name).items() if everything.get(key) != value} == {}


def run_pytest(folder: Path, body: str, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text((ROOT / "conftest.py").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "test_sample.py").write_text(f"import pytest\n{body}\n", encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--rootdir={folder}", str(folder)],
        cwd=folder,
        env={"PATH": str(TOOLS), **environment},
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    "body",
    [
        "def test_a(): pytest.skip('no browser')",
        "def test_a(): pytest.skip('../shared/corpus is not here')",
        "@pytest.mark.skip(reason='not today')\ndef test_a(): pass",
        "pytest.skip('no database', allow_module_level=True)",
    ],
    ids=["inside", "shared", "marked", "module"],
)
def test_a_skip_fails_on_ci_and_only_there(tmp_path: Path, body: str) -> None:
    on_ci = run_pytest(tmp_path, body, CI="true")
    assert on_ci.returncode != 0
    assert "no test may be skipped on CI" in on_ci.stdout
    assert "no test may be skipped on CI" not in run_pytest(tmp_path, body).stdout


def test_expected_failures_pass_on_ci(tmp_path: Path) -> None:
    body = "@pytest.mark.xfail(reason='known')\ndef test_b(): assert False"
    done = run_pytest(tmp_path, body, CI="true")
    assert done.returncode == 0, done.stdout
    assert "1 xfailed" in done.stdout
