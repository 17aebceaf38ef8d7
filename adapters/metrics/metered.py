"""Ports that count what passes through them. `observed` wraps a whole port: its new methods need no change here.

Each function below names the methods of its port that are counted, with an observer for each.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

from returns.pipeline import is_successful
from returns.result import Result

from adapters.metrics.instruments import BUSY, UNAVAILABLE, Instruments
from application.ports.batches import Batches, NewBatch
from application.ports.executions import Executions, IdempotencyKeys, NewExecution
from application.ports.queue import Claimed, Completion, Queue
from application.ports.sandbox import RunFailure, RunScript, RunTrial, SandboxBusy, Trial
from application.ports.signing import Signer
from application.ports.webhooks import DeliveryWork
from domain.deliveries import Delivery
from domain.dsse import Signature
from domain.execution import Failed, Pending
from domain.outcome import Produced, Run

_Port = TypeVar("_Port")


def observed(port: _Port, **observers: Callable[..., None]) -> _Port:
    """Wrap a port, with an observer on each named method.

    An observer is called after the method has returned, with its result and its arguments.
    """
    return cast("_Port", _Observed(port, observers))


class _Observed:
    def __init__(self, port: object, observers: Mapping[str, Callable[..., None]]) -> None:
        self._port = port
        for name, observe in observers.items():
            setattr(self, name, _observing(getattr(port, name), observe))

    def __getattr__(self, name: str) -> Any:  # only of names that are not observed
        return getattr(self._port, name)


def _observing(method: Callable[..., Awaitable[Any]], observe: Callable[..., None]) -> Callable[..., Awaitable[Any]]:
    @wraps(method)
    async def call(*arguments: Any, **named: Any) -> Any:
        returned = await method(*arguments, **named)
        observe(returned, *arguments, **named)
        return returned

    return call


def metered_executions(executions: Executions, instruments: Instruments) -> Executions:
    """Wrap the port to count submissions and cancellations."""

    def cancelled(stored: Result[None, object], _read: object, failed: Failed, *_: object, **_by: object) -> None:
        if is_successful(stored):
            instruments.observe_ending(failed)

    def added(stored: Result[None, object], new: NewExecution, *_: object) -> None:
        if is_successful(stored):
            instruments.observe_submission(new.execution)

    return observed(executions, add=added, cancel=cancelled)


def metered_idempotency_keys(keys: IdempotencyKeys, instruments: Instruments) -> IdempotencyKeys:
    """Wrap the port to count submissions that repeat no earlier one."""

    def added(stored: Result[None, object], new: NewExecution, *_: object) -> None:
        if is_successful(stored):
            instruments.observe_submission(new.execution)

    return observed(keys, add=added)


def metered_batches(batches: Batches, instruments: Instruments) -> Batches:
    """Wrap the port to count batches, their lines, and the executions that are cancelled with them."""

    def added(stored: Result[None, object], new: NewBatch) -> None:
        if is_successful(stored):
            instruments.observe_batch(len(new.executions))

    def cancelled(count: int, *_: object, **_by: object) -> None:
        instruments.observe_cancelled_lines(count)

    return observed(batches, add=added, cancel=cancelled)


def metered_queue(queue: Queue, instruments: Instruments) -> Queue:
    """Wrap the port to count executions finished, released and reclaimed, and stale results."""

    def finished(stale: frozenset[UUID], completions: Sequence[Completion]) -> None:
        instruments.stale.inc(len(stale))
        for one in completions:
            if one.claim_id not in stale:
                instruments.observe_ending(one.execution)

    def released(stale: frozenset[UUID], releases: Sequence[object]) -> None:
        instruments.stale.inc(len(stale))
        instruments.given_back.inc(len(releases) - len(stale))

    def reclaimed(taken: Sequence[Pending | Failed], *_: object) -> None:
        instruments.reclaimed.inc(len(taken))
        for one in taken:
            if isinstance(one, Failed):
                instruments.observe_ending(one)

    return observed(queue, finish=finished, release=released, reclaim=reclaimed)


def metered_delivery_work(work: DeliveryWork, instruments: Instruments) -> DeliveryWork:
    """Wrap the port to count attempts to send events, whether or not they could be recorded."""

    def recorded(_is_held: bool, delivery: Delivery, *_: object) -> None:
        if delivery.last is not None:
            instruments.observe_attempt(delivery.last)

    return observed(work, record=recorded)


def metered_runs(run: RunScript, instruments: Instruments) -> RunScript:
    """Wrap the port `RunScript` with a gauge of the current runs."""

    async def metered(claimed: Claimed, /) -> Result[Run, RunFailure]:
        instruments.running.inc()
        try:
            return await run(claimed)
        finally:
            instruments.running.dec()

    started: Callable[[Claimed], Awaitable[Result[Run, RunFailure]]] = metered
    return started


def metered_trials(run: RunTrial, instruments: Instruments) -> RunTrial:
    """Wrap the port `RunTrial` to count runs by their outcome."""

    async def metered(trial: Trial, /) -> Result[Run, RunFailure | SandboxBusy]:
        done = await run(trial)
        instruments.trials.labels(_outcome(done)).inc()
        return done

    return metered


def _outcome(done: Result[Run, RunFailure | SandboxBusy]) -> str:
    if is_successful(done):
        return "succeeded" if isinstance(done.unwrap().outcome, Produced) else "failed"
    return BUSY if isinstance(done.failure(), SandboxBusy) else UNAVAILABLE


def metered_signer(signer: Signer | None, instruments: Instruments) -> Signer | None:
    """Wrap the port, if there is one, to count receipts."""
    return None if signer is None else _MeteredSigner(signer, instruments)


class _MeteredSigner:
    """A signer is not asynchronous, so `observed` does not fit."""

    def __init__(self, signer: Signer, instruments: Instruments) -> None:
        self._signer, self._receipts = signer, instruments.receipts
        self.public_keys = signer.public_keys

    def sign(self, message: bytes) -> Signature:
        signature = self._signer.sign(message)
        self._receipts.inc()
        return signature
