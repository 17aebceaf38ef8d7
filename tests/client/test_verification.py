"""Receipts as the client library verifies them, with signatures judged as by another implementation."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from bateia import Expected, UnusableReceipt
from bateia.ed25519 import is_signature_of
from bateia.proof import error_digest
from bateia.verification import verified
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.outcome import ErrorKind, ScriptError, error_sha256
from tests.support.documents import blocks

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
ORDER = 2**252 + 27742317777372353535851937790883648493


@pytest.fixture(scope="module")
def example(repository: Path) -> tuple[Any, bytes]:
    """Read the receipt and the keys of the documentation."""
    documents = [block.text for block in blocks(repository / "docs/provenance.md") if block.language == "json"]
    receipt = next(json.loads(one) for one in documents if '"payloadType"' in one)
    keys = next(one for one in documents if '"public_key"' in one)
    return receipt, keys.encode()


@settings(max_examples=15)
@given(st.binary(max_size=300), st.integers(0, 511))
def test_a_signature_holds_and_one_with_a_changed_bit_does_not(message: bytes, bit: int) -> None:
    signature = KEY.sign(message)
    assert is_signature_of(PUBLIC, message, signature)
    changed = (int.from_bytes(signature, "little") ^ (1 << bit)).to_bytes(64, "little")
    assert not is_signature_of(PUBLIC, message, changed)


@settings(max_examples=25)
@given(st.one_of(st.just(PUBLIC), st.binary(min_size=32, max_size=32)), st.binary(min_size=64, max_size=64))
def test_arbitrary_keys_and_signatures_are_judged_as_by_another_implementation(key: bytes, signature: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, b"message")
        expected = True
    except InvalidSignature:
        expected = False
    assert is_signature_of(key, b"message", signature) == expected


def test_a_signature_has_one_form() -> None:
    signature = KEY.sign(b"message")
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    assert not is_signature_of(PUBLIC, b"message", signature[:32] + scalar.to_bytes(32, "little"))
    assert not is_signature_of(PUBLIC, b"message", signature[:-1])
    assert not is_signature_of(PUBLIC[:-1], b"message", signature)


def test_the_receipt_of_the_documentation_holds(example: tuple[Any, bytes]) -> None:
    receipt, keys = example
    subject = json.loads(base64.b64decode(receipt["payload"]))["subject"][0]
    facts = Expected(execution=subject["name"], outcome=subject["digest"]["sha256"])
    verification = verified(json.dumps(receipt).encode(), keys, facts)
    assert verification.holds
    assert [part.name for part in verification.parts] == ["signature", "statement", "execution", "outcome"]


@pytest.mark.parametrize("name", ["execution", "installation", "outcome", "dataset", "source"])
def test_a_fact_that_the_receipt_does_not_state_does_not_hold(example: tuple[Any, bytes], name: str) -> None:
    receipt, keys = example
    verification = verified(json.dumps(receipt).encode(), keys, Expected(**{name: "other"}))
    assert [part.name for part in verification.parts if not part.holds] == [name]


def test_nothing_of_a_changed_payload_is_read(example: tuple[Any, bytes]) -> None:
    receipt, keys = example
    payload = base64.b64decode(receipt["payload"]).replace(b"succeeded", b"failed   ")
    changed = json.dumps({**receipt, "payload": base64.b64encode(payload).decode()}).encode()
    verification = verified(changed, keys, Expected())
    assert (verification.holds, verification.statement) == (False, None)


def signed(payload: bytes, payload_type: str = "application/vnd.in-toto+json") -> bytes:
    kind = payload_type.encode()
    message = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)
    encoded = {"payload": base64.b64encode(payload).decode(), "payloadType": payload_type}
    signature = {"keyid": "", "sig": base64.b64encode(KEY.sign(message)).decode()}
    return json.dumps({**encoded, "signatures": [signature]}).encode()


@pytest.mark.parametrize(
    "payload", [b"{}", b'{"predicate": []}', b'{"predicate": {"buildDefinition": 1, "runDetails": 2}}']
)
def test_a_signed_statement_of_another_form_does_not_hold(example: tuple[Any, bytes], payload: bytes) -> None:
    verification = verified(signed(payload), example[1], Expected())
    assert [part.name for part in verification.parts if not part.holds] == ["statement"]
    assert not verified(signed(payload, "text/plain"), example[1], Expected()).holds


def test_a_key_that_was_retired_before_the_end_does_not_hold(example: tuple[Any, bytes]) -> None:
    receipt, keys = example
    retired = json.loads(keys)
    retired["keys"][0]["retired_at"] = "2026-11-23T13:30:00Z"
    verification = verified(json.dumps(receipt).encode(), json.dumps(retired).encode(), Expected())
    assert [part.name for part in verification.parts if not part.holds] == ["key"]


@pytest.mark.parametrize(
    "receipt",
    [b"", b"[]", b'{"a": 1, "a": 2}', b'{"payload": "*"}', b'{"payload": "YQ"}', b'{"payload": "", "signatures": 1}'],
)
def test_an_unusable_receipt_is_refused(example: tuple[Any, bytes], receipt: bytes) -> None:
    with pytest.raises(UnusableReceipt):
        verified(receipt, example[1], Expected())


@given(st.text(), st.none() | st.integers(1, 99), st.none() | st.text())
def test_the_digest_of_an_error_is_the_service_s(message: str, line: int | None, stack: str | None) -> None:
    error = ScriptError(ErrorKind.SCRIPT_ERROR, message, line=line, column=None, stack=stack)
    document = {"kind": "script_error", "message": message, "line": line, "column": None, "stack": stack, "hint": "x"}
    assert error_digest(document) == error_sha256(error)
