"""Compiled templates, kept for the process: another app over the same templates finds them made.

An export makes an app for each of its rounds, and compiling takes as long as a hundred pages.
"""

from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class Compiled(BytecodeCache):
    """What templates became, by their names and sources; for environments that are set up alike."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was made of the same source before."""
        bucket.code = self._made.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was made."""
        self._made[bucket.key, bucket.checksum] = bucket.code
