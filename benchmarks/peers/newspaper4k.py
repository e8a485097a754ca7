"""newspaper4k, one page after the other, as its manual shows; one JSON line."""

import json
import os
import resource
import sys
from pathlib import Path

sys.path = [entry for entry in sys.path if entry != str(Path(__file__).resolve().parent)]

import newspaper  # noqa: E402 - this file's folder would hide nothing, but keep it off the path

URLS = json.loads((Path(os.environ["BENCH_HOME"]) / "urls.json").read_text(encoding="utf-8"))
done = 0
for url in URLS:
    try:
        article = newspaper.Article(url)
        article.download()
        article.parse()
        done += 1
    except newspaper.ArticleException as error:
        print(f"{url}: {error}", file=sys.stderr)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
sys.stdout.write(json.dumps({"pages": done, "peak_bytes": peak}) + "\n")
