"""The machines and databases that a rate of small executions takes, computed from measured costs of one execution.

Nothing is measured here. `scaling.json` has the measured costs, `Machines` what is assumed; docs/scaling.md explains
both. The model is linear: an execution costs on each of many machines what it costs on one.
"""

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

MEASURED: Final = Path(__file__).with_name("scaling.json")
RATES: Final = (1_000, 10_000, 100_000)
DAY_SECONDS: Final = 86_400
LARGEST_PARTITION_ROWS: Final = 50_000_000
"""Rows up to which the indexes of a partition stay in the memory of a database machine."""


class Measured(NamedTuple):
    """Costs of one small execution: CPU in ms of the service without PostgreSQL, of PostgreSQL, and of PostgreSQL for
    its removal by age; bytes of write-ahead log, of tables and indexes, on the network to the client and to the
    database; and flushes of the log."""

    node_ms: float
    postgres_ms: float
    removal_ms: float
    wal_bytes: float
    stored_bytes: float
    client_bytes: float
    network_bytes: float
    flushes: float


class Machines(NamedTuple):
    """Assumptions: cores of a machine and how busy they may be; executions per second that one database is trusted
    with, and MB/s of write-ahead log that its disk and its standby keep up with; days that executions are retained;
    and connections of a core's processes to a database."""

    node_cores: int = 16
    node_busy: float = 0.7
    database_cores: int = 16
    database_busy: float = 0.5
    rate_per_database: float = 5_000
    wal_mb_per_second: float = 100
    retained_days: int = 7
    connections_per_core: int = 16


class Requirements(NamedTuple):
    """The requirements of a rate. Each database is a primary with a standby of its own."""

    rate: int
    node_cores: int
    nodes: int
    database_cores: int
    databases: int
    rate_per_database: float
    flushes_per_database: float
    wal_mb_per_database: float
    wal_tb_per_day: float
    stored_tb: float
    rows_per_day_and_database: float
    partition_hours: int
    connections_per_database: int
    client_gbit: float
    database_gbit: float


def required(rate: int, measured: Measured, machines: Machines) -> Requirements:
    """Compute the requirements of so many executions a second."""
    node_cores = math.ceil(rate * measured.node_ms / 1000 / machines.node_busy)
    database_cores = math.ceil(rate * (measured.postgres_ms + measured.removal_ms) / 1000 / machines.database_busy)
    wal_mb = rate * measured.wal_bytes / 1e6
    databases = max(
        math.ceil(database_cores / machines.database_cores),
        math.ceil(rate / machines.rate_per_database),
        math.ceil(wal_mb / machines.wal_mb_per_second),
    )
    share = rate / databases
    return Requirements(
        rate=rate,
        node_cores=node_cores,
        nodes=math.ceil(node_cores / machines.node_cores),
        database_cores=database_cores,
        databases=databases,
        rate_per_database=share,
        flushes_per_database=share * measured.flushes,
        wal_mb_per_database=wal_mb / databases,
        wal_tb_per_day=wal_mb * DAY_SECONDS / 1e6,
        stored_tb=rate * measured.stored_bytes * DAY_SECONDS * machines.retained_days / 1e12,
        rows_per_day_and_database=share * DAY_SECONDS,
        partition_hours=partition_hours(share),
        connections_per_database=math.ceil(node_cores / databases) * machines.connections_per_core,
        client_gbit=rate * measured.client_bytes * 8 / 1e9,
        database_gbit=rate * measured.network_bytes * 8 / 1e9,
    )


def partition_hours(rate: float) -> int:
    """Choose the longest period, of those that divide a day, in which a table does not grow too large; at least 1 h."""
    fitting = [hours for hours in (24, 12, 8, 6, 4, 3, 2, 1) if rate * hours * 3600 <= LARGEST_PARTITION_ROWS]
    return fitting[0] if fitting else 1


ROWS: Final[dict[str, Callable[[Requirements], str]]] = {
    "cores for API, slots and sandbox": lambda one: f"{one.node_cores:,}",
    "machines for them": lambda one: f"{one.nodes:,}",
    "cores for PostgreSQL's primaries": lambda one: f"{one.database_cores:,}",
    "databases (each with a standby)": lambda one: f"{one.databases:,}",
    "executions per second in a database": lambda one: f"{one.rate_per_database:,.0f}",
    "flushes per second in a database, if batches do not grow": lambda one: f"{one.flushes_per_database:,.0f}",
    "write-ahead log of a database": lambda one: f"{one.wal_mb_per_database:,.1f} MB/s",
    "write-ahead log of all, per day": lambda one: f"{one.wal_tb_per_day:,.2f} TB",
    "tables and indexes of all, retained for 7 days": lambda one: f"{one.stored_tb:,.1f} TB",
    "executions per day in a database": lambda one: f"{one.rows_per_day_and_database / 1e6:,.0f} million",
    "hours in a partition": lambda one: f"{one.partition_hours}",
    "connections per database, without a pooler": lambda one: f"{one.connections_per_database:,}",
    "network to clients": lambda one: f"{one.client_gbit:,.2f} Gbit/s",
    "network to the databases": lambda one: f"{one.database_gbit:,.2f} Gbit/s",
}


def table(measured: Measured, machines: Machines | None = None) -> str:
    """Render the requirements of all rates as a table in Markdown."""
    all_required = [required(rate, measured, machines or Machines()) for rate in RATES]
    lines = ["| executions per second |" + "".join(f" {rate:,} |" for rate in RATES), "| --- |" + " --- |" * len(RATES)]
    for name, cell in ROWS.items():
        lines.append(f"| {name} |" + "".join(f" {cell(one)} |" for one in all_required))
    return "\n".join(lines)


def portuguese(measured: Measured, machines: Machines | None = None) -> str:
    """Render the machines of the higher rates as the sentence of docs/questionario.md."""
    middle, high = (required(rate, measured, machines or Machines()) for rate in RATES[1:])
    return f"{_portuguese(middle)}; {_portuguese(high)}."


def _portuguese(one: Requirements) -> str:
    rate, cores = (f"{number:,}".replace(",", ".") for number in (one.rate, one.node_cores))
    stored = f"{one.stored_tb:,.0f}".replace(",", ".")
    nodes = "1 máquina" if one.nodes == 1 else f"{one.nodes} máquinas"
    return (
        f"{rate} por segundo pedem {cores} núcleos em {nodes} para API e sandbox, "
        f"{one.databases} bancos e {stored} TB para sete dias"
    )


def measured_in(path: Path) -> Measured:
    """Read the measured costs."""
    return Measured(**json.loads(path.read_text("utf-8")))


def save(path: Path, figures: Mapping[str, float]) -> None:
    """Replace those of the measured costs that have a figure."""
    known = measured_in(path)._asdict()
    renewed = {name: round(figures.get(name, cost), 4) for name, cost in known.items()}
    path.write_text(json.dumps(renewed, indent=4) + "\n", "utf-8")
