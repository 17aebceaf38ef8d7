"""Warnings are storable everywhere, and show no data by accident."""

from hypothesis import given
from hypothesis import strategies as st

from domain.text_limits import MAX_TEXT_CHARACTERS, sanitize, truncate
from domain.warnings import (
    MAX_POINTER_CHARACTERS,
    NumberWarningKind,
    RunWarning,
    RunWarningKind,
    SourceWarningKind,
    number_warning,
    run_warning,
    source_warning,
)

any_text = st.text(st.characters(exclude_categories=()))


@given(any_text, any_text)
def test_a_warning_about_numbers_is_clipped_and_storable(detail: str, pointer: str) -> None:
    warning = number_warning(NumberWarningKind.NON_FINITE_NUMBER, detail * 2_000, pointer)
    assert warning.kind is NumberWarningKind.NON_FINITE_NUMBER
    assert len(warning.detail) <= MAX_TEXT_CHARACTERS
    assert sanitize(warning.detail) == warning.detail
    assert warning.first_pointer == sanitize(pointer)


def test_a_pointer_is_stored_whole_or_not_at_all() -> None:
    longest = "/" + "a" * (MAX_POINTER_CHARACTERS - 1)
    kept = [number_warning(NumberWarningKind.INTEGER_PRECISION, "", one) for one in ("", longest, longest + "a", None)]
    assert [one.first_pointer for one in kept] == ["", longest, None, None]


@given(any_text, st.none() | st.integers(), st.none() | st.integers())
def test_a_warning_about_a_source_is_storable_and_its_place_can_be_one(
    detail: str, line: int | None, column: int | None
) -> None:
    warning = source_warning(SourceWarningKind.NO_MODULES, detail, line, column)
    assert (warning.kind, warning.detail) == (SourceWarningKind.NO_MODULES, sanitize(detail))
    assert warning.line == (line if line is not None and 1 <= line < 2**31 else None)
    assert warning.column == (column if column is not None and 1 <= column < 2**31 else None)


def test_user_text_never_enters_a_repr() -> None:
    warnings = (
        number_warning(NumberWarningKind.DECIMAL_PRECISION, "secret", "/secret"),
        source_warning(SourceWarningKind.MISSING_INTL, "secret"),
    )
    assert "secret" not in repr(warnings)


@given(st.sampled_from(RunWarningKind), any_text)
def test_a_warning_about_a_run_is_storable(kind: RunWarningKind, detail: str) -> None:
    assert run_warning(kind, detail) == RunWarning(kind=kind, detail=truncate(detail))
