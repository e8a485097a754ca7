"""The starter pack: every card of it is good, and none lets out more than a link before it is confirmed."""

from pathlib import Path

import pytest
from cli.program import aggregator
from publish import cases

from aggregator import outlets
from aggregator.model.decision import Circumstances, LicenceState, Publish, Review
from aggregator.model.outlet import RightsMode
from aggregator.outlets.starter import starters
from aggregator.outlets.twins import twins
from aggregator.publish.rights import decide

PACK = [slug for slug, one in starters().items() if one.outlet.seeds]


@pytest.mark.parametrize("slug", PACK)
def test_every_card_reads_back_and_is_a_link_until_it_is_confirmed(tmp_path: Path, slug: str) -> None:
    outlet = starters()[slug].outlet
    assert outlets.read(outlets.write(outlet, tmp_path)) == outlet
    decision = decide(cases.stored(), outlet.rights, cases.NOW, Circumstances(is_commercial=False))
    shown = decision.proposed if isinstance(decision, Review) else decision
    assert isinstance(shown, Publish)
    assert shown.mode is RightsMode.LINK


def test_once_confirmed_free_outlets_go_out_whole_and_those_that_want_more_do_not() -> None:
    def mode(slug: str) -> RightsMode:
        around = Circumstances(is_commercial=False, licence=LicenceState.CONFIRMED, is_approved=True)
        decision = decide(cases.stored(), starters()[slug].outlet.rights, cases.NOW, around)
        assert isinstance(decision, Publish)
        return decision.mode

    assert mode("global-voices") is mode("mongabay") is RightsMode.FULL
    assert mode("the-conversation") is mode("propublica") is mode("le-monde") is RightsMode.LINK


def test_no_two_cards_of_the_pack_are_of_one_outlet() -> None:
    assert twins(one.outlet for one in starters().values()) == {}


def test_the_command_lists_and_writes_cards_and_leaves_those_that_are_there(tmp_path: Path) -> None:
    listed = aggregator(tmp_path, "outlet", "starter", "--list")
    assert listed.returncode == 0
    assert "global-voices" in listed.stdout
    assert "to be confirmed" in listed.stdout
    first = aggregator(tmp_path, "outlet", "starter", "--add", "sinc", "civio")
    assert (first.returncode, first.stderr) == (0, "")
    assert sorted(path.name for path in (tmp_path / "data/outlets").iterdir()) == ["civio.toml", "sinc.toml"]
    again = aggregator(tmp_path, "outlet", "starter", "--add", "sinc")
    assert "has a card already" in again.stdout
    assert aggregator(tmp_path, "outlet", "starter", "--add", "nobody").returncode == 64
    assert aggregator(tmp_path, "outlet", "starter", "--add", "rfe-rl").returncode == 78
    checked = aggregator(tmp_path, "outlet", "check")
    assert checked.returncode == 0
    assert "licence to be confirmed" in checked.stderr
