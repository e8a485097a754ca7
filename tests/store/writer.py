"""A writer to be killed: stores sixteen texts in batches of two, edited as its name wants it."""

from multiprocessing.connection import Connection
from zlib import crc32

from dedupe.prose import article as prose
from dedupe.prose import edited
from store.samples import article, lines, page

from aggregator.store import articles
from aggregator.store.engine import Database

STORIES = 16


def write(url: str, name: str, line: Connection) -> None:
    """Say when it is ready, begin when it is told to, and tell of each batch."""
    db = Database.open(url)
    seed = crc32(name.encode()) % 99
    bodies = (edited(prose(100 + n, 20), 0.08, seed + n) for n in range(STORIES))
    pages = [page(article(100 + n, outlet=name, blocks=lines(body))) for n, body in enumerate(bodies)]
    line.send("ready")
    line.recv()
    for n in range(0, STORIES, 2):
        articles.save(db, None, pages[n : n + 2])
        line.send(n)
