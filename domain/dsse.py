"""DSSE v1, the Dead Simple Signing Envelope (https://github.com/secure-systems-lab/dsse): bytes with signatures.

A signature is of the payload's type and bytes as they are, so nothing depends on how JSON is written. Making and
checking signatures is absent: adapters do it.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any, Final

from attrs import frozen
from returns.result import Failure, Result, Success

MAX_ENVELOPE_BYTES: Final = 256 * 1024
_PREFIX: Final = b"DSSEv1"


@frozen
class Signature:
    """A signature, and the id of its key, which is a hint: it is not signed."""

    keyid: str
    sig: bytes


@frozen
class Envelope:
    """A payload of a type, with its signatures."""

    payload_type: str
    payload: bytes
    signatures: tuple[Signature, ...]


@frozen
class MalformedEnvelope:
    """The reason why bytes are no envelope."""

    wrong: str


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
    """Parse an envelope of at most `MAX_ENVELOPE_BYTES`. Unknown members are ignored, as the specification demands."""
    if len(text) > MAX_ENVELOPE_BYTES:
        return Failure(MalformedEnvelope(f"it is longer than {MAX_ENVELOPE_BYTES} bytes"))
    try:
        return Success(_envelope(_mapping(json.loads(text), "it")))
    except _Wrong as wrong:
        return Failure(MalformedEnvelope(str(wrong)))
    except (ValueError, RecursionError):
        return Failure(MalformedEnvelope("it is not JSON, or only a part of it"))


class _Wrong(Exception):
    """The sentence for `MalformedEnvelope`."""


def _envelope(members: Mapping[str, Any]) -> Envelope:
    signatures = members.get("signatures")
    if not isinstance(signatures, list) or not signatures:
        raise _Wrong("`signatures` is not a list with at least one signature")
    return Envelope(
        payload_type=_text(members, "payloadType"),
        payload=_bytes(members, "payload"),
        signatures=tuple(_signature(_mapping(one, "a signature")) for one in signatures),
    )


def _signature(members: Mapping[str, Any]) -> Signature:
    keyid = _text(members, "keyid") if members.get("keyid") is not None else ""
    return Signature(keyid, _bytes(members, "sig"))


def _mapping(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _Wrong(f"{what} is not a JSON object")
    return value


def _text(members: Mapping[str, Any], name: str) -> str:
    if not isinstance(text := members.get(name), str):
        raise _Wrong(f"`{name}` is not a string")
    return text


def _bytes(members: Mapping[str, Any], name: str) -> bytes:
    """Decode base64, standard or URL-safe: the specification allows both."""
    text = _text(members, name)
    try:
        return base64.b64decode(text.translate(str.maketrans("-_", "+/")).encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise _Wrong(f"`{name}` is not base64") from None
