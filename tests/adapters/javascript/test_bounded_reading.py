"""Script authors' texts are read in time and memory proportional to their length, however nested and repetitive.

Each example is read in a process of its own, where the kernel ends a reader that exceeds its share: one whose time grew
with the square of these texts' length would need minutes, and one that kept a state for each repetition gigabytes.
"""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from adapters.javascript import wire
from domain.limits import DEFAULTS
from domain.versions import MAX_SOURCE_BYTES
from tests.support.limited_process import MIB, Call, limited_calls

READ = 2 * MIB

CODE = ["`", "${", "}", "{", "\\", "$", "/*", "*/", "//", "/", "'", '"', ")", "[", "?:", "!", " ", "\n"]
ODD = ["\0", "é", "\ud800", "\U0001f469"]
WORDS = ["import ", "import (", "import(", "require", "(", "export", "Intl", ".", "localeCompare", ".toLocaleString"]
TRACES = ["    at ", "script.js:", "prelude.js:1:1", "1:1", "SyntaxError: ", "00-", "-"]
pieces = st.sampled_from([*CODE, *WORDS, *TRACES, *ODD])
texts = st.lists(pieces, min_size=1, max_size=5).map("".join)
patiently = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def call() -> Iterator[Call]:
    with limited_calls("tests.adapters.javascript.readers") as made:
        yield made


@patiently
@given(opening=texts, closing=st.just("") | texts)
@example(opening="\n", closing="")
@example(opening="    at (", closing="script.js:1:1")
@example(opening="\0", closing="")
@example(opening="\ud800", closing="")
def test_untrusted_texts_are_read_in_proportion_to_their_length(call: Call, opening: str, closing: str) -> None:
    assert call("read", opening, closing, READ, extra_bytes=256 * MIB, cpu_seconds=10).answer == READ


@pytest.mark.parametrize(
    ("kind", "payload", "taken"),
    [
        (wire.Frame.LOG, "\x01", DEFAULTS.log_bytes // wire.LINE_COST_BYTES),
        (wire.Frame.LOG_TRUNCATED, "", 0),
        (wire.Frame.FINDING, wire.FINDING.pack(0, 1, 1, 0).decode(), 0),
        (wire.Frame.NON_FINITE, "\0\0\0\0", 0),
    ],
)
def test_a_flood_of_small_frames_is_read_no_further_than_its_bound(
    call: Call, kind: int, payload: str, taken: int
) -> None:
    assert call("flood", kind, payload, 4 * MIB, extra_bytes=128 * MIB).answer == taken


@pytest.mark.parametrize(
    ("opening", "closing"), [("\\${\\`", ""), ("`${", "}`"), ("/*", ""), ("a?b:", "c"), ("[", "]")]
)
def test_a_check_costs_its_caller_no_more_than_the_source(call: Call, opening: str, closing: str) -> None:
    checked = call("check", opening, closing, MAX_SOURCE_BYTES - 100, extra_bytes=256 * MIB)
    assert checked.grown_bytes < 64 * MIB
