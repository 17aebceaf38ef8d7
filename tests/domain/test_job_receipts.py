"""The statement about a job is its record, says enough to verify its output offline, and stays short and the same."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from attrs import asdict, evolve
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure

from domain.aliases import LIVE
from domain.body import digest
from domain.circumstances import RequestedCircumstances, derived_circumstances
from domain.comparison.values import Tolerance
from domain.dsse import MAX_ENVELOPE_BYTES, Signature, envelope_json
from domain.idempotency import IdempotencyKey, batch_fingerprint, request_fingerprint
from domain.job_receipts import MAX_STATED_OBJECTS, NoOutput, job_statement, objects_digest
from domain.job_requests import ColumnType, CsvOptions, Integers, JobRequest, Merge, Verification
from domain.job_submissions import job_circumstances, job_fingerprint, request_digest
from domain.jobs import Job, JobNotFinished, JobPlan, cancel, remove_content
from domain.outcome import ErrorKind
from domain.partitions import ObjectVersion, Partition, complete, partition_error, reject
from domain.receipts import receipt
from domain.redaction import redact_partition
from domain.statement import JOB_BUILD_TYPE
from domain.warnings import NumberWarningKind, RunWarning, RunWarningKind, number_warning
from tests.support.job_values import OBJECTS, PARTITIONS, REQUEST, ROOT, a_done_job, a_pending_job
from tests.support.values import CIRCUMSTANCES, NOON

INSTALLATION = UUID(int=5)


def stated(job: Job) -> Any:
    return json.loads(job_statement(job, INSTALLATION).unwrap())


def test_a_statement_is_the_job_as_recorded() -> None:
    job = a_done_job()
    said = stated(job)
    definition, details = said["predicate"]["buildDefinition"], said["predicate"]["runDetails"]
    assert job.outcome is not None
    assert said["subject"] == [
        {"name": str(job.id), "uri": "lake://out/_manifest.json", "digest": {"sha256": job.outcome.manifest_sha256}}
    ]
    assert definition["buildType"] == JOB_BUILD_TYPE
    assert definition["externalParameters"] == {
        "script": "cards", "version": 3, "input": "lake://in/*.ndjson", "output": "lake://out/",
    }  # fmt: skip
    internal = definition["internalParameters"]
    assert datetime.fromisoformat(internal.pop("clock")) == CIRCUMSTANCES.clock
    assert internal == {
        "engine": "quickjs",
        "seed": CIRCUMSTANCES.seed,
        "limits": asdict(job.limits),
        "merge": "concatenate",
        "format": "ndjson",
        "partition_bytes": REQUEST.partition_bytes,
        "verification": {"rows": 2000, "tolerance": {"absolute": "0", "relative": "1E-9"}},
    }
    assert definition["resolvedDependencies"] == [
        {"name": "source", "digest": {"sha256": job.script.sha256}},
        {"name": "partitions", "digest": {"rfc9162-sha256": ROOT}, "annotations": {"count": len(PARTITIONS)}},
        {"name": "objects", "digest": {"sha256": objects_digest(OBJECTS)}, "annotations": {"count": 2}},
        *(
            {
                "name": "object",
                "uri": f"lake://{one.path}",
                "annotations": {"path": one.path, "size_bytes": one.size_bytes, "etag": one.etag},
            }
            for one in OBJECTS
        ),
    ]
    assert details["builder"] == {"id": f"urn:uuid:{INSTALLATION}"}
    assert details["metadata"]["invocationId"] == str(job.id)
    assert datetime.fromisoformat(details["metadata"]["finishedOn"]) == job.finished_at
    assert job_statement(remove_content(job, NOON).unwrap(), INSTALLATION) == job_statement(job, INSTALLATION)


def test_a_skipped_verification_is_stated() -> None:
    said = stated(a_done_job(request=evolve(REQUEST, verification=None)))
    assert said["predicate"]["buildDefinition"]["internalParameters"]["verification"] == "skipped"


@pytest.mark.parametrize("name", ["é" * 490, '"' * 980, "short"])
def test_a_receipt_of_many_objects_stays_short_and_commits_to_all_of_them(name: str) -> None:
    objects = tuple(ObjectVersion(f"in/{number}{name}", 1, '"e"') for number in range(MAX_STATED_OBJECTS + 5))
    payload = job_statement(a_done_job(plan=JobPlan(objects, None, 3)), INSTALLATION).unwrap()
    assert len(envelope_json(receipt(payload, Signature("k", bytes(64))))) < MAX_ENVELOPE_BYTES
    said = json.loads(payload)["predicate"]["buildDefinition"]["resolvedDependencies"]
    assert said[2]["annotations"] == {"count": len(objects)}
    assert 0 < len(said) - 3 <= MAX_STATED_OBJECTS
    assert len({objects_digest(objects), objects_digest(objects[:-1]), objects_digest(objects[::-1])}) == 3


def test_only_a_job_that_has_succeeded_has_a_statement() -> None:
    job = a_pending_job()
    assert job_statement(job, INSTALLATION) == Failure(JobNotFinished(job))
    cancelled = cancel(job, NOON).unwrap()
    assert job_statement(cancelled, INSTALLATION) == Failure(NoOutput(cancelled))


CHANGES: list[JobRequest] = [
    REQUEST,
    evolve(REQUEST, merge=Merge.NONE),
    evolve(REQUEST, partition_bytes=1),
    evolve(REQUEST, verification=None),
    evolve(REQUEST, verification=Verification(7)),
    evolve(REQUEST, verification=Verification(tolerance=Tolerance())),
    evolve(REQUEST, verification=Verification(tolerance=Tolerance(relative=Decimal("1e-3")))),
    evolve(REQUEST, input=evolve(REQUEST.input, columns=("a", "b"))),
    evolve(REQUEST, input=evolve(REQUEST.input, columns=("b", "a"))),
    evolve(REQUEST, input=evolve(REQUEST.input, integers=Integers.STRINGS)),
    evolve(REQUEST, input=evolve(REQUEST.input, csv=CsvOptions(types={"a": ColumnType.STRING}))),
    evolve(REQUEST, input=evolve(REQUEST.input, csv=CsvOptions(types={"a": ColumnType.NUMBER}))),
]


def test_different_requests_have_different_digests() -> None:
    assert len({request_digest(one).sha256 for one in CHANGES}) == len(CHANGES)


@given(st.permutations(["a", "b", "c"]), st.sampled_from(CHANGES))
def test_the_order_of_members_does_not_matter(order: list[str], request_: JobRequest) -> None:
    def with_types(names: list[str]) -> JobRequest:
        csv = CsvOptions(types=dict.fromkeys(names, ColumnType.STRING))
        return evolve(request_, input=evolve(request_.input, csv=csv))

    assert request_digest(with_types(order)) == request_digest(with_types(["a", "b", "c"]))


@given(st.sampled_from(CHANGES), st.none() | st.integers(1, 9), st.booleans())
def test_a_job_s_fingerprint_is_its_own(request_: JobRequest, version: int | None, sets_seed: bool) -> None:
    key, script = IdempotencyKey("a"), UUID(int=1)
    requested = RequestedCircumstances(None, "0f" * 16) if sets_seed else None
    found = job_fingerprint(key, script, version, request_, requested)
    assert found == job_fingerprint(key, script, version, evolve(request_), requested)
    document = request_digest(request_)
    others = {
        request_fingerprint(key, script, version, document, requested),
        batch_fingerprint(key, script, version, document, requested),
        job_fingerprint(key, script, LIVE, request_, requested),
        job_fingerprint(key, UUID(int=2), version, request_, requested),
        job_fingerprint(key, script, version, request_, RequestedCircumstances(NOON, None)),
    }
    assert found not in others


def test_clock_and_seed_derive_from_the_request() -> None:
    derived = job_circumstances(REQUEST, None, NOON)
    assert derived == derived_circumstances(request_digest(REQUEST), NOON)
    assert derived.seed != job_circumstances(CHANGES[1], None, NOON).seed
    later = RequestedCircumstances(NOON + timedelta(days=1), None)
    assert job_circumstances(REQUEST, later, NOON) == job_circumstances(REQUEST, None, NOON + timedelta(days=1))


def test_nothing_of_a_redacted_partition_quotes_the_data() -> None:
    warnings = (
        number_warning(NumberWarningKind.INTEGER_PRECISION, "1 integer", "/secret"),
        RunWarning(RunWarningKind.INTL_DIFFERENCES, "differs"),
    )
    result = PARTITIONS[0].result
    assert result is not None
    waiting = Partition(number=0, range=result.range)
    done = redact_partition(complete(waiting, evolve(result, warnings=warnings)))
    assert done == complete(waiting, evolve(result, warnings=(evolve(warnings[0], first_pointer=None), warnings[1])))
    failed = redact_partition(reject(waiting, partition_error(ErrorKind.SCRIPT_ERROR, "secret", 1, "secret")))
    assert failed == reject(waiting, partition_error(ErrorKind.SCRIPT_ERROR, ""))
    assert digest(repr(redact_partition(waiting)).encode()) == digest(repr(waiting).encode())
