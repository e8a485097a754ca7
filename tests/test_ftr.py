"""Rule files of the ftr-site-config format: what becomes a rule, what is lost, which file is whose."""

import io
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import ConfigError
from aggregator.model.outlet import Rules
from aggregator.outlets import ftr, ftr_files, selectors

FILE = """# The lighthouse's pages
title: //h1[@class='t']
body: //div[@id='text'] | //div[@class='lede']
Author : normalize-space(//p[@class='by'])
author: substring-before(//title, ' | ')
date: //time/@datetime

strip: //aside
strip: //aside
strip_id_or_class: share-bar
strip_id_or_class: "say \\"hi\\""
prune: no
wrap_in(h2): //b
test_url: https://light.example/a?b=c: d
"""
RULES = Rules(
    within=("xpath://div[@id='text'] | //div[@class='lede']",),
    byline=("xpath:normalize-space(//p[@class='by'])", "xpath:substring-before(//title, ' | ')"),
    cuts=("xpath://aside", '[class*="share-bar"], [id*="share-bar"]'),
)


def lost(text: str) -> list[tuple[int, str, str]]:
    return [(one.line, one.directive, one.reason) for one in ftr.parse(text).lost if one.matters]


def test_every_directive_that_says_something_about_the_text_becomes_a_rule() -> None:
    found = ftr.parse(FILE)
    assert found.rules.within == RULES.within
    assert found.rules.byline == RULES.byline
    assert found.rules.cuts[:2] == RULES.cuts
    assert selectors.elements(found.rules.cuts[2])
    assert found.extent is ftr.Extent.WHOLE
    assert [one.directive for one in found.lost] == ["title", "date", "prune", "wrap_in", "test_url"]


@pytest.mark.parametrize(
    ("line", "directive", "reason"),
    [
        ("replace_string(<a href='x:y'>): <b>", "replace_string", "pages are not rewritten"),
        ("find_string: <noscript>", "find_string", "pages are not rewritten"),
        ("http_header(user-agent): Bot", "http_header", "what a request says is the same"),
        ("requires_login: yes", "requires_login", "nobody logs in"),
        ("single_page_link: //a", "single_page_link", "an article is read from one page"),
        ("bdoy: //p", "bdoy", "unknown directive"),
        ("no directive at all", "no directive at all", "unknown directive"),
        ("body:", "body", "no value"),
        ("strip_id_or_class: ''", "strip_id_or_class", "no value"),
        ("strip: //p/text()", "strip", "expected an XPath that gives elements"),
        ("strip: //p/@style", "strip", "expected an XPath that gives elements"),
        ("body: string(//p)", "body", "expected an XPath that gives elements"),
        ("body: //p[", "body", "expected an XPath (1.0) behind xpath:"),
        ("strip: //p[contain(@id, 'x')]", "strip", "with its own functions alone"),
        ("body: //p[contains(@id='x')]", "body", "expected contains() with 2 arguments; got 1"),
        (f"body: //p[@id='{'x' * 3000}']", "body", "over 2000 characters"),
    ],
)
def test_a_line_that_is_no_rule_is_named_with_the_reason(line: str, directive: str, reason: str) -> None:
    [(number, name, why)] = lost(f"author: //h1\n{line}")
    assert (number, name) == (2, directive)
    assert reason in why
    assert ftr.parse(f"author: //h1\n{line}").extent is ftr.Extent.PARTLY
    assert ftr.parse(line).extent is ftr.Extent.NOTHING


@given(st.lists(st.one_of(st.text(), st.sampled_from(FILE.splitlines()))))
def test_whatever_a_file_holds_each_line_is_a_rule_a_comment_or_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = ftr.parse(text)
    said = [
        line for line in text.removeprefix("\ufeff").splitlines() if line.strip()[:1] not in {"", "#", "/"}
    ]
    rules = found.rules
    kept = sum(map(len, (rules.within, rules.byline, rules.cuts)))
    assert kept <= len(said)
    assert len(found.lost) <= len(said) + sum(line.strip().startswith("/") for line in text.splitlines())
    for selector in (*rules.within, *rules.cuts):
        assert selectors.elements(selector) == selector


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("light.example", "light.example.txt"),
        ("www.Light.example.", "light.example.txt"),
        ("news.light.example", ".light.example.txt"),
        ("old.news.light.example", ".news.light.example.txt"),
        ("deep.under.tower.example", None),
        ("tower.example", None),
        ("www.port.example", None),
        ("example", None),
    ],
)
def test_file_of_a_host(host: str, name: str | None) -> None:
    names = ("light.example.txt", ".light.example.txt", ".news.light.example.txt", ".port.example.txt")
    assert ftr_files.find(dict.fromkeys(names, ""), host) == name


def test_folder_file_and_archive_give_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    for name in ("light.example.txt", ".port.example.txt", "README.md", "global.txt", "fingerprint.x.txt"):
        (folder / name).write_text(FILE, encoding="utf-8")
    (folder / "old.example.txt").write_bytes(b"title: //h1[.='caf\xe9']")
    (folder / "huge.example.txt").write_bytes(b"#" * 300_000)
    with tarfile.open(tmp_path / "rules.tar.gz", "w:gz") as archive:
        archive.add(folder, "x-main")
        link = tarfile.TarInfo("x-main/link.example.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(link)
        outside = tarfile.TarInfo("../../outside.example.txt")
        outside.size = 5
        archive.addfile(
            outside,
            io.BytesIO(
                b"#....",
            ),
        )
    found = ftr_files.read(folder)
    assert set(found) == {"light.example.txt", ".port.example.txt", "old.example.txt"}
    assert ftr_files.read(tmp_path / "rules.tar.gz") == {**found, "outside.example.txt": "#...."}
    assert ftr_files.read(folder / "light.example.txt") == {"light.example.txt": FILE}
    assert not (tmp_path.parent / "outside.example.txt").exists()


@pytest.mark.parametrize("content", [b"", b"no archive", b"\x1f\x8b\x08torn"])
def test_what_is_no_archive_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rules.tar.gz"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"rules\.tar\.gz: no whole tar archive"):
        ftr_files.read(path)


def test_missing_file_and_empty_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        ftr_files.read(tmp_path / "gone.tar")
    with pytest.raises(ConfigError, match=r"no rule files in it; .* example\.org\.txt"):
        ftr_files.read(tmp_path)
