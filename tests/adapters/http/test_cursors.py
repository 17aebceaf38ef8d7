"""Cursors."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from returns.pipeline import is_successful

from adapters.http.requests.cursors import id_before, id_cursor, number_before, number_cursor
from adapters.http.wire.schemas.queries import MAX_VERSION_NUMBER


@given(last=st.uuids())
def test_an_id_survives_its_cursor(last: UUID) -> None:
    assert id_before(id_cursor(last)).unwrap() == last


@given(last=st.integers(1, MAX_VERSION_NUMBER))
def test_a_number_survives_its_cursor(last: int) -> None:
    assert number_before(number_cursor(last)).unwrap() == last


@given(cursor=st.text(max_size=24) | st.from_regex(r"[A-Za-z0-9_-]{6}|[A-Za-z0-9_-]{22}", fullmatch=True))
def test_any_text_is_the_one_cursor_of_its_item_or_none(cursor: str) -> None:
    identified, numbered = id_before(cursor), number_before(cursor)
    if is_successful(identified) and (last := identified.unwrap()) is not None:
        assert id_cursor(last) == cursor
    if is_successful(numbered) and (number := numbered.unwrap()) is not None:
        assert number_cursor(number) == cursor


def test_the_first_page_needs_no_cursor() -> None:
    assert (id_before(None).unwrap(), number_before(None).unwrap()) == (None, None)
