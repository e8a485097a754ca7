"""Known headlines: a read-also line inside a paragraph is cut to its headline's end, exactly."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store.samples import article

from aggregator.extract import read_also
from aggregator.extract.flattened import cut_inside
from aggregator.extract.headlines import Headlines
from aggregator.extract.teachers import Teachers
from aggregator.model.article import Article, Block, BlockKind

EN = "The ferry sails at noon. The crew says that it will sail in any weather."
FR = "Le bac part à midi. L'équipage dit qu'il partira par tous les temps."
DE = "Die Fähre legt mittags ab. Die Mannschaft sagt, dass sie bei jedem Wetter fährt."
AR = "تبحر العبارة ظهرا. يقول الطاقم إنها ستبحر في أي طقس."
JA = "フェリーは正午に出港する。乗組員はどんな天気でも出ると語った。"
TH = "เรือข้ามฟากออกตอนเที่ยง ลูกเรือบอกว่าจะออกทุกสภาพอากาศ"

LINES = [
    (EN, "Read also: Gulls learn to count in Port Wrenley", "Mayor Orme was not there."),
    (EN, "Read also: Has the tide turned? Experts of Wrenley disagree", "Orme thinks not."),
    (EN, "Watch: Gulls learn to count in Port Wrenley", "Mayor Orme was not there."),
    (FR, "À lire aussi | Le phare de Penn Lann rouvre ses portes", "Yann Kerroc'h n'y croit pas."),
    (DE, "Lesen Sie auch: „Niemand zählt Möwen“: Streit am Hafen", "Bürgermeister Orme schweigt dazu."),
    (AR, "اقرأ أيضاً: النوارس تتعلم العد في الميناء القديم", "لم يكن رئيس البلدية هناك."),
    (JA, "関連記事：カモメが港で数を覚える「もう百まで」", "市長は現場にいなかった。"),
    (TH, "อ่านเพิ่มเติม: นกนางนวลหัดนับเลขที่ท่าเรือเก่า", "นายกเทศมนตรีไม่ได้อยู่ที่นั่น"),
]


def paragraph(before: str, line: str, after: str) -> str:
    gap = "" if before == JA else " "
    return f"{before}{gap}{line}{gap}{after}"


def headline(line: str) -> str:
    return line.replace("|", ":").replace("：", ":").split(":", 1)[1].strip()


def of(*texts: str) -> Article:
    blocks = [Block(BlockKind.PARAGRAPH, text, place=number) for number, text in enumerate(texts)]
    kept, cuts, _ = cut_inside(blocks)
    return article(1, blocks=kept, cuts=cuts)


@pytest.mark.parametrize(("before", "line", "after"), LINES)
def test_a_links_text_ends_the_line(before: str, line: str, after: str) -> None:
    block = Block(BlockKind.PARAGRAPH, paragraph(before, line, after))
    kept, cuts, _ = cut_inside([block], [headline(line), "Some other link of the page"])
    gap = "" if before == JA else " "
    assert [one.text for one in kept] == [f"{before}{gap}{after}"]
    assert [(cut.text, cut.rule, cut.behind) for cut in cuts] == [(line, read_also.RULE, len(before))]


@pytest.mark.parametrize(("before", "line", "after"), LINES)
def test_a_headline_of_another_article_ends_the_line_whatever_was_guessed(
    before: str, line: str, after: str
) -> None:
    made = of(EN, paragraph(before, line, after))
    assert read_also.hints(made)
    done = read_also.again(made, Headlines(["Another headline of the town", headline(line).upper()]))
    gap = "" if before == JA else " "
    assert done.blocks[1].text == f"{before}{gap}{after}"
    assert [cut.text for cut in done.cuts] == [line]
    assert read_also.again(done, Headlines([headline(line)])) == done


def test_what_the_guess_cut_too_much_comes_back() -> None:
    text = f"{EN} Read also: Gulls learn to count in Port Wrenley Orme was asleep."
    made = of(text)
    assert "Orme" not in made.blocks[0].text
    done = read_also.again(made, Headlines(["Gulls learn to count in Port Wrenley"]))
    assert done.blocks[0].text == f"{EN} Orme was asleep."


def test_other_lines_of_the_paragraph_stay_cut() -> None:
    first, second = "Read also: Boats are late again.", "Read also: Gulls learn to count"
    made = of(f"{EN} {first} It rained. {second} Orme was asleep. {EN}")
    done = read_also.again(made, Headlines(["Gulls learn to count"]))
    assert done.blocks[0].text == f"{EN} It rained. Orme was asleep. {EN}"
    assert [cut.text for cut in done.cuts] == [first, second]


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (f"{EN} Gulls learn to count in Port Wrenley. {EN}", "Gulls learn to count in Port Wrenley"),
        (f"{EN} The sign said: Gulls learn to count. {EN}", "Gulls learn to count"),
        (f"{EN} Watch: Gulls learn to countdown from ten. {EN}", "Gulls learn to count"),
        (f"{EN} Watch: Gulls fly over Wrenley. {EN}", "Gulls fly"),
        (f"{EN} He asked what to watch: Gulls learn to count. {EN}", "Gulls learn to count"),
    ],
)
def test_a_headline_without_its_opening_or_its_end_cuts_nothing(text: str, known: str) -> None:
    made = of(text)
    assert read_also.again(made, Headlines([known])) is made
    assert cut_inside(made.blocks, [known])[0] == made.blocks


def test_the_longest_headline_counts() -> None:
    known = Headlines(["Gulls learn to count", "Gulls learn to count in Port Wrenley"])
    text = "Gulls learn to count in Port Wrenley and beyond"
    assert known.end(text, 0) == len("Gulls learn to count in Port Wrenley")


def test_the_oldest_headlines_are_forgotten() -> None:
    known = Headlines([f"The pier of the year {year}" for year in range(1900, 1910)], most=5)
    assert known.end("The pier of the year 1909", 0)
    known.add(["Gulls learn to count"])
    assert known.end("Gulls learn to count", 0)
    assert known.end("The pier of the year 1905", 0) is None
    assert known.end("The pier of the year 1906", 0)


def test_earlier_pages_of_a_host_teach_their_headlines() -> None:
    teachers, line = Teachers(), "Watch: Gulls learn to count in Port Wrenley"
    text = f"{EN} {line} Mayor Orme was not there."
    late = replace(of(EN, text), headline="Another day")
    assert teachers.clean(late).blocks[1].text == text
    teachers.clean(article(2, headline="Gulls learn to count in Port Wrenley"))
    assert (
        teachers.clean(replace(late, headline="A third day")).blocks[1].text
        == f"{EN} Mayor Orme was not there."
    )


@given(st.text(alphabet="aßŁéİ :.|ーกक़ىـ\u200c字あ", max_size=60), st.text(max_size=40), st.text(max_size=40))
def test_nothing_is_lost_whatever_the_texts(before: str, title: str, after: str) -> None:
    text = f"{before} Read also: {title} {after}".strip()
    block = Block(BlockKind.PARAGRAPH, text, place=0)
    kept, cuts = read_also.without(block, frozenset, Headlines([title]))
    whole = [*kept, *(letter for cut in cuts for letter in cut.text)]
    assert sorted("".join("".join(whole).split())) == sorted("".join(text.split()))
