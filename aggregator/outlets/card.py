"""The card: every key, what it means, what it may hold."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Self, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from aggregator.model.outlet import (
    Adaptive,
    Cron,
    Interval,
    Layout,
    Outlet,
    Pace,
    Politeness,
    Rights,
    Rules,
    Schedule,
    Seed,
    SeedKind,
    Syndication,
)
from aggregator.outlets import checks, selectors
from aggregator.outlets.part import CardPart, WebAddress, Words
from aggregator.outlets.rights import RightsPart

_POLITE, _ADAPTIVE, _INTERVAL = Politeness(), Adaptive(), Interval(minutes=60)
_RULES, _SYNDICATION, _PACE = Rules(), Syndication(), Pace()
_MONTH_MINUTES = 31 * 24 * 60

_T = TypeVar("_T")


def _checked(check: Callable[[str], str]) -> AfterValidator:
    return AfterValidator(check)


def _each(check: Callable[[str], str]) -> AfterValidator:
    return AfterValidator(lambda values: [check(value) for value in values])


def _or(value: _T | None, default: _T) -> _T:
    return default if value is None else value


_as_list = BeforeValidator(lambda value: [value] if isinstance(value, str) else value)
Pattern = Annotated[str, _checked(checks.pattern)]
Selectors = Annotated[list[str], _as_list, _each(selectors.selector)]
Elements = Annotated[list[str], _as_list, _each(selectors.elements)]
Minutes = Annotated[float, Field(ge=1, le=_MONTH_MINUTES)]


class SeedPart(CardPart):
    """``[[seeds]]``."""

    kind: SeedKind = Field(strict=False, description="feed, sitemap or section")
    url: WebAddress = Field(description="where it is")


class PolitenessPart(CardPart):
    """``[politeness]``."""

    delay_seconds: float = Field(
        default=_POLITE.delay_seconds, ge=0, le=3600, description="pause between two pages of a host"
    )
    concurrency: int = Field(
        default=_POLITE.concurrency, ge=1, le=16, description="pages of a host under way at once"
    )
    timeout_seconds: float = Field(
        default=_POLITE.timeout_seconds, ge=1, le=300, description="longest wait for a page"
    )
    max_entries: int = Field(
        default=_POLITE.max_entries, ge=1, le=10_000, description="entries taken from a seed in one crawl"
    )
    max_revisits: int = Field(
        default=_POLITE.max_revisits,
        ge=0,
        le=10_000,
        description="pages of what is out that a crawl looks at again",
    )
    allow_addresses: list[Annotated[str, _checked(checks.private_network)]] = Field(
        default=list(_POLITE.allow_addresses),
        description="private networks (CIDR) that its pages may come from",
    )


class SchedulePart(CardPart):
    """``[schedule]``: a cron expression, an interval, or two bounds."""

    cron: Annotated[str, _checked(checks.cron)] | None = Field(
        default=None, description="minute hour day month weekday, weekdays by name"
    )
    timezone: Annotated[str, _checked(checks.timezone)] | None = Field(
        default=None, description="IANA time zone of cron, UTC by default"
    )
    every_minutes: Minutes | None = Field(default=None, description="a crawl every so many minutes")
    jitter_seconds: float | None = Field(
        default=None, ge=0, le=3600, description="moves every_minutes by up to this, 60 by default"
    )
    fastest_minutes: Minutes | None = Field(default=None, description="adaptive: shortest pause of crawls")
    slowest_minutes: Minutes | None = Field(default=None, description="adaptive: longest pause of crawls")

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = {
            "cron (with timezone)": (self.cron, self.timezone),
            "every_minutes (with jitter_seconds)": (self.every_minutes, self.jitter_seconds),
            "fastest_minutes and slowest_minutes": (self.fastest_minutes, self.slowest_minutes),
        }
        used = [kind for kind, values in kinds.items() if any(value is not None for value in values)]
        if len(used) > 1:
            raise ValueError(f"expected only one of {'; '.join(kinds)}; got {' and also '.join(used)}")
        if self.timezone is not None and self.cron is None:
            raise ValueError("expected cron beside timezone; got timezone alone")
        if self.jitter_seconds is not None and self.every_minutes is None:
            raise ValueError("expected every_minutes beside jitter_seconds; got jitter_seconds alone")
        fastest, slowest = self._bounds()
        if fastest > slowest:
            raise ValueError(f"expected fastest_minutes <= slowest_minutes; got {fastest:g} and {slowest:g}")
        return self

    def _bounds(self) -> tuple[float, float]:
        fastest = _or(self.fastest_minutes, min(_ADAPTIVE.fastest_minutes, self.slowest_minutes or 1e9))
        return fastest, _or(self.slowest_minutes, max(_ADAPTIVE.slowest_minutes, fastest))

    def schedule(self) -> Schedule:
        """The schedule that the keys mean; adaptive if there are none."""
        if self.cron is not None:
            return Cron(self.cron, _or(self.timezone, "UTC"))
        if self.every_minutes is not None:
            return Interval(self.every_minutes, _or(self.jitter_seconds, _INTERVAL.jitter_seconds))
        return Adaptive(*self._bounds())


class SyndicationPart(CardPart):
    """``[syndication]``."""

    canonical: bool = Field(
        default=_SYNDICATION.canonical, description="full copies name the original as canonical"
    )
    noindex: bool = Field(
        default=_SYNDICATION.noindex, description="full copies ask search engines to leave them out"
    )


class PublishPart(CardPart):
    """``[publish]``."""

    priority: int = Field(
        default=_PACE.priority, ge=-100, le=100, description="a higher one goes out first; -100 to 100"
    )
    drip: int | None = Field(default=None, ge=1, description="most of its new articles in one edition")
    drip_minutes: int = Field(
        default=_PACE.drip_minutes, ge=0, le=10_080, description="least pause between two new articles"
    )
    daily_cap: int | None = Field(default=None, ge=1, description="most new articles in a day")
    embargo_minutes: int = Field(
        default=_PACE.embargo_minutes, ge=0, le=525_600, description="how long the original stands alone"
    )
    quiet_hours: list[Annotated[str, _checked(checks.hours)]] = Field(
        default=list(_PACE.quiet_hours), description="hours without new articles, such as 22:00-06:30"
    )


class LayoutPart(CardPart):
    """The rules of a layout, in ``[rules]`` and in ``[[rules.layouts]]``."""

    body: Elements = Field(default=[], description="selector of the body's elements, taken whole")
    within: Elements = Field(default=[], description="selector of elements inside which the body lies")
    headline: Selectors = Field(default=[], description="selector of the headline")
    byline: Selectors = Field(default=[], description="selector of the byline")
    published: Selectors = Field(default=[], description="selector of the date")
    cuts: list[Annotated[str, _checked(selectors.elements)]] = Field(
        default=[], description="selectors of elements cut before extraction"
    )
    cut_lines: list[Pattern] = Field(
        default=[], description="regular expressions; blocks they match as a whole are cut"
    )
    least_share: float = Field(
        default=_RULES.least_share,
        ge=0,
        le=1,
        description="least share of the usual text that these rules must leave",
    )


class OldLayoutPart(LayoutPart):
    """``[[rules.layouts]]``."""

    until: date = Field(description="the last day of this layout, such as 2024-05-01")


class RulesPart(LayoutPart):
    """``[rules]``."""

    page_class: Words | None = Field(
        default=None, description="Python file with the outlet's page classes, relative to the card"
    )
    layouts: list[OldLayoutPart] = Field(default=[], description="[[rules.layouts]] of older pages")

    @model_validator(mode="after")
    def _each_day_once(self) -> Self:
        days = [layout.until for layout in self.layouts]
        if len(set(days)) < len(days):
            raise ValueError("expected layouts with an until of their own each; got one day twice")
        return self

    def rules(self) -> Rules:
        """The rules that the keys mean."""
        layouts = (
            Layout(one.until, Rules(**{k: v for k, v in _frozen(one).items() if k != "until"}))
            for one in self.layouts
        )
        return Rules(**(_frozen(self) | {"layouts": tuple(layouts)}))


class Card(CardPart):
    """A whole card."""

    slug: Annotated[str, _checked(checks.slug)] | None = Field(
        default=None, description="the file's name, if it is given at all"
    )
    name: Words = Field(description="the outlet's name as readers know it")
    homepage: WebAddress = Field(description="its front page")
    language: Annotated[str, _checked(checks.language)] = Field(description="BCP 47 tag such as fr or pt-BR")
    country: Annotated[str, _checked(checks.country)] = Field(description="ISO 3166-1 alpha-2 such as FR")
    paused: bool = Field(default=False, description="true: not crawled")
    include: list[Pattern] = Field(
        default=[], description="regular expressions; only URLs that one of them matches"
    )
    exclude: list[Pattern] = Field(
        default=[], description="regular expressions; no URL that one of them matches"
    )
    seeds: list[SeedPart] = Field(min_length=1, description="at least one [[seeds]] with kind and url")
    politeness: PolitenessPart = PolitenessPart()
    schedule: SchedulePart = SchedulePart()
    rights: RightsPart = RightsPart()
    syndication: SyndicationPart = SyndicationPart()
    publish: PublishPart = PublishPart()
    rules: RulesPart = RulesPart()

    @model_validator(mode="after")
    def _each_seed_once(self) -> Self:
        seen = set[tuple[SeedKind, str]]()
        for seed in self.seeds:
            if (seed.kind, seed.url) in seen:
                raise ValueError(f"seeds: expected each seed once; got {seed.url} twice")
            seen.add((seed.kind, seed.url))
        return self

    def outlet(self, slug: str) -> Outlet:
        """The outlet that this card of that name describes."""
        polite, rights = self.politeness, self.rights
        return Outlet(
            slug=slug,
            name=self.name,
            homepage=self.homepage,
            language=self.language,
            country=self.country,
            seeds=tuple(Seed(seed.kind, seed.url) for seed in self.seeds),
            include=tuple(self.include),
            exclude=tuple(self.exclude),
            paused=self.paused,
            politeness=Politeness(**_frozen(polite)),
            schedule=self.schedule.schedule(),
            rights=Rights(**_frozen(rights)),
            syndication=Syndication(**_frozen(self.syndication)),
            publish=Pace(**_frozen(self.publish)),
            rules=self.rules.rules(),
        )


def _frozen(part: BaseModel) -> dict[str, Any]:
    """A part's values by key, lists as tuples: the model's types carry the same names."""
    values = {key: getattr(part, key) for key in type(part).model_fields}
    return {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
