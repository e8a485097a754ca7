"""The tally of a line: on how many of an outlet's last pages it stood.

Pages are counted by generations of ``GENERATION_PAGES``. A line's count holds the generation that is under
way and the one before it, so what left an outlet's layout is forgotten after one to two generations, and no
outlet needs more memory than the lines of so many pages.
"""

from dataclasses import dataclass

GENERATION_PAGES = 200
"""A promotion that stands on every hundredth page is met twice, and a new layout is soon the usual one."""


def generation(pages: int) -> int:
    """The number of the generation that the next page belongs to, after so many pages."""
    return pages // GENERATION_PAGES


def window(pages: int) -> int:
    """How many of the last pages count: at least a generation, as soon as there are so many."""
    return pages - max(0, generation(pages) - 1) * GENERATION_PAGES


@dataclass(frozen=True, slots=True)
class Tally:
    """Pages that hold a line: ``recent`` of the generation named, ``earlier`` of the one before it."""

    generation: int
    recent: int = 0
    earlier: int = 0

    @property
    def pages(self) -> int:
        """The pages of both generations."""
        return self.recent + self.earlier

    def at(self, now: int) -> "Tally":
        """The same tally as it stands in a later generation."""
        if now == self.generation:
            return self
        return Tally(now, 0, self.recent if now == self.generation + 1 else 0)

    def plus(self, pages: int, now: int) -> "Tally":
        """With pages more in this generation."""
        then = self.at(now)
        return Tally(now, then.recent + pages, then.earlier)
