"""Where settings are looked for: the home folder, the settings file."""

import os
from pathlib import Path

FILE_NAME = "aggregator.toml"


def home() -> Path:
    """The folder that relative paths start from: AGGREGATOR_HOME, else the working directory."""
    return Path(os.environ.get("AGGREGATOR_HOME") or Path.cwd()).resolve()


def config_file() -> Path:
    """Where the settings file is looked for: AGGREGATOR_CONFIG, else ``aggregator.toml`` in ``home()``."""
    return home() / os.environ.get("AGGREGATOR_CONFIG", FILE_NAME)


def disk_of(folder: Path) -> Path:
    """The folder, or the nearest above it that is there: that is the disk that it would lie on."""
    return next(each for each in (folder, *folder.parents) if each.is_dir())
