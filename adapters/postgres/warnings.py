"""Warnings to the JSON that their columns hold, and back. No warning is no JSON: the column is null."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from attrs import asdict

from domain.hint import Hint
from domain.warnings import (
    NumberWarning,
    NumberWarningKind,
    RunWarning,
    RunWarningKind,
    SourceWarning,
    SourceWarningKind,
)

Kept: TypeAlias = Sequence[Mapping[str, Any]] | None
"""A column as the driver reads it: an object for each warning, its members named as the value's."""


def warnings_json(warnings: Sequence[NumberWarning | RunWarning | SourceWarning]) -> str | None:
    """Encode the warnings as a JSON array, or None if there are none."""
    return json.dumps([asdict(one) for one in warnings]) if warnings else None


def number_warnings_from(kept: Kept) -> tuple[NumberWarning, ...]:
    """Parse warnings about a dataset or a result."""
    return tuple(
        NumberWarning(NumberWarningKind(one["kind"]), one["detail"], one["first_pointer"]) for one in kept or ()
    )


def run_warnings_from(kept: Kept) -> tuple[RunWarning, ...]:
    """Warnings about features that a run used."""
    return tuple(RunWarning(RunWarningKind(one["kind"]), one["detail"]) for one in kept or ())


def source_warnings_from(kept: Kept) -> tuple[SourceWarning, ...]:
    """Parse warnings about a source."""
    return tuple(
        # a warning that an older version stored has no column, and no hint
        SourceWarning(
            SourceWarningKind(one["kind"]), one["detail"], one["line"], one.get("column"), _hint_from(one.get("hint"))
        )
        for one in kept or ()
    )


def _hint_from(kept: Mapping[str, Any] | None) -> Hint | None:
    if kept is None:
        return None
    return Hint(kept["code"], tuple((name, value) for name, value in kept["parameters"]))
