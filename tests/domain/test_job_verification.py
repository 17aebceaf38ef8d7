"""The receipt of a job holds for its own partitions and output, and for no others."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import pytest
from attrs import asdict, evolve
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Success

from domain.body import digest
from domain.dsse import Envelope, Signature, signed_bytes
from domain.job_receipts import job_statement
from domain.job_statement import JobStatement
from domain.partition_list import NotPartitions, partitions_root
from domain.partitions import Partition
from domain.public_keys import TrustedKey
from domain.statement import PAYLOAD_TYPE, InvalidStatement, StatementFault, parse_statement
from domain.verification import Expectations, GivenObject, verify
from domain.verification_report import (
    PARTS_OF_JOBS,
    CheckedPart,
    CheckResult,
    Form,
    Part,
    Reason,
    VerificationReport,
)
from tests.support.job_values import JOB_ID, OUTPUT, PARTITIONS, ROOT, a_done_job, the_manifest
from tests.support.signed_receipts import changed, payload_of, statement

INSTALLATION: Final = UUID("5d2c9a34-1f0e-4c57-8a66-0f6e2b7d9c10")
PAYLOAD: Final = job_statement(a_done_job(), INSTALLATION).unwrap()
OBJECTS: Final = [GivenObject(name, digest(data).sha256, digest(data).sha256) for name, data in OUTPUT.items()]
MANIFEST: Final = digest(the_manifest(a_done_job())).sha256
OTHER: Final = UUID(int=7)
ALL: Final[dict[str, Any]] = {
    "installation": INSTALLATION,
    "job": JOB_ID,
    "partitions_root": ROOT,
    "objects": OBJECTS,
    "digests": {Part.MANIFEST: {Form.RAW: MANIFEST}, Part.SOURCE: {Form.RAW: digest(b"source").sha256}},
}


def item(one: Partition) -> dict[str, Any]:
    """Show a partition as the API does, in what counts."""
    assert one.result is not None
    span = one.result.range
    return {
        "number": one.number,
        "object_number": span.object_number,
        "range": {"unit": span.unit.value, "start": span.start, "end": span.end},
        **{name: asdict(one.result)[name] for name in ("rows", "input_sha256", "result_sha256")},
    }


ITEMS: Final = [item(one) for one in PARTITIONS]


def signature(message: bytes) -> bytes:
    return hashlib.sha256(b"A" + message).digest()


def verified(payload: bytes = PAYLOAD, is_signed: bool = True, **expected: Any) -> VerificationReport:
    made = signature(signed_bytes(PAYLOAD_TYPE, payload)) if is_signed else bytes(32)
    keys = [TrustedKey(keyid="a", pem="A", created_at=None, retired_at=None)]
    envelope = Envelope(PAYLOAD_TYPE, payload, (Signature("a", made),))
    return verify(envelope, keys, lambda _, message, sig: signature(message) == sig, Expectations(**expected))


def of(report: VerificationReport, part: Part) -> CheckedPart:
    [found] = [one for one in report.parts if one.part is part]
    return found


def test_all_parts_of_a_job_hold_or_are_said_to_be_unchecked() -> None:
    report = verified(**ALL)
    assert report.holds
    assert [one.part for one in report.parts] == list(PARTS_OF_JOBS)
    assert {one.result for one in report.parts} == {CheckResult.HOLDS}
    assert isinstance(report.statement, JobStatement)
    assert (report.statement.output, report.statement.partitions) == ("lake://out/", 3)
    unchecked = verified().parts[3:]
    assert {one.reason for one in unchecked} == {Reason.NOT_GIVEN}


@pytest.mark.parametrize(
    ("other", "part", "reason"),
    [
        ({"job": OTHER}, Part.JOB, Reason.OTHER_JOB),
        ({"partitions_root": "0" * 64}, Part.PARTITIONS, Reason.OTHER_ROOT),
        ({"objects": [evolve(OBJECTS[0], sha256="0" * 64)]}, Part.OUTPUT, Reason.OTHER_OBJECT),
        ({"objects": [*OBJECTS, GivenObject("c", "0", None)]}, Part.OUTPUT, Reason.OBJECT_MISSING),
        ({"digests": {Part.MANIFEST: {Form.RAW: "0" * 64}}}, Part.MANIFEST, Reason.OTHER_DIGEST),
        ({"execution": OTHER}, Part.EXECUTION, Reason.IS_OF_A_JOB),
        ({"digests": {Part.DATASET: {Form.RAW: "0" * 64}}}, Part.DATASET, Reason.IS_OF_A_JOB),
    ],
)
def test_what_differs_does_not_match(other: dict[str, Any], part: Part, reason: Reason) -> None:
    report = verified(**ALL | other)
    assert not report.holds
    assert (of(report, part).result, of(report, part).reason) == (CheckResult.MISMATCH, reason)


def test_objects_are_believed_only_with_the_receipt_s_manifest() -> None:
    found = of(verified(objects=OBJECTS), Part.OUTPUT)
    assert (found.result, found.reason) == (CheckResult.NOT_CHECKED, Reason.NOT_TRUSTED)


def test_nothing_of_an_unsigned_receipt_is_checked() -> None:
    report = verified(is_signed=False, **ALL)
    assert not report.holds
    assert {of(report, part).result for part in PARTS_OF_JOBS[1:]} == {CheckResult.NOT_CHECKED}


def test_a_receipt_of_an_execution_has_no_parts_of_jobs() -> None:
    report = verified(payload_of(statement()), job=OTHER, partitions_root=ROOT, objects=[])
    found = [one.part for one in report.parts if one.reason is Reason.IS_OF_AN_EXECUTION]
    assert found == [Part.JOB, Part.PARTITIONS, Part.OUTPUT]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("externalParameters", "more"), 1),
        (("externalParameters", "input"), None),
        (("internalParameters", "merge"), 7),
        (("resolvedDependencies", 0), None),
        (("resolvedDependencies", 1, "digest", "rfc9162-sha256"), "?"),
        (("resolvedDependencies", 1, "annotations", "count"), "3"),
    ],
)
def test_a_statement_without_what_its_build_type_defines_is_refused(path: Sequence[str | int], value: object) -> None:
    document = changed(json.loads(PAYLOAD), ("predicate", "buildDefinition", *path), value)
    refused = parse_statement(payload_of(document)).failure()
    assert isinstance(refused, InvalidStatement)
    assert refused.fault is StatementFault.WRONG_MEMBER


def test_the_root_of_listed_partitions_is_that_of_the_job() -> None:
    assert partitions_root(ITEMS) == Success(ROOT)
    empty = {**ITEMS[0], "rows": 0, "result_sha256": None}
    assert partitions_root([empty, *ITEMS[1:]]).unwrap() != ROOT


@given(st.sampled_from(["number", "object_number", "rows", "input_sha256", "result_sha256"]), st.integers(0, 2))
def test_an_item_that_is_no_finished_partition_is_named(member: str, at: int) -> None:
    broken = [*ITEMS[:at], {**ITEMS[at], member: "?"}, *ITEMS[at + 1 :]]
    assert partitions_root(broken) == Failure(NotPartitions(at + 1, member))


def test_partitions_follow_each_other_in_known_units() -> None:
    assert partitions_root(ITEMS[1:]) == Failure(NotPartitions(1, "number"))
    odd = {**ITEMS[0], "range": {**ITEMS[0]["range"], "unit": "pages"}}
    assert partitions_root([odd]) == Failure(NotPartitions(1, "range.unit"))
