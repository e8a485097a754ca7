"""What lies beside a dump: a manifest with checksums, and descriptions for Datasette."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

MANIFEST: Final = ".manifest.json"
FOLDERS_MANIFEST: Final = "manifest.json"
DATASETTE: Final = ".datasette.json"

_CHUNK_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a dump with its size and SHA-256."""

    name: str
    size_bytes: int
    sha256: str


def part(path: Path) -> Part:
    """A file as the manifest tells of it; raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return Part(path.name, path.stat().st_size, digest.hexdigest())


def manifest(facts: Mapping[str, str], rows: Mapping[str, int], parts: Iterable[Part]) -> str:
    """The manifest as JSON: what ``metadata`` tells, rows by table, and each file with its checksum."""
    told: dict[str, Any] = {
        **facts,
        "rows": dict(rows),
        "files": [
            {"name": each.name, "size_bytes": each.size_bytes, "sha256": each.sha256} for each in parts
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
