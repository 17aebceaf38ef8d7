"""Receipts: the statement about a finished execution that the service signs, an in-toto Statement v1 with SLSA
Provenance v1 (https://in-toto.io/Statement/v1, https://slsa.dev/provenance/v1).

A statement derives from the record of the execution alone, without its content, so it stays the same after the content
is removed. Signing is absent: adapters do it.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias, assert_never
from uuid import UUID

from attrs import asdict, frozen
from returns.result import Failure, Result, Success

from domain.dsse import Envelope, Signature, signed_bytes
from domain.execution import (
    Failed,
    Finished,
    Submission,
    Succeeded,
    state_of,
)
from domain.outcome import Provenance
from domain.recorded import recorded_circumstances, recorded_error_sha256
from domain.statement import BUILD_TYPE, PAYLOAD_TYPE, PREDICATE_TYPE, STATEMENT_TYPE


@frozen
class NoRun:
    """The execution ended without a complete run: cancelled, lost with its workers, or without its engine."""

    execution: Failed


@frozen
class DigestNotRetained:
    """The error's digest is unknown: no release recorded it before the error's texts were removed."""

    execution: Failed


NoStatement: TypeAlias = NoRun | DigestNotRetained
"""The reasons why there is no statement about a finished execution."""


@frozen
class _Ended:
    """The facts of a complete run. `sha256` is the digest of its result or of its error."""

    started_at: datetime
    provenance: Provenance
    sha256: str


def statement(execution: Finished, installation: UUID) -> Result[bytes, NoStatement]:
    """Build the statement about an execution of that installation, as JSON."""
    return _ended(execution).map(lambda ended: compact_json(_statement(execution, ended, installation)))


def message_of(payload: bytes) -> bytes:
    """Build the bytes that the signature of a statement is made of."""
    return signed_bytes(PAYLOAD_TYPE, payload)


def receipt(payload: bytes, signature: Signature) -> Envelope:
    """Build a receipt from a statement and its signature."""
    return Envelope(PAYLOAD_TYPE, payload, (signature,))


def _ended(execution: Finished) -> Result[_Ended, NoStatement]:
    match execution:
        case Succeeded(started_at=at, provenance=run, output=output):
            return Success(_Ended(at, run, output.sha256))
        case Failed(started_at=at, provenance=run) if at is not None and run is not None:
            sha256 = recorded_error_sha256(execution)
            return Failure(DigestNotRetained(execution)) if sha256 is None else Success(_Ended(at, run, sha256))
        case Failed():
            return Failure(NoRun(execution))
        case _:
            assert_never(execution)


def _statement(execution: Finished, ended: _Ended, installation: UUID) -> Mapping[str, Any]:
    submission = execution.submission
    return {
        "_type": STATEMENT_TYPE,
        "subject": [_resource(str(submission.id), ended.sha256)],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD_TYPE,
                "externalParameters": {"script": submission.script.name.value, "version": submission.script.version},
                "internalParameters": _internal_parameters(execution, ended.provenance),
                "resolvedDependencies": [
                    _resource("source", submission.script.sha256),
                    _resource("dataset", submission.dataset.sha256),
                ],
            },
            "runDetails": {
                "builder": {"id": f"urn:uuid:{installation}"},
                "metadata": {
                    "invocationId": str(submission.id),
                    "startedOn": timestamp(ended.started_at),
                    "finishedOn": timestamp(execution.finished_at),
                },
            },
        },
    }


def _internal_parameters(execution: Finished, run: Provenance) -> Mapping[str, Any]:
    circumstances = recorded_circumstances(execution)
    return {
        "outcome": state_of(execution).value,
        "engine": run.engine,
        "isolation": None if run.isolation is None else run.isolation.value,
        "clock": timestamp(circumstances.clock, "milliseconds"),
        "seed": circumstances.seed,
        "limits": asdict(execution.submission.limits),
        **_repeated(execution.submission),
    }


def _repeated(submission: Submission) -> Mapping[str, str]:
    return {} if submission.replay_of is None else {"replay_of": str(submission.replay_of)}


def _resource(name: str, sha256: str) -> Mapping[str, Any]:
    return {"name": name, "digest": {"sha256": sha256}}


def timestamp(at: datetime, precision: str = "microseconds") -> str:
    """Format a time in UTC (RFC 3339)."""
    return at.astimezone(UTC).isoformat(timespec=precision).removesuffix("+00:00") + "Z"


def compact_json(members: Mapping[str, Any]) -> bytes:
    """Write the JSON that is signed."""
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()
