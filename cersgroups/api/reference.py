"""The reference page at /api/docs, and docs/api-reference.md: both made of the OpenAPI document.

No script of others: the page is of our own design system, and the strict policy for scripts holds (web/policy.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cersgroups.api.description import api
from cersgroups.core.api_token import SCOPES


@dataclass(frozen=True)
class Field:
    name: str
    kind: str
    required: bool
    text: str = ""


@dataclass(frozen=True)
class Operation:
    """`takes` and `gives` are kinds of bodies; blank: none."""

    name: str
    method: str
    path: str
    text: str
    scope: str
    parameters: tuple[Field, ...]
    takes: str
    gives: str


@dataclass(frozen=True)
class Section:
    """Operations of one noun, or (`fields`) what a body holds."""

    title: str
    operations: list[Operation] = field(default_factory=list)
    fields: tuple[Field, ...] = ()

    @property
    def anchor(self) -> str:
        return self.title.lower()


@require_GET
def openapi_json(_request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    return JsonResponse(_document())


@require_GET
def reference(request: HttpRequest) -> HttpResponse:
    """The same for people."""
    schema = _document()
    context = {"nouns": nouns(schema), "bodies": bodies(schema), "scopes": SCOPES, "version": schema["info"]["version"]}
    return render(request, "api/reference.html", context)


@cache
def _document() -> dict[str, Any]:
    """It is the same for everybody, as long as the process lives."""
    return api.get_openapi_schema()


def nouns(schema: dict[str, Any]) -> list[Section]:
    """All operations by the noun that they are about."""
    found: dict[str, Section] = {}
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            section = found.setdefault(told["tags"][0], Section(told["tags"][0]))
            section.operations.append(_operation(path, method, told))
    return list(found.values())


def bodies(schema: dict[str, Any]) -> list[Section]:
    """What requests and answers hold, by name; lists and forms stand with their operations."""
    schemas = schema["components"]["schemas"]
    return [Section(name, fields=tuple(_fields(schemas[name]))) for name in sorted(schemas) if name != "Paging"]


def as_markdown(schema: dict[str, Any]) -> str:
    """The reference as text."""
    return "".join(
        [*(_noun_text(noun) for noun in nouns(schema)), "## Bodies\n\n", *(_body_text(b) for b in bodies(schema))]
    )


def _operation(path: str, method: str, told: dict[str, Any]) -> Operation:
    parameters = [
        Field(p["name"], f"{p['in']}, {kind_of(p['schema'])}", p["required"], p.get("description", ""))
        for p in told["parameters"]
    ]
    takes = told.get("requestBody", {}).get("content", {})
    form = takes.get("multipart/form-data")
    if form:
        parameters += _fields(form["schema"], "form, ")
    gives = next(iter(told["responses"].values()))
    return Operation(
        name=told["operationId"],
        method=method.upper(),
        path=path,
        text=" ".join(told.get("description", "").split()),
        scope=" or ".join(told["x-scopes"]),
        parameters=tuple(parameters),
        takes="" if form else _content(takes),
        gives=_content(gives.get("content", {})),
    )


def _content(content: dict[str, Any]) -> str:
    """`Profile, or application/toml`."""
    json = content.get("application/json")
    others = [media for media in content if media != "application/json"]
    return ", or ".join([*([kind_of(json["schema"])] if json else []), *others])


def _fields(schema: dict[str, Any], where: str = "") -> Iterator[Field]:
    """What a body holds; of alternatives, what any of them may hold."""
    alternatives = schema.get("oneOf", [schema])
    of: dict[str, list[str]] = {}
    told: dict[str, Any] = {}
    for alternative in alternatives:
        for name, part in alternative.get("properties", {}).items():
            of.setdefault(name, []).append(alternative.get("title", ""))
            told[name] = part
    for name, part in told.items():
        required = [a for a in alternatives if name in a.get("required", ())]
        text = part.get("description", "")
        if len(required) not in (0, len(alternatives)) or len(of[name]) < len(alternatives):
            text = f"{text} Needed for {', '.join(a['title'] for a in required)}.".strip()
        yield Field(name, where + kind_of(part), len(required) == len(alternatives), text)


def kind_of(schema: dict[str, Any]) -> str:
    """What a value is, in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[1]
    if "const" in schema or "enum" in schema:
        return " | ".join(map(str, schema.get("enum", [schema.get("const")])))
    if "anyOf" in schema:
        return " or ".join(kind_of(part) for part in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {kind_of(schema['items'])}"
    return (
        str(schema.get("format") or schema.get("type") or "object").replace("binary", "file").replace("string", "text")
    )


def _noun_text(noun: Section) -> str:
    return f"## {noun.title}\n\n" + "".join(map(_operation_text, noun.operations))


def _operation_text(operation: Operation) -> str:
    facts = [f"Scope: {operation.scope or 'any'}."]
    facts += [f"Takes: {operation.takes}."] if operation.takes else []
    facts += [f"Gives: {operation.gives}."] if operation.gives else []
    head = f"### `{operation.method} {operation.path}`\n\n{operation.text}\n\n{' '.join(facts)}\n\n"
    return head + _table(operation.parameters)


def _body_text(body: Section) -> str:
    return f"### {body.title}\n\n{_table(body.fields)}"


def _table(fields: tuple[Field, ...]) -> str:
    if not fields:
        return ""
    rows = [f"| `{f.name}` | {_cell(f.kind)} | {'yes' if f.required else ''} | {_cell(f.text)} |\n" for f in fields]
    return "| Name | What | Needed | |\n|---|---|---|---|\n" + "".join(rows) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
