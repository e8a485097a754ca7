from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from aggregator.dedupe.fingerprint import fingerprint, text_hash, tokens
from aggregator.model.article import Article, Block, BlockKind

LONG = "The ferry left the harbour at noon with ninety passengers, two dogs and a piano on board. " * 3


def test_case_dashes_quotes_and_zero_width_do_not_tell_texts_apart() -> None:
    other = (
        LONG.upper().replace(" ", " \u200b").replace(",", "\u00a0\u2014").replace("noon", "\u201cnoon\u201d")
    )
    assert text_hash("a", LONG) == text_hash("b", other)


def test_full_width_and_decomposed_letters_are_equal() -> None:
    assert tokens("Ｈａｒｂｏｒ caf\u00e9") == tokens("harbor cafe\u0301")


def test_one_changed_word_is_another_text() -> None:
    assert text_hash("a", LONG) != text_hash("a", LONG.replace("piano", "harp", 1))


def test_each_cjk_character_is_a_token() -> None:
    assert tokens("港の花火、中止") == list("港の花火中止")


def test_short_texts_are_one_only_with_their_headline() -> None:
    notice = "This video is not available."
    assert text_hash("Storm hits the coast", notice) != text_hash("Mayor resigns over budget", notice)
    assert text_hash("Storm hits the coast", notice) == text_hash("STORM hits the coast!", notice)


def test_nothing_has_no_hash() -> None:
    assert text_hash("", "") is None
    assert text_hash("News", "") is None


@given(st.text())
def test_any_text_can_be_hashed(text: str) -> None:
    assert text_hash(text, text) == text_hash(text, text)


def article(*paragraphs: str, dek: str | None = None, source_link: str = "https://a.example/1") -> Article:
    return Article(
        outlet="a",
        url="https://a.example/1",
        canonical_url="https://a.example/1",
        source_link=source_link,
        headline="A ferry",
        blocks=tuple(Block(BlockKind.PARAGRAPH, text) for text in paragraphs),
        language="en",
        fetched_at=datetime(2031, 4, 5, tzinfo=UTC),
        dek=dek,
    )


def test_a_standfirst_in_the_body_does_not_tell_texts_apart() -> None:
    above = article(LONG, dek="Nobody was hurt.")
    inside = article("Nobody was hurt", LONG, dek="Nobody was hurt.")
    assert fingerprint(above).text_hash == fingerprint(inside).text_hash
    assert fingerprint(article("Nobody was hurt", LONG)).text_hash != fingerprint(above).text_hash


def test_an_article_without_a_body_has_a_fingerprint() -> None:
    assert fingerprint(article(dek="x")).text_hash is None


def test_only_a_source_on_another_site_is_one() -> None:
    assert fingerprint(article(LONG, source_link="https://a.example/2")).source_key is None
    assert fingerprint(article(LONG, source_link="https://b.example/2")).source_key is not None
