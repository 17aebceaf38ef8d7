"""Signing keys of tests and of the documentation's examples, and the verification of their receipts."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from adapters.signing.signing_keys import SigningKeys, new_signing_key

INSTALLATION: Final = UUID("0199c5e0-7a10-7f4b-b6d2-91c0e3a85f27")
SIGNING_KEYS: Final = SigningKeys((new_signing_key(bytes(range(32)), datetime(2026, 11, 23, 13, 30, tzinfo=UTC)),))
"""The key of the documentation's examples, which is no secret."""


def verified_statement(receipt: Mapping[str, Any], keys: Mapping[str, Any]) -> Any:
    """Verify a receipt against a document of keys with nothing of the service's own code; return its statement.

    Raises `StopIteration` for an unknown key, `InvalidSignature` for a wrong signature.
    """
    kind, payload = receipt["payloadType"].encode(), base64.b64decode(receipt["payload"])
    (signature,) = receipt["signatures"]
    key = next(one for one in keys["keys"] if one["keyid"] == signature["keyid"])
    public = load_pem_public_key(key["public_key"].encode())
    assert isinstance(public, Ed25519PublicKey)
    message = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)
    public.verify(base64.b64decode(signature["sig"]), message)
    return json.loads(payload)
