"""Words: what may be shown, in which language, on which day."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from published import publication
from store.samples import lines

from aggregator.model.article import Block, BlockKind
from aggregator.model.edition import PublicationState
from aggregator.model.outlet import RightsMode
from aggregator.site import dates, language, prose
from aggregator.site.card import source_name


@given(st.text())
def test_cleaned_text_is_always_fit_for_xml(text: str) -> None:
    element = etree.Element("a")
    element.text = prose.plain(text)
    assert etree.fromstring(etree.tostring(element)) is not None


def test_only_full_and_excerpt_show_text() -> None:
    shown = {mode: bool(prose.blocks(publication(mode=mode))) for mode in RightsMode}
    assert shown == {
        RightsMode.FULL: True,
        RightsMode.EXCERPT: True,
        RightsMode.LINK: False,
        RightsMode.NEVER: False,
    }


@pytest.mark.parametrize("state", [PublicationState.WITHDRAWN, PublicationState.REFUSED])
def test_what_is_not_published_shows_no_text(state: PublicationState) -> None:
    assert prose.blocks(publication(state=state)) == ()


def test_blocks_are_cleaned_and_empty_ones_vanish() -> None:
    shown = prose.blocks(publication(text="One.\n\n  \nTwo\x00  words.\n"))
    assert shown == lines("One.\nTwo words.")


def test_a_teaser_has_no_headings_or_rows_of_tables() -> None:
    blocks = (
        Block(BlockKind.HEADING, "What happened", 2),
        *lines("The ferry waits."),
        Block(BlockKind.TABLE, "Mon | 08:00"),
        Block(BlockKind.QUOTE, "It will sail."),
    )
    assert prose.teaser(publication(blocks=blocks), 240) == "The ferry waits. It will sail."
    assert prose.teaser(publication(blocks=blocks[:1]), 240) == "What happened"


def test_no_line_of_a_headline_begins_with_a_dash_or_french_punctuation() -> None:
    assert prose.glued("Ja \u2013 aber nein") == "Ja\u00a0\u2013 aber nein"
    assert prose.glued("Le pont : ferm\u00e9 ?") == "Le pont\u00a0: ferm\u00e9\u00a0?"
    assert prose.glued(":-) and a :b") == ":-) and a :b"


def test_a_teaser_of_wide_letters_is_half_as_long() -> None:
    latin = prose.teaser(publication(text="Sea fog. " * 90), 240)
    wide = prose.teaser(publication(text="海霧が出た。" * 90, language="ja"), 240)
    assert 200 <= len(latin) <= 240
    assert 100 <= len(wide) <= 120


@pytest.mark.parametrize(
    ("tag", "direction"),
    [
        ("ar", "rtl"),
        ("ar-EG", "rtl"),
        ("he", "rtl"),
        ("ckb", "rtl"),
        ("az-Arab", "rtl"),
        ("ur-Latn", "ltr"),
        ("fr", "ltr"),
        ("zh-Hant-TW", "ltr"),
        (None, "auto"),
        ('"><script>', "auto"),
    ],
)
def test_a_language_gives_the_direction_of_its_script(tag: str | None, direction: str) -> None:
    assert language.direction(tag) == direction


def test_a_language_tag_cannot_carry_anything_else() -> None:
    assert language.tag('fr" onload="alert(1)') == ""
    assert language.tag("pt-BR") == "pt-BR"


def test_unknown_languages_keep_their_tag_as_name() -> None:
    assert (language.name("fr"), language.name("xx"), language.own_name("ja")) == ("French", "xx", "日本語")


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("https://harbour.example/1", "The Harbour"),
        ("http://www.harbour.example/1", "The Harbour"),
        ("https://blog.harbour.example/1", "The Harbour"),
        ("https://www.kurier.example:8443/1", "kurier.example:8443"),
        ("https://user:secret@kurier.example/1", "kurier.example"),
        ("https://notharbour.example/1", "notharbour.example"),
        ("javascript:alert(1)", "The Harbour"),
    ],
)
def test_a_source_link_is_named_after_where_it_leads(link: str, name: str) -> None:
    assert source_name(publication(source_link=link)) == name


def test_a_source_link_to_another_outlet_that_we_know_bears_its_name() -> None:
    shown = publication(source_link="https://kurier.example/1", source_outlet="Der Kurier")
    assert source_name(shown) == "Der Kurier"


def test_a_moment_is_said_in_utc() -> None:
    tokyo = datetime(2026, 3, 1, 8, 5, tzinfo=timezone(timedelta(hours=9)))
    said = dates.words(tokyo)
    assert said == dates.Moment(
        iso="2026-02-28T23:05:00Z",
        long="28 February 2026, 23:05 UTC",
        day="28 Feb 2026",
        date="2026-02-28",
        hour="23:05",
    )
    assert dates.iso(datetime(1, 1, 1, tzinfo=UTC)) == "0001-01-01T00:00:00Z"
