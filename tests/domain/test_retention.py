"""A script's own retention stands in the service's place, part by part."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from returns.pipeline import is_successful

from domain.retention import (
    INHERIT_ALL,
    MOST_DAYS,
    Days,
    DaysOutOfRange,
    Forever,
    Retention,
    ScriptRetention,
    effective_retention,
    retention,
    to_days,
)

days = st.none() | st.just(Forever.FOREVER) | st.integers(-(10**9), 10**9) | st.integers(1, MOST_DAYS)
spans = st.none() | st.timedeltas(timedelta(seconds=1), timedelta(days=MOST_DAYS))
retentions = st.builds(Retention, spans, spans)
own_parts = spans | st.just(Forever.FOREVER)
own_retentions = st.builds(ScriptRetention, own_parts, own_parts)


@given(days, days)
def test_whole_days_within_bounds_or_each_that_is_beyond_them_is_reported(content: Days, rows: Days) -> None:
    asked = {"content_days": content, "rows_days": rows}
    beyond = [
        DaysOutOfRange(name, one) for name, one in asked.items() if isinstance(one, int) and not 1 <= one <= 36_500
    ]
    made = retention(content, rows)
    if beyond:
        assert made.failure() == tuple(beyond)
        return
    assert is_successful(made)
    kept_for = (made.unwrap().content, made.unwrap().rows)
    assert kept_for == tuple(timedelta(days=one) if isinstance(one, int) else one for one in (content, rows))
    assert to_days(made.unwrap()) == asked


@given(own_retentions, retentions)
def test_each_part_is_the_script_s_or_else_the_service_s(own: ScriptRetention, general: Retention) -> None:
    kept = effective_retention(own, general)
    for part, mine, others in [(kept.content, own.content, general.content), (kept.rows, own.rows, general.rows)]:
        assert part == (None if mine is Forever.FOREVER else mine or others)


@given(retentions)
def test_an_empty_retention_changes_nothing(one: Retention) -> None:
    assert effective_retention(INHERIT_ALL, one) == one
    assert effective_retention(ScriptRetention(one.content, one.rows), Retention()) == one
    forever = ScriptRetention(Forever.FOREVER, Forever.FOREVER)
    assert effective_retention(forever, one) == Retention()
