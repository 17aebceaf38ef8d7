"""The service as a whole, driven at random, against what must be true of it."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, Final, Literal, TypeAlias, TypeVar, get_args
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from application.messages import ExecutionFilter
from domain.execution import State
from tests.model.driver import Driver, Move, Said, picked
from tests.model.hosting import Close, LookAtScripts, Register, Revise
from tests.model.reading import Filter, Look
from tests.model.steps import Meanwhile, nothing
from tests.model.using import MALFORMED, Cancel, Submit
from tests.model.working import Pass, Reclaim, TakeAndCrash
from tests.model.worlds import SKEWS, WORKERS, OpenWorld

T = TypeVar("T")
Other: TypeAlias = Literal["nothing", "revise", "archive"]
Crashes: TypeAlias = Literal["before", "after"] | None

NAMES: Final = ("cards", "loans")
TEXTS: Final = ("// one", "// two")

workers = st.integers(0, len(WORKERS) - 1)
apis = st.integers(0, len(SKEWS) - 1)
names = st.sampled_from(NAMES)
texts = st.sampled_from(TEXTS)
counts = st.integers(1, 5)
numbers = st.integers(0, 30)
sayings: st.SearchStrategy[dict[int, Said]] = st.dictionaries(
    st.integers(0, 5), st.sampled_from(get_args(Said)), max_size=3
)
elapsed = st.sampled_from([timedelta(milliseconds=3), timedelta(), timedelta(seconds=-5), timedelta(days=2)])
others: st.SearchStrategy[Other] = st.sampled_from(get_args(Other))
moves: st.SearchStrategy[list[Move]] = st.lists(st.sampled_from(get_args(Move)), max_size=3)


class Service(RuleBasedStateMachine):
    """Scripts, executions, three processes of the API and three workers over one store."""

    def __init__(self, runner: asyncio.Runner, open_world: OpenWorld) -> None:
        super().__init__()
        self._runner = runner
        self._driver = Driver(runner.run(open_world()))
        self._sound = True

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        self._sound = False
        done = self._runner.run(work)
        self._sound = True
        return done

    def _any(self, number: int, *states: State) -> UUID:
        return picked(
            self._driver.ledger.in_state(*states) or self._driver.ledger.in_state(*State), number
        ).submission.id

    def _name(self, number: int) -> str:
        return picked([*self._driver.ledger.scripts], number)

    def _has(self, *states: State) -> bool:
        return bool(self._driver.ledger.in_state(*states))

    @initialize()
    def start(self) -> None:
        self._do(self._driver.take(Register(0, NAMES[0], TEXTS[0])))

    @rule(api=apis, name=names, text=texts, raced=st.booleans())
    def register(self, api: int, name: str, text: str, raced: bool) -> None:
        other = self._driver.steps(Register(0, name, TEXTS[0])) if raced else nothing
        self._do(self._driver.take(Register(api, name, text, other)))

    @rule(api=apis, number=numbers, text=texts, at=st.sampled_from(["check", "write"]), other=others)
    def revise(self, api: int, number: int, text: str, at: Literal["check", "write"], other: Other) -> None:
        name = self._name(number)
        meanwhile: dict[Other, Meanwhile] = {
            "nothing": nothing,
            "revise": self._driver.steps(Revise(0, name, TEXTS[0]), Revise(0, name, TEXTS[1])),
            "archive": self._driver.steps(Close(0, name)),
        }
        self._do(self._driver.take(Revise(api, name, text, at, meanwhile[other])))

    @rule(api=apis, number=numbers, archived=st.booleans())
    def archive(self, api: int, number: int, archived: bool) -> None:
        self._do(self._driver.take(Close(api, self._name(number), archived)))

    @rule(
        api=apis, name=names, version=st.none() | st.integers(1, 3), count=st.integers(1, 3),
        length=st.integers(0, 600), crashes=st.sampled_from([None, None, "before", "after"]),
    )  # fmt: skip
    def submit(self, api: int, name: str, version: int | None, count: int, length: int, crashes: Crashes) -> None:
        for number in range(count):
            dataset = b"[%d%s]" % (number, b",0" * length)
            self._do(self._driver.take(Submit(api, name, version, dataset, crashes)))

    @rule(api=apis, name=names, version=st.none() | st.integers(1, 3))
    def submit_no_json(self, api: int, name: str, version: int | None) -> None:
        self._do(self._driver.take(Submit(api, name, version, MALFORMED)))

    @precondition(lambda self: self._has(State.PENDING))
    @rule(worker=workers, count=counts)
    def claim(self, worker: int, count: int) -> None:
        self._do(self._driver.claim(worker, count))

    @precondition(lambda self: self._has(State.PENDING))
    @rule(worker=workers, count=counts)
    def die_while_claiming(self, worker: int, count: int) -> None:
        waiting = len(self._driver.ledger.in_state(State.PENDING))
        self._do(self._driver.take(TakeAndCrash(worker, min(count, waiting))))

    @precondition(lambda self: self._driver.ledger.claimed)
    @rule(worker=workers, own=sayings, late=sayings, elapsed=elapsed)
    def settle(self, worker: int, own: dict[int, Said], late: dict[int, Said], elapsed: timedelta) -> None:
        self._do(self._driver.settle(worker, own, late, elapsed))

    @precondition(lambda self: self._has(State.RUNNING))
    @rule(worker=workers)
    def die(self, worker: int) -> None:
        self._driver.forget(worker, [*self._driver.held[worker]])

    @rule(worker=workers)
    def renew(self, worker: int) -> None:
        self._do(self._driver.renew(worker))

    @precondition(lambda self: self._has(State.RUNNING))
    @rule()
    def time_passes(self) -> None:
        self._do(self._driver.take(Pass()))

    @precondition(lambda self: self._has(State.RUNNING))
    @rule(worker=workers, count=counts)
    def reclaim(self, worker: int, count: int) -> None:
        self._do(self._driver.take(Reclaim(worker, count)))

    @precondition(lambda self: self._driver.ledger.entries)
    @rule(api=apis, number=numbers, moves=moves)
    def cancel(self, api: int, number: int, moves: list[Move]) -> None:
        chosen = self._any(number, State.PENDING, State.RUNNING)
        self._do(self._driver.take(Cancel(api, chosen, self._driver.moves(chosen, moves))))

    @precondition(lambda self: self._has(State.PENDING, State.RUNNING))
    @rule(number=numbers, moves=moves)
    def at_once(self, number: int, moves: list[Move]) -> None:
        self._do(self._driver.at_once(self._any(number, State.PENDING, State.RUNNING), moves))

    @precondition(lambda self: self._driver.ledger.entries)
    @rule(api=apis, number=numbers)
    def look(self, api: int, number: int) -> None:
        self._do(self._driver.take(Look(api, self._any(number))))

    @precondition(lambda self: self._driver.ledger.entries)
    @rule(
        api=apis, number=numbers, by_script=st.booleans(), version=st.none() | st.integers(1, 3),
        state=st.none() | st.sampled_from(State), since=st.none() | st.booleans(),
    )  # fmt: skip
    def filter(
        self, api: int, number: int, by_script: bool, version: int | None, state: State | None, since: bool | None
    ) -> None:
        one = self._driver.ledger.entries[self._any(number)].submission
        wanted = ExecutionFilter(
            script=one.script.id if by_script else None, version=version, state=state,
            submitted_from=one.submitted_at if since else None,
            submitted_to=one.submitted_at if since is False else None,
        )  # fmt: skip
        self._do(self._driver.take(Filter(api, wanted)))

    @rule(api=apis, page=st.integers(1, 3))
    def audit(self, api: int, page: int) -> None:
        self._do(self._driver.audit(api, page))

    @rule(api=apis)
    def look_at_scripts(self, api: int) -> None:
        self._do(self._driver.take(LookAtScripts(api)))

    @invariant()
    def everything_is_as_it_must_be(self) -> None:
        self._do(self._driver.agree())

    def teardown(self) -> None:
        if self._sound:  # or the first failure would be hidden behind another
            self._do(self._driver.drain())
