"""The public dump: what rights, withdrawals and takedowns keep from readers is in none of its bytes."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from store.samples import NOON, article, lines, outlet, page

from aggregator.config import Settings
from aggregator.model.article import Article, CutBlock, FieldLoser, Image
from aggregator.model.outlet import Rights, RightsMode
from aggregator.model.takedown import Order, TakedownScope
from aggregator.publishing import publish_all
from aggregator.store import articles, editions, outlets
from aggregator.store.dump import Audience, Wanted, dump
from aggregator.store.dump.columns import Openness
from aggregator.store.dump.tables import DUMP_TABLES
from aggregator.store.engine import Database
from aggregator.withdrawing import take_down

PUBLIC = Wanted(Audience.PUBLIC)
CC = "CC-BY-4.0"
CARDS = {
    each.slug: each
    for each in (
        outlet("full", rights=Rights(RightsMode.FULL, licence=CC, images=True)),
        outlet("excerpt", rights=Rights(RightsMode.EXCERPT, excerpt_chars=120)),
        outlet("link", rights=Rights(RightsMode.LINK)),
        outlet("never", rights=Rights(RightsMode.NEVER)),
        outlet("review", rights=Rights(RightsMode.FULL, licence=CC, automatic=False)),
        outlet("mine", rights=Rights(RightsMode.FULL, licence=CC)),
        outlet("gone", rights=Rights(RightsMode.FULL, licence=CC)),
        outlet("back", rights=Rights(RightsMode.FULL, licence=CC)),
    )
}
SENTENCES = 24
LATER = NOON + timedelta(hours=1)
ONE = Order(TakedownScope.ARTICLE, "", "asked by the outlet", "Ada Desk")


def sentences(slug: str, place: str = "body") -> list[str]:
    """Sentences that stand nowhere else; the first word of each is of this outlet and place alone."""
    return [f"{slug}{place}{n} lies off the {slug} pier with nine ropes." for n in range(SENTENCES)]


def written(slug: str, number: int) -> Article:
    """An article with sentences of its own wherever words can stand."""

    def words(place: str) -> str:
        return sentences(slug, place)[0]

    return article(
        number,
        outlet=slug,
        headline=f"{slug}headline: pier {number} is built",
        dek=words("dek"),
        blocks=lines("\n".join(sentences(slug))),
        byline=(f"Ann {slug}byline",),
        tags=(f"{slug}tag",),
        section=f"{slug}section",
        images=(Image(f"https://{slug}.example/p.jpg", words("alt"), words("caption"), words("credit")),),
        losers=(FieldLoser("headline", "page:h1", words("loser")),),
        cuts=(CutBlock(words("cut"), "read-also", before=words("before")),),
        licence=f"{slug}licence",
        tdm_reserved=slug == "mine",
    )


@pytest.fixture
def filled(db: Database, tmp_path: Path) -> Database:
    """Articles under all kinds of rights; one of ``back`` withdrawn, one of ``gone`` taken down."""
    settings = Settings(outlets=tmp_path / "cards", pages=tmp_path / "pages")
    outlets.sync(db, list(CARDS.values()))
    made = {slug: written(slug, number) for number, slug in enumerate(CARDS, start=1)}
    made = {slug: replace(each, licence=None) if slug == "full" else each for slug, each in made.items()}
    articles.save(db, None, [page(each) for each in made.values()])
    list(publish_all(db, CARDS, settings, NOON))
    out = {item.outlet: item for item in editions.front(db, limit=50).items}
    editions.withdraw(db, out["back"].id, "the outlet asked", NOON)
    take_down(db, settings, ONE, made["gone"].url, NOON)
    # What comes after the edition: a revision that is not out yet, and a copy.
    later = replace(made["full"], blocks=lines("\n".join(sentences("later"))), fetched_at=LATER)
    copy = replace(
        made["full"], outlet="excerpt", url="https://excerpt.example/c", headline="copyheadline: a pier"
    )
    copy = replace(copy, canonical_url=copy.url, source_link=copy.url)
    articles.save(db, None, [page(copy), page(later)])
    return db


def read(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_texts_stand_in_it_as_readers_get_them_and_only_so(filled: Database, tmp_path: Path) -> None:
    path = dump(filled, tmp_path / "public.sqlite3", PUBLIC).path
    texts = dict(read(path, "SELECT outlet, text FROM v_article WHERE text IS NOT NULL"))
    assert texts.keys() == {"full", "excerpt"}
    assert texts["full"] == "\n".join(sentences("full"))
    assert str(texts["excerpt"]).startswith(sentences("excerpt")[0])
    assert len(str(texts["excerpt"])) <= 121
    heads = {row[0] for row in read(path, "SELECT outlet FROM article WHERE headline IS NOT NULL")}
    assert heads == {"full", "excerpt", "link", "mine"}
    assert read(path, "SELECT caption FROM image") == [(sentences("full", "caption")[0],)]


def test_no_protected_sentence_is_in_any_of_its_bytes(filled: Database, tmp_path: Path) -> None:
    protected = [
        *(each for slug in CARDS if slug not in {"full", "excerpt"} for each in sentences(slug)),
        *sentences("later"),
        *sentences("excerpt")[3:],
    ]
    places = ("dek", "alt", "caption", "credit", "loser", "cut", "before")
    protected += [sentences(slug, place)[0] for slug in CARDS for place in places if slug != "full"]
    protected += [sentences("full", place)[0] for place in ("dek", "loser", "cut", "before")]
    silent = ("never", "review", "gone", "back")
    protected += [
        f"{slug}{word}" for slug in silent for word in ("headline", "byline", "tag", "section", "licence")
    ]
    protected.append("copyheadline")
    assert len(protected) > 200
    everything = dump(filled, tmp_path / "all.sqlite3").path.read_bytes()
    kept = [each for each in protected if each.encode() in everything]
    assert len(kept) > 200, "the store holds them, so that there is something to keep out"
    path = dump(filled, tmp_path / "public.sqlite3", PUBLIC).path
    for each in path.parent.glob("public.sqlite3*"):
        data = each.read_bytes()
        assert [words for words in protected if words.encode() in data] == []
    with closing(sqlite3.connect(path)) as file:
        firsts = {words.split()[0] for words in protected}
        found = [
            word
            for word in sorted(firsts)
            if file.execute("SELECT 1 FROM article_fts WHERE article_fts MATCH ?", (f'"{word}"',)).fetchone()
        ]
    assert found == []


def test_what_was_taken_down_keeps_no_address_either(filled: Database, tmp_path: Path) -> None:
    path = dump(filled, tmp_path / "public.sqlite3", PUBLIC).path
    assert b"gone.example/news" not in path.read_bytes()
    assert read(path, "SELECT a.outlet, a.url, t.reason FROM article AS a JOIN takedown_article AS x "
                "ON x.article_id = a.id JOIN takedown AS t ON t.id = x.takedown_id") == [
        ("gone", None, "asked by the outlet")
    ]  # fmt: skip
    assert read(path, "SELECT count(*) FROM article WHERE url IS NULL") == [(1,)]


def test_facts_stand_in_it_for_all_and_it_says_whom_it_is_for(filled: Database, tmp_path: Path) -> None:
    internal = dump(filled, tmp_path / "all.sqlite3")
    public = dump(filled, tmp_path / "public.sqlite3", PUBLIC)
    bounded = {"article_text", "image", "person", "article_person", "tag", "article_tag", "tag_language"}
    assert {name: count for name, count in public.rows.items() if name not in bounded} == {
        name: count for name, count in internal.rows.items() if name not in bounded
    }
    facts = dict(read(public.path, "SELECT key, value FROM metadata"))
    assert facts["audience"] == "public"
    assert "as readers of the site get them" in str(facts["licence_note"])
    assert read(public.path, "PRAGMA foreign_key_check") == []


def test_both_kinds_have_one_shape(filled: Database, tmp_path: Path) -> None:
    made = (dump(filled, tmp_path / "all.sqlite3"), dump(filled, tmp_path / "public.sqlite3", PUBLIC))
    schemas = [read(each.path, "SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2") for each in made]
    assert schemas[0] == schemas[1]


def test_what_depends_on_an_article_names_it() -> None:
    depend = {Openness.STANDING, Openness.OUT}
    lost = [
        f"{table.name}.{column.name}"
        for table in DUMP_TABLES
        for column in table.columns
        if column.openness in depend and table.article is None
    ]
    assert lost == []
