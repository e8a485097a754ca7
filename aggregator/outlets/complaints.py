"""What is wrong with a card, in sentences: file, key, what was expected."""

from difflib import get_close_matches
from types import UnionType
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from aggregator.outlets.card import Card

_TYPES = {
    "string_type": 'text in quotes, such as "…"',
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "date_type": "a day without quotes, such as 2024-05-01",
    "bool_type": "true or false",
    "list_type": 'a list, such as ["…", "…"]',
    "model_type": "a table with keys of its own",
    "model_attributes_type": "a table with keys of its own",
    "too_short": "at least one",
}
_LONGEST_CHARS = 80


def complaints(error: ValidationError, shown: str) -> list[str]:
    """One line for each thing that is wrong with the card in the file ``shown``."""
    lines = []
    for detail in error.errors(include_url=False):
        key = _key(detail["loc"])
        lines.append(f"{shown}: {key + ': ' if key else ''}{_said(detail)}")
    return lines


def _key(place: tuple[int | str, ...]) -> str:
    """``("seeds", 1, "url")`` as ``seeds no. 2: url``, ``("rights", "mode")`` as ``rights.mode``."""
    text = ""
    for step in place:
        if isinstance(step, int):
            text += f" no. {step + 1}"
        else:
            text += (": " if text[-1:].isdigit() else "." if text else "") + step
    return text


def _said(detail: ErrorDetails) -> str:
    """What was expected, as a sentence without its end."""
    match detail["type"]:
        case "value_error":
            return str(detail["ctx"]["error"])
        case "extra_forbidden":
            return _unknown(detail["loc"])
        case "missing":
            return f"expected {_field(detail['loc'])}; the key is missing"
    return f"expected {_expected(detail)}; got {_shown(detail['input'])}"


def _expected(detail: ErrorDetails) -> str:
    limits = detail.get("ctx", {})
    match detail["type"]:
        case "enum":
            return "one of " + str(limits["expected"]).replace("'", "").replace(" or ", ", ")
        case "greater_than_equal":
            return f"at least {limits['ge']:g}"
        case "less_than_equal":
            return f"at most {limits['le']:g}"
        case kind:
            return _TYPES.get(kind, detail["msg"])


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_CHARS else text[:_LONGEST_CHARS] + "…"


def _unknown(place: tuple[int | str, ...]) -> str:
    """The known keys beside an unknown one, the nearest first."""
    part, wrong = _part(place[:-1]), str(place[-1])
    known = list(part.model_fields)
    near = get_close_matches(wrong.lower().replace("-", "_"), known, n=1, cutoff=0.7)
    if near:
        return f"unknown key; did you mean {near[0]}?"
    home = next((name for name, keys in _homes() if wrong in keys), None)
    if home:
        return f"unknown key here; it belongs under [{home}]"
    return f"unknown key; expected one of {', '.join(known)}"


def _homes() -> list[tuple[str, list[str]]]:
    """Each table of a card with its keys."""
    parts = ((key, _model(field.annotation)) for key, field in Card.model_fields.items())
    return [(key, list(part.model_fields)) for key, part in parts if part is not None]


def _part(place: tuple[int | str, ...]) -> type[BaseModel]:
    part: type[BaseModel] = Card
    for step in place:
        if isinstance(step, str):
            part = _model(part.model_fields[step].annotation) or part
    return part


def _field(place: tuple[int | str, ...]) -> str | None:
    return _part(place[:-1]).model_fields[str(place[-1])].description


def _model(annotation: Any) -> type[BaseModel] | None:
    """The part of a card behind a type such as ``list[SeedPart]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and get_origin(annotation) is None:
        return annotation
    if get_origin(annotation) in {list, UnionType}:
        return next(filter(None, map(_model, get_args(annotation))), None)
    return None
