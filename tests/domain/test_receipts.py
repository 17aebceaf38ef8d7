"""Statements of receipts: they state the execution as it is recorded, and outlast its content."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from attrs import asdict, evolve
from hypothesis import given
from hypothesis import strategies as st
from returns.pipeline import is_successful

from domain.dsse import Signature
from domain.execution import Failed, Finished, Succeeded, state_of
from domain.outcome import error_sha256
from domain.receipts import DigestNotRetained, NoRun, message_of, receipt, statement
from domain.recorded import recorded_circumstances
from domain.redaction import remove_content
from domain.statement import BUILD_TYPE, PAYLOAD_TYPE
from domain.transitions import cancel, finish
from tests.support.values import elapsed, pendings, runnings, runs, times

ran: st.SearchStrategy[Finished] = st.builds(finish, runnings, runs, elapsed)
not_run: st.SearchStrategy[Failed] = st.builds(cancel, pendings | runnings, times)


def stated(execution: Finished, installation: UUID) -> Any:
    return json.loads(statement(execution, installation).unwrap())


@given(ran, st.uuids())
def test_a_statement_is_the_execution_as_recorded(execution: Finished, installation: UUID) -> None:
    said, submission = stated(execution, installation), execution.submission
    definition, details = said["predicate"]["buildDefinition"], said["predicate"]["runDetails"]
    run, circumstances = execution.provenance, recorded_circumstances(execution)
    assert run is not None
    sha256 = execution.output.sha256 if isinstance(execution, Succeeded) else error_sha256(execution.error)
    assert said["subject"] == [{"name": str(submission.id), "digest": {"sha256": sha256}}]
    assert (said["_type"], said["predicateType"]) == (
        "https://in-toto.io/Statement/v1", "https://slsa.dev/provenance/v1",
    )  # fmt: skip
    assert definition["buildType"] == BUILD_TYPE
    assert definition["externalParameters"] == {"script": "corporate-cards", "version": submission.script.version}
    internal = definition["internalParameters"]
    assert datetime.fromisoformat(internal.pop("clock")) == circumstances.clock
    assert internal.pop("replay_of", None) == (None if submission.replay_of is None else str(submission.replay_of))
    assert internal == {
        "outcome": state_of(execution),
        "engine": run.engine,
        "isolation": run.isolation,
        "seed": circumstances.seed,
        "limits": asdict(submission.limits),
    }
    assert definition["resolvedDependencies"] == [
        {"name": "source", "digest": {"sha256": submission.script.sha256}},
        {"name": "dataset", "digest": {"sha256": submission.dataset.sha256}},
    ]
    metadata = details["metadata"]
    assert details["builder"] == {"id": f"urn:uuid:{installation}"}
    assert metadata["invocationId"] == str(submission.id)
    assert datetime.fromisoformat(metadata["startedOn"]) == execution.started_at
    assert datetime.fromisoformat(metadata["finishedOn"]) == execution.finished_at


@given(ran, times)
def test_a_removal_of_content_changes_no_byte(execution: Finished, at: datetime) -> None:
    installation = execution.submission.id
    expected = statement(execution, installation)
    assert statement(remove_content(execution, at), installation) == expected
    if isinstance(execution, Failed):
        earlier = evolve(execution, error_sha256=None)  # as earlier releases stored it
        assert statement(earlier, installation) == expected
        removed = remove_content(earlier, at)
        assert isinstance(removed, Failed)
        assert statement(removed, installation) == expected
        lost = evolve(removed, error_sha256=None)  # as earlier releases removed it
        assert statement(lost, installation).failure() == DigestNotRetained(lost)


@given(not_run, st.uuids())
def test_an_execution_without_a_complete_run_has_no_statement(execution: Failed, installation: UUID) -> None:
    refused = statement(execution, installation)
    assert not is_successful(refused)
    assert refused.failure() == NoRun(execution)


@given(st.binary(max_size=200), st.binary(min_size=64, max_size=64))
def test_a_receipt_has_the_statement_its_type_and_the_signature_of_both(payload: bytes, sig: bytes) -> None:
    envelope = receipt(payload, Signature("k", sig))
    assert (envelope.payload_type, envelope.payload) == (PAYLOAD_TYPE, payload)
    assert envelope.signatures == (Signature("k", sig),)
    assert message_of(payload) == b"DSSEv1 28 application/vnd.in-toto+json %d %b" % (len(payload), payload)
