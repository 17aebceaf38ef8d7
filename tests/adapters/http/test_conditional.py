"""`If-None-Match`: lists, weak tags, the asterisk, and malformed values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from adapters.http.responses.conditional import if_none_match

TAG = '"0a-gzip"'
opaque = st.text(st.sampled_from([chr(one) for one in (0x21, *range(0x23, 0x7F), *range(0x80, 0x100))]), max_size=9)
tags = st.builds(lambda text, weak: f'{weak}"{text}"', opaque, st.sampled_from(["", "W/"]))


def given_as(*lines: str) -> Headers:
    return Headers(raw=[(b"if-none-match", line.encode("latin-1")) for line in lines])


@given(st.lists(tags, max_size=4), st.sampled_from([", ", ",", " , ", ",,"]), st.booleans())
def test_a_list_of_tags_is_searched_for_the_tag_as_a_whole(held: list[str], comma: str, in_lines: bool) -> None:
    lines = held if in_lines else [comma.join(held)] if held else []
    assert if_none_match(given_as(*lines), TAG) == (TAG in [one.removeprefix("W/") for one in held])


@given(st.lists(tags, max_size=3), st.integers(0, 3), st.sampled_from(["", "W/"]))
def test_the_tag_is_found_wherever_it_stands(held: list[str], at: int, weak: str) -> None:
    assert if_none_match(given_as(", ".join([*held[:at], weak + TAG, *held[at:]])), TAG)


@pytest.mark.parametrize("value", ["*", " * "])
def test_an_asterisk_is_any_tag(value: str) -> None:
    assert if_none_match(given_as(value), TAG)


@pytest.mark.parametrize(
    "value", ["", "0a-gzip", '"0a-gzip', f"x{TAG}", f"{TAG}x", f"{TAG} {TAG}", f"*, {TAG}", f"w/{TAG}"]
)
def test_a_malformed_list_of_tags_is_ignored(value: str) -> None:
    assert not if_none_match(given_as(value), TAG)


def test_without_the_header_nothing_is_held() -> None:
    assert not if_none_match(given_as(), TAG)


def test_a_long_malformed_list_takes_no_longer_than_its_length() -> None:
    assert not if_none_match(given_as('"a" ,' * 10_000 + "x"), TAG)
    assert not if_none_match(given_as(" ," * 10_000 + "x"), TAG)
