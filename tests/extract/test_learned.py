"""What an outlet's own pages teach, and what they must not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import ConfigError
from aggregator.extract.clues import masked
from aggregator.extract.learned import Learned
from aggregator.extract.teachers import Teachers
from aggregator.model.article import Article, Block, BlockKind, CutBlock

WORDS = ("harbour", "council", "ferry", "bridge", "tide", "market", "lantern", "anchor", "gull", "pier")


def story(number: int) -> str:
    """A paragraph of two sentences that no other number below 1,000 has, numbers aside."""
    spoken = " ".join(WORDS[int(digit)] for digit in f"{number:03}")
    doubted = " or ".join(WORDS[int(digit)] for digit in f"{number + 500:03}")
    return (
        f"On day {number} they spoke of {spoken} until the evening came. "
        f"Nobody could say whether {doubted} was new."
    )


def article(number: int, *blocks: str | Block, cuts: tuple[str, ...] = ()) -> Article:
    url = f"https://gazette.example/{number}"
    return Article(
        outlet="gazette",
        url=url,
        canonical_url=url,
        source_link=url,
        headline=f"Story {number}",
        blocks=tuple(
            block if isinstance(block, Block) else Block(BlockKind.PARAGRAPH, block)
            for block in (story(number), *blocks)
        ),
        language="en",
        fetched_at=datetime(2031, 4, 5, tzinfo=UTC),
        cuts=tuple(CutBlock(text, "phrase/read_also") for text in cuts),
    )


def taught(*articles: Article) -> Learned:
    learned = Learned()
    for one in articles:
        learned.learn(one)
    return learned


def left(learned: Learned, one: Article) -> list[str]:
    return [block.text for block in learned.clean(one).blocks]


LINE = "Sign the harbour charter at any kiosk."


def test_a_line_is_cut_from_its_third_page_on() -> None:
    assert left(taught(article(1, LINE)), article(2, LINE)) == [story(2), LINE]
    cleaned = taught(article(1, LINE), article(2, LINE)).clean(article(3, LINE))
    assert [block.text for block in cleaned.blocks] == [story(3)]
    assert cleaned.cuts == (CutBlock(LINE, "learned/line"),)


def test_changing_numbers_do_not_hide_a_line() -> None:
    learned = taught(article(1, "You have read 60% of it"), article(2, "You have read 45% of it"))
    assert left(learned, article(3, "You have read 7% of it")) == [story(3)]
    assert masked("Il vous reste 60 % !") == masked("Il vous reste 5 %")
    assert masked("Gedruckt am Montag, 3. Mai 2031") == masked("Gedruckt am Freitag, 21. Dezember 2031")
    assert masked("Write to desk@quay.example") == masked("Write to www.quay.example/desk?from=3")


def test_copies_and_revisits_teach_nothing() -> None:
    learned = taught(article(1, LINE), article(1, LINE), article(1, LINE))
    assert left(learned, article(2, LINE)) == [story(2), LINE]


def test_a_background_paragraph_in_follow_ups_stays() -> None:
    background = story(77) + " " + story(78)
    pages = [article(n, background) if n % 4 == 0 else article(n) for n in range(1, 13)]
    assert left(taught(*pages), article(20, background)) == [story(20), background]


def test_what_opens_a_column_stays() -> None:
    opening = Block(BlockKind.PARAGRAPH, "Every Friday our correspondent looks out of the window.")

    def column(number: int) -> Article:
        plain = article(number)
        return Article(
            **{f: getattr(plain, f) for f in plain.__slots__} | {"blocks": (opening, *plain.blocks)}
        )

    learned = taught(column(1), column(2), column(3), *(article(n) for n in range(4, 12)))
    assert left(learned, column(20))[0] == opening.text


@pytest.mark.parametrize(
    "line",
    ["“We shall not move the pier,” the mayor said.", "12 May: the pier is closed", "Why?", "— Never again."],
)
def test_repeated_quotes_chronologies_and_short_questions_stay(line: str) -> None:
    pages = [article(n, line) if n < 4 else article(n) for n in range(1, 20)]
    assert left(taught(*pages), article(30, line)) == [story(30), line]


def test_a_heading_that_some_articles_share_stays() -> None:
    heading = Block(BlockKind.HEADING, "What comes next for the town", 2)
    pages = [article(n, heading, story(n + 100)) if n < 4 else article(n) for n in range(1, 12)]
    assert left(taught(*pages), article(30, heading, story(200)))[1] == heading.text


def test_an_opening_with_a_changing_rest_is_cut() -> None:
    learned = taught(article(1, "Plus loin : Le phare rouvre"), article(2, "Plus loin : La digue tient"))
    assert left(learned, article(3, "Plus loin : Un bal sur le quai")) == [story(3)]


def test_an_opening_that_was_flattened_into_a_paragraph_is_cut_to_its_end() -> None:
    learned = taught(article(1, cuts=("Read more: Pier closes",)), article(2, cuts=("Read more: Fog lifts",)))
    cleaned = learned.clean(article(3, story(50) + " Read more: Gulls learn to count"))
    assert [block.text for block in cleaned.blocks] == [story(3), story(50)]
    assert cleaned.cuts[-1] == CutBlock(
        "Read more: Gulls learn to count",
        "learned/opening",
        behind=len(story(50)),
        before=story(50) + " Read more: Gulls learn to count",
    )


def test_a_line_that_was_flattened_into_a_paragraph_is_cut_as_a_sentence() -> None:
    learned = taught(article(1, LINE), article(2, story(20) + " " + LINE))
    cleaned = learned.clean(article(3, story(30) + " " + LINE, LINE + " " + story(31)))
    assert [block.text for block in cleaned.blocks] == [story(3), story(30), story(31)]
    assert [(cut.text, cut.rule) for cut in cleaned.cuts] == [(LINE, "learned/sentence")] * 2


def test_the_sentences_of_a_carried_paragraph_stay() -> None:
    background = f"{story(77)} {story(78)}"
    pages = [article(n, background) if n % 4 == 0 else article(n) for n in range(1, 33)]
    assert left(taught(*pages), article(200, background)) == [story(200), background]


def test_a_stock_sentence_of_rare_reports_stays() -> None:
    stock = "The inquiry into the accident goes on."
    pages = [article(n, stock) if n % 50 == 0 else article(n) for n in range(1, 160)]
    learned = taught(*pages)
    assert left(learned, article(200, stock)) == [story(200), stock]
    assert left(learned, article(200, story(201) + " " + stock)) == [story(200), f"{story(201)} {stock}"]


@pytest.mark.parametrize("kind", [BlockKind.HEADING, BlockKind.PARAGRAPH])
def test_a_heading_on_every_page_stays_where_it_heads_a_text(kind: BlockKind) -> None:
    heading = Block(kind, "Pros and cons", 2)
    learned = taught(*(article(n, heading, story(n + 300)) for n in range(1, 9)))
    assert left(learned, article(20, heading, story(400))) == [story(20), heading.text, story(400)]
    assert left(learned, article(20, story(400), heading)) == [story(20), story(400)]


def test_a_box_of_facts_is_no_list_of_hints() -> None:
    pages = [
        article(
            n, f"Where: {WORDS[n]} hall on the quay", f"Who: the {WORDS[n]} choir of the town", story(n + 300)
        )
        for n in range(6)
    ]
    box = ("Where: anchor hall on the quay", "Who: the gull choir of the town", story(400))
    assert left(taught(*pages), article(20, *box)) == [story(20), *box]
    words = [article(n, f"Keywords: {WORDS[n]}, {WORDS[n + 1]}, {WORDS[n + 2]}") for n in range(6)]
    assert len(left(taught(*words), article(20, "Keywords: ropes, sails, tar and oakum"))) == 2


def test_a_counter_is_a_line_and_a_chronology_is_text() -> None:
    counters = [
        article(n, f"{n} more paragraphs for members") if n % 3 == 0 else article(n) for n in range(30)
    ]
    assert left(taught(*counters), article(40, "48 more paragraphs for members")) == [story(40)]
    days = [
        article(n, f"{n} May: the pier is closed all day") if n % 3 == 0 else article(n) for n in range(30)
    ]
    assert len(left(taught(*days), article(40, "9 May: the pier is closed all day"))) == 2


def test_an_interview_keeps_its_answers() -> None:
    answers = [f"Dr Orme: It was the {word} that broke first." for word in WORDS]
    learned = taught(*(article(n, answers[n]) for n in range(1, 5)))
    assert left(learned, article(20, answers[5])) == [story(20), answers[5]]


def test_an_article_of_nothing_but_known_lines_stays_whole() -> None:
    notice = article(1, LINE).blocks[1:]
    learned = taught(article(1, LINE), article(2, LINE), article(3, LINE))
    only = Article(**{f: getattr(article(9), f) for f in article(9).__slots__} | {"blocks": notice})
    assert learned.clean(only) == only


def test_hosts_teach_only_themselves_and_memory_outlives_a_run(tmp_path: Path) -> None:
    path = tmp_path / "learned.json"
    teachers = Teachers.load(path)
    for number in (1, 2):
        teachers.clean(article(number, LINE))
    teachers.save(path)
    again = Teachers.load(path)
    assert [block.text for block in again.clean(article(3, LINE)).blocks] == [story(3)]
    other = article(4, LINE)
    elsewhere = Article(
        **{f: getattr(other, f) for f in other.__slots__} | {"url": "https://other.example/4"}
    )
    assert again.clean(elsewhere) == elsewhere


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"version": 1, "outlets": {"a": 3}}', '{"version": 9}'])
def test_a_file_that_is_none_of_ours_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "learned.json"
    path.write_text(content)
    with pytest.raises(ConfigError, match=r"learned\.json: not a file of learned boilerplate"):
        Teachers.load(path)
