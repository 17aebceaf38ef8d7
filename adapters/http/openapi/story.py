"""The examples of answers: the domain's own functions tell their story, and the representations of answers show it.

A new member of an answer is therefore in its examples as soon as the service answers with it.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from attrs import evolve
from returns.result import Result, Success

from adapters.http.language import Language
from adapters.http.openapi.alias_examples import alias_answers
from adapters.http.openapi.example_files import example_bytes
from adapters.http.openapi.receipt_example import EXAMPLE_KEYS, example_receipt
from adapters.http.openapi.script_test_examples import script_test_answers
from adapters.http.responses import executions, scripts
from adapters.http.responses.comparisons import comparison
from adapters.http.responses.previews import preview
from adapters.http.responses.reproductions import reproduction
from adapters.http.responses.version_list import listed
from adapters.http.wire.converter import unstructure
from adapters.http.wire.schemas.executions import ENGINE, EXECUTION_ID, ExecutionList
from adapters.http.wire.schemas.reproductions import REPRODUCTION_ID
from adapters.http.wire.schemas.scripts import SCRIPT_ID, ScriptList
from adapters.http.wire.schemas.version_list import VersionList
from application.executions.read_reproduction import Examined
from application.executions.reproduce import Reproduction
from application.executions.stored_comparison import FirstDifference
from application.ports.executions import ExecutionDetails
from application.previews.preview import AgainstVersion, Previewed
from application.scripts.compare_versions import Compared
from domain import transitions
from domain.body import Body, Encoding, digest
from domain.circumstances import derived_circumstances
from domain.comparison.building import table_comparison, value_comparison
from domain.comparison.json_text import parse_json
from domain.comparison.paths import compare_values
from domain.comparison.proposal import proposed_keys
from domain.comparison.report import ComparisonRefused, ResultComparison, TableComparison
from domain.comparison.rows import compare, sort_key
from domain.comparison.values import JsonValue
from domain.engine import DEFAULT_ENGINE
from domain.execution import Claim, Execution, Finished, Pending, circumstances_of
from domain.limits import DEFAULTS, trial_limits
from domain.notes import Note
from domain.outcome import (
    ErrorKind,
    Isolation,
    LogLevel,
    LogLine,
    Logs,
    Measures,
    Outcome,
    Produced,
    Provenance,
    Rejected,
    Run,
    script_error,
    with_exactness,
)
from domain.reproduction import Aspect, Difference, Reproduced
from domain.retention import retention
from domain.script import Description, ScriptName, register
from domain.transitions import cancel, finish, start, submit
from domain.versions import VersionRequest, source

_CREATED: Final = datetime(2026, 11, 23, 13, 38, tzinfo=UTC)
_SUBMITTED: Final = _CREATED + timedelta(minutes=2)
_QUEUED: Final = timedelta(microseconds=3_100)
_WALL: Final = timedelta(microseconds=1_900)
_FAILED_ID: Final = "0199c5f4-2b41-7d90-a3c7-6e0f1a2b3c4d"
_NEW: Final[dict[str, Any]] = json.loads(example_bytes("new-script"))
RESULT: Final = json.dumps(json.loads(example_bytes("result")), separators=(",", ":")).encode()
_SCRIPT, _VERSION = register(
    UUID(SCRIPT_ID),
    ScriptName(_NEW["name"]),
    Description(_NEW["description"]),
    VersionRequest(
        source(example_bytes("source")).unwrap(),
        evolve(DEFAULTS, **_NEW["limits"]),
        None,
        DEFAULT_ENGINE,
        Note(_NEW["note"]),
    ),
    (),
    _CREATED,
)
_NO_LOGS: Final = Logs()
_LOGS: Final = Logs((LogLine(LogLevel.LOG, "1 of 2 rows"),))
_ERROR: Final = script_error(
    ErrorKind.SCRIPT_ERROR,
    "TypeError: data.filter is not a function (data is an object: {rows: […]})",
    line=2,
    column=28,
    stack="    at process (script.js:2:28)",
)
REJECTED: Final = Rejected(with_exactness(_ERROR, position_is_exact=True))

_VALUES: Final[dict[str, JsonValue]] = {
    "before": {"cards": 2, "rows": [1]},
    "after": {"cards": 3, "rows": [1, 2]},
}
_MEASURES: Final = Measures(wall_ms=1.9, cpu_ms=1.2, peak_memory_bytes=9_437_184)
_PREVIEWED: Final = RESULT.replace(b'"cartoes":1716709', b'"milharesDeCartoes":1716.709')
_ALTERED_RESULT: Final = RESULT.replace(b"1716709", b"1716790")
_ALTERED_AT: Final = RESULT.index(b"1716709") + 5
_DIFFERENT: Final = Examined(
    Difference(Aspect.STORED_RESULT, digest(RESULT).sha256, digest(_ALTERED_RESULT).sha256),
    FirstDifference(_ALTERED_AT, *(one[_ALTERED_AT - 20 :].decode() for one in (RESULT, _ALTERED_RESULT))),
)


def answer_values() -> dict[str, Any]:
    """Map the names of examples to the JSON values of their answers."""
    result = Produced(Body(digest(RESULT), Encoding.IDENTITY, RESULT))
    pending = pending_execution(EXECUTION_ID, example_bytes("dataset"))
    succeeded = ended_execution(pending, result)
    failed = ended_execution(pending_execution(_FAILED_ID, b'{"rows": []}'), REJECTED)
    replay = transitions.replay(succeeded, UUID(REPRODUCTION_ID), _SCRIPT, _VERSION, _SUBMITTED + timedelta(days=1))
    started, replayed = Reproduction(succeeded, replay), ended_execution(replay, result)
    script, version = scripts.script(_SCRIPT), scripts.version(_VERSION, "", Language.ENGLISH)
    retained = evolve(_SCRIPT, retention=retention(30, None).unwrap())
    described = evolve(_SCRIPT, description=Description(json.loads(example_bytes("new-description"))["description"]))
    shapes = {
        "script": script,
        "scripts": ScriptList(items=(script,), next_cursor=None),
        "retained-script": scripts.script(retained),
        "described-script": scripts.script(described),
        "version": version,
        "diff": Compared(_SCRIPT.name, None, _VERSION).diff().decode(),
        "versions": VersionList(items=(listed(version),), next_cursor=None),
        "pending": _shown(pending),
        "succeeded": _shown(succeeded, _LOGS, RESULT),
        "executions": ExecutionList(items=(executions.summary(succeeded, "", Language.ENGLISH),), next_cursor=None),
        "cancelled": _shown(cancel(pending, _SUBMITTED + _QUEUED + _WALL)),
        "failed": _shown(failed),
        "receipt": example_receipt(succeeded),
        "receipt-keys": EXAMPLE_KEYS,
        "pending-reproduction": reproduction(started, None, "", with_excerpts=False),
        "reproduced": reproduction(Reproduction(succeeded, replayed), Examined(Reproduced()), "", with_excerpts=True),
        "compared-rows": comparison(compared_rows()),
        "compared-values": comparison(value_comparison(compare_values(_VALUES["before"], _VALUES["after"]))),
        **script_test_answers(version, _SUBMITTED),
        "preview": preview(_previewed(result), _PREVIEWED, Language.ENGLISH),
        **alias_answers(_SCRIPT, _SUBMITTED),
        "different": reproduction(Reproduction(succeeded, replayed), _DIFFERENT, "", with_excerpts=True),
    }
    return {name: msgspec.json.decode(msgspec.json.encode(unstructure(shape))) for name, shape in shapes.items()}


def compared_rows() -> TableComparison:
    """Compare the result of the story with another one."""
    return _compared(RESULT, _ALTERED_RESULT)


def _compared(*results: bytes) -> TableComparison:
    before, after = (parse_json(one.decode()) for one in results)
    (key,) = proposed_keys(before, after)[:1]
    lefts, rights = (sorted(rows, key=lambda row: sort_key(row, key)) for rows in (before, after))
    return table_comparison(key, compare(lefts, rights, key))


def _previewed(of_version: Produced) -> Previewed:
    """Tell of a preview that gives the cards in thousands, in a column of its own."""
    circumstances = derived_circumstances(digest(example_bytes("dataset")), _SUBMITTED)
    provenance = Provenance(ENGINE, _MEASURES, isolation=Isolation.EXECUTION, circumstances=circumstances)
    result = Produced(Body(digest(_PREVIEWED), Encoding.IDENTITY, _PREVIEWED))
    comparison: Result[ResultComparison, ComparisonRefused] = Success(_compared(RESULT, _PREVIEWED))
    return Previewed(
        run=Run(result, _LOGS, provenance),
        limits=trial_limits(DEFAULTS),
        circumstances=circumstances,
        dataset_warnings=(),
        source_warnings=(),
        against=AgainstVersion(1, Run(of_version, _LOGS, provenance), comparison),
    )


def pending_execution(execution_id: str, dataset: bytes) -> Pending:
    """Submit a dataset to the script of the story."""
    return submit(UUID(execution_id), _SCRIPT, _VERSION, digest(dataset), (), _SUBMITTED).unwrap()


def ended_execution(pending: Pending, outcome: Outcome) -> Finished:
    """Run an execution to that outcome."""
    circumstances = circumstances_of(pending.submission)
    provenance = Provenance(ENGINE, _MEASURES, isolation=Isolation.VERSION, circumstances=circumstances)
    run = Run(outcome, _NO_LOGS, provenance)
    return finish(start(pending, Claim(UUID(EXECUTION_ID), "worker"), _SUBMITTED + _QUEUED), run, _WALL)


def _shown(execution: Execution, logs: Logs = _NO_LOGS, result: bytes | None = None) -> Any:
    return executions.execution(ExecutionDetails(execution, logs, None), result, "", Language.ENGLISH)
