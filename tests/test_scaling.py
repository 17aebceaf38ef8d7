"""The requirements of docs/scaling.md: the table is computed from the measured costs, and its arithmetic holds."""

import json
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.scaling import (
    LARGEST_PARTITION_ROWS,
    MEASURED,
    Machines,
    Measured,
    measured_in,
    partition_hours,
    portuguese,
    required,
    save,
    table,
)

DOCS: Final = Path(__file__).parents[1] / "docs"

rates = st.integers(1, 1_000_000)
milliseconds = st.floats(0.01, 100)
sizes = st.floats(1, 1e6)
costs = st.builds(Measured, *[milliseconds] * 3, *[sizes] * 4, st.floats(0.001, 10))
machines = st.builds(
    Machines,
    node_cores=st.integers(1, 256),
    node_busy=st.floats(0.1, 1),
    database_cores=st.integers(1, 256),
    database_busy=st.floats(0.1, 1),
    rate_per_database=st.floats(1, 1e6),
    wal_mb_per_second=st.floats(1, 1e4),
)


def test_the_page_has_the_table_of_the_measured_costs() -> None:
    assert table(measured_in(MEASURED)) in (DOCS / "scaling.md").read_text("utf-8")


def test_the_questionnaire_has_the_machines_of_the_measured_costs() -> None:
    words = " ".join((DOCS / "questionario.md").read_text("utf-8").split())
    assert portuguese(measured_in(MEASURED)) in words


@given(rates, costs, machines)
def test_what_is_required_suffices_for_the_rate(rate: int, measured: Measured, given: Machines) -> None:
    found = required(rate, measured, given)
    enough = 1 + 1e-9
    assert rate * measured.node_ms / 1000 <= found.nodes * given.node_cores * given.node_busy * enough
    share = rate / found.databases
    database_ms = share * (measured.postgres_ms + measured.removal_ms)
    assert database_ms / 1000 <= given.database_cores * given.database_busy * enough
    assert share <= given.rate_per_database * enough
    assert share * measured.wal_bytes / 1e6 <= given.wal_mb_per_second * enough


@given(rates, costs, machines)
def test_one_database_less_would_not_suffice(rate: int, measured: Measured, given: Machines) -> None:
    found = required(rate, measured, given)
    fewer = found.databases - 1
    assert fewer == 0 or (
        found.database_cores > fewer * given.database_cores
        or rate > fewer * given.rate_per_database
        or rate * measured.wal_bytes / 1e6 > fewer * given.wal_mb_per_second
    )


@given(rates, rates, costs)
def test_a_higher_rate_never_takes_less(one: int, other: int, measured: Measured) -> None:
    low, high = (required(rate, measured, Machines()) for rate in sorted((one, other)))
    assert low.nodes <= high.nodes
    assert low.databases <= high.databases
    assert low.wal_tb_per_day <= high.wal_tb_per_day


@given(st.floats(0.01, 1e6))
def test_a_partition_divides_the_day_and_is_as_long_as_fits(rate: float) -> None:
    hours = partition_hours(rate)
    assert 24 % hours == 0
    assert hours == 1 or rate * hours * 3600 <= LARGEST_PARTITION_ROWS
    longer = [more for more in range(hours + 1, 25) if 24 % more == 0]
    assert all(rate * more * 3600 > LARGEST_PARTITION_ROWS for more in longer)


def test_saving_replaces_the_costs_that_were_measured_and_no_others(tmp_path: Path) -> None:
    path = tmp_path / "scaling.json"
    path.write_text(MEASURED.read_text("utf-8"), "utf-8")
    before = measured_in(path)
    save(path, {"postgres_ms": 0.25, "rate": 300.0})
    assert measured_in(path) == before._replace(postgres_ms=0.25)
    assert set(json.loads(path.read_text("utf-8"))) == set(Measured._fields)


@pytest.mark.parametrize("name", Measured._fields)
def test_the_measured_costs_are_positive(name: str) -> None:
    assert getattr(measured_in(MEASURED), name) > 0
