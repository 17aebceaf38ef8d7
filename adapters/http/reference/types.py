"""Schemas of the OpenAPI document as tables of members, with links between them."""

import json
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, Final

from adapters.http.reference.operations import Document, Schema, resolved
from adapters.http.resources.guide_markdown import markup

_REFERENCE: Final = "#/components/schemas/"
_BOUNDS: Final[Mapping[str, str]] = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "pattern": "pattern {}",
    "default": "default {}",
}
_ANY: Final = "any value"


def type_of(schema: Schema) -> str:
    """Describe the type of a value in HTML, with links to the types that have names."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_REFERENCE)
        return f'<a href="./types#{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(type_of(one) for one in schema["anyOf"]))
    if "const" in schema:
        return _value(schema["const"])
    if "enum" in schema:
        return " or ".join(_value(one) for one in schema["enum"])
    kinds = schema.get("type", _ANY)
    names = [kinds] if isinstance(kinds, str) else kinds
    return " or ".join(_kind(str(name), schema) for name in names)


def members(document: Document, schema: Schema) -> str:
    """Build the table of a schema's members; empty if it has none."""
    known = resolved(document, schema)
    properties = known.get("properties", {})
    if not properties:
        return ""
    # Of a response all members are there, unless its description says otherwise.
    required = set(known.get("required", ())) if known.get("additionalProperties") is False else set()
    rows = ((name, one, name in required) for name, one in properties.items())
    return table(("Member", "Type", "Description"), (member_row(*row) for row in rows))


def member_row(name: str, schema: Schema, is_required: bool, description: str | None = None) -> tuple[str, str, str]:
    """Build the cells of a member or a parameter."""
    mark = ' <span class="quiet">required</span>' if is_required else ""
    about = markup(schema.get("description", "") if description is None else description)
    bounds = "; ".join(_bounds(schema))
    return (
        f"<code>{escape(name)}</code>{mark}",
        type_of(schema),
        f'{about}<p class="quiet">{bounds}</p>' if bounds else about,
    )


def type_section(document: Document, name: str) -> str:
    """Describe a named type."""
    schema = document["components"]["schemas"][name]
    values = f"<p>{type_of(schema)}</p>\n" if "properties" not in schema else members(document, schema)
    return f'<h2 id="{name}">{name}</h2>\n{markup(schema.get("description", ""))}{values}'


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Build a table of cells in HTML."""
    head = "".join(f"<th>{one}</th>" for one in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>\n" for row in rows)
    return f'<div class="wide" tabindex="0"><table>\n<tr>{head}</tr>\n{body}</table></div>\n'


def _kind(name: str, schema: Schema) -> str:
    if name == "array":
        return f"array of {type_of(schema.get('items', {}))}"
    if name == "string" and "format" in schema:
        return f"string ({schema['format']})"
    return name


def _bounds(schema: Schema) -> Iterable[str]:
    for name, text in _BOUNDS.items():
        if name in schema:
            yield text.format(_value(schema[name]))


def _value(value: Any) -> str:
    shown = value if isinstance(value, str) and value else json.dumps(value)
    return f"<code>{escape(shown)}</code>"
