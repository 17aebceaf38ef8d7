"""JSON texts as people write them: any white space, any spelling of a number, duplicate keys, halves of surrogates."""

import json
from typing import Final

from hypothesis import strategies as st

white_space = st.text(" \t\r\n", max_size=2).map(str.encode)
numbers = st.from_regex(r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?", fullmatch=True).map(str.encode)
strings = st.builds(
    lambda text, ascii_only: json.dumps(text, ensure_ascii=ascii_only).encode(),
    st.text(st.characters(codec="utf-8") | st.sampled_from('\\"[]{},:'), max_size=8),
    st.booleans(),
) | st.sampled_from([b'"\\ud83d"', b'"\\\\"', b'"\\""', b'","', b'"],["', b'"\\/"'])
scalars = numbers | strings | st.sampled_from([b"true", b"false", b"null"])


def _joined(opening: bytes, members: list[bytes], closing: bytes, white: list[bytes]) -> bytes:
    before, after = white
    return opening + before + (before + b"," + after).join(members) + after + closing


def _containers(inner: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    white = st.lists(white_space, min_size=2, max_size=2)
    pairs = st.builds(lambda key, space, value: key + space + b":" + value, strings, white_space, inner)
    return st.builds(_joined, st.just(b"["), st.lists(inner, max_size=4), st.just(b"]"), white) | st.builds(
        _joined, st.just(b"{"), st.lists(pairs, max_size=4), st.just(b"}"), white
    )


values: Final = st.recursive(scalars, _containers, max_leaves=12)
items: Final = st.lists(values, max_size=6)


def array(of: list[bytes], white: list[bytes]) -> bytes:
    """Write an array of these items, with white space around it and them."""
    return white[0] + _joined(b"[", of, b"]", white) + white[1]
