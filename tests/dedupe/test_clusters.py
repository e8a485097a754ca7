from datetime import UTC, datetime, timedelta

from dedupe.prose import article, edited

from aggregator.dedupe.candidates import PERIOD
from aggregator.dedupe.clusters import Clusters, Placed
from aggregator.dedupe.fingerprint import text_hash
from aggregator.dedupe.words import words
from aggregator.model.duplicate import CopyKind

DAY = datetime(2031, 4, 5, tzinfo=UTC)


def add(clusters: Clusters, name: str, text: str, *, at: datetime = DAY, outlet: str | None = None) -> Placed:
    return clusters.add(name, outlet or f"{name}.example", at, words(text), text_hash(name, text))


def test_the_first_article_names_the_cluster_and_copies_join_it() -> None:
    clusters, text = Clusters(), article(1)
    assert add(clusters, "a", text) == Placed("a")
    equal = add(clusters, "b", text.upper())
    assert (equal.cluster, equal.of, equal.kind, equal.likeness) == ("a", "a", CopyKind.SYNDICATED, None)
    assert add(clusters, "c", text, outlet="a.example").kind is CopyKind.IDENTICAL
    near = add(clusters, "d", edited(text, 0.1))
    assert (near.cluster, near.kind) == ("a", CopyKind.SYNDICATED)
    assert near.shared_rows >= 2
    assert add(clusters, "e", article(2)).cluster == "e"


def test_forty_copies_with_their_own_edits_are_one_cluster() -> None:
    clusters, text = Clusters(), article(3, 20)
    found = {add(clusters, f"n{n}", edited(text, 0.15, seed=n)).cluster for n in range(40)}
    assert found == {"n0"}


def test_the_whole_text_joins_the_excerpt_that_came_first() -> None:
    clusters, text = Clusters(), article(4, 30)
    add(clusters, "teaser", text[: len(text) // 4])
    assert add(clusters, "whole", text).kind is CopyKind.CONTAINS
    late = add(clusters, "late", " ".join(text.split()[200:]))
    assert (late.cluster, late.of) == ("teaser", "whole")


def test_a_head_that_many_texts_share_joins_none_of_them() -> None:
    clusters, head = Clusters(), article(5, 8)
    placed = [add(clusters, f"n{n}", f"{head}\n\n{article(100 + n, 14)}") for n in range(12)]
    assert [one.cluster for one in placed] == [f"n{n}" for n in range(12)]


def test_candidates_come_from_this_period_and_the_last_one() -> None:
    text = article(6)
    for later, cluster in ((PERIOD, "a"), (3 * PERIOD, "b")):
        clusters = Clusters()
        add(clusters, "a", text)
        assert add(clusters, "b", edited(text, 0.1), at=DAY + later).cluster == cluster


def test_an_old_cluster_lives_on_through_its_copies() -> None:
    clusters, text = Clusters(), article(7)
    for month in range(6):
        placed = add(
            clusters, f"n{month}", edited(text, 0.05, seed=month), at=DAY + month * timedelta(days=29)
        )
        assert placed.cluster == "n0"


def test_texts_of_a_few_words_are_told_by_their_hash_alone() -> None:
    clusters = Clusters()
    notice = "This video cannot be shown in your country."
    assert [add(clusters, name, notice).cluster for name in ("a", "b")] == ["a", "b"]
    assert add(clusters, "c", "").cluster == "c"
