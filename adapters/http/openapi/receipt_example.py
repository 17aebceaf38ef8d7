"""Examples of receipts: of the stories' execution and job, signed with a private key that is public knowledge."""

import json
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.http.wire.schemas.receipts import KEY_ID, PUBLIC_KEY, ReceiptKey, ReceiptKeys
from domain.dsse import Signature, envelope_json
from domain.execution import Finished
from domain.job_receipts import job_statement
from domain.jobs import Job
from domain.receipts import message_of, receipt, statement

EXAMPLE_SEED: Final = bytes(range(32))
EXAMPLE_INSTALLATION: Final = UUID("0199c5e0-7a10-7f4b-b6d2-91c0e3a85f27")
_CREATED: Final = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
EXAMPLE_KEYS: Final = ReceiptKeys(
    keys=(ReceiptKey(keyid=KEY_ID, public_key=PUBLIC_KEY, created_at=_CREATED, retired_at=None),)
)


def example_receipt(execution: Finished) -> Any:
    """Build the receipt, as it is sent."""
    return _signed(statement(execution, EXAMPLE_INSTALLATION).unwrap())


def example_job_receipt(job: Job) -> Any:
    """Build the receipt of a job, as it is sent."""
    return _signed(job_statement(job, EXAMPLE_INSTALLATION).unwrap())


def _signed(payload: bytes) -> Any:
    signature = Ed25519PrivateKey.from_private_bytes(EXAMPLE_SEED).sign(message_of(payload))
    return json.loads(envelope_json(receipt(payload, Signature(KEY_ID, signature))))
