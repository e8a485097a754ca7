"""The API's description: OpenAPI with examples, and the same for people."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

from aggregator.site.api.examples import examples
from aggregator.site.api.problem import Problem
from aggregator.site.links import Links

Json = Mapping[str, Any]

DESCRIPTION = (
    "What this site shows, as JSON: articles as far as their outlets allow, with source, credit and licence; "
    "stories, outlets, editions, topics. Whoever shows an article links its source and prints its credit. "
    "Lists lead on by `next`. Each answer has an ETag: asked for with `If-None-Match`, the same answers 304."
)
_REFERENCE = "#/components/schemas/{model}"


@dataclass(frozen=True, slots=True)
class FieldView:
    """A parameter, or a field of an answer; ``kind`` says in words what it is, ``default`` may be empty."""

    name: str
    kind: str
    default: str
    description: str


@dataclass(frozen=True, slots=True)
class OperationView:
    """One address of the API; ``example`` is an answer as JSON."""

    path: str
    summary: str
    parameters: tuple[FieldView, ...]
    example: str


@dataclass(frozen=True, slots=True)
class ModelView:
    """A kind of object in answers."""

    name: str
    description: str
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class Manual:
    """All that the page about the API tells."""

    description: str
    operations: tuple[OperationView, ...]
    models: tuple[ModelView, ...]


def described(api: FastAPI, links: Links) -> dict[str, Any]:
    """The API's OpenAPI document."""
    document = api.openapi()
    problem = Problem.model_json_schema(mode="serialization", ref_template=_REFERENCE)
    parts = problem.pop("$defs", {})
    document["components"]["schemas"] |= {**parts, "Problem": problem}
    for path, example in examples(links).items():
        answer = document["paths"][path]["get"]["responses"]["200"]
        answer["content"]["application/json"]["example"] = example.model_dump(mode="json")
        answer["headers"] = {"ETag": {"schema": {"type": "string"}, "description": "For If-None-Match."}}
    return document


def manual(document: Json) -> Manual:
    """The same for people."""
    return Manual(
        description=document["info"]["description"],
        operations=tuple(_operation(path, each["get"]) for path, each in document["paths"].items()),
        models=tuple(_model(name, each) for name, each in document["components"]["schemas"].items()),
    )


def _operation(path: str, told: Json) -> OperationView:
    example = told["responses"]["200"]["content"]["application/json"]["example"]
    return OperationView(
        path=path,
        summary=told["description"],
        parameters=tuple(_parameter(each["name"], each["schema"]) for each in told.get("parameters", ())),
        example=json.dumps(example, ensure_ascii=False, indent=2),
    )


def _model(name: str, schema: Json) -> ModelView:
    fields = schema.get("properties", {})
    return ModelView(
        name=name,
        description=schema.get("description", ""),
        fields=tuple(_field(name, each) for name, each in fields.items()),
    )


def _parameter(name: str, schema: Json) -> FieldView:
    """A parameter: null means that it is left out, so that is nothing to ask for."""
    kinds = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    return _field(name, {**schema, "anyOf": kinds} if kinds else schema)


def _field(name: str, schema: Json) -> FieldView:
    default = schema.get("default")
    is_told = default is not None and default != []
    parts = (schema, *schema.get("anyOf", ()))
    return FieldView(
        name=name,
        kind=" or ".join(_kinds(schema)),
        default=json.dumps(default) if is_told else "",
        description=next((each["description"] for each in parts if "description" in each), ""),
    )


def _kinds(schema: Json) -> Iterator[str]:
    """The kinds of value that a schema takes, in words, each once."""
    found = dict[str, None]()
    for each in schema.get("anyOf", [schema]):
        found[_kind(each)] = None
    yield from found


def _kind(schema: Json) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "enum" in schema:
        return " or ".join(f"“{each}”" for each in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {' or '.join(_kinds(schema['items']))}"
    kind = str(schema.get("format") or schema.get("type", "anything"))
    if "maxLength" in schema:
        return f"{kind} of {schema.get('minLength', 0)} to {schema['maxLength']} characters"
    limits = [f"{word} {schema[name]}" for name, word in _LIMITS.items() if name in schema]
    return " ".join((kind, *limits))


_LIMITS = {"minimum": "from", "maximum": "to"}
