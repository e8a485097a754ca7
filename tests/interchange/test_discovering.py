"""Home pages of a list are looked at: what they tell, what the list keeps, and going on."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from store.samples import outlet

from aggregator import clock, newsstand, project
from aggregator.config import CrawlSettings, Settings
from aggregator.interchange import merging, reading
from aggregator.interchange.discovering import better, discovered
from aggregator.interchange.looks import FRESH, Looked, Notebook
from aggregator.model.outlet import Rights, RightsMode, Seed, SeedKind
from aggregator.newsstand import content

if TYPE_CHECKING:
    from aggregator.newsstand.server import Newsstand


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Newsstand"]:
    ports = dict.fromkeys(content.read(project.demo_data()).outlets, 0)
    with newsstand.start(tmp_path_factory.mktemp("stand"), ports=ports) as running:
        yield running


def planned(text: str) -> merging.Plan:
    return merging.plan(reading.read(text.encode(), "a list"), {}, merging.Wanted())


def test_home_pages_tell_what_a_list_does_not_and_are_not_asked_twice(
    stand: "Newsstand", tmp_path: Path
) -> None:
    settings = Settings(outlets=tmp_path, crawl=CrawlSettings(allow_addresses=("127.0.0.0/8",)))
    harbour = stand.urls["harbour-post"]
    plan = planned(harbour)
    notebook, asked = Notebook(tmp_path), list[Looked]()
    told, looks = discovered(settings, plan, notebook, on_look=asked.append, stop=threading.Event())
    (one,) = told.new
    assert (one.outlet.name, one.outlet.language) == ("The Harbour Post", "en")
    assert SeedKind.FEED in {seed.kind for seed in one.outlet.seeds}
    assert one.outlet.rights.mode is RightsMode.LINK
    assert not {"name", "language"} & set(one.guesses)
    assert [each.problem for each in looks] == [""]
    assert list(looks) == asked
    # The next one knows what answered, though nobody is there any more to ask.
    stand.stop()
    again, _ = discovered(settings, plan, notebook, on_look=asked.append, stop=threading.Event())
    assert again == told
    stopped = threading.Event()
    stopped.set()
    notebook.forget()
    left, none = discovered(settings, plan, notebook, on_look=asked.append, stop=stopped)
    assert (left, none) == (plan, ())


def test_what_a_list_says_of_an_outlet_stays_as_it_is() -> None:
    home = "https://quai.example/"
    rows = f"homepage,seed,name,language,licence\n{home},{home}own.xml,Mine,,CC0-1.0\n"
    (listed,), (bare,) = planned(rows).new, planned(home).new
    seeds = (Seed(SeedKind.FEED, f"{home}feed"),)
    rights = Rights(licence="CC-BY-4.0", licence_url=f"{home}licence")
    found = outlet(
        "quai", name="Le Quai", homepage=home, language="fr", country="CA", seeds=seeds, rights=rights
    )
    looked = Looked(home, clock.now(), found, ("language", "country", "name", "licence"))
    made = better(listed, looked)
    assert (made.outlet.name, made.outlet.language, made.outlet.country) == ("Mine", "fr", "CA")
    assert [seed.url for seed in made.outlet.seeds] == [f"{home}own.xml"]
    assert made.outlet.rights.licence == "CC0-1.0"
    assert made.guesses == ()
    assert better(bare, looked).outlet.seeds == seeds
    assert better(bare, looked).outlet.rights == rights
    assert better(bare, Looked(home, clock.now(), problem="no answer")) == bare
    assert better(bare, None) == bare


def test_looks_are_kept_for_a_week_and_a_torn_line_is_none(tmp_path: Path) -> None:
    notebook, at = Notebook(tmp_path), clock.now()
    good = Looked("https://quai.example/", at, outlet("quai"), ("name",), ("a feed",), ("a doubt",))
    for one in (good, Looked("https://gone.example/", at, problem="no answer")):
        notebook.add(one)
    with notebook.path.open("a", encoding="utf-8") as file:
        file.write('{"homepage": "torn')
    assert notebook.read(at) == {good.homepage: good}
    assert notebook.read(at + FRESH) == {}
    assert Notebook(tmp_path / "none").read(at) == {}
