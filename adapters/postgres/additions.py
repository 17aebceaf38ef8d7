"""New executions on their way into the tables: the columns of `add_executions`, and the guards of that statement."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final, TypeAlias
from uuid import UUID

from adapters.postgres.connections import Row
from adapters.postgres.execution_rows import ATTRIBUTION
from adapters.postgres.json_columns import dump_value
from adapters.postgres.warnings import warnings_json
from application.ports.executions import NewExecution
from domain.execution import Pending, Running, Unfinished, state_of

Guard: TypeAlias = tuple[UUID, int | None, bool, str | None, int | None]
"""The script that an addition relies on, the version that must be its latest, if any must, whether it must be open, and
the alias, if any, with the version that it must lead to."""
_GUARD_COLUMNS: Final = ("guarded_ids", "guarded_latest", "guarded_open", "guarded_aliases", "guarded_targets")


def guard_of(addition: NewExecution) -> Guard:
    """Return the look-up that the insertion makes, once for all additions of a batch that have it in common."""
    expected = addition.expected
    alias = None if expected.alias is None else expected.alias.value
    script_id = addition.execution.submission.script.id
    return script_id, expected.latest, expected.must_be_open, alias, expected.leads_to


def has_pending(additions: Sequence[NewExecution]) -> bool:
    """Tell whether workers must be told of any of new executions: not of those that run already."""
    return any(isinstance(one.execution, Pending) for one in additions)


def refused_guards(rows: Sequence[Row], additions: Sequence[NewExecution]) -> set[Guard]:
    """Collect the guards that kept `add_executions` from adding any of these."""
    numbers = [row["guard"] for row in rows if row["guard"] is not None]
    guards = _guards(additions) if numbers else []
    return {guards[number - 1] for number in numbers}


def addition_columns(additions: Sequence[NewExecution], lease: timedelta) -> dict[str, Any]:
    """Convert new executions, their datasets, their actors and their guards to columns."""
    submissions = [one.execution.submission for one in additions]
    attributions = [one.attribution for one in submissions]
    return (
        _state_columns([one.execution for one in additions])
        | _guard_columns(additions)
        | {
            "lease": lease,
            "ids": [one.id for one in submissions],
            "script_ids": [one.script.id for one in submissions],
            "versions": [one.script.version for one in submissions],
            "submitted_at": [one.submitted_at for one in submissions],
            "input_bytes": [one.dataset.size_bytes for one in submissions],
            "input_sha256": [bytes.fromhex(one.dataset.sha256) for one in submissions],
            "input_warnings": [warnings_json(one.warnings) for one in submissions],
            "traceparents": [one.trace and one.trace.traceparent for one in attributions],
            "submitted_by": [one.submitted_by for one in attributions],
            "attributions": [ATTRIBUTION.dump(one) for one in attributions],
            "circumstances": [dump_value(one.circumstances) for one in submissions],
            "replay_of": [one.replay_of for one in submissions],
            "encodings": [one.dataset.encoding.value for one in additions],
            "key_ids": [one.by.key_id for one in additions],
            "request_ids": [one.by.request_id for one in additions],
            "server_request_ids": [one.by.server_request_id for one in additions],
        }
    )


def _guard_columns(additions: Sequence[NewExecution]) -> dict[str, list[Any]]:
    return dict(zip(_GUARD_COLUMNS, map(list, zip(*_guards(additions), strict=True)), strict=True))


def _guards(additions: Sequence[NewExecution]) -> list[Guard]:
    """List the guards of these additions, each once."""
    return list(dict.fromkeys(guard_of(one) for one in additions))


def _state_columns(executions: Sequence[Unfinished]) -> dict[str, list[Any]]:
    started = [one if isinstance(one, Running) else None for one in executions]
    return {
        "states": [state_of(one).value for one in executions],
        "attempts": [one.attempt if isinstance(one, Running) else one.attempts for one in executions],
        "started_at": [one and one.started_at for one in started],
        "claim_ids": [one and one.claim.id for one in started],
        "workers": [one and one.claim.worker for one in started],
    }
