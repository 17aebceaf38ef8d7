"""Public keys of receipts as the shape of the wire."""

from collections.abc import Iterable

from adapters.http.wire.schemas.receipts import ReceiptKey, ReceiptKeys
from application.ports.signing import PublicKey


def receipt_keys(keys: Iterable[PublicKey]) -> ReceiptKeys:
    """Represent the keys."""
    return ReceiptKeys(
        keys=tuple(
            ReceiptKey(keyid=one.keyid, public_key=one.pem, created_at=one.created_at, retired_at=one.retired_at)
            for one in keys
        )
    )
