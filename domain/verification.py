"""Verification of a receipt: the parts of it that hold, and the reason for each that does not or was not checked.

Nothing of a payload is believed, or even parsed, before its signature and its type hold, in the order that the DSSE
protocol prescribes. One signature by one trusted key suffices. A signature's key id only selects the keys that are
tried: those with that id, or all keys without one. Reading files and checking signatures is absent: callers do it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final, TypeAlias
from uuid import UUID

from attrs import field, frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from domain.dsse import Envelope, Signature, signed_bytes
from domain.job_outputs import MANIFEST
from domain.job_statement import JobStatement
from domain.public_keys import TrustedKey
from domain.statement import PAYLOAD_TYPE, Statement, StatementFault, parse_statement
from domain.verification_report import (
    PARTS_OF_EXECUTIONS,
    PARTS_OF_JOBS,
    CheckedPart,
    CheckResult,
    Form,
    Part,
    Reason,
    VerificationReport,
)

RETIREMENT_LEEWAY: Final = timedelta(minutes=5)
"""The time after a key's retirement that still counts as before: clocks differ, and processes notice it one by one."""

SignatureCheck: TypeAlias = Callable[[str, bytes, bytes], bool]
"""Tells whether a signature, the last argument, is that of a message by the public key with that PEM."""


@frozen
class GivenObject:
    """An object that the given manifest lists, and the digest of the given file; None if there is no such file."""

    name: str
    listed_sha256: str
    sha256: str | None


@frozen(kw_only=True)
class Expectations:
    """Facts that the receipt has to match: ids, for each part with a file the digest of each form of it, the root of
    given partitions, and the objects of a given output."""

    installation: UUID | None = None
    execution: UUID | None = None
    digests: Mapping[Part, Mapping[Form, str]] = field(factory=dict)
    job: UUID | None = None
    partitions_root: str | None = None
    objects: Sequence[GivenObject] | None = None

    @property
    def parts(self) -> frozenset[Part]:
        """The parts that something was given for."""
        given = {
            Part.INSTALLATION: self.installation,
            Part.EXECUTION: self.execution,
            Part.JOB: self.job,
            Part.PARTITIONS: self.partitions_root,
            Part.OUTPUT: self.objects,
        }
        return frozenset({part for part, one in given.items() if one is not None} | set(self.digests))


def verify(
    envelope: Envelope, keys: Sequence[TrustedKey], check: SignatureCheck, expectations: Expectations
) -> VerificationReport:
    """Verify a receipt with the keys that are trusted."""
    signed = _accepted_key(envelope, keys, check)
    if not is_successful(signed):
        return _untrusted(expectations, [signed.failure()])
    key = signed.unwrap()
    checked = [CheckedPart(Part.SIGNATURE, CheckResult.HOLDS, Reason.SIGNED, {"keyid": key.keyid})]
    if envelope.payload_type != PAYLOAD_TYPE:
        facts = {"actual": envelope.payload_type, "expected": PAYLOAD_TYPE}
        return _untrusted(expectations, [*checked, _mismatch(Part.PAYLOAD_TYPE, Reason.OTHER_PAYLOAD_TYPE, facts)])
    checked.append(CheckedPart(Part.PAYLOAD_TYPE, CheckResult.HOLDS, Reason.EXPECTED_TYPE, {"actual": PAYLOAD_TYPE}))
    stated = parse_statement(envelope.payload)
    if not is_successful(stated):
        wrong = stated.failure()
        return _untrusted(expectations, [*checked, _mismatch(Part.STATEMENT, wrong.fault, {"detail": wrong.detail})])
    return _judged(checked, stated.unwrap(), key, expectations)


def _accepted_key(
    envelope: Envelope, keys: Sequence[TrustedKey], check: SignatureCheck
) -> Result[TrustedKey, CheckedPart]:
    """Return the first key that any signature is by."""
    message = signed_bytes(envelope.payload_type, envelope.payload)
    pairs = [(one, key) for one in envelope.signatures for key in _candidates(one, keys)]
    for signature, key in pairs:
        if check(key.pem, message, signature.sig):
            return Success(key)
    keyids = ", ".join(one.keyid for one in envelope.signatures)
    reason = Reason.WRONG_SIGNATURE if pairs else Reason.UNKNOWN_KEY
    return Failure(_mismatch(Part.SIGNATURE, reason, {"keyid": keyids}))


def _candidates(signature: Signature, keys: Sequence[TrustedKey]) -> list[TrustedKey]:
    return [key for key in keys if signature.keyid in ("", key.keyid)]


def _judged(
    checked: list[CheckedPart], stated: Statement | JobStatement, key: TrustedKey, expectations: Expectations
) -> VerificationReport:
    """Judge the parts of a statement that is signed.

    A receipt is signed after its execution has finished. If that was after the key's retirement, so was the signature.
    """
    if key.retired_at is not None and stated.finished_on - key.retired_at > RETIREMENT_LEEWAY:
        facts = {
            "keyid": key.keyid,
            "retired_at": key.retired_at.isoformat(),
            "finished_on": stated.finished_on.isoformat(),
        }
        return _untrusted(
            expectations, [_mismatch(Part.SIGNATURE, Reason.FINISHED_AFTER_RETIREMENT, facts), *checked[1:]]
        )
    whole = CheckedPart(Part.STATEMENT, CheckResult.HOLDS, Reason.WELL_FORMED, _summary(stated))
    if isinstance(stated, JobStatement):
        compared = (*_compared_job(stated, expectations), *_foreign(PARTS_OF_JOBS, Reason.IS_OF_A_JOB, expectations))
    else:
        foreign = _foreign(PARTS_OF_EXECUTIONS, Reason.IS_OF_AN_EXECUTION, expectations)
        compared = (*_compared(stated, expectations), *foreign)
    return VerificationReport((*checked, whole, *compared), stated)


def _foreign(own: Sequence[Part], reason: Reason, expectations: Expectations) -> Iterator[CheckedPart]:
    """Refuse what was given for parts that receipts of this kind do not have."""
    return (_mismatch(part, reason, {}) for part in Part if part in expectations.parts and part not in own)


def _summary(stated: Statement | JobStatement) -> Mapping[str, str]:
    return {
        "script": stated.script,
        "version": str(stated.version),
        "outcome": "failed" if isinstance(stated, Statement) and not stated.has_succeeded else "succeeded",
        "finished_on": stated.finished_on.isoformat(),
    }


def _compared(stated: Statement, expectations: Expectations) -> Iterator[CheckedPart]:
    installation, execution = expectations.installation, expectations.execution
    yield _same_id(Part.INSTALLATION, stated.installation, installation, Reason.OTHER_INSTALLATION)
    yield _same_id(Part.EXECUTION, stated.execution, execution, Reason.OTHER_EXECUTION)
    for part, stated_sha256, absent in _stated_digests(stated):
        digests = expectations.digests.get(part)
        if stated_sha256 is None:
            yield CheckedPart(part, CheckResult.NOT_CHECKED if digests is None else CheckResult.MISMATCH, absent)
        else:
            yield _same_digest(part, stated_sha256, digests)


def _compared_job(stated: JobStatement, expectations: Expectations) -> Iterator[CheckedPart]:
    """Compare the parts of a job's receipt with what was given."""
    yield _same_id(Part.INSTALLATION, stated.installation, expectations.installation, Reason.OTHER_INSTALLATION)
    yield _same_digest(Part.SOURCE, stated.source_sha256, expectations.digests.get(Part.SOURCE))
    yield _same_id(Part.JOB, stated.job, expectations.job, Reason.OTHER_JOB)
    yield _same_root(stated, expectations.partitions_root)
    manifest = _same_digest(Part.MANIFEST, stated.manifest_sha256, expectations.digests.get(Part.MANIFEST))
    yield manifest
    yield _same_objects(manifest.result is CheckResult.HOLDS, expectations.objects)


def _same_root(stated: JobStatement, root: str | None) -> CheckedPart:
    if root is None:
        return CheckedPart(
            Part.PARTITIONS, CheckResult.NOT_CHECKED, Reason.NOT_GIVEN, {"actual": stated.partitions_root}
        )
    if root == stated.partitions_root:
        facts = {"actual": root, "count": str(stated.partitions)}
        return CheckedPart(Part.PARTITIONS, CheckResult.HOLDS, Reason.SAME_ROOT, facts)
    return _mismatch(Part.PARTITIONS, Reason.OTHER_ROOT, {"actual": root, "expected": stated.partitions_root})


def _same_objects(is_listed: bool, objects: Sequence[GivenObject] | None) -> CheckedPart:
    """Compare the objects of an output with its manifest, if that is the one of the receipt."""
    if objects is None or not is_listed:
        reason = Reason.NOT_TRUSTED if objects is not None else Reason.NOT_GIVEN
        return CheckedPart(Part.OUTPUT, CheckResult.NOT_CHECKED, reason, {"actual": MANIFEST})
    for one in objects:
        if one.sha256 is None:
            return _mismatch(Part.OUTPUT, Reason.OBJECT_MISSING, {"name": one.name})
        if one.sha256 != one.listed_sha256:
            facts = {"name": one.name, "actual": one.sha256, "expected": one.listed_sha256}
            return _mismatch(Part.OUTPUT, Reason.OTHER_OBJECT, facts)
    return CheckedPart(Part.OUTPUT, CheckResult.HOLDS, Reason.SAME_OBJECTS, {"count": str(len(objects))})


def _stated_digests(stated: Statement) -> Iterator[tuple[Part, str | None, Reason]]:
    """Yield the digest of each part that has a file, and the reason why there would be none."""
    succeeded, subject = stated.has_succeeded, stated.subject_sha256
    yield Part.RESULT, subject if succeeded else None, Reason.HAS_FAILED
    yield Part.ERROR, None if succeeded else subject, Reason.HAS_SUCCEEDED
    yield Part.DATASET, stated.dataset_sha256, Reason.OTHER_DIGEST
    yield Part.SOURCE, stated.source_sha256, Reason.OTHER_DIGEST


def _same_id(part: Part, stated: UUID, expected: UUID | None, other: Reason) -> CheckedPart:
    facts = {"actual": str(stated)}
    if expected is None:
        return CheckedPart(part, CheckResult.NOT_CHECKED, Reason.NOT_GIVEN, facts)
    if expected == stated:
        return CheckedPart(part, CheckResult.HOLDS, Reason.SAME_ID, facts)
    return _mismatch(part, other, facts | {"expected": str(expected)})


def _same_digest(part: Part, stated_sha256: str, digests: Mapping[Form, str] | None) -> CheckedPart:
    if digests is None:
        return CheckedPart(part, CheckResult.NOT_CHECKED, Reason.NOT_GIVEN, {"actual": stated_sha256})
    for form, sha256 in digests.items():
        if sha256 == stated_sha256:
            return CheckedPart(part, CheckResult.HOLDS, Reason.SAME_DIGEST, {"form": form.value, "actual": sha256})
    return _mismatch(part, Reason.OTHER_DIGEST, {"actual": next(iter(digests.values())), "expected": stated_sha256})


def _mismatch(part: Part, reason: Reason | StatementFault, facts: Mapping[str, str]) -> CheckedPart:
    return CheckedPart(part, CheckResult.MISMATCH, reason, facts)


def _untrusted(expectations: Expectations, checked: Sequence[CheckedPart]) -> VerificationReport:
    """Report the other parts as not checked: those of executions, and all that something was given for."""
    judged, given = {one.part for one in checked}, expectations.parts
    parts = [part for part in Part if part in PARTS_OF_EXECUTIONS or part in given]
    rest = (CheckedPart(part, CheckResult.NOT_CHECKED, Reason.NOT_TRUSTED) for part in parts if part not in judged)
    return VerificationReport((*checked, *rest), None)
