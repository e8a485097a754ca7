"""What lies in deploy/ fits the program: files can be read, commands, settings, ports and metrics exist."""

import configparser
import json
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import typer
import yaml

from aggregator.cli.main import app
from aggregator.config import Settings

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
PORT = str(Settings.model_fields["site"].default.port)
CALLED = re.compile(r"aggregator(?= (?:--|[a-z]))(?P<words>(?: [\w-]+)+)")
METRIC = re.compile(r"\b(?:aggregator|process)_\w+")


def documented() -> set[str]:
    """The names that Prometheus has: of the docs, with the ends of counters and histograms."""
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    names = set(re.findall(r"^\| `((?:aggregator|process)_\w+)", page, re.MULTILINE))
    return names | {f"{name}{end}" for name in names for end in ("_total", "_bucket", "_count", "_sum")}


def assert_is_command(words: list[str]) -> None:
    """See that the program takes these words: global options, a command, its options."""
    command = typer.main.get_command(app)
    while words:
        word = words.pop(0)
        options = {name: each for each in command.params for name in getattr(each, "opts", ())}
        if word.startswith("--"):
            assert word in options, f"{command.name} has no {word}"
            if not options[word].is_flag and words:
                words.pop(0)
        elif subs := getattr(command, "commands", {}):
            assert word in subs, f"no command {word}"
            command = subs[word]


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_can_be_read_and_starts_a_command_of_ours(path: Path) -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(path, encoding="utf-8")
    if path.suffix == ".timer":
        assert path.with_suffix(".service") in UNITS
        assert unit["Timer"]["OnCalendar"]
        return
    called = unit["Service"]["ExecStart"]
    words = shlex.split(called)
    words = shlex.split(words[2].removeprefix("exec ")) if words[0] == "/bin/sh" else words
    assert words[0] == "/opt/aggregator/bin/aggregator"
    assert_is_command(words[1:])
    assert unit["Service"]["User"] == "aggregator"


def test_systemd_finds_nothing_in_the_units_but_that_the_program_is_not_here() -> None:
    if shutil.which("systemd-analyze") is None:
        return  # machines without systemd have parsed them above
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, UNITS)], check=False, capture_output=True, text=True
    )
    said = [line for line in done.stderr.splitlines() if path_of_ours(line)]
    assert [line for line in said if "is not executable" not in line] == []


def path_of_ours(line: str) -> bool:
    return any(unit.name in line for unit in UNITS)


def test_exit_codes_that_the_unit_takes_as_final_are_those_of_settings_and_schedulers() -> None:
    from aggregator.errors import ConfigError, SchedulerBusyError

    unit = (DEPLOY / "systemd" / "aggregator.service").read_text(encoding="utf-8")
    wanted = f"RestartPreventExitStatus={SchedulerBusyError.exit_code} {ConfigError.exit_code}"
    assert wanted in unit


def test_the_image_is_made_of_files_that_are_here_and_starts_the_program() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY ") and "--from" not in line]
    assert copied
    assert [name for names in copied for name in names if not (ROOT / name).exists()] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packed = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    everything = {name for names in copied for name in names}
    assert set(packed) <= everything
    (entry,) = [line.removeprefix("ENTRYPOINT ") for line in lines if line.startswith("ENTRYPOINT")]
    (arguments,) = [line.removeprefix("CMD ") for line in lines if line.startswith("CMD")]
    assert json.loads(entry) == ["aggregator"]
    assert_is_command(json.loads(arguments))
    assert f"EXPOSE {PORT}" in lines
    assert f"127.0.0.1:{PORT}/readyz" in text
    for variable in re.findall(r"AGGREGATOR_(\w+)=", text):
        section, _, name = variable.lower().partition("__")
        assert section == "home" or name in type(Settings.model_fields[section].default).model_fields


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_web_servers_lead_to_the_sites_port_and_keep_metrics_to_themselves(name: str) -> None:
    text = (DEPLOY / name).read_text(encoding="utf-8")
    code = "\n".join(line.partition("#")[0] for line in text.splitlines())
    depth = 0
    for sign in re.findall(r"[{}]", re.sub(r"\{\w+\}", "", code)):
        depth += 1 if sign == "{" else -1
        assert depth >= 0
    assert depth == 0
    assert f"127.0.0.1:{PORT}" in code
    assert re.search(r"/metrics\b[^}]*404", code)
    assert "http2 on" not in code, "Debian 12's nginx does not know it"
    told = "\n".join(line.removeprefix("#") for line in text.splitlines() if line.startswith("#   "))
    site = tomllib.loads("\n".join(line.strip() for line in told.splitlines()))["site"]
    assert Settings(site=site).site.base_url.startswith("https://")


def rules() -> list[dict[str, str]]:
    loaded = yaml.safe_load((DEPLOY / "prometheus" / "aggregator.rules.yml").read_text(encoding="utf-8"))
    return [rule for group in loaded["groups"] for rule in group["rules"]]


def test_alert_rules_name_metrics_that_exist_and_say_what_to_do() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(set(names)) == len(names) > 5
    for rule in rules():
        found = METRIC.findall(rule["expr"])
        assert found or rule["expr"].startswith("up{")
        assert set(found) <= documented(), rule["alert"]
        assert rule["annotations"]["summary"]
        assert rule["labels"]["severity"] in {"critical", "warning", "info"}
        assert re.fullmatch(r"\d+[mh]", rule["for"])
        for called in re.findall(r"`aggregator ([^`]+)`", rule["annotations"]["description"]):
            assert_is_command(called.split())


def test_what_is_scraped_is_the_sites_port_and_the_rules_are_there() -> None:
    loaded = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))
    (job,) = loaded["scrape_configs"]
    assert job["static_configs"] == [{"targets": [f"127.0.0.1:{PORT}"]}]
    assert all((DEPLOY / "prometheus" / name).is_file() for name in loaded["rule_files"])


def test_the_dashboard_names_metrics_that_exist_and_its_panels_do_not_overlap() -> None:
    board = json.loads((DEPLOY / "grafana" / "aggregator.json").read_text(encoding="utf-8"))
    panels = board["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels) > 10
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not cells & taken
        assert max(x for x, _ in cells) < 24
        taken |= cells
        for target in panel["targets"]:
            found = METRIC.findall(target["expr"])
            assert found
            assert set(found) <= documented(), panel["title"]


def test_every_file_is_told_of() -> None:
    text = (DEPLOY / "README.md").read_text(encoding="utf-8")
    assert [
        path.name for path in DEPLOY.iterdir() if path.name not in text and path.name != "README.md"
    ] == []
