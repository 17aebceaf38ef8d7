"""Receipts are signed for executions that have ended with a run; all else is refused with its reason."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from returns.result import Failure

from adapters.memory.store import MemoryStore
from adapters.signing.signer import Ed25519Signer
from adapters.signing.signing_keys import SigningKeys, new_signing_key
from adapters.system import utc_now
from application.executions.read import UnknownExecution
from application.executions.receipts import ReceiptsNotConfigured, ReceiptUseCases
from application.ports.executions import NewExecution
from application.ports.queue import Completion
from domain.execution import Claim, NotFinished
from domain.outcome import Logs
from domain.receipts import NoRun
from domain.transitions import cancel, finish, start
from tests.support.values import a_body, a_pending, a_run, a_script, an_id

pytestmark = pytest.mark.anyio
SIGNER: Final = Ed25519Signer(SigningKeys((new_signing_key(bytes(32), datetime(2026, 11, 1, tzinfo=UTC)),)))


async def test_a_finished_execution_has_a_receipt_and_others_have_a_reason_why_not() -> None:
    store = MemoryStore(utc_now, timedelta(minutes=1))
    receipts = ReceiptUseCases(store.executions, store.installation, SIGNER)
    script, version = a_script()
    (await store.scripts.add(script, version)).unwrap()
    pending = a_pending(version)
    (await store.executions.add(NewExecution(pending, a_body()))).unwrap()
    assert await receipts.read(pending.submission.id) == Failure(NotFinished(pending))
    (claimed,) = await store.queue.claim(1, lambda one, at: start(one, Claim(an_id(), "w"), at))
    run = a_run()
    ended = finish(claimed.running, run, timedelta())
    await store.queue.finish([Completion(claimed.running.claim.id, ended, Logs(), a_body())])
    envelope = (await receipts.read(pending.submission.id)).unwrap()
    (key,) = receipts.public_keys().unwrap()
    assert [one.keyid for one in envelope.signatures] == [key.keyid]
    missing = an_id()
    assert await receipts.read(missing) == Failure(UnknownExecution(missing))


async def test_an_execution_without_a_run_has_no_receipt() -> None:
    store = MemoryStore(utc_now, timedelta(minutes=1))
    script, version = a_script()
    (await store.scripts.add(script, version)).unwrap()
    pending = a_pending(version)
    (await store.executions.add(NewExecution(pending, a_body()))).unwrap()
    cancelled = cancel(pending, pending.submission.submitted_at)
    (await store.executions.cancel(pending, cancelled)).unwrap()
    receipts = ReceiptUseCases(store.executions, store.installation, SIGNER)
    assert await receipts.read(pending.submission.id) == Failure(NoRun(cancelled))


async def test_without_a_signing_key_there_are_neither_receipts_nor_keys() -> None:
    store = MemoryStore(utc_now, timedelta(minutes=1))
    receipts = ReceiptUseCases(store.executions, store.installation, None)
    assert await receipts.read(an_id()) == Failure(ReceiptsNotConfigured())
    assert receipts.public_keys() == Failure(ReceiptsNotConfigured())
