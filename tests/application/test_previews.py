"""Previews over doubles of the sandbox and of the comparison."""

import asyncio
from typing import Any, Final

import pytest
from attrs import define, evolve, field
from returns.result import Failure, Result, Success

from adapters.memory.store import MemoryStore
from adapters.system import utc_now
from application.ports.bodies import MalformedJson
from application.ports.comparison import ComparisonChoices
from application.ports.errors import Unavailable
from application.ports.sandbox import EngineMissing, RunFailure, SandboxBusy, SandboxLost, SandboxUnavailable, Trial
from application.ports.stored_bodies import StoredBody
from application.previews.preview import Preview, Previewed, PreviewPorts, PreviewTarget, have_same_error
from application.previews.use_cases import PreviewUseCases
from application.scripts.read import UnknownScript, UnknownVersion
from domain.audit import Action, Actor, AuditEvent
from domain.circumstances import RequestedCircumstances, derived_circumstances
from domain.comparison.report import (
    ComparisonRefused,
    ComparisonStopped,
    ResultComparison,
    StopReason,
    ValueComparison,
)
from domain.limits import DEFAULTS, Limits, trial_limits
from domain.outcome import ErrorKind, Produced, Rejected, Run, script_error
from domain.script import ScriptName
from domain.versions import ScriptVersion
from tests.application.conftest import FAULT, LOCALES, ROUNDED, Checker, PlainBodies
from tests.support.values import NOON, a_body, a_failure, a_request, a_run, a_script, a_source, an_id

pytestmark = pytest.mark.anyio
NAME: Final = ScriptName("corporate-cards")
ACTOR: Final = Actor(an_id())
EQUAL: Final = ValueComparison(0, ())


@define
class Place:
    """A preview's surroundings: the outcomes of its runs by their sources, and the failure of all others."""

    store: MemoryStore
    failure: RunFailure | SandboxBusy | None = None
    outcomes: dict[bytes, Produced | Rejected] = field(factory=dict)
    trials: list[Trial] = field(factory=list)
    compared: list[tuple[bytes, ...]] = field(factory=list)
    events: list[AuditEvent] = field(factory=list)
    checker: Checker = field(factory=Checker)

    async def run(self, trial: Trial) -> Result[Run, RunFailure | SandboxBusy]:
        assert self.events, "it is audited before it runs"
        self.trials.append(trial)
        if self.failure is not None and len(self.trials) > len(self.outcomes):
            return Failure(self.failure)
        return Success(a_run(self.outcomes.get(trial.source.data, Produced(trial.dataset))))

    async def compare(
        self, before: StoredBody, after: StoredBody, choices: ComparisonChoices
    ) -> Result[ResultComparison, ComparisonRefused]:
        assert choices == ComparisonChoices()
        self.compared.append(tuple([b"".join([part async for part in one.parts()]) for one in (before, after)]))
        return Success(EQUAL)

    def ports(self, **changes: Any) -> PreviewPorts:
        ports = PreviewPorts(
            scripts=self.store.scripts,
            check_trial=self.checker,
            run_trial=self.run,
            bodies=PlainBodies(),
            compare_results=self.compare,
            record=self.events.append,
            clock=lambda: NOON,
        )
        return evolve(ports, **changes)

    async def preview(self, command: Preview, **changes: Any) -> Any:
        return await PreviewUseCases(self.ports(**changes)).preview(command)


@pytest.fixture
async def place(store: MemoryStore) -> Place:
    return Place(store)


async def hosted(place: Place, text: str = "the version", limits: Limits = DEFAULTS) -> ScriptVersion:
    script, version = a_script(text=text, limits=limits, warnings=LOCALES)
    (await place.store.scripts.add(script, version)).unwrap()
    return version


def a_preview(text: str = "Intl", dataset: bytes = b"[9]", **members: Any) -> Preview:
    return Preview(wanted=a_request(a_source(text)), dataset=dataset, actor=ACTOR, **members)


async def test_a_source_runs_as_it_was_checked_and_the_preview_is_audited(place: Place) -> None:
    done = (await place.preview(a_preview())).unwrap()
    assert isinstance(done, Previewed)
    assert (done.source_warnings, done.dataset_warnings, done.against) == (LOCALES, ROUNDED, None)
    (trial,) = place.trials
    assert (trial.source_warnings, trial.limits) == (LOCALES, done.limits)
    assert trial.circumstances == done.circumstances == derived_circumstances(trial.dataset.digest, NOON)
    assert place.events == [AuditEvent(action=Action.PREVIEWED, actor=ACTOR)]


async def test_the_circumstances_of_the_request_replace_the_derived_ones(place: Place) -> None:
    at = utc_now().replace(microsecond=0)
    requested = RequestedCircumstances(at, "0" * 32)
    done = (await place.preview(a_preview(circumstances=requested))).unwrap()
    assert (done.circumstances.clock, done.circumstances.seed) == (at, "0" * 32)


async def test_what_is_refused_does_not_run(place: Place) -> None:
    script = (await hosted(place)).script_id
    missing = ScriptName("missing")
    known = await place.store.scripts.find(NAME)
    assert known is not None
    assert await place.preview(a_preview("{{{")) == Failure(FAULT)
    assert await place.preview(a_preview(dataset=b"")) == Failure(MalformedJson("nothing is there", 0))
    assert await place.preview(a_preview(target=PreviewTarget(missing, None))) == Failure(UnknownScript(missing))
    assert await place.preview(a_preview(target=PreviewTarget(script, 2))) == Failure(UnknownVersion(known, 2))
    assert place.trials == []


async def test_a_named_version_runs_over_the_same_dataset_and_the_results_are_compared(place: Place) -> None:
    version = await hosted(place)
    place.outcomes = {b"the version": Produced(a_body(b"[1]"))}
    done = (await place.preview(a_preview(target=PreviewTarget(NAME, 1)))).unwrap()
    source, other = place.trials
    assert (other.source, other.engine, other.source_warnings) == (version.source, version.engine, LOCALES)
    assert (other.dataset, other.circumstances) == (source.dataset, source.circumstances)
    assert other.limits == trial_limits(version.limits)
    assert done.against is not None
    assert (done.against.version, done.against.comparison) == (1, Success(EQUAL))
    assert place.compared == [(b"[1]", b"[9]")]
    assert [(one.script_id, one.version) for one in place.events] == [(version.script_id, 1)]


async def test_a_script_without_a_version_is_audited_and_not_run(place: Place) -> None:
    version = await hosted(place)
    assert (await place.preview(a_preview(target=PreviewTarget(NAME, None)))).unwrap().against is None
    assert [(one.script_id, one.version) for one in place.events] == [(version.script_id, None)]
    assert len(place.trials) == 1


@pytest.mark.parametrize("fails", [b"the version", b"Intl"])
async def test_without_two_results_none_are_compared(place: Place, fails: bytes) -> None:
    await hosted(place)
    place.outcomes = {fails: a_failure()}
    done = (await place.preview(a_preview(target=PreviewTarget(NAME, 1)))).unwrap()
    assert (done.against.comparison, place.compared) == (None, [])


async def test_a_comparison_that_takes_too_long_is_stopped(place: Place) -> None:
    await hosted(place)

    async def endless(*_: object) -> Any:
        await asyncio.Event().wait()

    done = (await place.preview(a_preview(target=PreviewTarget(NAME, 1)), compare_results=endless)).unwrap()
    assert done.against.comparison == Failure(ComparisonStopped(StopReason.TIME))


@pytest.mark.parametrize("first", [0, 1])
async def test_a_busy_sandbox_refuses_the_whole_preview(place: Place, first: int) -> None:
    await hosted(place)
    place.failure, place.outcomes = SandboxBusy(), dict.fromkeys([b"Intl"][:first], Produced(a_body(b"1")))
    assert await place.preview(a_preview(target=PreviewTarget(NAME, 1))) == Failure(SandboxBusy())
    assert len(place.trials) == first + 1


@pytest.mark.parametrize("failure", [SandboxLost(), SandboxUnavailable(), EngineMissing()])
async def test_a_sandbox_that_fails_is_unavailable(place: Place, failure: RunFailure) -> None:
    place.failure = failure
    with pytest.raises(Unavailable, match=type(failure).__name__):
        await place.preview(a_preview())


def test_errors_are_the_same_if_kind_and_message_are() -> None:
    one = script_error(ErrorKind.SCRIPT_ERROR, "a", line=1)
    moved = evolve(one, line=2)
    others = (evolve(one, message="b"), evolve(one, kind=ErrorKind.TIMEOUT))
    run = a_run(Rejected(one))
    assert have_same_error(run, a_run(Rejected(moved)))
    assert not any(have_same_error(run, a_run(Rejected(other))) for other in others)
    assert not have_same_error(run, a_run())
    assert not have_same_error(a_run(), a_run())
