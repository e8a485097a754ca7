"""Full-text search."""

import zlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from paced import within
from sqlalchemy import text
from store.samples import NOON, article, lines, outlet, page

from aggregator.model.article import Block, BlockKind
from aggregator.model.edition import NewPublication, PublicationState
from aggregator.model.outlet import RightsMode
from aggregator.store import articles, editions, outlets
from aggregator.store.engine import Database
from aggregator.store.search import RANKED, Filters, SearchPage, index_pending, search

TEXTS = {
    1: ("Lighthouse keeper retires", "Zoë Müller kept the light in Saint-Malo for forty years.", "en"),
    2: ("Storm over the harbour", "The storm took the old pier. The keeper saw it from the light.", "en"),
    3: ("Les élèves à l'école", "Les élèves de l'école apprennent à naviguer sur un vieux bateau.", "fr"),
    4: ("Straßenbahn fährt wieder", "Die Straßenbahn fährt über die Brücke zum Hafen.", "de"),
    5: ("港口新桥开通", "周五上午，北京大学的研究人员参观了港口的新桥。桥长两公里，连接上海与宁波。", "zh"),
    6: (
        "港の新しい橋",
        "金曜日の朝、ヨットハーバーで灯台守が新しい橋を見ました。カメラも持っていました。",
        "ja",
    ),
    7: ("항구의 새 다리", "금요일 아침 항구에서 등대지기가 새 다리를 보았습니다.", "ko"),
    8: ("สะพานใหม่ที่ท่าเรือ", "ผู้ดูแลประภาคารเห็นสะพานใหม่ในเช้าวันศุกร์", "th"),
    9: ("جسر جديد في الميناء", "رأى حارس المنارة الجسر الجديد صباح الجمعة. مُحَمَّد أحمد كان هناك.", "ar"),
    10: ("Новый мост в порту", "Смотритель маяка увидел ёлку на новом мосту в пятницу.", "ru"),
    11: ("बंदरगाह पर नया पुल", "प्रकाशस्तंभ के रखवाले ने शुक्रवार की सुबह नया पुल देखा।", "hi"),
    12: ("גשר חדש בנמל", "שומר המגדלור ראה את הגשר החדש ביום שישי.", "he"),
    13: ("Νέα γέφυρα στο λιμάνι", "Ο φαροφύλακας είδε τη νέα γέφυρα την Παρασκευή.", "el"),
    14: ("İstanbul'da yeni köprü", "Fener bekçisi ilk köprüyü cuma sabahı gördü.", "tr"),
}


def new(number: int, headline: str, text: str, **changes: Any) -> NewPublication:
    values: dict[str, Any] = {
        "article_id": number,
        "state": PublicationState.PUBLISHED,
        "mode": RightsMode.FULL,
        "headline": headline,
        "blocks": lines(text),
        "licence": None,
        "credit": "The Harbour Post",
        "reasons": (),
        "revision": 1,
    }
    return NewPublication(**(values | changes))


def publish(db: Database, publications: Sequence[NewPublication]) -> None:
    editions.publish(db, publications, NOON)
    while index_pending(db):
        pass


@pytest.fixture
def library(db: Database) -> Database:
    outlets.sync(db, [outlet(), outlet("ferry")])
    articles.save(
        db,
        None,
        [
            page(
                article(
                    number,
                    headline=headline,
                    language=language,
                    blocks=(Block(BlockKind.PARAGRAPH, words),),
                    outlet="ferry" if number == 2 else "harbour",
                )
            )
            for number, (headline, words, language) in TEXTS.items()
        ],
    )
    publish(db, [new(number, headline, words) for number, (headline, words, _) in TEXTS.items()])
    return db


def found(db: Database, query: str, **narrowed: Any) -> list[int]:
    page = search(db, query, filters=Filters(**narrowed))
    return [hit.publication.article_id for hit in page.hits]


QUERIES = {
    "keeper": [1, 2],
    "KEEPER": [1, 2],
    "keeper storm": [2],
    "keeper pier forty": [],
    "zoe muller": [1],
    "Zoë Müller": [1],
    "saint malo": [1],
    "saint-malo": [1],
    "eleve": [],
    "eleves": [3],
    "ÉCOLE": [3],
    "l'ecole": [3],
    "l’école": [3],
    "strassenbahn": [4],
    "STRASSENBAHN": [4],
    "Straßenbahn": [4],
    "bruecke": [],
    "brücke hafen": [4],
    "港": [5, 6],
    "港口": [5],
    "北京": [5],
    "北京大学": [5],
    "京大": [5],
    "大北": [],
    "北京 上海": [5],
    "宁波": [5],
    "新桥开通": [5],
    "新しい橋": [6],
    "ハーバー": [6],
    "ﾊｰﾊﾞｰ": [6],
    "カメラ": [6],
    "항구": [7],
    "등대지기": [7],
    "다리": [7],
    "สะพาน": [8],
    "ประภาคาร": [8],
    "เรือ": [8],
    "المنارة": [9],
    "محمد": [9],
    "احمد": [9],
    "أحمد": [9],
    "мост": [10],
    "МОСТ": [10],
    "елку": [10],
    "ёлку": [10],
    "पुल": [11],
    "शुक्रवार": [11],
    "पल": [],
    "הגשר": [12],
    "γεφυρα": [13],
    "ΓΈΦΥΡΑ": [13],
    "istanbul": [14],
    "kopru": [14],
    "köprü": [14],
    "nothing of this kind": [],
}


def test_words_are_found_whatever_their_script_case_and_accents(library: Database) -> None:
    assert {query: sorted(found(library, query)) for query in QUERIES} == QUERIES


QUOTED = {
    '"old pier"': [2],
    '"pier old"': [],
    "pier old": [2],
    "„old pier“": [2],
    "“the light”": [1, 2],
    '"the light" storm': [2],
    '"vieux bateau"': [3],
    '"北京 大学"': [5],
    '"harbour the"': [],
    '"old pier': [2],
}


def test_words_in_quotes_stand_together(library: Database) -> None:
    assert {query: sorted(found(library, query)) for query in QUOTED} == QUOTED


SIGNS = [
    "*", "a*", "-", "-keeper", "+keeper", "AND", "OR", "NOT", "NEAR(", "(keeper",
    "keeper)", "headline:keeper", "^keeper", "keeper:*", "'", "\\", "%", "_", "{x}",
    "[x]", "<->", "!keeper", "&", "|", "👍", "👍🏽", "ｋｅｅｐｅｒ", "ﬁre", "桥*", "«", "「橋」",
    "--", ";", "<b>", "$1", ":query", "%s", "?", "\u202e", "\u0301", "e\u0301", "\x00",
    "\ud800",
]  # fmt: skip
NOISE = [
    *SIGNS,
    *(f'"{sign}"' for sign in SIGNS),
    *(f"keeper {sign} storm" for sign in SIGNS),
    "",
    " \n\t",
    '"',
    '""',
    "'; DROP TABLE publication; --",
    "keeper AND",
    "keeper <-> storm",
    "a" * 10_000,
    "a " * 5000,
    "桥" * 5000,
    '"' * 5000,
]


def test_any_string_is_a_query(library: Database) -> None:
    for query in NOISE:
        answer = search(library, query)
        assert answer.total == len(answer.hits), query


def test_signs_of_query_languages_are_only_signs(library: Database) -> None:
    for query in ("-keeper", "keeper*", "(keeper)", "^keeper", "!keeper", "ｋｅｅｐｅｒ", "keeper\x00"):
        assert sorted(found(library, query)) == [1, 2], query
    assert found(library, "keeper OR storm") == []


def test_a_word_in_the_headline_counts_more_than_one_in_the_text(library: Database) -> None:
    assert found(library, "keeper") == [1, 2]
    assert found(library, "storm light") == [2]


def test_equal_answers_come_newest_first(db: Database) -> None:
    articles.save(db, None, [page(article(n, published=NOON - timedelta(days=n))) for n in range(1, 5)])
    publish(db, [new(number, "Tide table", "High water at noon") for number in range(1, 5)])
    assert found(db, "water") == [1, 2, 3, 4]


def test_pages_of_answers_hold_everything_once(db: Database) -> None:
    articles.save(db, None, [page(article(number)) for number in range(1, 8)])
    publish(db, [new(number, "Tide table", "High water at noon") for number in range(1, 8)])
    numbers: list[int] = []
    for offset in (0, 3, 6, 9):
        answer = search(db, "water", limit=3, offset=offset)
        assert answer.total == 7
        numbers += [hit.publication.article_id for hit in answer.hits]
    assert sorted(numbers) == list(range(1, 8))


def test_answers_can_be_of_one_outlet_or_one_language(library: Database) -> None:
    assert found(library, "keeper", outlet="ferry") == [2]
    assert found(library, "keeper", language="en-GB", outlet="harbour") == [1]
    assert found(library, "keeper", language="fr") == []
    assert found(library, "keeper", language="%") == []
    assert search(library, "港", filters=Filters(language="zh")).total == 1


def test_only_what_readers_see_is_found(db: Database) -> None:
    articles.save(db, None, [page(article(number)) for number in (1, 2, 3)])
    publish(
        db,
        [
            new(1, "Pier", "", mode=RightsMode.LINK),
            new(2, "Pier", "secret", state=PublicationState.REFUSED),
            new(3, "Pier", "secret", state=PublicationState.WITHDRAWN),
        ],
    )
    assert found(db, "pier") == [1]
    assert found(db, "council") == []  # the article has it, the publication does not
    assert found(db, "secret") == []


def number_of(db: Database, article_id: int) -> int:
    publication = editions.by_article(db, article_id)
    assert publication is not None
    return publication.id


def test_what_is_withdrawn_is_not_found_even_before_the_index_follows(library: Database) -> None:
    editions.withdraw(library, number_of(library, 2), "Asked", NOON)
    assert found(library, "storm") == []
    assert index_pending(library) == 1
    editions.restore(library, number_of(library, 2))
    assert found(library, "storm") == []
    assert index_pending(library) == 1
    assert found(library, "storm") == [2]


def test_a_new_text_replaces_the_old_words(library: Database) -> None:
    changed = [new(2, "Calm over the harbour", "The new pier stands.")]
    editions.publish(library, changed, NOON)
    assert index_pending(library) == 1
    assert found(library, "storm") == []
    assert found(library, "calm stands") == [2]


def test_the_index_follows_in_batches_and_then_rests(db: Database) -> None:
    articles.save(db, None, [page(article(number)) for number in range(1, 8)])
    editions.publish(db, [new(number, "Pier", "Text") for number in range(1, 8)], NOON)
    assert [index_pending(db, 3) for _ in range(4)] == [3, 3, 1, 0]
    assert search(db, "pier").total == 7


def test_the_index_is_sound_after_many_changes(library: Database) -> None:
    for word in ("first", "second", "third"):
        publish(library, [new(number, f"The {word} version", f"Text {number}") for number in range(1, 15)])
    if library.dialect == "sqlite":
        with library.session() as session:
            session.execute(text("INSERT INTO search_index(search_index) VALUES ('integrity-check')"))
    assert search(library, "third version").total == 14
    assert search(library, "second version").total == 0


def marked(answer: SearchPage) -> list[str]:
    return [piece for piece, is_match in answer.hits[0].snippet if is_match]


def shown(answer: SearchPage) -> str:
    return "".join(piece for piece, _ in answer.hits[0].snippet)


def test_a_snippet_marks_the_words_as_they_are_written(library: Database) -> None:
    assert marked(search(library, "zoe muller light")) == ["Zoë", "Müller", "light"]
    assert shown(search(library, "zoe")) == TEXTS[1][1]
    assert marked(search(library, "北京大学 上海")) == ["北京大学", "上海"]
    assert marked(search(library, "สะพานใหม่")) == ["สะพานใหม่"]
    assert marked(search(library, "محمد")) == ["مُحَمَّد"]
    assert marked(search(library, "strassenbahn")) == ["Straßenbahn"]


def test_a_snippet_shows_the_place_where_the_words_stand_together(db: Database) -> None:
    far = "Nothing of note happened here. " * 60
    words = f"The keeper came. {far}The keeper saw the storm.\nThe end of it. {far}"
    articles.save(db, None, [page(article(1))])
    publish(db, [new(1, "Headline", words)])
    answer = search(db, "keeper storm")
    assert marked(answer) == ["keeper", "storm"]
    line = shown(answer)
    assert line.startswith("… ")
    assert line.endswith(" …")
    assert len(line) < 320
    assert "\n" not in line


def test_a_snippet_is_plain_text_and_its_pieces_are_the_text(library: Database) -> None:
    publish(library, [new(2, "Tags", "a <b>keeper</b> & a <script>keeper</script>")])
    answer = search(library, "keeper script")
    assert shown(answer) == "a <b>keeper</b> & a <script>keeper</script>"


def test_a_link_has_no_snippet(db: Database) -> None:
    articles.save(db, None, [page(article(1))])
    publish(db, [new(1, "Pier", "", mode=RightsMode.LINK)])
    assert search(db, "pier").hits[0].snippet == ()


def test_a_text_without_an_end_is_indexed_and_found(db: Database) -> None:
    articles.save(db, None, [page(article(1))])
    words = " ".join(f"word{number}" for number in range(60_000)) + " " + "x" * 5000
    publish(db, [new(1, "Long", words + " 桥" * 30_000)])
    assert found(db, "word17 word9000") == [1]


def test_search_among_thousands_is_quick(db: Database) -> None:
    with db.session() as session:
        session.execute(
            text(
                "INSERT INTO outlet (slug, name, homepage, language, country, mode, is_active, synced_at) "
                "VALUES ('harbour', 'h', '', 'en', 'IE', 'link', :yes, :at)"
            ),
            {"yes": True, "at": "2031-01-01T00:00:00.000000Z"},
        )
    for start in range(1, 2001, 500):
        articles.save(db, None, [page(article(number)) for number in range(start, start + 500)])
        publish(
            db,
            [new(n, f"Pier {n}", f"{article(n).body} word{n % 7}") for n in range(start, start + 500)],
        )
    search(db, "council word3")
    with within(0.2):
        assert search(db, "council word3").total == 286
    whole = search(db, "council")
    assert (whole.total, whole.is_cut) == (RANKED, False)
    articles.save(db, None, [page(article(number)) for number in range(2001, 2011)])
    publish(db, [new(n, "Pier", f"{article(n).body} late") for n in range(2001, 2011)])
    # Of what stands everywhere the newest are ranked; what else stands there finds the oldest, too.
    cut = search(db, "council", limit=RANKED + 1)
    assert (cut.total, cut.is_cut, len(cut.hits)) == (RANKED, True, RANKED)
    assert min(hit.publication.article_id for hit in cut.hits) >= 2010 - RANKED
    assert [hit.publication.headline for hit in search(db, '"pier 7"').hits] == ["Pier 7"]


def test_a_text_of_more_words_than_an_index_entry_holds_is_indexed_as_far_as_it_goes(db: Database) -> None:
    articles.save(db, None, [page(article(1)), page(article(2))])
    # Every pair of characters is another word, of four bytes a character.
    characters = [chr(0x20000 + number) for number in range(40_000)]
    text = "港口 " + "".join(characters[zlib.crc32(b"%d" % number) % 40_000] for number in range(199_000))
    publish(db, [new(1, "Endless", text), new(2, "Short", "桥梁")])
    assert found(db, "港口") == [1]
    assert found(db, "桥梁") == [2]
