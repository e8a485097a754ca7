"""newspaper4k, one page after the other, as its manual shows; one JSON line."""

import json
import os
import resource
import sys
from pathlib import Path

sys.path.remove(str(Path(__file__).resolve().parent))  # else this file would import itself

import newspaper

URLS = json.loads((Path(os.environ["BENCH_HOME"]) / "urls.json").read_text(encoding="utf-8"))
done = 0
for url in URLS:
    try:
        article = newspaper.Article(url, fetch_images=False)  # it would wait for pictures that are not there
        article.download()
        article.parse()
        done += 1
    except Exception as error:  # noqa: BLE001 - it has no tokenizer for some languages, and raises many kinds
        print(f"{url}: {error}", file=sys.stderr)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
sys.stdout.write(json.dumps({"pages": done, "peak_bytes": peak}) + "\n")
