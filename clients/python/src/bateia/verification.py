"""Verification of receipts (DSSE envelopes with in-toto statements), without the service's packages.

Nothing of a payload is read before its signature holds. Receipts of jobs are verified by `job_verification`. The
service's own command checks more: see docs/provenance.md.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from bateia.ed25519 import is_signature_of
from bateia.errors import BateiaError
from bateia.texts import say

PAYLOAD_TYPE = "application/vnd.in-toto+json"
_STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
_PREDICATE_TYPE = "https://slsa.dev/provenance/v1"
BUILD_TYPE = "urn:uuid:6f1e9d0a-52c4-4b0e-9a3d-0c7f5d8b21e6"
_KEY_HEAD = bytes.fromhex("302a300506032b6570032100")
"""The bytes before the 32 of an Ed25519 key in DER (RFC 8410)."""
_MOST_BYTES = 256 * 1024
_LEEWAY = timedelta(minutes=5)


class UnusableReceipt(BateiaError, ValueError):
    """The receipt, or the document of keys, cannot be read."""


@dataclass(frozen=True)
class CheckedPart:
    """A part of a receipt: whether it holds, and why."""

    name: str
    holds: bool
    detail: str


@dataclass(frozen=True)
class Verification:
    """The parts that were checked. It holds if all of them do. `statement` is None unless the signature holds."""

    parts: tuple[CheckedPart, ...]
    statement: Mapping[str, Any] | None = field(repr=False)

    @property
    def holds(self) -> bool:
        """Tell whether everything that was checked holds."""
        return all(part.holds for part in self.parts)


@dataclass(frozen=True)
class Expected:
    """Facts that the receipt has to state: ids, and the SHA-256 of files. What is None is not checked."""

    execution: str | None = None
    installation: str | None = None
    outcome: str | None = None
    dataset: str | None = None
    source: str | None = None


Compare: TypeAlias = "Callable[[Mapping[str, Any], Mapping[str, Any]], Iterator[CheckedPart]]"
"""Compares a signed statement with what is expected of it; the second argument is the key that signed it."""


def verified(receipt: bytes, keys: bytes, expected: Expected) -> Verification:
    """Verify a receipt with a document of trusted keys, as `GET /v1/receipts/keys` returns it."""
    return checked(receipt, keys, lambda statement, key: _compared(statement, expected, key))


def checked(receipt: bytes, keys: bytes, compare: Compare) -> Verification:
    """Verify the signature of a receipt with trusted keys, and then compare its statement."""
    envelope, trusted = _object(receipt, "receipt"), _object(keys, "document of keys")
    payload_type, payload = str(envelope.get("payloadType")), _bytes(envelope.get("payload"))
    kind = payload_type.encode()
    message = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)
    key = _signing_key(envelope, trusted, message)
    if key is None:
        return Verification((CheckedPart("signature", False, say("by none of the trusted keys")),), None)
    signed = CheckedPart("signature", True, say("by the key {value}", value=key.get("keyid")))
    if payload_type != PAYLOAD_TYPE:
        return Verification(
            (signed, CheckedPart("type", False, say("not {payload_type}", payload_type=PAYLOAD_TYPE))), None
        )
    statement = _object(payload, "statement")
    try:
        parts = tuple(compare(statement, key))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        parts = (CheckedPart("statement", False, say("has not the members of such a receipt")),)
    return Verification((signed, *parts), statement)


def _signing_key(envelope: Mapping[str, Any], trusted: Mapping[str, Any], message: bytes) -> Mapping[str, Any] | None:
    for signature in _list(envelope.get("signatures"))[:16]:
        for key in _list(trusted.get("keys"))[:1000]:
            named = signature.get("keyid") or key.get("keyid")
            if named == key.get("keyid") and is_signature_of(_public(key), message, _bytes(signature.get("sig"))):
                return key
    return None


def _compared(statement: Mapping[str, Any], expected: Expected, key: Mapping[str, Any]) -> Iterator[CheckedPart]:
    definition, details = (statement["predicate"][name] for name in ("buildDefinition", "runDetails"))
    if not is_of_type(statement, BUILD_TYPE):
        yield CheckedPart("statement", False, say("is of another type than a receipt of an execution"))
        return
    inner, outer = definition["internalParameters"], definition["externalParameters"]
    yield CheckedPart(
        "statement",
        True,
        say(
            "version {version} of {script} {outcome}",
            version=outer["version"],
            script=outer["script"],
            outcome=inner["outcome"],
        ),
    )
    yield from retirement(details, key)
    (subject,) = statement["subject"]
    digests = {one["name"]: one["digest"]["sha256"] for one in definition["resolvedDependencies"]}
    yield from compared_facts(
        execution=(expected.execution, subject["name"]),
        installation=(expected.installation, installation_of(details)),
        outcome=(expected.outcome, subject["digest"]["sha256"]),
        dataset=(expected.dataset, digests["dataset"]),
        source=(expected.source, digests["source"]),
    )


def is_of_type(statement: Mapping[str, Any], build_type: str) -> bool:
    """Tell whether a statement is about a run of that type."""
    definition = statement["predicate"]["buildDefinition"]
    types = (statement["_type"], statement["predicateType"], definition["buildType"])
    return types == (_STATEMENT_TYPE, _PREDICATE_TYPE, build_type)


def retirement(details: Mapping[str, Any], key: Mapping[str, Any]) -> Iterator[CheckedPart]:
    """Refuse a key that was retired before the run finished."""
    finished_on = _time(details["metadata"]["finishedOn"])
    if key.get("retired_at") and finished_on - _time(key["retired_at"]) > _LEEWAY:
        yield CheckedPart("key", False, say("was retired before the run finished"))


def installation_of(details: Mapping[str, Any]) -> str:
    """Return the id of the installation."""
    return str(details["builder"]["id"]).removeprefix("urn:uuid:")


def compared_facts(**facts: tuple[str | None, Any]) -> Iterator[CheckedPart]:
    """Compare facts, each expected and stated; what is not expected is not compared."""
    for name, (wanted, said) in facts.items():
        if wanted is not None:
            yield CheckedPart(
                name,
                wanted == said,
                str(said) if wanted == said else say("{stated}, not {expected}", stated=said, expected=wanted),
            )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _public(key: Mapping[str, Any]) -> bytes:
    """Read the 32 bytes of a public key; none if it is of another kind."""
    lines = str(key.get("public_key")).strip().splitlines()
    der = _bytes("".join(lines[1:-1]))
    return der[len(_KEY_HEAD) :] if der.startswith(_KEY_HEAD) else b""


def _object(text: bytes, name: str) -> dict[str, Any]:
    if len(text) > 4 * _MOST_BYTES:
        raise UnusableReceipt(say("the {name} is too long to be one", name=name))
    try:
        value = json.loads(text, object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        raise UnusableReceipt(say("the {name} is not JSON, or has a member twice", name=name)) from None
    if not isinstance(value, dict):
        raise UnusableReceipt(say("the {name} is no JSON object", name=name))
    return value


def _unique(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a member that occurs twice, which two readers may understand differently."""
    value = dict(members)
    if len(value) != len(members):
        raise ValueError("a member occurs twice")
    return value


def _list(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise UnusableReceipt(say("the receipt has no list of signatures, or the document of keys no list of keys"))
    return value


def _bytes(value: Any) -> bytes:
    """Decode base64 in its one canonical form."""
    try:
        data = base64.b64decode(str(value), validate=True)
    except (binascii.Error, ValueError):
        raise UnusableReceipt(say("the receipt or a key has invalid base64")) from None
    if base64.b64encode(data).decode() != value:
        raise UnusableReceipt(say("the receipt or a key has base64 that is not canonical"))
    return data
