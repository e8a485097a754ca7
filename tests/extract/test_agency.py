"""Which agency a page credits with its text."""

from pathlib import Path

import pytest
from handmade import article_html, make_page

from aggregator.errors import ConfigError
from aggregator.extract import agencies
from aggregator.extract.agency import find
from aggregator.extract.claims import Found
from aggregator.extract.page import extract
from aggregator.model.article import Block, BlockKind, CutBlock
from aggregator.model.outlet import Rules

LONG = "The council met on the quay for hours, and everybody who has a boat, a net or a rope was there."
PAGE = "https://harbour.example/news/1"
HERE = (PAGE, PAGE)


def credited(*lines: str, byline: tuple[str, ...] = (), cuts: tuple[CutBlock, ...] = ()) -> tuple[str, ...]:
    found = find(byline, [Block(BlockKind.PARAGRAPH, line) for line in lines], cuts, HERE)
    return found.value if found else ()


@pytest.mark.parametrize(
    ("dateline", "names"),
    [
        ("PARIS, 3 mars (Reuters) – ", ("Reuters",)),
        ("HARRISBURG, Pa. (AP) — ", ("AP",)),
        ("Berlin (dpa/bb) - ", ("dpa",)),
        ("Bern (awp/sda) - ", ("Keystone-SDA",)),
        ("Wien (APA/dpa) – ", ("APA", "dpa")),
        ("BERLIN, dpa – ", ("dpa",)),
        ("(ANSA) - ROMA, 3 MAR - ", ("ANSA",)),
        ("Madrid, 3 mar (EFE).- ", ("EFE",)),
        ("Lisboa, 03 mar 2031 (Lusa) — ", ("Lusa",)),
        ("MOSCOW, March 3. /TASS/. ", ("TASS",)),
        ("МОСКВА, 3 марта. /ТАСС/. ", ("TASS",)),
        ("МОСКВА, 3 мар — РИА Новости. ", ("RIA Novosti",)),
        ("Москва. 3 марта. INTERFAX.RU - ", ("Interfax",)),
        ("新华社北京3月3日电（记者王明）", ("Xinhua",)),
        ("（中央社記者王揚宇台北3日電）", ("CNA",)),
        ("(서울=연합뉴스) 홍길동 기자 = ", ("Yonhap",)),
        ("【北京共同】", ("Kyodo",)),
        ("【ワシントン＝時事】", ("Jiji",)),
        ("[東京　３日　ロイター] - ", ("Reuters",)),
        ("New Delhi, Mar 3 (PTI) ", ("PTI",)),
        ("New Delhi [India], March 3 (ANI): ", ("ANI",)),
        ("القاهرة في 3 مارس/أ ش أ/ ", ("MENA",)),
        ("الرياض - واس: ", ("SPA",)),
        ("باريس (أ ف ب) - ", ("AFP",)),
        ("Hà Nội (TTXVN) - ", ("VNA",)),
        ("Praha 3. března (ČTK) - ", ("ČTK",)),
        ("Budapest, 2031. március 3., hétfő (MTI) - ", ("MTI",)),
        ("ANKARA (AA) - ", ("Anadolu",)),
        ("ACCRA, March 3, GNA - ", ("GNA",)),
    ],
)
def test_a_dateline_names_its_agency(dateline: str, names: tuple[str, ...]) -> None:
    assert credited(dateline + LONG, LONG) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("The ferries sail again. (AFP)", ("AFP",)),
        ("So war es am Abend. (dpa/lin)", ("dpa",)),
        ("Das sagte sie der Zeitung (sda/dpa/afp).", ("Keystone-SDA", "dpa", "AFP")),
        ("The ferries sail again. — Reuters", ("Reuters",)),
        ("The ferries sail again. PTI", ("PTI",)),
        ("港は静かだった。（共同）", ("Kyodo",)),
        ("kono/ mark/ (PAP)", ("PAP",)),
        ("© AFP", ("AFP",)),
        ("Quelle: dpa", ("dpa",)),
        ("Fonte: ANSA", ("ANSA",)),
        ("© dpa-infocom, dpa:310303-99-123456/3", ("dpa",)),
        ("© 2031 The Associated Press. All rights reserved. Nobody may copy this.", ("AP",)),
        ("With inputs from PTI", ("PTI",)),
        ("The Associated Press contributed to this report.", ("AP",)),
        ("(Reporting by Jane Roe in Porto; Editing by John Doe)", ("Reuters",)),
    ],
)
def test_a_last_line_names_its_agency(line: str, names: tuple[str, ...]) -> None:
    assert credited(LONG, LONG, line) == names


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("AFP", ("AFP",)),
        ("Reuters Staff", ("Reuters",)),
        ("Jane Roe, AP", ("AP",)),
        ("JANE ROE Associated Press", ("AP",)),
        ("Le Phare avec AFP", ("AFP",)),
        ("Redaktion mit dpa", ("dpa",)),
        ("jr/dpa", ("dpa",)),
        ("Jan Novák (ČTK)", ("ČTK",)),
        ("TT-AFP", ("TT", "AFP")),
        ("新华社", ("Xinhua",)),
        ("رويترز", ("Reuters",)),
    ],
)
def test_a_byline_names_its_agency(name: str, names: tuple[str, ...]) -> None:
    assert credited(LONG, byline=(name,)) == names


@pytest.mark.parametrize(
    "opening",
    [
        "The Associated Press (AP) said on Monday that it will close its office on the quay. ",
        "The Associated Press (AP) – one of the largest news agencies – will close its office. ",
        "Reuters – the agency with the most pigeons – sold its last bird. ",
        "Reuters: the story of an agency that began with pigeons. ",
        "Die Nachrichtenagentur Reuters (Reuters) meldete am Montag einen Gewinn. ",
        "Pakistan Tehreek-e-Insaf (PTI) Chairman Imran was in the harbour. ",
        "According to AFP, the minister will resign. ",
        "Paris, Reuters and others were blamed. ",
        "The MENA region: what comes next. ",
        "AFP reporters were in the harbour. ",
    ],
)
def test_a_text_about_an_agency_is_not_the_agencys(opening: str) -> None:
    assert credited(opening + LONG, LONG) == ()


@pytest.mark.parametrize(
    "line",
    [
        "Photo: AFP",
        "Bild: dpa",
        "(AP Photo/Jane Roe)",
        "Credit: Reuters",
        "That is the view of the American Psychological Association (APA).",
        "Much of it went to the Middle East and North Africa (MENA)",
        "She told it to the news agency AFP.",
        "Follow AP on your telephone",
    ],
)
def test_pictures_and_names_explained_at_the_end_are_no_credit(line: str) -> None:
    assert credited(LONG, LONG, line) == ()


@pytest.mark.parametrize(
    "name", ["Paul Reuters", "Ana Lusa", "Michael Bloomberg", "MENA", "Pa", "Julia Ap", "Ana"]
)
def test_people_and_desks_are_no_agencies(name: str) -> None:
    assert credited(LONG, byline=(name,)) == ()


def test_an_agency_is_no_agency_on_its_own_site_but_where_a_copy_names_it_as_its_source() -> None:
    blocks = [Block(BlockKind.PARAGRAPH, "LONDON (Reuters) - " + LONG)]
    own = "https://www.reuters.com/world/1"
    assert find((), blocks, (), (own, own)) is None
    assert find((), [Block(BlockKind.PARAGRAPH, LONG)], (), (PAGE, own)) == Found(("Reuters",), "source_link")


def test_the_first_place_is_the_origin_and_each_agency_is_named_once() -> None:
    blocks = [
        Block(BlockKind.PARAGRAPH, "PARIS (AFP) - " + LONG),
        Block(BlockKind.PARAGRAPH, "(AFP, Reuters)"),
    ]
    assert find(("Jane Roe",), blocks, (), HERE) == Found(("AFP", "Reuters"), "text:dateline")


def test_what_was_cut_from_the_end_is_read_and_a_cut_caption_is_not() -> None:
    assert credited(LONG, cuts=(CutBlock("© 2031 AFP", "phrase/copyright"),)) == ("AFP",)
    assert credited(LONG, cuts=(CutBlock("© 2031 AFP", "phrase/caption"),)) == ()


def test_a_pages_agency_has_its_origin() -> None:
    page = make_page(
        article_html("<meta property='og:title' content='Bridge opens'><meta name='author' content='dpa'>")
    )
    article = extract(page, Rules())
    assert article.agency == ("dpa",)
    assert [one.source for one in article.origins if one.field == "agency"] == ["byline"]


def test_an_operators_agency_is_read_behind_ours(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[[agency]]\nname = "Nordwind"\nmarks = ["Nordwind"]\n', encoding="utf-8")
    ours = Path(agencies.__file__).with_name("agencies.toml")
    known = agencies.read([ours, own])
    assert known.credit("Quelle: Nordwind/dpa").names == ("Nordwind", "dpa")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[agency]", "not a readable TOML file"),
        ('[[agency]]\nmarks = ["X"]', "needs a name"),
        ('[[agency]]\nname = "X"\nmarks = "X"', "a list of words is expected"),
    ],
)
def test_a_wrong_file_is_named_with_what_was_expected(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=told):
        agencies.read([path])
