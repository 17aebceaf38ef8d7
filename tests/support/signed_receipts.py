"""Receipts for tests of their verification: statements, keys and signatures, made without the service."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from domain.dsse import Envelope, Signature, envelope_json, signed_bytes
from domain.statement import BUILD_TYPE, PAYLOAD_TYPE, PREDICATE_TYPE, STATEMENT_TYPE

EXECUTION: Final = "0197c9a4-6c1e-7d42-b0ff-2f6b7d1c55aa"
INSTALLATION: Final = "5d2c9a34-1f0e-4c57-8a66-0f6e2b7d9c10"
RESULT: Final = b'[{"brand":"A","total":1.50}]'
DATASET: Final = b'[{"brand":"A"},{"brand":"B"}]'
SOURCE: Final = b"function process(data) { return data }\n"
KEYID: Final = "a-key"
FINISHED_ON: Final = "2026-11-27T18:00:01.250000Z"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def statement(subject_sha256: str = sha256(RESULT), outcome: str = "succeeded") -> dict[str, Any]:
    """Make the statement about an execution."""
    dependencies = {"source": sha256(SOURCE), "dataset": sha256(DATASET)}
    return {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": EXECUTION, "digest": {"sha256": subject_sha256}}],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD_TYPE,
                "externalParameters": {"script": "cards", "version": 3},
                "internalParameters": {
                    "outcome": outcome,
                    "engine": "quickjs-ng 0.17.0",
                    "isolation": "version",
                    "clock": "2026-11-27T18:00:00.000Z",
                    "seed": "00112233445566778899aabbccddeeff",
                    "limits": {"wall_ms": 1000, "memory_bytes": 1, "result_bytes": 1, "log_bytes": 1},
                },
                "resolvedDependencies": [
                    {"name": name, "digest": {"sha256": digest}} for name, digest in dependencies.items()
                ],
            },
            "runDetails": {
                "builder": {"id": f"urn:uuid:{INSTALLATION}"},
                "metadata": {
                    "invocationId": EXECUTION,
                    "startedOn": "2026-11-27T18:00:00.250000Z",
                    "finishedOn": FINISHED_ON,
                },
            },
        },
    }


def changed(document: Mapping[str, Any], path: Sequence[str | int], value: object) -> Any:
    """Copy a document with another value at a path; None removes the member."""
    copy: Any = deepcopy(document)
    place = copy
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return copy


def payload_of(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


def signed(key: Ed25519PrivateKey, payload: bytes, payload_type: str = PAYLOAD_TYPE, keyid: str = KEYID) -> Envelope:
    return Envelope(payload_type, payload, (Signature(keyid, key.sign(signed_bytes(payload_type, payload))),))


def receipt(key: Ed25519PrivateKey, document: Mapping[str, Any] | None = None) -> bytes:
    """Sign a statement, as the API returns it."""
    return envelope_json(signed(key, payload_of(document or statement())))


def pem(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def keys_document(*entries: Mapping[str, Any]) -> bytes:
    return json.dumps({"keys": list(entries)}).encode()


def entry(key: Ed25519PrivateKey, keyid: str = KEYID, retired_at: str | None = None) -> dict[str, Any]:
    return {
        "keyid": keyid,
        "public_key": pem(key),
        "created_at": "2026-01-01T00:00:00.000000Z",
        "retired_at": retired_at,
    }
