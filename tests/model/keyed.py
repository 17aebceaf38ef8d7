"""Users' acts under idempotency keys."""

from typing import TypeAlias, cast

from attrs import evolve, field, frozen
from returns.result import Failure, Result

from adapters.system import uuid7
from application.executions.submit import Accepted, SubmissionRefused, submit
from application.ports.bodies import MalformedJson
from application.ports.executions import ExecutionDetails, IdempotencyKeys
from application.scripts.read import UnknownScript
from domain.aliases import VersionRef
from domain.idempotency import IdempotencyKey, KeyReused
from domain.script import ScriptName
from tests.model.environments import World
from tests.model.invariants import Kept
from tests.model.ledger import KEPT_FOR, Ledger
from tests.model.steps import Around, Crash, Meanwhile, crash, nothing
from tests.model.using import MALFORMED, Submit, ports_of

Answer: TypeAlias = Result[Accepted, SubmissionRefused] | ExecutionDetails | None


@frozen
class SubmitOnce:
    """A user submits under a key, perhaps not for the first time.

    Another request with the same key may come between the look-up and the write; or the process crashes right before or
    after it writes, as `order` says, if it comes to that.
    """

    order: Submit
    key: str
    overtaken: Meanwhile = field(default=nothing, repr=False)

    async def act(self, world: World) -> Answer:
        """Return the answer, or, after a crash, the stored execution."""
        api, new_id, order = world.apis[self.order.api], uuid7(), self.order
        hooks: dict[str, Meanwhile] = {"before": self.overtaken}
        if order.crashes is not None:
            hooks[order.crashes] = crash
        keys = cast("IdempotencyKeys", Around(api.keys, "add", **hooks))
        try:
            return await submit(ports_of(evolve(api, keys=keys), new_id), order.command(IdempotencyKey(self.key)))
        except Crash:
            return await api.executions.report(new_id, 0)

    def tell(self, ledger: Ledger, answer: Answer) -> None:
        kept = ledger.kept_under(self.key)
        if kept is None:
            self._first(ledger, answer)
        else:
            assert isinstance(answer, Result), "nothing was written, so nothing crashed"
            self._again(ledger, kept, answer)

    def _first(self, ledger: Ledger, answer: Answer) -> None:
        if isinstance(answer, Result):
            assert not answer.map(lambda one: one.repeated).value_or(False)
            plain = answer.map(lambda one: one.report)
            self.order.tell(ledger, plain)
            report = plain.value_or(None)
        else:
            self.order.tell(ledger, answer)
            report = answer
        if report is not None:
            ledger.keys[self.key] = Kept(self._asked, report.execution.submission.id, ledger.passed + KEPT_FOR)

    def _again(self, ledger: Ledger, kept: Kept, answer: Result[Accepted, SubmissionRefused]) -> None:
        if self.order.name not in ledger.scripts:
            assert answer == Failure(UnknownScript(ScriptName(self.order.name)))
        elif self.order.dataset == MALFORMED:
            assert isinstance(answer.failure(), MalformedJson)
        elif kept.asked != self._asked:
            assert answer == Failure(KeyReused(IdempotencyKey(self.key)))
        else:
            accepted = answer.unwrap()
            assert accepted.repeated
            assert accepted.report.execution.submission.id == kept.execution_id
            ledger.reports(accepted.report)

    @property
    def _asked(self) -> tuple[str, VersionRef | None, bytes]:
        return self.order.name, self.order.version, self.order.dataset


@frozen
class Forget:
    """A process removes the keys whose time is over."""

    api: int

    async def act(self, world: World) -> int:
        return await world.apis[self.api].keys.forget_expired(100)

    def tell(self, ledger: Ledger, answer: int) -> None:
        over = [key for key in ledger.keys if ledger.kept_under(key) is None]
        assert answer == len(over)
        for key in over:
            del ledger.keys[key]
