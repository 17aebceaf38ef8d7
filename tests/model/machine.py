"""The service as a whole, driven at random, against what must be true of it."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from functools import partial
from itertools import product
from typing import Any, Final, Literal, TypeAlias, TypeVar, get_args
from uuid import UUID

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from application.ports.executions import ExecutionFilter
from domain.aliases import LIVE, AliasName, VersionRef
from domain.engine import EngineName
from domain.execution import State
from domain.retention import retention
from tests.model.driver import Driver, Said, picked
from tests.model.environments import SKEWS, WORKERS, OpenWorld
from tests.model.guarding import GATES, Check, Guard, RemoveTest, WriteTest
from tests.model.hosting import Close, LookAtScripts, Register, Retain, Revise
from tests.model.keyed import Forget, SubmitOnce
from tests.model.pointing import Promote, RemoveAlias, RollBack
from tests.model.reading import Filter, Look
from tests.model.replaying import AcceptReplay, StartVersionReplay
from tests.model.steps import Step
from tests.model.using import MALFORMED, Cancel, Remove, Replay, Submit
from tests.model.working import Pass, Reclaim, TakeAndCrash

T = TypeVar("T")
AliasWish: TypeAlias = Literal["promote", "roll back", "remove the alias"]
Wish: TypeAlias = Literal["revise", "archive", "open", "retain", "register again", AliasWish]
Crashes: TypeAlias = Literal["before", "after"] | None
How: TypeAlias = Literal["in turn", "overtaken", "at once"]

GuardAct: TypeAlias = Literal["write a test", "remove a test", "check", "set the gate"]

NAMES: Final = ("cards", "loans")
CANARY: Final = AliasName("canary")
TEXTS: Final = ("// one", "// two", "// three")
DATASETS: Final = (b"[1]", b'{"a": 1.50}', b"[" + b"2," * 600 + b"2]")

workers = st.integers(0, len(WORKERS) - 1)
sets_of_workers = st.sets(workers)
states = st.none() | st.sampled_from(State)
dates = st.sampled_from([None, True, False])
apis = st.integers(0, len(SKEWS) - 1)
names = st.sampled_from([NAMES[0], *NAMES])
texts = st.sampled_from(TEXTS)
engines = st.sampled_from([None, None, *EngineName])
versions: st.SearchStrategy[VersionRef | None] = st.sampled_from([None, None, None, 1, 2, LIVE, CANARY])
datasets = st.sampled_from([*DATASETS, *DATASETS, MALFORMED])
crashes: st.SearchStrategy[Crashes] = st.sampled_from([None, None, "after", "before"])
# Mostly the same under the same key: then it is a retry.
attempts: st.SearchStrategy[tuple[str, VersionRef | None, bytes]] = st.tuples(
    st.sampled_from(["one", "one", "two"]),
    st.sampled_from([None, None, None, 1, LIVE]),
    st.sampled_from([*[DATASETS[0]] * 4, DATASETS[1], MALFORMED]),
)
guards: st.SearchStrategy[tuple[GuardAct, int]] = st.tuples(st.sampled_from(get_args(GuardAct)), st.integers(0, 3))
hows: st.SearchStrategy[How] = st.sampled_from(get_args(How))
counts = st.integers(1, 5)
numbers = st.integers(0, 30)
sayings: st.SearchStrategy[dict[int, Said]] = st.dictionaries(
    st.integers(0, 5), st.sampled_from(get_args(Said)), max_size=3
)
elapsed = st.sampled_from([timedelta(milliseconds=3), timedelta(), timedelta(seconds=-5), timedelta(days=2)])
wishes: st.SearchStrategy[Wish] = st.sampled_from(get_args(Wish))
others: st.SearchStrategy[Wish] = st.sampled_from(["archive", "revise", "promote", *get_args(Wish)])
# Which moves these numbers are depends on the state. Often: a loss, one after a claim, a claim after a return, two
# who reclaim.
moves = st.sampled_from([[0], [0, 0], [1, 0], [2, 2]]) | st.lists(st.integers(0, 13), min_size=1, max_size=3)


def changes(api: int, name: str, text: str, wish: Wish, engine: EngineName | None = None) -> list[Step[Any]]:
    """Translate a wish about a script into steps."""
    match wish:
        case "register again":
            return [Register(api, name, text, engine=engine)]
        case "revise":
            return [Revise(api, name, text, engine=engine), Revise(api, name, TEXTS[0])]
        case "archive":
            return [Close(api, name)]
        case "open":
            return [Close(api, name, archived=False)]
        case "retain":
            return [Retain(api, name, retention(1 + TEXTS.index(text), None).unwrap())]
        case move:
            return moves_of_aliases(api, name, 1 + TEXTS.index(text), move)


def moves_of_aliases(api: int, name: str, number: int, wish: AliasWish) -> list[Step[Any]]:
    """Translate a wish about a script's aliases into steps; there may be no version of that number."""
    match wish:
        case "promote":
            return [Promote(api, name, LIVE, number)]
        case "roll back":
            return [RollBack(api, name, LIVE), Promote(api, name, CANARY, 1)]
        case "remove the alias":
            return [RemoveAlias(api, name, CANARY if number == 1 else LIVE)]


class Service(RuleBasedStateMachine):
    """Scripts, executions, three processes of the API and three workers over one store.

    No rule has a precondition: draws must not depend on the store's answers, for of two concurrent acts another may be
    the first when the example is run again.
    """

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

    def _any(self, number: int) -> UUID:
        return picked(self._driver.ledger.in_state(*State), number).submission.id

    def _unfinished(self, number: int) -> UUID:
        """Choose an execution that has not ended; if there is none, a new one."""
        states = (State.PENDING, State.RUNNING)
        if not self._driver.ledger.in_state(*states):
            fresh = Submit(0, NAMES[0], None, DATASETS[0])
            self._do(self._driver.take_all(Close(0, NAMES[0], archived=False), fresh))
        return picked(self._driver.ledger.in_state(*states), number).submission.id

    @initialize()
    def start(self) -> None:
        waiting = [Submit(api, NAMES[0], None, dataset) for api, dataset in product(range(len(SKEWS)), DATASETS[:2])]
        first = (Register(0, NAMES[0], TEXTS[0]), Revise(0, NAMES[0], TEXTS[1]))
        self._do(self._driver.take_all(*first, *waiting))

    @rule(
        api=apis, name=names, text=texts, wish=wishes, at=st.sampled_from(["write", "check"]), other=others,
        engine=engines,
    )  # fmt: skip
    def host(
        self,
        api: int,
        name: str,
        text: str,
        wish: Wish,
        at: Literal["check", "write"],
        other: Wish,
        engine: EngineName | None,
    ) -> None:
        """Act on a script, with another act on the same one meanwhile."""
        if name not in self._driver.ledger.scripts:
            first = [Register(0, name, TEXTS[0])] if wish == other else []
            steps: list[Step[Any]] = [Register(api, name, text, partial(self._driver.take_all, *first), engine)]
        elif wish == "revise":
            meanwhile = partial(self._driver.take_all, *changes(0, name, TEXTS[1], other))
            steps = [Revise(api, name, text, at, meanwhile, engine), LookAtScripts(api)]
        else:
            steps = [*changes(api, name, text, wish, engine), LookAtScripts(api)]
        self._do(self._driver.take_all(*steps))

    @rule(api=apis, name=names, version=versions, datasets=st.lists(datasets, min_size=1, max_size=4), crashes=crashes)
    def submit(self, api: int, name: str, version: VersionRef | None, datasets: list[bytes], crashes: Crashes) -> None:
        steps = [Submit(api, name, version, dataset, crashes) for dataset in datasets]
        self._do(self._driver.take_all(*steps))

    @rule(api=apis, wish=wishes, text=texts, versions=st.lists(versions, min_size=1, max_size=3), known=st.booleans())
    def submit_meanwhile(self, api: int, wish: Wish, text: str, versions: list[VersionRef | None], known: bool) -> None:
        """Submit while another process changes the script, which these processes may remember as it was."""
        orders = [Submit((api + n) % len(SKEWS), NAMES[0], version, DATASETS[0]) for n, version in enumerate(versions)]
        if known:
            self._do(self._driver.take_all(*orders))
        change = changes((api + 1) % len(SKEWS), NAMES[0], text, wish)[0]
        self._do(self._driver.all_at_once([change, *orders]))

    @rule(api=apis, name=names, tried=st.lists(attempts, min_size=2, max_size=4), how=hows, crashes=crashes)
    def submit_again(
        self, api: int, name: str, tried: list[tuple[str, VersionRef | None, bytes]], how: How, crashes: Crashes
    ) -> None:
        """Submit under keys, each to the next process; of consecutive ones the first may crash."""
        steps = [
            SubmitOnce(Submit((api + number) % len(SKEWS), name, version, dataset), key)
            for number, (key, version, dataset) in enumerate(tried)
        ]
        first, *others = steps
        match how:
            case "in turn":
                crashing = evolve(first, order=evolve(first.order, crashes=crashes))
                self._do(self._driver.take_all(crashing, *others))
            case "overtaken":
                self._do(self._driver.take(evolve(first, overtaken=partial(self._driver.take_all, *others))))
            case "at once":
                self._do(self._driver.all_at_once(steps))

    @rule(worker=workers, count=counts, crashes=crashes)
    def claim(self, worker: int, count: int, crashes: Crashes) -> None:
        waiting = len(self._driver.ledger.pending(replays=False))
        if crashes == "before" and waiting > 0:
            self._do(self._driver.take(TakeAndCrash(worker, min(count, waiting))))
            return
        claimed = self._do(self._driver.claim(worker, count))
        if crashes == "after":
            self._driver.forget(worker, [one.running.claim.id for one in claimed])

    @rule(worker=workers, own=sayings, late=sayings, elapsed=elapsed)
    def settle(self, worker: int, own: dict[int, Said], late: dict[int, Said], elapsed: timedelta) -> None:
        self._do(self._driver.settle(worker, own, late, elapsed))

    @rule(
        whiles=st.sampled_from([2, 1, 0]), renewing=sets_of_workers, dying=sets_of_workers, worker=workers, count=counts
    )
    def time_passes(self, whiles: int, renewing: set[int], dying: set[int], worker: int, count: int) -> None:
        self._do(self._driver.take(Pass(whiles)))
        for one in dying:
            self._driver.forget(one, [*self._driver.held[one]])
        for one in renewing:
            self._do(self._driver.renew(one))
        self._do(self._driver.take_all(Reclaim(worker, count), *([Forget(0)] if renewing else [])))

    @rule(api=apis, number=numbers, moves=moves)
    def cancel(self, api: int, number: int, moves: list[int]) -> None:
        chosen = self._unfinished(number)
        self._do(self._driver.take(Cancel(api, chosen, self._driver.moves(chosen, moves))))

    @rule(api=apis, number=numbers)
    def remove(self, api: int, number: int) -> None:
        self._do(self._driver.take(Remove(api, self._any(number))))

    @rule(api=apis, number=numbers, ended=st.sampled_from([True, True, False]))
    def replay(self, api: int, number: int, ended: bool) -> None:
        finished = self._driver.ledger.in_state(State.SUCCEEDED, State.FAILED) if ended else []
        chosen = picked(finished, number).submission.id if finished else self._any(number)
        self._do(self._driver.take(Replay(api, chosen)))

    @rule(api=apis, version=st.sampled_from([1, 1, 2]), acts=st.lists(guards, min_size=1, max_size=4))
    def guard(self, api: int, version: int, acts: list[tuple[GuardAct, int]]) -> None:
        """Act on the tests and the gate of a script, and then try to promote a version."""
        steps = [self._guard(api, version, *one) for one in acts]
        self._do(self._driver.take_all(*steps, Promote(api, NAMES[0], LIVE, version)))

    def _guard(self, api: int, version: int, act: GuardAct, choice: int) -> Step[Any]:
        name, test = NAMES[0], "ab"[choice % 2]
        match act:
            case "write a test":
                return WriteTest(api, name, test)
            case "remove a test":
                return RemoveTest(api, name, test)
            case "check":
                return Check(api, name, version)
            case "set the gate":
                return Guard(api, name, GATES[choice])

    @rule(api=apis, version=st.sampled_from([1, 1, 2]), last=st.integers(1, 3), through=st.booleans())
    def replay_on(self, api: int, version: int, last: int, through: bool) -> None:
        """Replay what has run on a version, perhaps to the end, and then promote it, before and after an acceptance."""
        self._do(self._driver.work(api))
        self._do(self._driver.take(StartVersionReplay(api, NAMES[0], version, last)))
        self._do(self._driver.carry_on(api))
        if through:
            self._do(self._driver.work(api))
            for _ in range(2):
                self._do(self._driver.carry_on(api))
            promote = Promote(api, NAMES[0], LIVE, version)
            accept = [AcceptReplay(api, one) for one in [*self._driver.ledger.replays][-1:]]
            self._do(self._driver.take_all(promote, *accept, promote))

    @rule(worker=workers, dies=st.booleans())
    def carry_on(self, worker: int, dies: bool) -> None:
        self._do(self._driver.carry_on(worker, dies))

    @rule(number=numbers, moves=moves, whiles=st.sampled_from([2, 0]))
    def at_once(self, number: int, moves: list[int], whiles: int) -> None:
        self._do(self._driver.at_once(self._unfinished(number), moves, whiles))

    @rule(
        api=apis, number=numbers, page=st.integers(1, 3), by_script=st.booleans(), state=states, since=dates,
        replays=st.booleans(),
    )  # fmt: skip
    def read(
        self,
        api: int,
        number: int,
        page: int,
        by_script: bool,
        state: State | None,
        since: bool | None,
        replays: bool,
    ) -> None:
        one = self._driver.ledger.entries[self._any(number)].submission
        wanted = ExecutionFilter(
            script=one.script.id if by_script else None,
            version=one.script.version if by_script else None,
            state=state,
            submitted_from=one.submitted_at if since else None,
            submitted_to=one.submitted_at if since is False else None,
            replays=replays,
        )
        self._do(self._driver.take_all(Look(api, one.id), Filter(api, wanted)))
        self._do(self._driver.audit(api, page))

    @invariant()
    def everything_is_as_it_must_be(self) -> None:
        self._do(self._driver.agree())

    def teardown(self) -> None:
        if self._sound:  # or the first failure would be hidden behind another
            self._do(self._driver.drain())
