"""What stands around a segment, in numbers: the article's element, the furniture before it."""

import numpy as np
from lxml.html import document_fromstring

from aggregator.extract import surroundings
from aggregator.extract.centre import centre
from aggregator.extract.segments import Page

TEXT = "The harbour company will build a second crane, because ships have to wait for two days on average."


def counted(html: str, taken: list[int]) -> tuple[Page, surroundings.Counts]:
    page = Page([document_fromstring(f"<html><body>{html}</body></html>")])
    return page, surroundings.Counts.of(page.segments, taken)


def below(html: str, taken: list[int]) -> list[list[int]]:
    page, counts = counted(html, taken)
    return [[int(one) for one in row] for row in centre(page, surroundings.Held.of(page, counts))]


def test_the_articles_element_is_the_deepest_with_most_of_what_was_taken() -> None:
    box = f"<section><p>{TEXT}</p></section>"
    html = f"<nav>Home</nav><main><div><p>{TEXT}</p>{box}<p>{TEXT}</p></div></main>"
    assert below(html, [0, 1, 1, 1]) == [[-1, -1, -1], [1, 1, 1], [2, 2, 2], [1, 1, 1]]


def test_an_element_with_most_but_not_nearly_all_is_one_and_not_the_other() -> None:
    html = f"<div><p>{TEXT}</p><p>{TEXT} {TEXT} {TEXT}</p></div>"
    assert [row[:2] for row in below(html, [1, 1])] == [[-1, 1], [0, 1]]


def test_long_texts_tell_the_articles_element_where_nothing_was_taken() -> None:
    assert below(f"<p>Home</p><div><p>{TEXT}</p></div>", [0, 0]) == [[-1, -1, -1], [-1, -1, 0]]


def test_a_page_without_text_has_no_articles_element() -> None:
    assert below("<p>Home</p>", [0]) == [[-1, -1, -1]]


def test_what_a_frame_holds_is_held_by_those_around_it() -> None:
    page, counts = counted(f"<div><p>{TEXT}</p><p><a>Home</a></p></div><p>Far</p>", [1, 0, 0])
    held = surroundings.Held.of(page, counts)
    found = {one.tag: one.number for one in page.frames}
    div = found["div"]
    assert (held.chars[div], held.taken[div], held.texts[div]) == (len(TEXT) + 4, len(TEXT), len(TEXT))
    assert (held.link_chars[div], held.segments[div], held.chars[-1]) == (4, 2, 0)
    assert (held.all_taken, held.all_texts) == (len(TEXT), len(TEXT))


def test_distance_to_the_last_line_of_furniture() -> None:
    _, counts = counted("<p>one</p><p>Read also</p><p>three</p><p>seven</p>", [0] * 4)
    numbers = np.array([0, 1, 3])
    found = surroundings.behind_furniture(np.array([0, 7, 0], np.float32), numbers, counts)
    assert found.tolist() == [[60, 0, 0], [60, 0, 3], [2, 7, 14]]


def test_no_segments_have_no_rows() -> None:
    none = np.zeros(0, np.float32)
    _, counts = counted("<p>one</p>", [0])
    assert surroundings.behind_furniture(none, np.zeros(0, np.intp), counts).shape == (0, 3)


def test_the_general_extractor_is_spared_menus_and_what_has_no_text() -> None:
    menu = (
        "<ul>"
        + "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in ("one", "two", "six", "ten"))
        + "</ul>"
    )
    data = "<section><script type='application/ld+json'>{}</script></section>"
    html = (
        f"<nav>{menu}</nav><div><p></p><div><img src='a.jpg'></div></div><p>{TEXT}</p>{data}<p><i>One</i></p>"
    )
    page, _ = counted(html, [0] * 6)
    assert [frame.tag for frame in surroundings.idle(page)] == ["nav", "div"]
