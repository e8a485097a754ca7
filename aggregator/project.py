"""The Scrapy project: the folder that holds scrapy.cfg, spiders and pipelines."""

from pathlib import Path

from aggregator.errors import CrawlError

_PACKAGE = Path(__file__).resolve().parent


def root() -> Path:
    """The project's folder: beside the package in a checkout, inside it when installed from a wheel.

    Raises:
        CrawlError: neither place holds a ``scrapy.cfg``.
    """
    for folder in (_PACKAGE.parent, _PACKAGE / "_project"):
        if (folder / "scrapy.cfg").is_file() and (folder / "spiders").is_dir():
            return folder
    raise CrawlError(
        f"no Scrapy project beside {_PACKAGE} or in it: the installation is incomplete; install it again"
    )


def demo_data() -> Path:
    """The folder of the demo outlets' cards and articles."""
    return root() / "data" / "demo"
