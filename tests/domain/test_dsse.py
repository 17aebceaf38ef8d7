"""Envelopes: the specification's encoding, and envelopes that are read strictly."""

import base64
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from returns.result import Failure, Success

from domain.dsse import (
    MAX_ENVELOPE_BYTES,
    MAX_SIGNATURES,
    Envelope,
    EnvelopeFault,
    NotAnEnvelope,
    Signature,
    envelope_json,
    parse_envelope,
    signed_bytes,
)
from domain.strict_json import JsonFault, Unreadable
from tests.support.signed_receipts import changed

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
SIGNATURES = st.builds(Signature, TEXTS, st.binary(max_size=8))
ENVELOPES = st.builds(Envelope, TEXTS, st.binary(max_size=40), st.lists(SIGNATURES, min_size=1, max_size=3).map(tuple))
VALID: dict[str, Any] = {"payload": "aGk=", "payloadType": "text/x", "signatures": [{"keyid": "a", "sig": "+/+/"}]}


def test_the_example_of_the_specification() -> None:
    expected = b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    assert signed_bytes("http://example.com/HelloWorld", b"hello world") == expected


def test_lengths_are_in_bytes_and_a_payload_may_be_empty() -> None:
    assert signed_bytes("application/vnd.exämple+json", b"") == "DSSEv1 29 application/vnd.exämple+json 0 ".encode()


@given(TEXTS, st.binary(), TEXTS, st.binary())
def test_different_envelopes_have_different_signed_bytes(kind: str, body: bytes, other: str, other_body: bytes) -> None:
    is_same = (kind, body) == (other, other_body)
    assert (signed_bytes(kind, body) == signed_bytes(other, other_body)) == is_same


@given(TEXTS, st.binary(), st.integers(0, 40))
def test_no_boundary_can_be_moved_between_type_and_payload(kind: str, body: bytes, at: int) -> None:
    """The type and the lengths can be read back from the signed bytes in one way only."""
    signed = signed_bytes(kind, body)
    version, length, rest = signed.split(b" ", 2)
    assert (version, rest[: int(length)]) == (b"DSSEv1", kind.encode())
    size, payload = rest[int(length) + 1 :].split(b" ", 1)
    assert (int(size), payload) == (len(body), body)
    moved = body[:at] if at < len(body) else body + b"\0"
    assert signed_bytes(kind, moved) != signed


@given(ENVELOPES)
@example(Envelope("", b"", (Signature("", bytes(64)),) * MAX_SIGNATURES))
def test_an_envelope_survives_its_encoding(envelope: Envelope) -> None:
    assert parse_envelope(envelope_json(envelope)) == Success(envelope)


@given(ENVELOPES)
def test_both_alphabets_of_base64_are_read(envelope: Envelope) -> None:
    text = envelope_json(envelope)
    document = json.loads(text)
    for holder in (document, *document["signatures"]):
        for name in {"payload", "sig"} & set(holder):
            holder[name] = holder[name].translate(str.maketrans("+/", "-_"))
    assert parse_envelope(json.dumps(document).encode()) == Success(envelope)


@given(ENVELOPES, st.data())
def test_every_beginning_of_an_envelope_is_truncated(envelope: Envelope, data: st.DataObject) -> None:
    text = envelope_json(envelope)
    cut = text[: data.draw(st.integers(1, len(text) - 1))]
    assert parse_envelope(cut) == Failure(Unreadable(JsonFault.TRUNCATED))


def test_members_that_the_specification_does_not_name_are_ignored() -> None:
    document = {**VALID, "x": [1.5, {}], "signatures": [{**VALID["signatures"][0], "cert": None}]}
    assert parse_envelope(json.dumps(document).encode()) == parse_envelope(json.dumps(VALID).encode())


def test_a_key_id_may_be_missing_or_empty() -> None:
    for signature in ({"sig": "+/+/"}, {"sig": "+/+/", "keyid": ""}):
        parsed = parse_envelope(json.dumps({**VALID, "signatures": [signature]}).encode()).unwrap()
        assert parsed.signatures == (Signature("", b"\xfb\xff\xbf"),)


FIRST = ("signatures", 0)


@pytest.mark.parametrize(
    ("path", "value", "fault", "member"),
    [
        (("payload",), None, EnvelopeFault.MISSING_MEMBER, "payload"),
        (("payloadType",), None, EnvelopeFault.MISSING_MEMBER, "payloadType"),
        (("signatures",), None, EnvelopeFault.MISSING_MEMBER, "signatures"),
        ((*FIRST, "sig"), None, EnvelopeFault.MISSING_MEMBER, "sig"),
        (("payload",), 1, EnvelopeFault.WRONG_MEMBER, "payload"),
        (("payloadType",), ["text/x"], EnvelopeFault.WRONG_MEMBER, "payloadType"),
        (("signatures",), {"0": {}}, EnvelopeFault.WRONG_MEMBER, "signatures"),
        (FIRST, "+/+/", EnvelopeFault.WRONG_MEMBER, "signatures"),
        ((*FIRST, "keyid"), 7, EnvelopeFault.WRONG_MEMBER, "keyid"),
        (("signatures",), [], EnvelopeFault.NO_SIGNATURES, ""),
        (("signatures",), VALID["signatures"] * 17, EnvelopeFault.TOO_MANY_SIGNATURES, ""),
        (("payload",), "aGk", EnvelopeFault.NOT_BASE64, "payload"),  # no padding
        (("payload",), "aGk==", EnvelopeFault.NOT_BASE64, "payload"),
        (("payload",), "aGl=", EnvelopeFault.NOT_BASE64, "payload"),  # an unused bit is set
        (("payload",), "aGk=\n", EnvelopeFault.NOT_BASE64, "payload"),
        (("payload",), "aG\u0131=", EnvelopeFault.NOT_BASE64, "payload"),
        (("payload",), "a", EnvelopeFault.NOT_BASE64, "payload"),
        ((*FIRST, "sig"), "+_+/", EnvelopeFault.NOT_BASE64, "sig"),  # both alphabets
    ],
)
def test_another_object_is_refused_with_its_member(path: Any, value: Any, fault: EnvelopeFault, member: str) -> None:
    text = json.dumps(changed(VALID, path, value)).encode()
    assert parse_envelope(text) == Failure(NotAnEnvelope(fault, member))


def test_a_null_key_id_is_refused() -> None:
    text = json.dumps({**VALID, "signatures": [{"keyid": None, "sig": "+/+/"}]}).encode()
    assert parse_envelope(text) == Failure(NotAnEnvelope(EnvelopeFault.WRONG_MEMBER, "keyid"))


def test_a_text_that_is_no_object_is_refused_for_that_reason() -> None:
    assert parse_envelope(b'{"payloadType":"\\ud800"}').failure() == Unreadable(JsonFault.LONE_SURROGATE)
    assert parse_envelope(b'{"payload":"","payload":""}').failure() == Unreadable(JsonFault.REPEATED_MEMBER, "payload")


def test_the_longest_envelope_is_read_and_a_longer_one_is_not() -> None:
    room = MAX_ENVELOPE_BYTES - len(json.dumps({**VALID, "payload": ""}))
    payload = base64.b64encode(bytes(room // 4 * 3)).decode()
    text = json.dumps({**VALID, "payload": payload}).encode()
    text += b" " * (MAX_ENVELOPE_BYTES - len(text))
    assert len(parse_envelope(text).unwrap().payload) == room // 4 * 3
    assert parse_envelope(text + b" ") == Failure(NotAnEnvelope(EnvelopeFault.TOO_LONG))


@given(st.binary(max_size=40), st.data())
def test_a_changed_character_of_base64_never_means_the_same(payload: bytes, data: st.DataObject) -> None:
    """Only one alphabet in place of the other does."""
    document = json.loads(envelope_json(Envelope("text/x", payload, (Signature("", b""),))))
    text = document["payload"]
    at = data.draw(st.integers(0, max(len(text) - 1, 0)))
    other = text[:at] + data.draw(st.characters(exclude_categories=["Cs"])) + text[at + 1 :]
    parsed = parse_envelope(json.dumps({**document, "payload": other}).encode())
    is_same = parsed.map(lambda envelope: envelope.payload == payload).value_or(False)
    assert is_same == (other.translate(str.maketrans("-_", "+/")) == text)
