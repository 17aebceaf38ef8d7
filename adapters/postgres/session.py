"""The settings that the service's statements rely on, and how a session gets them.

Roles, databases, `options` in a URL and libpq's environment may each set other ones. A session that is ours alone gets
them once. Behind a pooler that lends a server connection for one transaction, a setting of the session would stay with
that server connection and reach other clients, so there each transaction sets them for itself.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Final


class Pooling(StrEnum):
    """Mode of a pooler between the service and its database.

    `AUTO` compares the process id in the connection's greeting with the one that answers: a pooler makes up its own.
    Nothing identifies its mode for certain, so a detected pooler counts as one in transaction mode, which preserves
    less.
    """

    AUTO = "auto"
    SESSION = "session"
    TRANSACTION = "transaction"


_TIMEOUTS: Final = {
    "statement_timeout": "30s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
}
_MEANING: Final = {
    "TimeZone": "UTC",
    "DateStyle": "ISO",
    "IntervalStyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "standard_conforming_strings": "on",
    "transform_null_equals": "off",
    "array_nulls": "on",
    "row_security": "on",
}
_PLANS: Final = {
    # Each statement is planned once a connection: planning took longer than running, and most of the database's time.
    "plan_cache_mode": "force_generic_plan",
    # So a plan that is made while the tables are empty has to be right when they are full. The statements of the queue
    # need loops over indexes in index order, and these settings leave no other plan.
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_sort": "off",
    "enable_incremental_sort": "off",
    "enable_indexscan": "on",
    "enable_indexonlyscan": "on",
    "enable_nestloop": "on",
    # Before version 18 the penalties for disabled plans would count as a cost that makes compiling worth its while.
    "jit": "off",
}
"""Settings that `planned_by_values` reverts for the statements that need other plans."""
_OF_A_SESSION: Final = {
    "default_transaction_isolation": "read committed",
    "default_transaction_deferrable": "off",
    "idle_session_timeout": "0",
}
"""Without effect inside a transaction that has begun."""

_PROBES: Final = {"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"}
"""The server's own look for a client that is gone. Where a session is ours alone, since a pooler's is the pooler's."""

_FIRST_WITH_TRANSACTION_TIMEOUT: Final = 170_000
_TRANSACTION_TIMEOUT: Final = {"transaction_timeout": "60s"}
"""The end of a transaction whose client is gone in the middle of a pipeline, and whose peer, a proxy, is not. Until the
rest of the pipeline arrives the session counts as active, so no other timeout ends it and it would keep its locks. The
length is the time after which a client gives up (`connections.ANSWER_SECONDS`)."""

_EACH: Final = _TIMEOUTS | _MEANING | _PLANS


def session_settings(pooling: Pooling, greeted_by: int, server_version: int) -> bytes:
    """Build a statement that applies the settings to a new session, unless a pooler is in the way, and returns the
    `pid` that answers. `greeted_by` is the process id in the connection's greeting."""
    local = {
        Pooling.AUTO: f"pg_backend_pid() <> {greeted_by}",
        Pooling.SESSION: "false",
        Pooling.TRANSACTION: "true",
    }[pooling]
    settings = _EACH | _OF_A_SESSION | _PROBES | _transaction_timeout(server_version)
    return f"select pg_backend_pid() as pid, {_calls(settings, local)}".encode()


@cache
def transaction_settings(server_version: int) -> bytes:
    """Build statements that begin a transaction with the settings, for itself alone."""
    settings = _EACH | _transaction_timeout(server_version)
    return f"begin isolation level read committed, not deferrable; select {_calls(settings, 'true')}".encode()


def _transaction_timeout(server_version: int) -> dict[str, str]:
    return _TRANSACTION_TIMEOUT if server_version >= _FIRST_WITH_TRANSACTION_TIMEOUT else {}


def _calls(settings: Mapping[str, str], local: str) -> str:
    calls = [f"set_config('{name}', '{value}', {local})" for name, value in settings.items()]
    return ", ".join([*calls, _durable(local)])


def _durable(local: str) -> str:
    """Require that commits are flushed before they are acknowledged. The number of servers is the operator's choice."""
    chosen = "current_setting('synchronous_commit')"
    return f"set_config('synchronous_commit', case {chosen} when 'off' then 'on' else {chosen} end, {local})"
