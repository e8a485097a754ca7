"""An extraction explained on the terminal."""

import io
import re
from dataclasses import replace

from cli.explained import ARABIC, FERRY, HOSTILE, explained
from rich.console import Console

from aggregator.cli.explain import print_explanation
from aggregator.extract.explanation import Explanation, explain
from aggregator.model.article import FieldLoser
from aggregator.model.outlet import Rules


def shown(told: Explanation, *, width: int = 80, colours: bool = False) -> str:
    out = io.StringIO()
    print_explanation(Console(file=out, width=width, force_terminal=colours, highlight=False), told)
    return out.getvalue()


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_each_field_stands_with_its_origin_and_what_was_not_taken() -> None:
    told = explained(FERRY)
    lost = replace(
        told.article, losers=(FieldLoser("headline", "html:title", "Ferry stays | The Harbour Post"),)
    )
    lines = shown(explain(lost, 0.0)).splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("headline"))
    assert squeezed(lines[start]) == "headline Ferry stays at the pier meta:og:title"
    assert squeezed(lines[start + 1]) == "✗ Ferry stays | The Harbour Post html:title"
    assert any(line.startswith("not found      modified, ") for line in lines)


def test_each_block_stands_in_order_kept_or_cut_with_the_reason() -> None:
    text = squeezed(shown(explained(FERRY), width=200))
    order = [
        "✗ cut Ferry stays at the pier the headline once more · headline",
        "✗ cut By Jane Roe the authors' names and nothing else · shape/byline",
        "│ paragraph The ferry stays at the pier for a third week",
        "│ paragraph Some four thousand people",
        "✗ cut Read also: Gulls learn to count in Port Wrenley a hint at another article · phrase/read_also",
        "│ heading 2 What comes next",
        "│ paragraph Fishermen had feared for their moorings.",
        "[✗ Read also: Gulls have learned to open lunch boxes] What the harbour needs is a crane",
        "a hint at another article inside a paragraph · flattened/read_also",
        "│ list item A pier",
        "│ quote “I have waited",
        "✗ cut Share on Facebook a button to share · phrase/share",
    ]
    assert [line for line in order if line not in text] == []
    places = [text.index(line) for line in order]
    assert places == sorted(places)


def test_the_end_tells_how_much_was_cut_and_on_what_evidence() -> None:
    told = explained(FERRY)
    text = squeezed(shown(told))
    gone = sum(len(cut.text) for cut in told.article.cuts)
    kept = sum(len(block.text) for block in told.article.blocks)
    assert f"cut 5 blocks or lines, {gone} characters: {100 * gone / (gone + kept):.1f} % of the text" in text
    assert "completeness full default" in text
    assert "language en py3langid+html:lang" in text
    assert "CPU 38 ms" in text


def test_only_a_terminal_gets_colours() -> None:
    assert "\x1b[" not in shown(explained(FERRY))
    assert "\x1b[9;31mShare on Facebook" in shown(explained(FERRY), colours=True)


def test_no_line_is_wider_than_the_terminal() -> None:
    for html in (FERRY, ARABIC, HOSTILE):
        assert max(map(len, shown(explained(html)).splitlines())) <= 80


def test_hostile_text_gives_the_terminal_no_orders() -> None:
    text = shown(explained(HOSTILE))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert "[red]stays[/]" in text
    assert "[link=file:///etc/passwd]" in text


def test_a_cards_selector_is_no_markup() -> None:
    html = FERRY.replace("<p>By Jane", "<p data-bold>By Jane")
    text = shown(explained(html, rules=Rules(cuts=("[data-bold]",))))
    assert "an element that the card cuts" in text
    assert "card/[data-bold]" in text
