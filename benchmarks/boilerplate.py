"""What an outlet's own pages teach: leaked boilerplate by the number of pages seen before, with and without.

  python benchmarks/boilerplate.py [--pages 100] [--seed 1] [--shared DIR]

Outlets with known boilerplate are generated in twelve languages from real sentences; articles are scored by
the shared script: leaked = share of the boilerplate's words in the bodies, lost = share of real text missing,
decoys = repeated real passages that were kept. Phrase rules work in both runs; learning in one.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "tests"), str(HERE.parent)]

from replayed import find_shared  # noqa: E402 - found by the line above

AFTER = "0,1,2,5,10,30,100"


def extract(manifest: Path, out: Path, *options: str) -> None:
    """Extract the generated pages, in their order."""
    program = [sys.executable, "-m", "aggregator.cli.main", "--quiet", "extract"]
    subprocess.run([*program, "--manifest", manifest, "--out", out, *options], cwd=HERE.parent, check=True)


def main() -> None:
    """Print both curves."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shared", type=Path, default=find_shared())
    arguments = parser.parse_args()
    if arguments.shared is None:
        parser.error("no folder with shared data: give --shared or set AGGREGATOR_SHARED")
    tools = arguments.shared / "boilerplate"
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        made = [sys.executable, tools / "make.py", out, "--shared", arguments.shared]
        counts = ["--pages", str(arguments.pages), "--seed", str(arguments.seed)]
        subprocess.run([*made, *counts], check=True, stdout=subprocess.DEVNULL)
        for name, options in (("phrases only", ["--no-learn"]), ("phrases and learned", [])):
            predictions = out / "predictions.jsonl"
            extract(out / "manifest.jsonl", predictions, *options)
            print(f"== {name}", flush=True)
            scoring = [sys.executable, tools / "score.py", out / "manifest.jsonl", predictions]
            subprocess.run([*scoring, "--after", AFTER], check=True)


if __name__ == "__main__":
    main()
