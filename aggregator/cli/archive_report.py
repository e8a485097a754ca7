"""What an import of WARC files, or a look through them, tells at its end."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from aggregator.model.record import RecordedPage, Skip, SkippedRecord

if TYPE_CHECKING:
    from aggregator.importing import Ended

_MOST_HOSTS: Final = 10
_MOST_SHOWN: Final = 20
_BROKEN: Final = frozenset({Skip.DAMAGED, Skip.TRUNCATED})
_NEW: Final = "would be extracted"


@dataclass(slots=True)
class Report:
    """The sums of an import, hosts without a card, and the first records that could not be read or used."""

    ends: Counter[str] = field(default_factory=Counter)
    outlets: Counter[str] = field(default_factory=Counter)
    hosts: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)

    def add(self, ended: "Ended") -> None:
        """Count a record's end."""
        self.ends[ended.why.value if ended.why else _NEW] += 1
        if ended.why is None or not isinstance(ended.why, Skip):
            self.outlets[ended.outlet] += 1
        if ended.why is Skip.NO_OUTLET:
            self.hosts[urlsplit(ended.url).netloc.lower()] += 1
        is_trouble = ended.why in _BROKEN or (ended.why is not None and ended.why.value.startswith("failed/"))
        if is_trouble and len(self.troubles) < _MOST_SHOWN:
            self.troubles.append(_line(ended.file, ended.offset_bytes, ended.why, ended.url, ended.detail))

    @property
    def is_nothing_readable(self) -> bool:
        """Whether the files hold no record at all that can be read."""
        return self.ends.total() == sum(self.ends[why.value] for why in _BROKEN)

    def lines(self, seconds: float, *, is_dry: bool) -> list[str]:
        """The report, line by line."""
        if not self.ends:
            return ["no record of a WARC file in it"]
        lines = list(self.troubles)
        if self.hosts:
            lines.append(f"hosts without a card, {self.hosts.total()} pages of {len(self.hosts)}:")
            lines += [
                f"{count:8} {host}: `aggregator outlet new https://{host}/`"
                for host, count in self.hosts.most_common(_MOST_HOSTS)
            ]
        lines += [f"{count:8} {name}" for name, count in sorted(self.ends.items())]
        pages = f"{self.outlets.total()} pages of {len(self.outlets)} outlets"
        end = "; nothing was written" if is_dry else ""
        return [*lines, f"{self.ends.total()} records, {pages}; {seconds:.1f} s{end}"]


@dataclass(slots=True)
class Verified:
    """The sums of a look through files, and the first records that cannot be read."""

    ends: Counter[str] = field(default_factory=Counter)
    broken: int = 0
    troubles: list[str] = field(default_factory=list)

    def add(self, file: Path, record: RecordedPage | SkippedRecord) -> None:
        """Count a record."""
        if isinstance(record, RecordedPage):
            self.ends["pages"] += 1
            return
        self.ends[record.why.value] += 1
        if record.why in _BROKEN:
            self.broken += 1
            if len(self.troubles) < _MOST_SHOWN:
                self.troubles.append(_line(file, record.offset_bytes, record.why, record.url, record.detail))

    def lines(self, files: int) -> list[str]:
        """The report, line by line."""
        sums = ", ".join(f"{count} {name}" for name, count in sorted(self.ends.items())) or "no record"
        return [*self.troubles, f"{files} files: {sums}; {self.broken} cannot be read"]


def _line(file: Path, offset_bytes: int, why: object, url: str, detail: str) -> str:
    about = ": ".join(part for part in (url, detail) if part)
    return f"{file} at byte {offset_bytes}: {getattr(why, 'value', '')}: {about}"
