"""A story that two outlets tell, one of them as a link, for the tests of the site."""

from datetime import timedelta

from published import CARDS, START, article, publish
from reading import Reader

from aggregator.model.outlet import RightsMode
from aggregator.store import outlets, stories
from aggregator.store.placing import place_next

FIRE = (
    "Sail loft burns down in Kestrel Bay",
    (
        "Flames destroyed the sail loft of Brannigan & Daughters in Kestrel Bay on Tuesday night. Forty "
        "people left their homes on Capstan Row. Chief officer Lena Obuya said that nobody had been hurt, "
        "and that the fire had begun beside a glue boiler on the upper floor."
    ),
)
AGAIN = (
    "Forty flee as Kestrel Bay loft goes up in flames",
    (
        "Neighbours on Capstan Row were woken by sirens when the Brannigan loft caught fire. Lena Obuya, "
        "who led the firefighters, praised a baker who had knocked on every door. The sails of half the "
        "fleet of Kestrel Bay are lost."
    ),
)


def told(reader: Reader) -> int:
    """Two outlets tell of one fire, one of them as a link; the story's number."""
    outlets.sync(reader.db, CARDS)
    publish(reader.db, RightsMode.LINK, article("synopsis", 1, AGAIN[0], text=AGAIN[1], language="en"))
    earlier = START - timedelta(hours=9)
    fire = article("harbour", 2, FIRE[0], text=FIRE[1], published=earlier, agency=("AFP",))
    publish(reader.db, RightsMode.FULL, fire)
    publish(reader.db, RightsMode.FULL, article("harbour", 3, "A tide table"))
    while place_next(reader.db):
        pass
    return next(each.id for each in stories.heads(reader.db) if each.outlets > 1)
