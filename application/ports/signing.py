"""Port for signing receipts."""

from datetime import datetime
from typing import Protocol

from attrs import frozen

from domain.dsse import Signature


@frozen(kw_only=True)
class PublicKey:
    """A public key as PEM (SubjectPublicKeyInfo). Receipts signed with it before `retired_at` remain valid."""

    keyid: str
    pem: str
    created_at: datetime
    retired_at: datetime | None = None


class Signer(Protocol):
    """The keys of receipts. One of them signs; all of them verify."""

    def sign(self, message: bytes) -> Signature:
        """Sign with the present key. The same message and key give the same signature."""
        ...

    def public_keys(self) -> tuple[PublicKey, ...]:
        """List all keys, the present one first."""
        ...
