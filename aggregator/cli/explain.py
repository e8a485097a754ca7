"""An extraction explained on the terminal: fields with origins, each block kept or cut, what it cost."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from aggregator.extract.explanation import Explanation, kind_in_words, percent
from aggregator.extract.plain import folded
from aggregator.extract.reasons import in_words
from aggregator.extract.trace import Kept
from aggregator.model.article import BlockKind, CutBlock

_NAME_CHARS = 13
_FROM_CHARS = 28
_LONGEST_VALUE_CHARS = 300
_LONGEST_BLOCK_CHARS = 240
_LONGEST_CUT_CHARS = 400
_AROUND_CHARS = 60
_WIDEST_CHARS = 120
_KEPT, _CUT, _LOST = "│", "✗", "✗"
_STYLE = {"cut": "red", "why": "dim red", "kept": "green", "from": "cyan", "quiet": "dim"}


def print_explanation(console: Console, told: Explanation) -> None:
    """Print everything that is told of an extraction."""
    width = min(console.width, _WIDEST_CHARS)

    def heading(words: str) -> None:
        console.print()
        console.print(Text(words, style="bold"), soft_wrap=True)

    heading("Fields, and where each came from")
    console.print(_fields(told), width=width)
    heading("Body, in the page's order")
    console.print(_blocks(told), width=width)
    if told.rules:
        heading("Cut, by rule")
        console.print(_rules(told), width=width)
    heading("In short")
    console.print(_summary(told), width=width)


def _grid() -> Table:
    return Table.grid(padding=(0, 2, 0, 0), expand=True)


def _fields(told: Explanation) -> Table:
    table = _grid()
    table.add_column(width=_NAME_CHARS, style="bold", overflow="fold")
    table.add_column(ratio=1, overflow="fold")
    table.add_column(max_width=_FROM_CHARS, style=_STYLE["from"], overflow="fold")
    for field in told.fields:
        if field.value:
            table.add_row(
                Text(field.name), Text(_short(field.value, _LONGEST_VALUE_CHARS)), Text(field.source)
            )
        for loser in field.losers:
            lost = f"{_LOST} {_short(loser.value, _LONGEST_VALUE_CHARS)}"
            name = "" if field.value else field.name
            table.add_row(
                Text(name), Text(lost, style=_STYLE["quiet"]), Text(loser.source, style=_STYLE["quiet"])
            )
    if told.missing:
        table.add_row("not found", Text(", ".join(told.missing), style=_STYLE["quiet"]), "")
    return table


def _blocks(told: Explanation) -> Table:
    table = _grid()
    table.add_column(width=1)
    table.add_column(width=10, style=_STYLE["quiet"], overflow="fold")
    table.add_column(ratio=1, overflow="fold")
    for step in told.steps:
        if isinstance(step, Kept):
            table.add_row(Text(_KEPT, style=_STYLE["kept"]), kind_in_words(step.block), _kept(step))
        else:
            text = Text(_short(step.text, _LONGEST_CUT_CHARS), style=f"{_STYLE['cut']} strike")
            table.add_row(Text(_CUT, style=_STYLE["cut"]), Text("cut", style=_STYLE["cut"]), text)
            table.add_row("", "", _why(step))
    return table


def _kept(step: Kept) -> Text:
    """A block's text; around a cut inside it only what stands nearby."""
    style = "bold" if step.block.kind is BlockKind.HEADING else ""
    if not step.inside:
        return Text(_short(step.block.text, _LONGEST_BLOCK_CHARS), style=style)
    shown = Text(style=style)
    for piece in step.pieces():
        if shown:
            shown.append(" ")
        if isinstance(piece, str):
            shown.append(_around(piece))
            continue
        shown.append(f"[{_CUT} ", style=_STYLE["cut"])
        shown.append(_short(piece.text, _LONGEST_CUT_CHARS), style=f"{_STYLE['cut']} strike")
        shown.append("]", style=_STYLE["cut"])
    for cut in step.inside:
        shown.append("\n")
        shown.append_text(_why(cut))
    return shown


def _why(cut: CutBlock) -> Text:
    where = f" · {cut.origin}" if cut.origin else ""
    return Text(f"{in_words(cut.rule)} · {cut.rule}{where}", style=_STYLE["why"])


def _rules(told: Explanation) -> Table:
    # Foreign words stand in Text: a table reads "[bold]" in a string as an order.
    table = _grid()
    table.add_column(justify="right", width=5)
    table.add_column(justify="right", width=12, style=_STYLE["quiet"])
    table.add_column(ratio=1, overflow="fold")
    table.add_column(style=_STYLE["why"], max_width=_FROM_CHARS, overflow="fold")
    for rule in told.rules:
        table.add_row(f"{rule.blocks:,}", f"{rule.chars:,} chars", rule.words, Text(rule.rule))
    return table


def _summary(told: Explanation) -> Table:
    table = _grid()
    table.add_column(width=_NAME_CHARS, style="bold")
    table.add_column(ratio=1, overflow="fold")
    table.add_column(max_width=_FROM_CHARS, style=_STYLE["from"], overflow="fold")
    cut = sum(rule.blocks for rule in told.rules)
    kept = f"{len(told.article.blocks)} blocks, {told.kept_chars:,} characters"
    table.add_row("kept", kept, Text(folded(told.article.container or "")))
    table.add_row(
        "cut",
        f"{cut} blocks or lines, {told.cut_chars:,} characters: {percent(told.share_cut)} of the text",
        "",
    )
    for name in ("completeness", "language"):
        field = told.field(name)
        table.add_row(name, Text(field.value or "unknown"), Text(field.source))
    if told.cpu_seconds:
        table.add_row("CPU", f"{1000 * told.cpu_seconds:.0f} ms", "")
    return table


def _short(text: str, longest: int) -> str:
    if len(text) <= longest + _AROUND_CHARS:
        return text
    return f"{_head(text, longest)} … ({len(text):,} characters)"


def _around(text: str) -> str:
    if len(text) <= 3 * _AROUND_CHARS:
        return text
    return f"{_head(text, _AROUND_CHARS)} … {_head(text[::-1], _AROUND_CHARS)[::-1]}"


def _head(text: str, longest: int) -> str:
    """The first words; a text without spaces is cut anywhere."""
    start = text[:longest]
    return start.rpartition(" ")[0] or start
