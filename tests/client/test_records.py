"""The values of the library have the members, and the types, that the OpenAPI document describes."""

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

import pytest
from bateia import (
    access_records,
    script_records,
    service_records,
    store_records,
    webhook_records,
    work_records,
)
from bateia.records import Record

MODULES: Final = (access_records, script_records, service_records, store_records, webhook_records, work_records)
RECORDS: Final = [
    one
    for module in MODULES
    for one in vars(module).values()
    if isinstance(one, type) and issubclass(one, Record) and one.__module__ == module.__name__
]
OTHER_SCHEMAS: Final = {"AuditRecord": "AuditEntry", "Version": "ListedVersion"}
"""The schemas that have other names than their values."""
KINDS: Final = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    NoneType: "null",
    Mapping: "object",
    tuple: "array",
}
BY_LISTS: Final = {("ScriptTest", "dataset"), ("WrittenObject", "sha256"), ("Script", "activity"), ("Version", "usage")}
"""Members that may be None here, since not every operation has them."""


@pytest.fixture(scope="module")
def schemas(repository: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((repository / "docs/openapi.json").read_text())["components"]["schemas"]
    return document


def kinds_of_schema(schemas: dict[str, Any], schema: dict[str, Any]) -> set[str]:
    """Return the JSON types of a schema."""
    if "$ref" in schema:
        return kinds_of_schema(schemas, schemas[schema["$ref"].rpartition("/")[2]])
    if variants := schema.get("anyOf") or schema.get("oneOf"):
        return {kind for one in variants for kind in kinds_of_schema(schemas, one)}
    kinds = schema.get("type", "string" if "enum" in schema else "null")
    return {kinds} if isinstance(kinds, str) else set(kinds)


def kinds_of_hint(hint: Any) -> set[str]:
    """Return the JSON types of a type."""
    variants = get_args(hint) if get_origin(hint) is UnionType else (hint,)
    return {KINDS[get_origin(one) or one] for one in variants}


@pytest.mark.parametrize("record", RECORDS, ids=lambda one: one.__name__)
def test_a_value_has_the_members_and_types_of_its_schema(record: type[Record], schemas: dict[str, Any]) -> None:
    described = schemas[OTHER_SCHEMAS.get(record.__name__, record.__name__)]["properties"]
    hints = get_type_hints(record)
    assert described.keys() - hints.keys() == set(), "members that are in the document only"
    for name in (one.name for one in fields(record) if one.name != "document"):
        if (record.__name__, name) == ("ScriptTest", "dataset"):
            continue  # any JSON
        may_be_none = {"null"} if (record.__name__, name) in BY_LISTS else set()
        assert kinds_of_hint(hints[name]) == kinds_of_schema(schemas, described[name]) | may_be_none, name


def test_a_value_keeps_the_whole_document() -> None:
    document = {"name": "live", "version": 2, "of_tomorrow": [1]}
    read = script_records.Alias.of(document)
    assert (read.name, read.version, read.document) == ("live", 2, document)
    assert vars(read)["moved_at"] is None, "a member that an earlier release lacks"
    assert "of_tomorrow" not in repr(read)


def test_no_secret_is_in_the_representation_of_a_value() -> None:
    for kind, name in ((access_records.CreatedApiKey, "token"), (webhook_records.WebhookWithSecret, "secret")):
        read = kind.of({"id": "1", name: "very-secret"})
        assert getattr(read, name) == "very-secret"
        assert "very-secret" not in repr(read)
