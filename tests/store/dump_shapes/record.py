"""Records the shape of the dump: ``PYTHONPATH=tests:. python tests/store/dump_shapes/record.py``.

A version that was released is never recorded anew: raise VERSION first.
"""

import json
import tempfile
from contextlib import closing
from pathlib import Path

from store.test_dump_shape import RECORDED, shape

from aggregator.store.dump import dump
from aggregator.store.dump.making import VERSION
from aggregator.store.engine import Database


def main() -> None:
    """Write the file of the version."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Database.open(f"sqlite:///{folder}/store.sqlite3")) as db,
    ):
        found = shape(dump(db, Path(folder) / "news.sqlite3").path)
    (RECORDED / f"{VERSION}.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
