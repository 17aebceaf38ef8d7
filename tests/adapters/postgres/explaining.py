"""Statements explained where they are sent, so with the plans and the parameters that they really have."""

import re
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final, TypeAlias

import psycopg
from attrs import field, frozen

from adapters.postgres.aliases import PostgresAliases
from adapters.postgres.api_keys import PostgresApiKeys
from adapters.postgres.audit import PostgresAudit
from adapters.postgres.batches import PostgresBatches
from adapters.postgres.connections import Connection, connection, open_pool
from adapters.postgres.data_keys import PostgresDataKeys
from adapters.postgres.delivery_work import PostgresDeliveryWork
from adapters.postgres.executions import PostgresExecutions
from adapters.postgres.idempotency import PostgresIdempotencyKeys
from adapters.postgres.job_work import PostgresJobWork
from adapters.postgres.jobs import PostgresJobs
from adapters.postgres.live_logs import PostgresLiveLogs
from adapters.postgres.queries import QUERIES
from adapters.postgres.queue import PostgresQueue
from adapters.postgres.readiness import PostgresReadiness
from adapters.postgres.replay_work import PostgresReplayWork
from adapters.postgres.retention import PostgresExpiredExecutions
from adapters.postgres.scripts import PostgresScripts
from adapters.postgres.status import PostgresDatabaseStatus
from adapters.postgres.version_replays import PostgresVersionReplays
from adapters.postgres.vitals import PostgresQueueStats
from adapters.postgres.webhooks import PostgresWebhooks
from application.ports.encryption import NO_ENCRYPTION, Keyring

Plan: TypeAlias = Mapping[str, Any]
_PARAMETER: Final = re.compile(rb"%\((\w+)\)[sb]")


@frozen
class Explained:
    """The work of a statement: the tables that it read from end to end, and the pages that it touched."""

    name: str
    scanned: frozenset[str]
    pages: int
    plan: Plan = field(repr=False)


TABLES: Final = (
    "executions",
    "execution_inputs",
    "execution_results",
    "execution_keys",
    "idempotency_keys",
    "api_keys",
    "audit",
    "script_tests",
    "version_replays",
    "version_replay_executions",
    "execution_differences",
    "script_aliases",
    "alias_moves",
    "batches",
    "webhooks",
    "webhook_interests",
    "webhook_deliveries",
    "jobs",
    "job_partitions",
)
EXPLAINED: Final[list[Explained]] = []


class Explaining(Connection):
    """A connection that explains each of our statements, with its effects undone, before it sends it.

    It prepares a statement for explanation on first use, as the driver does, so its plan is as old.
    """

    prepared: frozenset[str] = frozenset()

    async def execute(self, query: Any, params: Any = None, **how: Any) -> Any:
        name = next((name for name, sql in QUERIES.items() if sql == query), "")
        if name and name != "plan_by_values":
            EXPLAINED.append(await self._explained(name, params or {}))
        return await super().execute(query, params, **how)

    async def _explained(self, name: str, params: Mapping[str, Any]) -> Explained:
        names = list(dict.fromkeys(found.decode() for found in _PARAMETER.findall(QUERIES[name])))
        if name not in self.prepared:
            numbered = _PARAMETER.sub(lambda found: b"$%d" % (names.index(found[1].decode()) + 1), QUERIES[name])
            await super().execute(b"prepare explained_%b as %b" % (name.encode(), numbered))
            self.prepared |= {name}
        values = ", ".join(psycopg.sql.quote(params[one], self) for one in names)
        call = f"explained_{name}({values})" if names else f"explained_{name}"
        async with self.transaction(force_rollback=True):
            explained = await super().execute(f"explain (analyze, buffers, format json) execute {call}".encode())
            row = await explained.fetchone()
        assert row is not None
        (plan,) = row["QUERY PLAN"]
        pages = plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]
        return Explained(name, frozenset(scanned(plan["Plan"])), pages, plan["Plan"])


def scanned(plan: Plan) -> Iterator[str]:
    if plan["Node Type"] == "Seq Scan" and plan["Actual Loops"]:
        yield plan["Relation Name"]
    for below in plan.get("Plans", ()):
        yield from scanned(below)


@frozen
class Full:
    """The store on a table with many rows."""

    queue: PostgresQueue
    executions: PostgresExecutions
    scripts: PostgresScripts
    keys: PostgresIdempotencyKeys
    api_keys: PostgresApiKeys
    audit: PostgresAudit
    vitals: PostgresQueueStats
    data_keys: PostgresDataKeys
    expired: PostgresExpiredExecutions
    readiness: PostgresReadiness
    replays: PostgresVersionReplays
    replay_work: PostgresReplayWork
    aliases: PostgresAliases
    batches: PostgresBatches
    webhooks: PostgresWebhooks
    delivery_work: PostgresDeliveryWork
    jobs: PostgresJobs
    job_work: PostgresJobWork
    status: PostgresDatabaseStatus
    live_logs: PostgresLiveLogs


@asynccontextmanager
async def explaining(
    url: str, lease: timedelta = timedelta(minutes=1), script_runs: int = 0, seals: Keyring = NO_ENCRYPTION
) -> AsyncIterator[Full]:
    EXPLAINED.clear()
    async with open_pool(url, "tests", size=1, connection_class=Explaining) as opened:
        async with connection(
            opened
        ) as conn:  # a session's first check of a row parses the rules, which reads catalogues
            await conn.execute("select execution_is_valid(null)")
        yield Full(
            PostgresQueue(opened, "one", lease, script_runs, seals),
            PostgresExecutions(opened, seals),
            PostgresScripts(opened),
            PostgresIdempotencyKeys(opened, timedelta(days=1), seals),
            PostgresApiKeys(opened),
            PostgresAudit(opened),
            PostgresQueueStats(opened, lease),
            PostgresDataKeys(opened),
            PostgresExpiredExecutions(opened),
            PostgresReadiness(opened, lease, seals),
            PostgresVersionReplays(opened, seals),
            PostgresReplayWork(opened, lease, seals),
            PostgresAliases(opened),
            PostgresBatches(opened, timedelta(days=1), seals),
            PostgresWebhooks(opened, seals),
            PostgresDeliveryWork(opened, lease, seals),
            PostgresJobs(opened, timedelta(days=1), seals),
            PostgresJobWork(opened, lease, seals),
            PostgresDatabaseStatus(opened, lease),
            PostgresLiveLogs(opened, seals),
        )


def assert_lean(name: str, pages: int, tiny: Collection[str] = ()) -> None:
    """Assert that the statement was sent, read no table from end to end, and touched no more than so many pages.

    A table of a page or two is read as a whole with good reason.
    """
    seen = [one for one in EXPLAINED if one.name == name]
    assert seen, f"{name} was not sent"
    for one in seen:
        assert not one.scanned & {*TABLES} - {*tiny}, one
        assert one.pages <= pages, one
