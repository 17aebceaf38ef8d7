"""The digest of lines equals that of the array that is stored for them, however the text is cut into pieces."""

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from adapters.json.from_lines import array_of
from adapters.json.line_digest import LineDigest
from domain.body import digest

LINES = st.lists(
    st.sampled_from([b"", b" ", b"\r", b"\t ", b"1", b" 1 ", b"[1, 2]\r", b'{"a": " b "}', b'"\xc3\xa9"  '])
)


@given(LINES.map(b"\n".join), st.lists(st.integers(0, 60), max_size=6))
@example(b"\n", [])
@example(b"\xef\xbb\xbf1", [2])
@example(b"1 \n 2", [1, 2, 4])
@example(b"[1,  2]", [4, 5])
def test_the_digest_is_that_of_the_array(text: bytes, cuts: list[int]) -> None:
    lines = LineDigest()
    edges = [0, *sorted(cuts), len(text)]
    for start, end in pairwise(edges):
        lines.update(text[start:end])
    array = array_of(text).map(lambda stored: digest(stored).sha256).value_or(None)
    assert array in (None, lines.sha256())
