"""The desk's forms: each is made for one session, and taken once."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from pathlib import PurePath
from typing import Final
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from aggregator.console.errors import FormRefused, TooLarge

LARGEST_BYTES: Final = 400_000  # a card has up to 256 KB, and a form writes some characters as three
MOST_FIELDS: Final = 2_000
FIELD: Final = "form"


@dataclass(frozen=True, slots=True)
class Fields:
    """What was filled in."""

    values: Mapping[str, list[str]]
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)

    def text(self, name: str, longest: int = 2_000) -> str:
        """A field's first value without space around it, at most so long; empty if there is none."""
        return self.values.get(name, [""])[0].strip()[:longest]

    def whole(self, name: str) -> str:
        """A field's first value as it is, with line ends as files have them."""
        return self.values.get(name, [""])[0].replace("\r\n", "\n")

    def every(self, name: str) -> list[str]:
        """All values of a field."""
        return self.values.get(name, [])

    def file(self, name: str) -> tuple[str, bytes]:
        """The name and the bytes of a file that was sent in a field; empty if there is none."""
        return self.files.get(name, ("", b""))

    def has(self, name: str) -> bool:
        """Whether the field was sent at all."""
        return name in self.values


async def read(request: Request, base_url: str, largest: int = LARGEST_BYTES) -> Fields:
    """The fields of a form that a page of ours has sent, with files in it or without.

    Raises:
        FormRefused: it comes from another site, or is no form.
        TooLarge: it has more than ``largest`` bytes.
    """
    if not _is_from_here(request, base_url):
        raise FormRefused("This form was sent from another site. Nothing was done.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise TooLarge(f"A form of at most {largest:,} bytes is taken. Nothing was done.")
    kind = request.headers.get("content-type", "")
    try:
        if kind.lower().startswith("multipart/form-data"):
            return await run_in_threadpool(_parts, kind, bytes(body))
        text = body.decode("utf-8", "replace")
        return Fields(parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise FormRefused("This was sent in a way that is not understood. Nothing was done.") from None


def _parts(kind: str, body: bytes) -> Fields:
    """The fields and files of a form's parts (RFC 7578): they are written as those of mail are.

    Raises:
        ValueError: it is no such form, or has too many parts.
    """
    head = f"Content-Type: {kind}\r\n\r\n".encode("ascii", "replace")
    message = message_from_bytes(head + body, policy=HTTP)
    if not message.is_multipart() or len(message.get_payload()) > MOST_FIELDS:
        raise ValueError("expected the parts of a form")
    values: dict[str, list[str]] = {}
    files: dict[str, tuple[str, bytes]] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(payload, bytes):
            continue
        if (file := part.get_filename()) is None:
            values.setdefault(name, []).append(payload.decode("utf-8", "replace"))
        elif payload:
            files.setdefault(name, (PurePath(file.replace("\\", "/")).name[:200], payload))
    return Fields(values, files)


def make(secret: str) -> str:
    """What a new form carries: a random number, and the proof that whoever has the secret was given it.

    The number differs each time, so that nothing can be learned from the length of a compressed page.
    """
    number = secrets.token_urlsafe(16)
    return f"{number}.{_proof(secret, number)}"


def number_of(secret: str, fields: Fields) -> str:
    """The number of a form that was made for this secret.

    Raises:
        FormRefused: it was made for another one, or by somebody else.
    """
    number, _, proof = fields.text(FIELD).partition(".")
    if not number or not hmac.compare_digest(proof.encode(), _proof(secret, number).encode()):
        raise FormRefused(
            "This form was made for another session. Nothing was done; open its page again and repeat it."
        )
    return number


def _proof(secret: str, number: str) -> str:
    return hmac.digest(secret.encode(), f"form {number}".encode(), "sha256").hex()


def _is_from_here(request: Request, base_url: str) -> bool:
    """Whether the form was sent from a page of ours: browsers say where a form comes from."""
    if request.headers.get("sec-fetch-site") not in {None, "same-origin", "none"}:
        return False
    origin = request.headers.get("origin")
    hosts = {urlsplit(base_url).netloc, request.headers.get("host", "")}
    return origin is None or urlsplit(origin).netloc in hosts
