"""How long an outlet's articles usually are."""

from store.samples import article, lines, page

from aggregator.model.article import Completeness
from aggregator.store import articles
from aggregator.store.engine import Database
from aggregator.store.lengths import usual_chars


def save(db: Database, numbers: range, chars: int, completeness: Completeness = Completeness.FULL) -> None:
    """Articles of so many characters, each with a text of its own."""
    made = [
        article(
            number, blocks=lines(f"{number} ".ljust(chars, chr(97 + number % 26))), completeness=completeness
        )
        for number in numbers
    ]
    articles.save(db, None, [page(one) for one in made])


def test_the_median_of_the_last_full_articles_is_usual(db: Database) -> None:
    save(db, range(30), 2_000)
    save(db, range(100, 140), 60, Completeness.TEASER)
    assert usual_chars(db, "harbour") == 2_000
    save(db, range(200, 240), 3_000)
    assert usual_chars(db, "harbour") == 3_000


def test_of_few_articles_nothing_is_told(db: Database) -> None:
    assert usual_chars(db, "harbour") is None
    save(db, range(19), 2_000)
    assert usual_chars(db, "harbour") is None
    save(db, range(19, 20), 2_000)
    assert usual_chars(db, "harbour") == 2_000
    assert usual_chars(db, "lagoon") is None
