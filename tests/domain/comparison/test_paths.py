"""The comparison of values path by path: applied as a JSON Patch, it turns the first value into the second."""

import copy
from collections.abc import Mapping
from typing import Any

from hypothesis import example, given

from domain.comparison.paths import Operation, PathChange, compare_values, operation
from domain.comparison.values import JsonValue, are_equal
from tests.domain.comparison.values import values


def patched(document: Any, operations: list[Operation]) -> Any:
    """Apply a JSON Patch, as RFC 6902 defines its operations."""
    document = copy.deepcopy(document)
    for one in operations:
        path = str(one["path"])
        if path == "":
            document = one["value"]
            continue
        *parents, last = [part.replace("~1", "/").replace("~0", "~") for part in path[1:].split("/")]
        target = document
        for part in parents:
            target = target[part] if isinstance(target, Mapping) else target[int(part)]
        place: Any = last if isinstance(target, dict) else int(last)
        match one["op"]:
            case "remove":
                del target[place]
            case "add" if isinstance(target, list):
                target.insert(place, one["value"])
            case _:
                assert one["op"] == "add" or isinstance(target, list) or place in target
                target[place] = one["value"]
    return document


@given(values, values)
@example([1, 2, 3], [1])
@example([1], [0, 2, 3])
@example({"a": 1, "b": 2}, {"b": [], "c": None})
def test_the_changes_turn_the_first_value_into_the_second(before: JsonValue, after: JsonValue) -> None:
    assert are_equal(patched(before, [operation(one) for one in compare_values(before, after)]), after)


@given(values)
def test_a_value_equals_itself(value: JsonValue) -> None:
    assert list(compare_values(value, value)) == []


@given(values, values)
def test_the_changes_in_the_other_direction_swap_before_and_after(before: JsonValue, after: JsonValue) -> None:
    def by_pointer(changes: list[PathChange]) -> list[PathChange]:
        return sorted(changes, key=lambda change: change.pointer)

    there = [PathChange(one.pointer, one.after, one.before) for one in compare_values(before, after)]
    assert by_pointer(there) == by_pointer(list(compare_values(after, before)))


def test_deep_values_are_compared_without_recursion() -> None:
    before: JsonValue = 1
    after: JsonValue = 2
    for _ in range(2_000):
        before, after = [before], [after]
    (change,) = compare_values(before, after)
    assert (change.before, change.after) == (1, 2)
    assert change.pointer == "/0" * 2_000
