"""A page as its outlet describes it: by the card's rules, or by a class of its own that overrides them."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, TypeVar

from lxml.html import HtmlElement

from aggregator.errors import AggregatorError
from aggregator.extract import card
from aggregator.extract.errors import PageError
from aggregator.model.outlet import Rules
from aggregator.model.page import FetchedPage

T = TypeVar("T")


class PageClassError(PageError):
    """A method of a page class failed on a page."""


class OutletPage:
    """What an outlet says about one of its pages, a method for each field; this class follows the card.

    For what a card cannot say, a subclass overrides methods. What a method does not find (``None`` or
    nothing) is extracted as usual. ``until`` is the last day of publication of pages with the layout that the
    class reads; without it, the class reads the present one. The methods may search ``tree`` and ``page`` and
    must not change them.
    """

    until: ClassVar[date | None] = None

    def __init__(self, page: FetchedPage, tree: HtmlElement, rules: Rules) -> None:
        self.page = page
        self.tree = tree
        self.rules = rules

    def select(self, *selectors: str) -> list[HtmlElement]:
        """The elements of the first selector (CSS, or XPath behind ``xpath:``) that matches any."""
        return card.select_first(self.tree, selectors)

    def texts(self, *selectors: str) -> list[str]:
        """The plain texts of the first selector that finds any."""
        return card.texts(self.tree, selectors)

    def headline(self) -> str | None:
        """The headline."""
        return next(iter(self.texts(*self.rules.headline)), None)

    def byline(self) -> Sequence[str]:
        """The author or authors as written; names are read from it."""
        return self.texts(*self.rules.byline)

    def published(self) -> Sequence[str]:
        """Dates as written; the first that can be read counts."""
        return self.texts(*self.rules.published)

    def body(self) -> Sequence[HtmlElement]:
        """The elements whose text is the body, none inside another."""
        return self.select(*self.rules.body)

    def within(self) -> Sequence[HtmlElement]:
        """The elements inside which the body lies."""
        return self.select(*self.rules.within)

    def cuts(self) -> Sequence[HtmlElement]:
        """Elements to remove before the body is looked for, beside those of the card."""
        return ()


def ask(page: OutletPage, name: str, kind: type[T]) -> list[T]:
    """What a method of a page says, as a list.

    Raises:
        PageClassError: the method failed, or gave something of another kind.
        CardError: a selector is not valid.
    """
    try:
        said = getattr(page, name)()
        found = [said] if isinstance(said, kind) else [] if said is None else list(said)
    except AggregatorError:
        raise
    except Exception as error:  # an outlet's own code may raise anything
        raise _failed(page, name, f"{type(error).__name__}: {error}") from error
    for one in found:
        if not isinstance(one, kind):
            raise _failed(page, name, f"expected {kind.__name__}; got {type(one).__name__}")
    return found


def _failed(page: OutletPage, name: str, words: str) -> PageClassError:
    where = f"{page.rules.page_class}: {type(page).__name__}.{name}()"
    return PageClassError(f"{page.page.url}: {where}: {words}")


def origin(page: OutletPage, name: str) -> str:
    """Where a field came from: ``card:headline``, or ``class:headline`` if the method is the outlet's own."""
    return f"{'card' if getattr(type(page), name) is getattr(OutletPage, name) else 'class'}:{name}"
