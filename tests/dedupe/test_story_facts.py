from aggregator.dedupe.story_facts import facts, sound
from aggregator.dedupe.story_terms import Terms


def shared(one: Terms, other: Terms) -> int:
    return len(one.found.keys() & other.found.keys())


def test_a_name_sounds_alike_in_the_scripts_of_europe() -> None:
    for names in ("kutaisi kutaissi кутаиси", "tsuladze zuladse цуладзе", "sorokin сорокина"):
        assert len({sound(name) for name in names.split()}) == 1
    assert sound("vasseur") != sound("vistre")


def test_what_has_no_consonants_to_speak_of_stays_as_it_is() -> None:
    assert (sound("orly"), sound("io"), sound("東京")) == ("arl", "", "")


def test_numbers_are_equal_however_thousands_and_decimals_are_set() -> None:
    english = facts("Recall", "it calls back 48,000 bikes, 5.9 per cent", "en")
    french = facts("Rappel", "elle rappelle 48 000 vélos, 5,9 %", "fr")
    german = facts("Rückruf", "ruft 48.000 zurück, 5,9 Prozent", "de")
    assert shared(english, french) == shared(english, german) == 2


def test_common_words_with_a_capital_are_no_names() -> None:
    assert facts("The", "When they met on Monday. But there", "en").found == {}
