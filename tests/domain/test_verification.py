"""Each part of a receipt holds, does not match, or was not checked, for its own reason; nothing untrusted is believed.

Signatures are stood in for by a digest of key and message, so that no cryptography is needed here.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from domain.dsse import Envelope, Signature, signed_bytes
from domain.public_keys import TrustedKey
from domain.statement import PAYLOAD_TYPE, StatementFault
from domain.verification import RETIREMENT_LEEWAY, Expectations, verify
from domain.verification_report import (
    PARTS_OF_EXECUTIONS,
    CheckedPart,
    CheckResult,
    Form,
    Part,
    Reason,
    VerificationReport,
)
from tests.support.signed_receipts import (
    DATASET,
    EXECUTION,
    FINISHED_ON,
    INSTALLATION,
    RESULT,
    SOURCE,
    changed,
    payload_of,
    sha256,
    statement,
)

OTHER = UUID(int=7)


def signature(pem: str, message: bytes) -> bytes:
    return hashlib.sha256(pem.encode() + message).digest()


def check(pem: str, message: bytes, made: bytes) -> bool:
    return signature(pem, message) == made


def trusted(keyid: str = "a", pem: str = "A", retired_at: datetime | None = None) -> TrustedKey:
    return TrustedKey(keyid=keyid, pem=pem, created_at=None, retired_at=retired_at)


def envelope(payload: bytes, kind: str = PAYLOAD_TYPE, keyid: str = "a", pem: str = "A") -> Envelope:
    return Envelope(kind, payload, (Signature(keyid, signature(pem, signed_bytes(kind, payload))),))


def verified(document: Mapping[str, Any], *keys: TrustedKey, **expected: Any) -> VerificationReport:
    return verify(envelope(payload_of(document)), keys or (trusted(),), check, Expectations(**expected))


def of(report: VerificationReport, part: Part) -> CheckedPart:
    [found] = [one for one in report.parts if one.part is part]
    return found


def judged(report: VerificationReport) -> dict[Part, CheckResult]:
    return {one.part: one.result for one in report.parts}


ALL: dict[str, Any] = {
    "installation": UUID(INSTALLATION),
    "execution": UUID(EXECUTION),
    "digests": {
        Part.RESULT: {Form.RAW: sha256(RESULT)},
        Part.DATASET: {Form.RAW: sha256(b"?"), Form.LINES: sha256(DATASET)},
        Part.SOURCE: {Form.RAW: sha256(SOURCE)},
    },
}


def test_everything_that_is_given_is_checked_and_the_rest_is_said_to_be_unchecked() -> None:
    report = verified(statement(), **ALL)
    assert report.holds
    assert [one.part for one in report.parts] == list(PARTS_OF_EXECUTIONS)
    assert {part for part, result in judged(report).items() if result is CheckResult.NOT_CHECKED} == {Part.ERROR}
    assert {result for part, result in judged(report).items() if part is not Part.ERROR} == {CheckResult.HOLDS}
    assert of(report, Part.DATASET).facts["form"] == Form.LINES
    assert of(report, Part.SIGNATURE).facts["keyid"] == "a"


def test_without_anything_to_compare_only_the_receipt_itself_is_checked() -> None:
    report = verified(statement())
    unchecked = [one for one in report.parts if one.result is CheckResult.NOT_CHECKED]
    assert [one.part for one in unchecked] == list(PARTS_OF_EXECUTIONS)[3:]
    assert {one.part for one in unchecked if one.reason is not Reason.NOT_GIVEN} == {Part.ERROR}
    assert of(report, Part.DATASET).facts == {"actual": sha256(DATASET)}
    assert of(report, Part.ERROR).reason is Reason.HAS_SUCCEEDED
    assert report.holds


def test_a_failed_execution_has_an_error_and_no_result() -> None:
    failed = statement(sha256(b"error"), outcome="failed")
    digests = {Part.ERROR: {Form.ERROR: sha256(b"error")}}
    assert of(verified(failed, digests=digests), Part.ERROR).result is CheckResult.HOLDS
    result = of(verified(failed, digests={Part.RESULT: {Form.RAW: sha256(b"error")}}), Part.RESULT)
    assert (result.result, result.reason) == (CheckResult.MISMATCH, Reason.HAS_FAILED)
    error = of(verified(statement(), digests={Part.ERROR: {Form.ERROR: sha256(RESULT)}}), Part.ERROR)
    assert (error.result, error.reason) == (CheckResult.MISMATCH, Reason.HAS_SUCCEEDED)


@pytest.mark.parametrize("part", [Part.RESULT, Part.DATASET, Part.SOURCE])
def test_another_file_does_not_match(part: Part) -> None:
    report = verified(statement(), **{**ALL, "digests": {part: {Form.RAW: sha256(b"1"), Form.LINES: sha256(b"2")}}})
    found = of(report, part)
    assert (found.result, found.reason) == (CheckResult.MISMATCH, Reason.OTHER_DIGEST)
    assert found.facts["actual"] == sha256(b"1")
    assert not report.holds


@pytest.mark.parametrize(
    ("expected", "part", "reason"),
    [
        ({"installation": OTHER}, Part.INSTALLATION, Reason.OTHER_INSTALLATION),
        ({"execution": OTHER}, Part.EXECUTION, Reason.OTHER_EXECUTION),
    ],
)
def test_a_receipt_of_another_installation_or_execution_does_not_match(
    expected: Any, part: Part, reason: Reason
) -> None:
    report = verified(statement(), **expected)
    assert (of(report, part).result, of(report, part).reason) == (CheckResult.MISMATCH, reason)
    assert of(report, part).facts["expected"] == str(OTHER)
    assert list(judged(report).values()).count(CheckResult.MISMATCH) == 1


def test_an_unknown_key_id_differs_from_a_wrong_signature() -> None:
    good = envelope(payload_of(statement()))
    unknown = verify(good, [trusted(keyid="b")], check, Expectations(**ALL))
    assert of(unknown, Part.SIGNATURE).reason is Reason.UNKNOWN_KEY
    wrong = verify(good, [trusted(pem="B")], check, Expectations(**ALL))
    assert of(wrong, Part.SIGNATURE).reason is Reason.WRONG_SIGNATURE
    assert of(verify(good, [], check, Expectations()), Part.SIGNATURE).reason is Reason.UNKNOWN_KEY
    for report in (unknown, wrong):
        assert not report.holds
        assert report.statement is None
        assert {one.reason for one in report.parts[1:]} == {Reason.NOT_TRUSTED}
        assert [one.part for one in report.parts] == list(PARTS_OF_EXECUTIONS)


def test_a_key_id_only_selects_the_keys_that_are_tried() -> None:
    keys = [trusted(keyid="a", pem="B"), trusted(keyid="b", pem="B"), trusted(keyid="a", pem="A")]
    for keyid in ("a", ""):
        report = verify(envelope(payload_of(statement()), keyid=keyid), keys, check, Expectations())
        assert report.holds
        assert of(report, Part.SIGNATURE).facts == {"keyid": "a"}
    assert not verify(envelope(payload_of(statement()), keyid="b"), keys, check, Expectations()).holds


def test_one_of_several_signatures_suffices_whichever_it_is() -> None:
    good = envelope(payload_of(statement()))
    others = (Signature("c", b""), Signature("a", b"x"), *good.signatures)
    assert verify(evolve(good, signatures=others), [trusted()], check, Expectations()).holds
    assert not verify(evolve(good, signatures=others[:2]), [trusted()], check, Expectations()).holds


def test_a_payload_of_another_type_is_not_read() -> None:
    signed = envelope(payload_of(statement()), "application/vnd.in-toto+JSON")
    report = verify(signed, [trusted()], check, Expectations(**ALL))
    found = of(report, Part.PAYLOAD_TYPE)
    assert (found.result, found.reason) == (CheckResult.MISMATCH, Reason.OTHER_PAYLOAD_TYPE)
    assert [one.result for one in report.parts] == [
        CheckResult.HOLDS,
        CheckResult.MISMATCH,
        *[CheckResult.NOT_CHECKED] * 7,
    ]
    swapped = evolve(envelope(payload_of(statement())), payload_type="application/vnd.in-toto+JSON")
    assert of(verify(swapped, [trusted()], check, Expectations()), Part.SIGNATURE).reason is Reason.WRONG_SIGNATURE


def test_a_statement_of_another_predicate_is_named() -> None:
    report = verified(changed(statement(), ("predicateType",), "https://slsa.dev/provenance/v0.2"), **ALL)
    found = of(report, Part.STATEMENT)
    assert (found.result, found.reason) == (CheckResult.MISMATCH, StatementFault.OTHER_PREDICATE_TYPE)
    assert found.facts == {"detail": "https://slsa.dev/provenance/v0.2"}
    assert report.statement is None


def test_a_retired_key_verifies_what_finished_before_its_retirement() -> None:
    """Times between the two may be of different clocks."""
    at = datetime.fromisoformat(FINISHED_ON) - RETIREMENT_LEEWAY
    assert verified(statement(), trusted(retired_at=at)).holds
    report = verified(statement(), trusted(retired_at=at - timedelta(microseconds=1)), **ALL)
    found = of(report, Part.SIGNATURE)
    assert (found.result, found.reason) == (CheckResult.MISMATCH, Reason.FINISHED_AFTER_RETIREMENT)
    assert [one.part for one in report.parts] == list(PARTS_OF_EXECUTIONS)
    assert of(report, Part.PAYLOAD_TYPE).result is CheckResult.HOLDS
    assert of(report, Part.RESULT).reason is Reason.NOT_TRUSTED


@given(st.data())
def test_no_changed_payload_is_believed(data: st.DataObject) -> None:
    good = envelope(payload_of(statement()))
    at = data.draw(st.integers(0, len(good.payload) - 1))
    flipped = bytes([good.payload[at] ^ 1 << data.draw(st.integers(0, 7))])
    forged = evolve(good, payload=good.payload[:at] + flipped + good.payload[at + 1 :])
    report = verify(forged, [trusted()], check, Expectations(**ALL))
    assert [one.result for one in report.parts] == [CheckResult.MISMATCH, *[CheckResult.NOT_CHECKED] * 8]
