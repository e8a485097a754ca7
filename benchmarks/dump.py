"""The analysts' dump: time, memory and size over invented articles, and how quickly the file answers.

    python benchmarks/dump.py 10000 200000 [--folder DIR]

Each number is a store of so many articles of 5 kB from 50 outlets, as crawls leave them. In the same run
SQLite copies the store as it is (``VACUUM INTO``): what reading and writing so many bytes costs at least.
Dumps are made by processes of their own, each with its own peak of memory. At last one article of a hundred
is added, and an incremental dump made. With ``--folder`` the stores stay there for the next run.
"""

import argparse
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "benchmarks"))

from dumps.asking import EACH, p95, searches  # noqa: E402
from dumps.filling import fill  # noqa: E402
from machine.memory import peak_mib  # noqa: E402

from aggregator.store.dump import Format, Wanted, dump  # noqa: E402
from aggregator.store.dump.questions import QUESTIONS  # noqa: E402
from aggregator.store.engine import Database  # noqa: E402


def measured(store: Path, out: Path, *options: str) -> tuple[float, float, float]:
    """Seconds, those of the CPU, and peak of memory in MB, of a dump in a process of its own."""
    command = [sys.executable, __file__, "--child", str(store), str(out), *options]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told = json.loads(done.stdout)
    return told["seconds"], told["cpu"], told["mb"]


def child(store: str, out: str, *options: str) -> None:
    """Make one dump and tell what it took."""
    base = next((Path(each.removeprefix("base=")) for each in options if each.startswith("base=")), None)
    form = Format.PARQUET if "parquet" in options else Format.SQLITE
    wanted = Wanted(has_search="search" in options, format=form, base=base, overlap=timedelta())
    with closing(Database.open(f"sqlite:///{store}")) as db:
        start, busy = time.perf_counter(), time.process_time()
        dump(db, Path(out), wanted)
        seconds, busy = time.perf_counter() - start, time.process_time() - busy
    print(json.dumps({"seconds": seconds, "cpu": busy, "mb": peak_mib() * 1.048576}))


def answers(path: Path) -> Iterator[tuple[str, float]]:
    """How long each canned question takes, in seconds, with the file opened anew."""
    for view in QUESTIONS:
        with closing(sqlite3.connect(path)) as file:
            start = time.perf_counter()
            asked = f'SELECT * FROM "{view.name}" ORDER BY {len(view.columns)} DESC LIMIT 100'  # noqa: S608 - our own names
            rows = file.execute(asked).fetchall()
            yield f"{view.name} ({len(rows)} rows)", time.perf_counter() - start


def tell_searches(path: Path) -> None:
    """The table of searches: the documented query beside SQLite's own way, which weighs every hit."""
    found = list(searches(path))
    print(f"\nSearches: 95th percentile of {EACH}, ms; hits: the median\n", flush=True)
    print("| | documented | ORDER BY rank alone | hits |\n| --- | ---: | ---: | ---: |")
    for each in found:
        print(f"| {each.kind} | {p95(each.ours_ms):.0f} | {p95(each.plain_ms):.0f} | {each.hits} |")
    ours = p95([ms for each in found for ms in each.ours_ms])
    plain = p95([ms for each in found for ms in each.plain_ms])
    print(f"| **all of them** | **{ours:.0f}** | {plain:.0f} | |\n", flush=True)


def mb(path: Path) -> float:
    """The size of a file or folder."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(each.stat().st_size for each in files) / 1e6


def filled(folder: Path, count: int) -> Path:
    """The store of so many articles in a folder, made if it is not there."""
    path, half = folder / f"{count}.sqlite3", folder / f"{count}.half"
    if not path.exists():
        half.unlink(missing_ok=True)
        fill(half, count)
        half.rename(path)
    return path


def round_of(folder: Path, kept: Path, count: int) -> None:
    """One size of store, all figures."""
    store = folder / "store.sqlite3"
    shutil.copy(filled(kept, count), store)
    print(f"\n## {count} articles ({mb(store):.0f} MB)\n", flush=True)
    start = time.perf_counter()
    with closing(sqlite3.connect(store)) as file:
        file.execute("VACUUM INTO ?", (str(folder / "copy.sqlite3"),))
    print(f"VACUUM INTO, the store as it is: {time.perf_counter() - start:.1f} s", flush=True)
    (folder / "copy.sqlite3").unlink()
    sizes = {}
    took = {}
    for name, options in (("plain", ()), ("search", ("search",)), ("parquet", ("parquet",))):
        took[name] = told(name, store, folder / f"{name}.sqlite3", *options)
        sizes[name] = mb(folder / f"{name}.sqlite3")
    print(f"Parquet is {sizes['parquet'] / sizes['plain']:.1%} of the SQLite file without index")
    for name, seconds in answers(folder / "search.sqlite3"):
        print(f"{name}: {seconds:.2f} s", flush=True)
    tell_searches(folder / "search.sqlite3")
    fill(store, count // 100, count + 1)
    busy = told("increment of 1 %", store, folder / "increment.sqlite3", f"base={folder / 'plain.sqlite3'}")
    print(f"The increment takes {busy / took['plain']:.1%} of the whole dump's CPU")


def told(name: str, store: Path, out: Path, *options: str) -> float:
    """Make a dump in a process of its own and say what it took; seconds of CPU."""
    seconds, busy, peak = measured(store, out, *options)
    words = f"{seconds:.1f} s ({busy:.1f} s of CPU), peak {peak:.0f} MB of memory, {mb(out):.0f} MB on disk"
    print(f"{name}: {words}", flush=True)
    return busy


def main() -> None:
    """Measure stores of the sizes that are asked for."""
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
        return
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000])
    parser.add_argument("--folder", type=Path, help="where filled stores stay")
    asked = parser.parse_args()
    for count in asked.sizes:
        with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
            round_of(Path(folder), asked.folder or Path(folder), count)


if __name__ == "__main__":
    main()
