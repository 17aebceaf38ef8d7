"""`traceparent`, read as the recommendation has it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.trace import TraceContext, trace_context
from tests.support.values import traces

WHOLE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@given(traces)
def test_a_written_trace_is_read_again(trace: TraceContext) -> None:
    assert trace_context(trace.traceparent) == trace


@given(traces, st.integers(0, 54), st.characters(exclude_characters="0123456789abcdef-"))
def test_a_character_that_does_not_belong_there_spoils_it(trace: TraceContext, at: int, other: str) -> None:
    text = trace.traceparent
    assert trace_context(text[:at] + other + text[at + 1 :]) is None


@given(traces, st.integers(1, 254).map("{:02x}".format), st.sampled_from(["", "-", "-what-comes"]))
def test_the_known_part_of_a_later_version_is_read(trace: TraceContext, version: str, more: str) -> None:
    assert trace_context(version + trace.traceparent[2:] + more) == trace


@pytest.mark.parametrize(
    "text",
    [
        "",
        WHOLE[:-1],
        WHOLE + "0",
        WHOLE + "-",
        WHOLE + "-00",
        WHOLE + "\n",
        WHOLE.upper(),
        "ff" + WHOLE[2:],
        "ff" + WHOLE[2:] + "-00",
        "cc" + WHOLE[2:] + ".00",
        "00-" + "0" * 32 + "-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-" + "0" * 16 + "-01",
    ],
)
def test_a_malformed_trace_is_ignored(text: str) -> None:
    assert trace_context(text) is None
