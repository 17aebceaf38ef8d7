"""An apispec plugin that reads JSON Schemas off attrs classes: their fields, types, validators and metadata.

So what checks a request also documents it. It knows the types and validators that `schemas` uses and fails on any
other, rather than document less than is checked. The validators' classes have private names, so instances show them.
"""

import operator
import types
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final, Union, get_args, get_origin
from uuid import UUID

from apispec import APISpec, BasePlugin
from attrs import NOTHING, Attribute, fields, has, validators
from msgspec import Raw

from adapters.http.wire.schemas.circumstances import SEED_KEYWORDS, ClockInRange, HexSeed
from adapters.http.wire.schemas.collections import DistinctItems, KeyColumns
from adapters.http.wire.schemas.comparisons import MAX_KEY_COLUMNS
from adapters.http.wire.schemas.log_position import POSITION_KEYWORDS, PositionForm
from adapters.http.wire.schemas.metadata import ABSENT, DESCRIPTION, EXAMPLE, SHAPE, RequestModel
from adapters.http.wire.schemas.numbers import IfNumber
from adapters.http.wire.schemas.patches import IfGiven

_BOUNDS: Final = {
    operator.ge: "minimum",
    operator.gt: "exclusiveMinimum",
    operator.le: "maximum",
    operator.lt: "exclusiveMaximum",
}
_NULL: Final = {"type": "null"}
_PLAIN: Final[dict[Any, dict[str, Any]]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    Decimal: {"type": "number"},
    bool: {"type": "boolean"},
    UUID: {"type": "string", "format": "uuid"},
    datetime: {"type": "string", "format": "date-time"},
    Raw: {},
    type(None): _NULL,
}


class AttrsPlugin(BasePlugin):
    """The plugin. A class is a component of its own name, registered where it is first needed."""

    def init_spec(self, spec: APISpec) -> None:
        """Store the components of the document."""
        self._components = spec.components
        self._named: dict[str, type] = {}

    def schema_helper(self, name: str, definition: dict[str, Any], *, of: Any = None, **_: Any) -> dict[str, Any]:
        """Describe the class or enumeration `of` as a schema."""
        if of is None:
            return definition
        if issubclass(of, Enum):
            return {"type": "string", "description": _words(of), "enum": [member.value for member in of]}
        closed = {"additionalProperties": False} if issubclass(of, RequestModel) else {}
        return closed | {
            "type": "object",
            "description": _words(of),
            "properties": {one.name: self.member(one, null=issubclass(of, RequestModel)) for one in fields(of)},
            "required": [one.name for one in fields(of) if one.default is NOTHING and not one.metadata[ABSENT]],
        }

    def member(self, one: "Attribute[Any]", null: bool = False) -> dict[str, Any]:
        """Describe one field. A field that may be absent is never null instead, unless `null` permits it."""
        can_be_left_out = not null and (one.metadata[ABSENT] or one.default is None)
        of = one.metadata[SHAPE] or one.type
        schema = self.schema(_without_none(of) if can_be_left_out else of)
        schema |= constraints(one.validator, schema.get("type"))
        schema["description"] = one.metadata[DESCRIPTION]
        if one.metadata[EXAMPLE] is not None:
            schema["examples"] = [one.metadata[EXAMPLE]]
        if isinstance(one.default, str | int):
            schema["default"] = one.default
        return schema

    def schema(self, of: Any) -> dict[str, Any]:
        """Describe a type as a schema."""
        if of in _PLAIN:
            return dict(_PLAIN[of])
        if get_origin(of) in (Union, types.UnionType):
            return _either([self.schema(one) for one in get_args(of)])
        if get_origin(of) is tuple:
            return {"type": "array", "items": self.schema(get_args(of)[0])}
        if get_origin(of) in (dict, Mapping):
            return {"type": "object", "additionalProperties": self.schema(get_args(of)[1])}
        return self._reference(of)

    def _reference(self, of: type) -> dict[str, Any]:
        if not has(of) and not issubclass(of, Enum):
            raise TypeError(f"{of} has no schema")
        if self._named.setdefault(of.__name__, of) is not of:
            raise TypeError(f"{of} and {self._named[of.__name__]} would have one name")
        if of.__name__ not in self._components.schemas:
            self._components.schema(of.__name__, of=of)
        return {"$ref": f"#/components/schemas/{of.__name__}"}


def constraints(validator: Any, of: object) -> dict[str, Any]:
    """Translate a field's validators into JSON Schema keywords for a value of the JSON type `of`."""
    if type(validator) not in _KEYWORDS:
        raise TypeError(f"{validator} has no keyword")
    return _KEYWORDS[type(validator)](validator, of)


def _of_all(validator: Any, of: object) -> dict[str, Any]:
    return {key: value for one in validator._validators for key, value in constraints(one, of).items()}


def _unit(of: object) -> str:
    return "Items" if of in ("array", ["array", "null"]) else "Length"


_KEYWORDS: Final[Mapping[type, Callable[[Any, object], dict[str, Any]]]] = {
    type(None): lambda _, of: {},
    type(validators.and_()): _of_all,
    IfGiven: lambda one, of: constraints(one.validator, of),
    IfNumber: lambda one, of: constraints(one.validator, of),
    type(validators.optional(validators.ge(0))): lambda one, of: constraints(one.validator, of),
    type(validators.matches_re("")): lambda one, of: {"pattern": f"^(?:{one.pattern.pattern})$"},
    type(validators.ge(0)): lambda one, of: {_BOUNDS[one.compare_func]: int(one.bound)},
    type(validators.max_len(0)): lambda one, of: {f"max{_unit(of)}": one.max_length},
    type(validators.min_len(0)): lambda one, of: {f"min{_unit(of)}": one.min_length},
    ClockInRange: lambda _, of: {},
    DistinctItems: lambda _, of: {"uniqueItems": True},
    KeyColumns: lambda _, of: {"minItems": 1, "maxItems": MAX_KEY_COLUMNS, "uniqueItems": True},
    HexSeed: lambda _, of: dict(SEED_KEYWORDS),
    PositionForm: lambda _, of: dict(POSITION_KEYWORDS),
    type(validators.in_(())): lambda one, of: {"enum": list(one.options)},
}


def _without_none(of: Any) -> Any:
    rest = [one for one in get_args(of) if one is not type(None)]
    return Union[tuple(rest)]  # noqa: UP007 - the members are only known now


def _either(schemas: list[dict[str, Any]]) -> dict[str, Any]:
    """Unite schemas; a plain type and null become one schema with two types."""
    others = [one for one in schemas if one != _NULL]
    if len(others) == 1 and len(schemas) == 2 and "type" in others[0]:
        return others[0] | {"type": [others[0]["type"], "null"]}
    return {"anyOf": schemas}


def _words(of: type) -> str:
    return (of.__doc__ or "").partition("\n\n")[0].replace("\n    ", " ")
