"""A run's texts are storable everywhere, and not shown by accident."""

import hashlib

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from domain.body import Body, Encoding, digest
from domain.outcome import ErrorKind, LogLevel, LogLine, error_sha256, script_error, with_exactness
from domain.text_limits import MAX_TEXT_CHARACTERS, sanitize

any_text = st.text(st.characters(exclude_categories=()))


@given(any_text)
def test_storable_text_is_utf8_without_nul_and_keeps_all_else(text: str) -> None:
    kept = sanitize(text)
    assert "\0" not in kept
    kept.encode("utf-8")
    assert len(kept) == len(text)
    assert all(now == before or now == "\ufffd" for now, before in zip(kept, text, strict=True))
    assert sanitize(kept) == kept


@given(any_text, st.none() | any_text)
def test_an_error_is_clipped_and_storable(message: str, stack: str | None) -> None:
    error = script_error(ErrorKind.SCRIPT_ERROR, message * 2_000, stack=stack)
    assert len(error.message) <= MAX_TEXT_CHARACTERS
    assert sanitize(error.message) == error.message
    assert (error.stack is None) == (stack is None)


@given(st.none() | st.integers(), st.none() | st.integers())
def test_a_valid_position_is_stored_and_an_invalid_one_is_dropped(line: int | None, column: int | None) -> None:
    error = script_error(ErrorKind.SCRIPT_ERROR, "", line, column)
    for kept, given_one in ((error.line, line), (error.column, column)):
        assert kept == (given_one if given_one is not None and 1 <= given_one < 2**31 else None)


def test_user_text_never_enters_a_repr() -> None:
    values = (
        script_error(ErrorKind.SCRIPT_ERROR, "secret", stack="secret"),
        LogLine(LogLevel.LOG, "secret"),
        Body(digest(b"secret"), Encoding.IDENTITY, b"secret"),
    )
    assert "secret" not in repr(values)


@given(st.none() | st.integers(1, 9), st.booleans())
def test_only_a_position_is_exact_or_not(line: int | None, is_exact: bool) -> None:
    error = script_error(ErrorKind.SCRIPT_ERROR, "a message", line)
    expected = None if line is None else is_exact
    assert with_exactness(error, is_exact) == evolve(error, position_is_exact=expected)


def test_the_largest_position_is_valid() -> None:
    largest = 2**31 - 1
    assert script_error(ErrorKind.SCRIPT_ERROR, "", largest, largest + 1).line == largest


def test_the_digest_of_an_error_is_that_of_its_parts_as_json() -> None:
    """Receipts have these digests, so they stay the same from release to release."""
    error = script_error(ErrorKind.SCRIPT_ERROR, 'naïve "x"', 2, 28, "at process\n")
    text = '{"column":28,"kind":"script_error","line":2,"message":"naïve \\"x\\"","stack":"at process\\n"}'
    assert error_sha256(error) == hashlib.sha256(text.encode()).hexdigest()
    assert error_sha256(with_exactness(error, True)) == error_sha256(error)
    bare = '{"column":null,"kind":"timeout","line":null,"message":"","stack":null}'
    assert error_sha256(script_error(ErrorKind.TIMEOUT, "")) == hashlib.sha256(bare.encode()).hexdigest()


@given(any_text, any_text)
def test_errors_with_different_messages_have_different_digests(one: str, other: str) -> None:
    errors = [script_error(ErrorKind.SCRIPT_ERROR, text) for text in (one, other)]
    assert (error_sha256(errors[0]) == error_sha256(errors[1])) == (errors[0] == errors[1])
