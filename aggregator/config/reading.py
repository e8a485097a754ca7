"""Reading the settings, with every wrong one named; handing them on to a child process."""

import json
import os
import tomllib
from difflib import get_close_matches
from functools import cache

from pydantic import ValidationError
from pydantic_settings import SettingsError

from aggregator.config.places import config_file, home
from aggregator.config.whole import PREFIX, Settings
from aggregator.errors import ConfigError

# Variables that are no settings: the home folder, the settings file, the log's format, the tests' data.
_NO_SETTINGS = frozenset({"HOME", "CONFIG", "LOG", "SHARED"})


def load() -> Settings:
    """The settings of this process.

    Raises:
        ConfigError: a key is unknown or a value wrong; the message names each of them and its place.
    """
    _refuse_unknown_variables()
    try:
        return Settings()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{config_file()}: not valid TOML: {error}") from error
    except ValidationError as error:
        lines = [
            f"{_place(e['loc'])}: {'.'.join(map(str, e['loc']))}: {e['msg']} (got {e['input']!r})"
            for e in error.errors(include_url=False)
        ]
        raise ConfigError("; ".join(lines)) from error
    except SettingsError as error:
        # A table or a list in the environment; the library names the setting and hides the value's fault.
        raise ConfigError(
            f"environment ({PREFIX}*): {error}; lists are written as JSON there, such as '[\"10.0.0.0/8\"]'"
        ) from error


def _refuse_unknown_variables() -> None:
    known = _NO_SETTINGS | {name.upper() for name in Settings.model_fields}
    for variable in os.environ:
        name = variable.upper().removeprefix(PREFIX)
        if name == variable.upper() or name.split("__")[0] in known:
            continue
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {PREFIX}{near[0]}?" if near else "docs/settings.md lists all"
        raise ConfigError(f"environment: {variable}: no such setting; {hint}")


def _place(key: tuple[int | str, ...]) -> str:
    """Where the value of a setting comes from, for a message."""
    names = [str(part).upper() for part in key]
    variables = {PREFIX + "__".join(names[:count]) for count in range(1, len(names) + 1)}
    if variables & {variable.upper() for variable in os.environ}:
        return f"environment ({PREFIX}*)"
    return str(config_file())


def environment(values: Settings) -> dict[str, str]:
    """The variables that give a child process these very settings, whatever its folder and its file say."""
    made = {"AGGREGATOR_HOME": str(home())}
    for name, value in values.model_dump(mode="json").items():
        made[f"{PREFIX}{name.upper()}"] = value if isinstance(value, str) else json.dumps(value)
    return made


@cache
def settings() -> Settings:
    """The settings, read once a process."""
    return load()
