"""DSSE v1, the Dead Simple Signing Envelope (https://github.com/secure-systems-lab/dsse): bytes with signatures.

A signature is of the payload's type and bytes as they are, so nothing depends on how JSON is written. Envelopes are
read strictly: base64, standard or URL-safe, has one encoding for each payload and signature, padded and without white
space, so that a changed character never means the same. Making and checking signatures is absent: adapters do it.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, TypeAlias

from attrs import frozen
from returns.result import Failure, Result, Success

from domain.strict_json import Unreadable, read_object

MAX_ENVELOPE_BYTES: Final = 256 * 1024
MAX_SIGNATURES: Final = 16
_PREFIX: Final = b"DSSEv1"


@frozen
class Signature:
    """A signature, and the id of its key, which is a hint: it is not signed. It may be empty."""

    keyid: str
    sig: bytes


@frozen
class Envelope:
    """A payload of a type, with its signatures."""

    payload_type: str
    payload: bytes
    signatures: tuple[Signature, ...]


class EnvelopeFault(StrEnum):
    """Fault of a JSON object that should be an envelope."""

    TOO_LONG = "too-long"
    MISSING_MEMBER = "missing-member"
    WRONG_MEMBER = "wrong-member"
    NOT_BASE64 = "not-base64"
    NO_SIGNATURES = "no-signatures"
    TOO_MANY_SIGNATURES = "too-many-signatures"


@frozen
class NotAnEnvelope:
    """The reason why a JSON object is no envelope; `member` is the one at fault, if it is one."""

    fault: EnvelopeFault
    member: str = ""


MalformedEnvelope: TypeAlias = Unreadable | NotAnEnvelope


def signed_bytes(payload_type: str, payload: bytes) -> bytes:
    """Build the bytes that are signed (the specification's pre-authentication encoding)."""
    kind = payload_type.encode()
    return b" ".join((_PREFIX, b"%d" % len(kind), kind, b"%d" % len(payload), payload))


def envelope_json(envelope: Envelope) -> bytes:
    """Encode an envelope as JSON."""
    signatures = [{"keyid": one.keyid, "sig": base64.b64encode(one.sig).decode()} for one in envelope.signatures]
    payload = base64.b64encode(envelope.payload).decode()
    return json.dumps({"payload": payload, "payloadType": envelope.payload_type, "signatures": signatures}).encode()


def parse_envelope(text: bytes) -> Result[Envelope, MalformedEnvelope]:
    """Parse an envelope of at most `MAX_ENVELOPE_BYTES` with at most `MAX_SIGNATURES`.

    Unknown members are ignored, as the specification demands. It allows leaving out an empty payload or type too, which
    no receipt has: both are required here.
    """
    if len(text) > MAX_ENVELOPE_BYTES:
        return Failure(NotAnEnvelope(EnvelopeFault.TOO_LONG))
    members: Result[Mapping[str, Any], MalformedEnvelope] = read_object(text)
    return members.bind(_parsed)


class _Wrong(Exception):
    """The arguments of `NotAnEnvelope`."""


def _parsed(members: Mapping[str, Any]) -> Result[Envelope, MalformedEnvelope]:
    try:
        return Success(_envelope(members))
    except _Wrong as wrong:
        return Failure(NotAnEnvelope(*wrong.args))


def _envelope(members: Mapping[str, Any]) -> Envelope:
    return Envelope(
        payload_type=_text(members, "payloadType"),
        payload=_bytes(members, "payload"),
        signatures=tuple(_signature(one) for one in _signatures(members)),
    )


def _signatures(members: Mapping[str, Any]) -> list[Any]:
    signatures = _member(members, "signatures")
    if not isinstance(signatures, list):
        raise _Wrong(EnvelopeFault.WRONG_MEMBER, "signatures")
    if not signatures:
        raise _Wrong(EnvelopeFault.NO_SIGNATURES)
    if len(signatures) > MAX_SIGNATURES:
        raise _Wrong(EnvelopeFault.TOO_MANY_SIGNATURES)
    return signatures


def _signature(members: object) -> Signature:
    if not isinstance(members, dict):
        raise _Wrong(EnvelopeFault.WRONG_MEMBER, "signatures")
    keyid = _text(members, "keyid") if "keyid" in members else ""
    return Signature(keyid, _bytes(members, "sig"))


def _member(members: Mapping[str, Any], name: str) -> object:
    if name not in members:
        raise _Wrong(EnvelopeFault.MISSING_MEMBER, name)
    return members[name]


def _text(members: Mapping[str, Any], name: str) -> str:
    if not isinstance(text := _member(members, name), str):
        raise _Wrong(EnvelopeFault.WRONG_MEMBER, name)
    return text


def _bytes(members: Mapping[str, Any], name: str) -> bytes:
    """Decode base64, which must be exactly what an encoder makes of the bytes."""
    text = _text(members, name)
    try:
        data = base64.b64decode(text.translate(_STANDARD), validate=True)
    except (binascii.Error, ValueError):
        raise _Wrong(EnvelopeFault.NOT_BASE64, name) from None
    if text.encode() not in (base64.b64encode(data), base64.urlsafe_b64encode(data)):
        raise _Wrong(EnvelopeFault.NOT_BASE64, name)
    return data


_STANDARD: Final = str.maketrans("-_", "+/")
