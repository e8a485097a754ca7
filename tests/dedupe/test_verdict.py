from aggregator.dedupe.verdict import decide
from aggregator.model.duplicate import (
    Candidate,
    Copy,
    CopyKind,
    Fingerprint,
    Fresh,
    Original,
    Revision,
    Unchanged,
)

NEW = Fingerprint(url_key="u1", text_hash="t1")


def stored(
    article_id: int,
    outlet: str,
    url: str,
    text: str | None,
    copy_of: int | None = None,
    headline: str = "Headline",
) -> Candidate:
    return Candidate(article_id, outlet, Fingerprint(url, text), headline, copy_of)


def test_nothing_alike_is_fresh() -> None:
    assert decide(NEW, "a", "Headline", []) == Fresh()


def test_same_address_and_text_is_unchanged() -> None:
    assert decide(NEW, "a", "HEADLINE", [stored(3, "a", "u1", "t1")]) == Unchanged(of=3)


def test_same_address_with_new_text_is_a_revision() -> None:
    assert decide(NEW, "a", "Headline", [stored(3, "a", "u1", "t0")]) == Revision(of=3)


def test_a_changed_headline_is_a_revision_and_no_new_article() -> None:
    assert decide(NEW, "a", "Another", [stored(3, "a", "u1", "t1")]) == Revision(of=3)


def test_same_address_at_another_outlet_is_not_the_same_article() -> None:
    assert decide(NEW, "b", "Headline", [stored(3, "a", "u1", "t0")]) == Fresh()


def test_same_text_at_another_outlet_is_a_syndicated_copy_of_the_oldest() -> None:
    verdict = decide(NEW, "b", "x", [stored(9, "c", "u3", "t1"), stored(4, "a", "u2", "t1")])
    assert verdict == Copy(of=4, kind=CopyKind.SYNDICATED, score=1.0)


def test_same_text_at_the_same_outlet_is_an_identical_copy() -> None:
    assert decide(NEW, "a", "x", [stored(4, "a", "u2", "t1")]) == Copy(
        of=4, kind=CopyKind.IDENTICAL, score=1.0
    )


def test_a_copy_points_to_the_original_and_never_to_a_copy() -> None:
    verdict = decide(NEW, "d", "x", [stored(9, "c", "u3", "t1", copy_of=2)])
    assert verdict == Copy(of=2, kind=CopyKind.SYNDICATED, score=1.0)


def test_texts_without_a_hash_are_never_copies() -> None:
    new = Fingerprint(url_key="u1", text_hash=None)
    assert decide(new, "b", "x", [stored(4, "a", "u2", None)]) == Fresh()


def copied_from(article_id: int, outlet: str, source: str, copy_of: int | None = None) -> Candidate:
    return Candidate(article_id, outlet, Fingerprint(f"u-{outlet}", "t1", source_key=source), "x", copy_of)


def test_an_article_that_a_stored_copy_names_as_its_source_is_the_original() -> None:
    assert decide(NEW, "a", "x", [copied_from(4, "b", "u1")]) == Original(of=(4,))


def test_all_copies_that_name_it_follow_the_original_once() -> None:
    candidates = [copied_from(4, "b", "u1"), copied_from(6, "c", "u1", copy_of=4)]
    assert decide(NEW, "a", "x", candidates) == Original(of=(4,))


def test_a_copy_that_names_another_source_is_no_follower() -> None:
    verdict = decide(NEW, "a", "x", [copied_from(4, "b", "u9")])
    assert verdict == Copy(of=4, kind=CopyKind.SYNDICATED, score=1.0)
