"""JSON values to and from the shapes of `schemas`: one strict converter, and one for the texts of a query string.

Nothing is coerced: `"3"` is no integer, though `2.0` is one (as in JSON Schema), and an unknown member is a fault.
Every fault is reported with its place, not only the first. Parsing bytes is `documents`' part.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from math import isfinite
from types import GenericAlias, UnionType
from typing import Any, Final, TypeVar, Union, get_args, get_origin
from uuid import UUID

from attrs import Attribute, fields, has
from cattrs import BaseValidationError, Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, mapping_structure_factory, override
from msgspec import Raw
from returns.result import Failure, Result, Success

from adapters.http.wire.schemas.metadata import ABSENT
from adapters.http.wire.timestamps import moment, moment_text
from adapters.http.wire.validation_errors import Fault, Mismatch, faults_of, nearest
from domain.hint import hint

_T = TypeVar("_T")
UUID_FORM: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
"""The one way of writing a UUID that is taken; Python's own takes more."""
_INTEGER: Final = re.compile(r"-?[0-9]{1,18}")
_DECIMAL: Final = re.compile(r"-?[0-9]{1,50}(\.[0-9]{1,50})?([eE][-+]?[0-9]{1,3})?", re.ASCII)


def structure(value: object, shape: type[_T]) -> Result[_T, tuple[Fault, ...]]:
    """Convert a parsed JSON value to an instance of the shape."""
    return _structure(_JSON, value, shape)


def structure_query(parameters: Mapping[str, str], shape: type[_T]) -> Result[_T, tuple[Fault, ...]]:
    """Convert the parameters of a query to an instance of the shape; a pointer is `/` and the parameter's name."""
    return _structure(_TEXTS, dict(parameters), shape)


def unstructure(shape: object) -> Any:
    """Convert to a value that `msgspec.json.encode` turns into the shape's JSON; a `Raw` stays as it is."""
    return _JSON.unstructure(shape)


def _structure(converter: Converter, value: object, shape: type[_T]) -> Result[_T, tuple[Fault, ...]]:
    try:
        return Success(converter.structure(value, shape))
    except (BaseValidationError, Mismatch) as error:
        return Failure(faults_of(error))


def _converter(integer: Callable[[object, object], int]) -> Converter:
    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    converter.register_structure_hook_factory(has, lambda shape: _structure_shape(converter, shape))
    converter.register_structure_hook(int, integer)
    converter.register_structure_hook(str, _text)
    converter.register_structure_hook(bool, _boolean)
    converter.register_structure_hook(Decimal, _number)
    converter.register_structure_hook_factory(_is_tuple, lambda shape: _structure_list(converter, shape))
    converter.register_structure_hook_factory(_is_mapping, lambda shape: _structure_mapping(converter, shape))
    converter.register_structure_hook(StrEnum, _member_of)  # more specific than str, so it is found first
    converter.register_structure_hook(datetime, _moment)
    converter.register_structure_hook(UUID, _uuid)
    converter.register_structure_hook_func(_is_choice, lambda value, of: _choice(converter, value, of))
    converter.register_structure_hook(Raw, _placeholder)
    converter.register_unstructure_hook_factory(has, lambda shape: _unstructure_shape(converter, shape))
    converter.register_unstructure_hook(UUID, str)
    converter.register_unstructure_hook(datetime, moment_text)
    converter.register_unstructure_hook(Raw, lambda raw: raw)
    converter.register_unstructure_hook(Decimal, lambda number: Raw(str(number).encode()))
    return converter


def _structure_shape(converter: Converter, shape: type[_T]) -> Callable[[object, object], _T]:
    hooks = {one.name: override(struct_hook=_checked(converter, one)) for one in fields(shape)}  # type: ignore[arg-type]
    members = make_dict_structure_fn(shape, converter, **hooks)  # type: ignore[arg-type]

    def structure_members(value: object, _: object) -> _T:
        if not isinstance(value, dict):
            raise Mismatch(hint("not-an-object"))
        return members(value, shape)

    return structure_members


def _checked(converter: Converter, one: "Attribute[Any]") -> Callable[[object, Any], object]:
    """Structure one member and validate it at once, so that its fault has a place and hides no other."""

    def structure_member(value: object, of: Any) -> object:
        structured = converter.structure(value, of)
        if one.validator is not None:
            one.validator(None, one, structured)
        return structured

    return structure_member


def _unstructure_shape(converter: Converter, shape: type[Any]) -> Callable[[Any], dict[str, Any]]:
    optional = [one.name for one in fields(shape) if one.metadata.get(ABSENT)]
    members = make_dict_unstructure_fn(shape, converter)
    if not optional:
        return members
    return lambda value: {
        name: member for name, member in members(value).items() if name not in optional or member is not None
    }


def _integer(value: object, _: object) -> int:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Mismatch(hint("not-an-integer"))
    return value


def _integer_text(value: object, _: object) -> int:
    if not _INTEGER.fullmatch(str(value)):
        raise Mismatch(hint("not-an-integer"))
    return int(str(value))


def _boolean(value: object, _: object) -> bool:
    if not isinstance(value, bool):
        raise Mismatch(hint("not-a-boolean"))
    return value


def _number(value: object, _: object) -> Decimal:
    """Take a number as it is written: a float has the shortest digits that identify it."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise Mismatch(hint("not-a-number"))
    return Decimal(repr(value))


def _decimal_text(value: object, _: object) -> Decimal:
    if not _DECIMAL.fullmatch(str(value)):
        raise Mismatch(hint("not-a-number"))
    return Decimal(str(value))


def _is_tuple(shape: Any) -> bool:
    return get_origin(shape) is tuple


def _structure_list(converter: Converter, shape: Any) -> Callable[[object, object], tuple[Any, ...]]:
    items: Any = GenericAlias(list, get_args(shape)[:1])

    def structure_list(value: object, _: object) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise Mismatch(hint("not-a-list"))
        return tuple(converter.structure(value, items))

    return structure_list


def _is_mapping(shape: Any) -> bool:
    return get_origin(shape) is dict


def _structure_mapping(converter: Converter, shape: Any) -> Callable[[object, object], dict[str, Any]]:
    members: Any = mapping_structure_factory(shape, converter)

    def structure_mapping(value: object, of: object) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Mismatch(hint("not-an-object"))
        structured: dict[str, Any] = members(value, of)
        return structured

    return structure_mapping


def _boolean_text(value: object, _: object) -> bool:
    if value not in ("true", "false"):
        raise Mismatch(hint("not-one-of", choices="true, false"))
    return value == "true"


def _text(value: object, _: object) -> str:
    if not isinstance(value, str):
        raise Mismatch(hint("not-a-string"))
    return value


def _member_of(value: object, of: type[StrEnum]) -> StrEnum:
    for member in of:
        if member.value == value:
            return member
    similar = nearest(value, of) if isinstance(value, str) else None
    advice = None if similar is None else hint("did-you-mean", suggestion=similar)
    raise Mismatch(hint("not-one-of", choices=", ".join(of)), advice)


def _uuid(value: object, _: object) -> UUID:
    text = _text(value, str)
    if not UUID_FORM.fullmatch(text):
        raise Mismatch(hint("not-a-uuid"))
    return UUID(text)


def _is_choice(shape: Any) -> bool:
    """Tell whether a type is an object or an integer, or a word of an enumeration, and perhaps null."""
    kinds = get_args(shape) if get_origin(shape) in (Union, UnionType) else ()
    if len(kinds) not in (2, 3) or kinds[2:] not in ((), (type(None),)):
        return False
    return (has(kinds[0]) or kinds[0] is int) and isinstance(kinds[1], type) and issubclass(kinds[1], StrEnum)


def _choice(converter: Converter, value: object, of: Any) -> object:
    shape, words, *null = get_args(of)
    if null and value is None:
        return None
    return converter.structure(value, words if isinstance(value, str) else shape)


def _placeholder(_: object, __: object) -> Raw:
    """Stand for a value that was taken out of its document; see `requests.raw_members`."""
    return Raw(b"null")


def _moment(value: object, _: object) -> datetime:
    parsed = moment(_text(value, str))
    if parsed is None:
        raise Mismatch(hint("not-a-time"))
    return parsed


_JSON: Final = _converter(_integer)
_TEXTS: Final = _converter(_integer_text)
_TEXTS.register_structure_hook(bool, _boolean_text)
_TEXTS.register_structure_hook(Decimal, _decimal_text)
