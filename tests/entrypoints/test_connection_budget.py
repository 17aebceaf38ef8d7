"""All processes together stay within the database's limit, and each has at least the connections it needs."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entrypoints.composition.connection_budget import (
    RUNNER_POOL,
    PoolSizes,
    all_connections,
    fewest_connections,
    pool_sizes,
)
from entrypoints.composition.startup_checks import report_shortage
from entrypoints.configuration.settings import Settings

PROCESSES = st.integers(1, 64)


@given(st.integers(0, 2_000), PROCESSES, PROCESSES)
def test_pools_and_listeners_fit_the_limit_as_soon_as_each_process_can_have_two(
    limit: int, api_processes: int, workers: int
) -> None:
    sizes = pool_sizes(limit, api_processes, workers)
    total = api_processes * (sizes.api + 1) + workers * (sizes.worker + 1) + RUNNER_POOL
    assert 1 <= sizes.api <= PoolSizes().api
    assert 1 <= sizes.worker <= PoolSizes().worker
    if limit >= fewest_connections(api_processes, workers):
        assert total <= limit
    assert (sizes == PoolSizes()) == (limit >= all_connections(api_processes, workers))


def test_without_a_limit_they_have_their_usual_sizes() -> None:
    assert pool_sizes(None, 64, 64) == PoolSizes(10, 4)


def test_a_limit_that_some_processes_cannot_work_with_is_logged_with_the_remedies(
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings = evolve(Settings(), api_processes=25, workers=25)
    for enough in (None, 102):
        report_shortage(enough, settings)
    assert caplog.messages == []
    report_shortage(101, settings)
    (line,) = caplog.messages
    assert "need at least 102 connections" in line
    assert "limited to 101" in line
    assert "BATEIA_API_PROCESSES and BATEIA_WORKERS" in line
