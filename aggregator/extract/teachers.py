"""Teachers: what each outlet's pages have taught, over one run of bulk extraction or several."""

import json
from collections import OrderedDict
from dataclasses import astuple
from pathlib import Path
from typing import Any

from aggregator.errors import ConfigError
from aggregator.extract import read_also
from aggregator.extract.headlines import Headlines
from aggregator.extract.learned import Learned
from aggregator.extract.tally import Tally
from aggregator.model.article import Article
from aggregator.urls import host

MOST_OUTLETS = 5_000
"""An outlet of a hundred pages takes about half a megabyte; those not seen for longest are forgotten."""

_VERSION = 2


class Teachers:
    """One memory for each host, taught by its pages in their order."""

    def __init__(self) -> None:
        self._memories: OrderedDict[str, Learned] = OrderedDict()
        self._headlines: dict[str, Headlines] = {}

    def clean(self, article: Article) -> Article:
        """The article without learned boilerplate and hints at earlier pages; then it teaches, too.

        Headlines teach within one run.
        """
        name = host(article.url)
        memory = self._memories.setdefault(name, Learned())
        self._memories.move_to_end(name)
        if len(self._memories) > MOST_OUTLETS:
            self._headlines.pop(self._memories.popitem(last=False)[0], None)
        headlines = self._headlines.setdefault(name, Headlines())
        cleaned = memory.clean(read_also.again(article, headlines))
        memory.learn(article)
        headlines.add([article.headline])
        return cleaned

    @classmethod
    def load(cls, path: Path) -> "Teachers":
        """What was learned before; nothing if there is no such file yet.

        Raises:
            ConfigError: the file holds something else.
        """
        made = cls()
        if not path.exists():
            return made
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            for name, memory in _outlets(stored).items():
                made._memories[name] = _memory(memory)
        except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
            raise ConfigError(
                f"{path}: not a file of learned boilerplate; name another or delete it"
            ) from error
        return made

    def save(self, path: Path) -> None:
        """Write what was learned, for a later run; the old file stays until the new one is whole.

        Raises:
            OSError: the file cannot be written.
        """
        outlets = {
            name: {
                "pages": memory.pages,
                "texts": memory.texts,
                "tallies": {clue: astuple(tally) for clue, tally in memory.tallies.items()},
            }
            for name, memory in self._memories.items()
        }
        beside = path.with_name(f".{path.name}.part")
        beside.write_text(
            json.dumps({"version": _VERSION, "outlets": outlets}, ensure_ascii=False), encoding="utf-8"
        )
        beside.replace(path)


def _outlets(stored: Any) -> dict[str, Any]:
    if stored["version"] != _VERSION:
        raise ValueError(stored["version"])
    return dict(stored["outlets"])


def _memory(stored: Any) -> Learned:
    return Learned(
        int(stored["pages"]),
        {str(clue): Tally(*map(int, tally)) for clue, tally in stored["tallies"].items()},
        {str(text): int(met) for text, met in stored["texts"].items()},
    )
