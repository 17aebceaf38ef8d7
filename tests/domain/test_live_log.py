"""Positions in logs: a reader who follows them has the log, whatever becomes of the attempt that printed it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.pipeline import is_successful

from domain.execution import Execution, Pending, Running
from domain.live_log import LogExcerpt, LogPosition, excerpt, is_interrupted, join_parts, parse_position
from domain.outcome import LogLevel, LogLine, Logs, Run
from domain.transitions import cancel, finish, lose, reject_engine
from tests.support.values import NOON, elapsed, log_lines, pendings, runnings, runs

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


@given(st.lists(st.builds(Logs, few_lines, st.booleans()), max_size=4))
def test_parts_are_joined_in_their_order(parts: Sequence[Logs]) -> None:
    joined = join_parts(parts)
    assert joined.lines == sum((part.lines for part in parts), ())
    assert joined.truncated is any(part.truncated for part in parts[-1:])


@given(pendings, runnings, runs, elapsed)
def test_a_run_is_interrupted_if_it_was_cancelled_or_lost_for_good(
    pending: Pending, running: Running, run: Run, after: timedelta
) -> None:
    interrupted: list[Execution] = [cancel(running, NOON), lose(running, NOON, running.attempt)]
    others: list[Execution] = [pending, running, cancel(pending, NOON), lose(running, NOON, running.attempt + 1)]
    others += [finish(running, run, after), reject_engine(running, after)]
    assert list(map(is_interrupted, interrupted + others)) == [True] * len(interrupted) + [False] * len(others)


@pytest.mark.parametrize(
    "text", ["", "1", "1-", "01-0123456789abcdef", "-1-0123456789abcdef", "1-0123456789ABCDEF", "1-0123456789abcdef\n"]
)
def test_no_other_text_is_a_position(text: str) -> None:
    assert not is_successful(parse_position(text))
