from aggregator.unseen import unstacked, without_unseen


def test_letters_joiners_and_blanks_stay_and_what_turns_text_around_goes() -> None:
    assert without_unseen("می\u200cشود a\tb") == "می\u200cشود a\tb"
    assert without_unseen("a\u202eb\x07\u200b\ufffe\ud800c") == "abc"


def test_a_letter_keeps_thirty_marks() -> None:
    assert unstacked("é" + "e\u0301" * 3 + "x") == "é" + "e\u0301" * 3 + "x"
    assert len(unstacked("a" + "\u0301" * 99 + "b")) == 32
