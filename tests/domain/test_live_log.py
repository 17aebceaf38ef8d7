"""Positions in logs: a reader who follows them has the log, whatever becomes of the attempt that printed it."""

from collections.abc import Sequence
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.pipeline import is_successful

from domain.live_log import LogExcerpt, LogPosition, excerpt, parse_position
from domain.outcome import LogLevel, LogLine
from tests.support.values import log_lines

Lines: TypeAlias = tuple[LogLine, ...]
few_lines = st.lists(st.sampled_from([LogLine(LogLevel.LOG, text) for text in ("a", "b", "")]), max_size=4).map(tuple)


@given(st.lists(few_lines | st.lists(log_lines, max_size=4).map(tuple), max_size=6))
def test_a_reader_of_any_logs_always_has_the_one_read_last(logs: Sequence[Lines]) -> None:
    """The logs are those of one attempt that goes on, of others, and of the end, in any order."""
    seen: Lines = ()
    position: LogPosition | None = None
    for lines in logs:
        part = excerpt(lines, position)
        assert part.first_line in (0, len(seen))
        seen, position = seen[: part.first_line] + part.lines, parse_position(str(part.end)).unwrap()
        assert seen == lines


@given(st.lists(log_lines, max_size=6).map(tuple), st.data())
def test_of_a_log_that_goes_on_no_line_is_sent_twice(lines: Lines, data: st.DataObject) -> None:
    read = data.draw(st.integers(0, len(lines)))
    after = excerpt(lines[:read]).end
    assert excerpt(lines, after) == LogExcerpt(read, lines[read:], excerpt(lines).end)


def test_lines_are_told_apart_by_their_bounds_and_levels() -> None:
    logs = [
        (LogLine(LogLevel.LOG, "ab"), LogLine(LogLevel.LOG, "")),
        (LogLine(LogLevel.LOG, "a"), LogLine(LogLevel.LOG, "b")),
        (LogLine(LogLevel.LOG, "ab"), LogLine(LogLevel.INFO, "")),
        (LogLine(LogLevel.LOG, "ablog 0 "), LogLine(LogLevel.LOG, "")),
    ]
    assert len({str(excerpt(lines).end) for lines in logs}) == len(logs)


@pytest.mark.parametrize(
    "text", ["", "1", "1-", "01-0123456789abcdef", "-1-0123456789abcdef", "1-0123456789ABCDEF", "1-0123456789abcdef\n"]
)
def test_no_other_text_is_a_position(text: str) -> None:
    assert not is_successful(parse_position(text))
