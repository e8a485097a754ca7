"""Outlets: their cards, and whether their robots.txt lets us in."""

from collections.abc import Iterator, Mapping

from protego import Protego

from aggregator import outlets as cards
from aggregator.config import Settings
from aggregator.doctor.complaint import Ailment, Complaint
from aggregator.errors import CardError, ConfigError
from aggregator.extract import page_classes
from aggregator.model.outlet import Outlet
from aggregator.outlets.twins import twins
from aggregator.store import robots_files
from aggregator.store.engine import Database


def read(settings: Settings) -> tuple[Mapping[str, Outlet], list[Complaint]]:
    """The good cards by slug, and what is wrong with the others."""
    folder = settings.path(settings.outlets)
    new = (
        "`aggregator outlet new URL` makes a card, `aggregator outlet starter --list` has some to begin with"
    )
    try:
        good, wrong = cards.load_good(folder)
    except ConfigError as error:
        return {}, [Complaint(Ailment.CARDS_NONE, str(folder), str(error), new)]
    found = [
        Complaint(Ailment.CARD_WRONG, "card", str(error), "correct it; `aggregator outlet check`")
        for error in wrong
    ]
    for card in good.values():
        try:
            if card.rules.page_class:
                page_classes.load(card.rules.page_class)
        except CardError as error:
            found.append(Complaint(Ailment.CARD_WRONG, f"{card.slug}.toml", str(error), "correct the class"))
    for slug, others in twins(good.values()).items():
        if all(slug < other for other in others):
            told = f"describes the same outlet as {', '.join(f'{other}.toml' for other in others)}"
            found.append(Complaint(Ailment.CARD_TWIN, f"{slug}.toml", told, "remove one of them"))
    if not good and not wrong:
        found.append(Complaint(Ailment.CARDS_NONE, str(folder), "no outlet yet", new))
    return good, found


def robots(db: Database, outlets: Mapping[str, Outlet], agent: str) -> Iterator[Complaint]:
    """Which outlets let us have none of their seeds, by the robots.txt that crawls met last."""
    for slug, files in robots_files.every(db).items():
        card = outlets.get(slug)
        if card is None or card.paused:
            continue
        rules = {file.origin: Protego.parse(file.rules) for file in files}
        told = [
            seed.url
            for seed in card.seeds
            if any(
                seed.url.startswith(f"{origin}/") and not parsed.can_fetch(seed.url, agent)
                for origin, parsed in rules.items()
            )
        ]
        if told and len(told) == len(card.seeds):
            remedy = "ask the outlet, name other seeds on its card, or pause it (`paused = true`)"
            yield Complaint(Ailment.ROBOTS_REFUSE, f"{slug}.toml", f"robots.txt forbids {told[0]}", remedy)
