"""References of a batch's lines: short printable text, which no display or log can mistake for anything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.pipeline import is_successful
from returns.result import Failure, Success

from domain.batch_lines import MAX_REFERENCE_CHARACTERS, InvalidLineReference, LineReference, line_reference

plain = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"))
others = st.characters(categories=("Cc", "Cs", "Zl", "Zp"))


@given(st.text(plain, min_size=1, max_size=MAX_REFERENCE_CHARACTERS))
def test_text_without_control_characters_is_a_reference(text: str) -> None:
    assert line_reference(text) == Success(LineReference(text))


@given(st.text(plain, max_size=20), others, st.text(plain, max_size=20))
def test_one_control_character_or_lone_surrogate_spoils_it(before: str, other: str, behind: str) -> None:
    assert line_reference(before + other + behind) == Failure(InvalidLineReference())


@pytest.mark.parametrize(("characters", "is_valid"), [(0, False), (1, True), (255, True), (256, False)])
def test_it_is_neither_empty_nor_long(characters: int, is_valid: bool) -> None:
    assert is_successful(line_reference("é" * characters)) == is_valid
