"""Pairs of addresses with the truth about them: a tab-separated file that the rules are checked against."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aggregator.errors import ConfigError
from aggregator.urls import Form, form

_COLUMNS = ("url_a", "url_b", "same")
_TRUTH = {"yes": True, "no": False}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\"}


class PairsError(ConfigError):
    """The file of pairs cannot be read, or a line of it is none."""

    exit_code = 65


@dataclass(frozen=True, slots=True)
class Pair:
    """One line: two addresses, their forms, whether they are one page, and what the line is about."""

    number: int
    one: Form
    other: Form
    is_same: bool
    case: str

    @property
    def is_right(self) -> bool:
        """Whether our rules say what the file says."""
        return (self.one.identity == self.other.identity) == self.is_same


def read(path: Path) -> Iterator[Pair]:
    r"""The pairs of a file with the columns ``url_a``, ``url_b``, ``same`` (yes or no) and perhaps ``case``.

    ``\t``, ``\n``, ``\r`` and ``\\`` in an address mean what they mean elsewhere. Empty lines are left out.

    Raises:
        PairsError: no such file, no such columns, or a line without two addresses and yes or no.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise PairsError(f"{path}: cannot be read: {error}; name a tab-separated UTF-8 file") from error
    names = lines[0].rstrip("\r").split("\t")
    if missing := [name for name in _COLUMNS if name not in names]:
        raise PairsError(
            f"{path}: line 1: no column {', '.join(missing)}; it must name {', '.join(_COLUMNS)}"
        )
    for number, line in enumerate(lines[1:], 2):
        if line.strip():
            yield _pair(path, number, dict(zip(names, line.rstrip("\r").split("\t"), strict=False)))


def _pair(path: Path, number: int, row: dict[str, str]) -> Pair:
    same = row.get("same", "").strip().lower()
    if same not in _TRUTH:
        raise PairsError(
            f"{path}: line {number}: two addresses and yes or no expected, with tabs between them"
        )
    one, other = (form(_unescaped(row[name])) for name in _COLUMNS[:2])
    return Pair(number, one, other, _TRUTH[same], row.get("case", ""))


def _unescaped(text: str) -> str:
    pieces = text.split("\\")
    out = [pieces[0]]
    rest = iter(pieces[1:])
    for piece in rest:
        if piece and piece[0] in _ESCAPES:
            out.append(_ESCAPES[piece[0]] + piece[1:])
        elif not piece and (following := next(rest, None)) is not None:
            out.append("\\" + following)
        else:
            out.append("\\" + piece)
    return "".join(out)
