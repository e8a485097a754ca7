"""The entries of a list become outlets, each once, beside those that have a card."""

from pathlib import Path

import pytest
from interchange.lists import five_hundred, opml, outline
from store.samples import outlet

from aggregator import outlets
from aggregator.interchange import opml as lists
from aggregator.interchange import reading, table
from aggregator.interchange.listed import End, Listed
from aggregator.interchange.merging import Plan, Wanted, plan
from aggregator.model.outlet import Outlet, Rights, RightsMode, Seed, SeedKind
from aggregator.outlets.twins import place, twins

WANTED = Wanted()


def planned(data: bytes, *cards: Outlet) -> Plan:
    return plan(reading.read(data, "a list"), {card.slug: card for card in cards}, WANTED)


def ends(made: Plan) -> list[str]:
    return [end.end.value for end in made.ends]


def test_five_hundred_feeds_become_their_outlets_and_each_entry_has_its_end() -> None:
    made = planned(five_hundred())
    assert len(made.ends) == 500
    assert len(made.new) == 420
    assert {value: ends(made).count(value) for value in set(ends(made))} == {
        "written": 420,
        "merged/outlet": 40,
        "merged/feed": 30,
        "invalid/address": 10,
    }
    made_outlets = [one.outlet for one in made.new]
    assert len({one.slug for one in made_outlets}) == 420
    assert twins(made_outlets) == {}
    assert [len(one.seeds) for one in made_outlets] == [2] * 40 + [1] * 380
    assert [one.language for one in made_outlets[:5]] == ["en", "fr", "de", "es", "it"]
    again = planned(five_hundred(), *made_outlets)
    assert again.new == ()
    assert set(ends(again)) == {"known/feed", "invalid/address"}


@pytest.mark.parametrize("form", ["opml", "csv"])
def test_what_is_exported_comes_back_equal(form: str) -> None:
    cards = [
        outlet(
            "harbour",
            seeds=(
                Seed(SeedKind.FEED, "https://harbour.example/rss?a=1&b=2"),
                Seed(SeedKind.SITEMAP, "https://harbour.example/news.xml"),
            ),
            rights=Rights(licence="CC-BY-4.0", licence_url="https://harbour.example/licence"),
        ),
        outlet(
            "fr-quai",
            name='Le "Quai" & Cie',
            language="fr",
            country="FR",
            homepage="https://quai.example/fr/",
            rights=Rights(),
        ),
        outlet(
            "en-quai",
            homepage="https://quai.example/en/",
            rights=Rights(),
            seeds=(Seed(SeedKind.SECTION, "https://quai.example/en/"),),
        ),
    ]
    data = lists.write("Ours", cards) if form == "opml" else table.write(cards).encode()
    made = planned(data)
    assert [one.outlet for one in made.new] == cards
    assert all(one.guesses == () for one in made.new)


def test_list_gives_no_more_rights_than_a_link() -> None:
    full = outlet("harbour", rights=Rights(mode=RightsMode.FULL, licence="CC-BY-4.0"))
    assert [one.outlet.rights for one in planned(lists.write("Ours", [full])).new] == [
        Rights(licence="CC-BY-4.0")
    ]


def test_outlet_that_has_a_card_is_left_as_it_is() -> None:
    card = outlet(
        "harbour",
        homepage="https://harbour.example/",
        seeds=(Seed(SeedKind.FEED, "https://harbour.example/rss"),),
    )
    data = opml([outline("http://www.harbour.example/rss/"), outline("https://harbour.example/sport/rss")])
    made = planned(data, card)
    assert made.new == ()
    assert [(end.end, end.outlet) for end in made.ends] == [
        (End.KNOWN_FEED, "harbour"),
        (End.KNOWN_OUTLET, "harbour"),
    ]


def test_editions_under_paths_of_their_own_are_outlets_of_their_own_unless_the_front_page_is_one() -> None:
    apart = [
        outline(f"https://quai.example/{each}/rss", each, f"https://quai.example/{each}/")
        for each in ("en", "fr")
    ]
    assert [one.outlet.slug for one in planned(opml(apart)).new] == ["quai", "quai-fr"]
    front = outline("https://quai.example/rss", "All", "https://quai.example/")
    together = planned(opml([*apart, front])).new
    assert [len(one.outlet.seeds) for one in together] == [3]


def test_feeds_at_a_host_that_carries_those_of_many_are_outlets_of_their_own() -> None:
    data = opml([outline(f"http://feeds.feedburner.com/{each}", each) for each in ("Harbour", "Quai")])
    assert [one.outlet.slug for one in planned(data).new] == ["harbour", "quai"]


def test_feeds_that_differ_in_their_query_alone_are_outlets_of_their_own_at_such_a_host() -> None:
    youtube = "https://www.youtube.com/feeds/videos.xml?channel_id="
    made = [one.outlet for one in planned(f"{youtube}UCharbour\n{youtube}UCquay\n".encode()).new]
    assert len(made) == 2
    assert twins(made) == {}
    tracked = outlet("harbour", homepage="https://harbour.example/?utm_source=rss")
    assert place(tracked.homepage) == place("https://harbour.example/")


def test_what_a_list_does_not_tell_is_a_guess_and_an_option_tells_it() -> None:
    data = opml([outline("https://feeds.quai.fr/rss", "Le Quai", language="klingonish")])
    made = planned(data).new[0]
    assert (made.outlet.homepage, made.outlet.country) == ("https://quai.fr/", "FR")
    assert made.guesses == ("language", "country", "homepage")
    told = plan(reading.read(data, ""), {}, Wanted("br", "FR")).new[0]
    assert (told.outlet.language, told.guesses) == ("br", ("homepage",))


def test_name_of_an_outlet_is_what_its_feeds_names_begin_with() -> None:
    home = "https://harbour.example/"
    data = opml(outline(f"{home}{each}.xml", f"The Harbour – {each}", home) for each in ("World", "Sport"))
    assert [one.outlet.name for one in planned(data).new] == ["The Harbour"]


def test_hostile_names_and_slugs_become_cards_that_are_read_back(tmp_path: Path) -> None:
    names = [
        "\u202eevil",
        "a\nb",
        "<script>x</script>",
        '"""',
        "x" * 5000,
        "\u0000",
        "🦀",
        "../../etc/passwd",
    ]
    entries = [
        Listed(number, f"https://site{number}.example/rss", name=name, slug=name)
        for number, name in enumerate(names, start=1)
    ]
    made = plan(entries, {}, WANTED)
    assert ends(made) == ["written"] * len(names)
    for one in made.new:
        outlets.write(one.outlet, tmp_path)
    assert list(outlets.load(tmp_path).values()) == sorted(
        (one.outlet for one in made.new), key=lambda one: one.slug
    )


def test_slug_of_a_card_that_cannot_be_read_is_not_given_away() -> None:
    data = opml([outline("https://harbour.example/rss")])
    made = plan(reading.read(data, ""), {}, WANTED, taken=["harbour"])
    assert [one.outlet.slug for one in made.new] == ["harbour-2"]
