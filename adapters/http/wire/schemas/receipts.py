"""Wire schemas of receipts and of the keys that verify them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from attrs import field, frozen

from adapters.http.wire.schemas.metadata import describe
from adapters.http.wire.schemas.scripts import MOMENT
from domain.statement import PAYLOAD_TYPE

DSSE: Final = "application/vnd.dsse.envelope.v1+json"
KEY_ID: Final = "a050837d85070582ccf7394b0988847c"
PUBLIC_KEY: Final = """\
-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAA6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=
-----END PUBLIC KEY-----
"""
_BASE64: Final = {"type": "string", "contentEncoding": "base64"}
RECEIPT: Final[Mapping[str, Any]] = {
    "title": "Receipt",
    "type": "object",
    "description": "DSSE v1 envelope of an in-toto Statement v1 with SLSA Provenance v1; see docs/provenance.md.",
    "properties": {
        "payload": _BASE64 | {"description": "The statement: JSON, in base64."},
        "payloadType": {"const": PAYLOAD_TYPE, "description": "Type of the statement."},
        "signatures": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "properties": {
                    "keyid": {"type": "string", "description": "Id of the key; see /v1/receipts/keys."},
                    "sig": _BASE64 | {"description": "Ed25519 signature of type and payload, as DSSE defines it."},
                },
                "required": ["keyid", "sig"],
            },
        },
    },
    "required": ["payload", "payloadType", "signatures"],
}


@frozen(kw_only=True)
class ReceiptKey:
    """A public key of receipts."""

    keyid: str = field(metadata=describe("Key id, as in signatures.", KEY_ID))
    public_key: str = field(metadata=describe("Ed25519 public key as PEM (SubjectPublicKeyInfo).", PUBLIC_KEY))
    created_at: datetime = field(metadata=describe("Time of its creation.", MOMENT))
    retired_at: datetime | None = field(
        metadata=describe("Time from which it signs no longer; null if it has not been retired.")
    )


@frozen(kw_only=True)
class ReceiptKeys:
    """The keys that verify the receipts of this installation."""

    keys: tuple[ReceiptKey, ...] = field(metadata=describe("The present key first, then all others."))
