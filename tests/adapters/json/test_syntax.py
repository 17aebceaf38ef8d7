"""Escapes of half a surrogate pair are replaced wherever a long text is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.json import syntax

parts = st.lists(st.sampled_from(["\\", "\\\\", "\\u", "\\ud83d", "\\uDE00", "\\u0041", '\\"', "u", "d83d", "x"]))


@given(parts.map("".join), st.integers(8, 20))
def test_the_steps_that_a_text_is_read_in_change_nothing(text: str, step_bytes: int) -> None:
    whole = syntax.with_whole_characters(text.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(syntax, "STEP_BYTES", step_bytes)
        assert syntax.with_whole_characters(text.encode()) == whole
