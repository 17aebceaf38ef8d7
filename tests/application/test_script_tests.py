"""Tests of scripts over the store in memory, with a sandbox whose behaviour a test chooses: what is run, stored,
copied, and required of a version."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest
from attrs import evolve
from returns.result import Failure, Result, Success

from adapters.json.bodies import JsonBodies
from adapters.system import utc_now, uuid7
from application.executions.read import ContentRemoved, ExecutionOfAnotherScript, UnknownExecution
from application.executions.stored_datasets import DatasetAltered
from application.ports.bodies import MalformedJson
from application.ports.encryption import DecryptionFailed
from application.ports.errors import Unavailable
from application.ports.sandbox import EngineMissing, RunFailure, SandboxBusy, SandboxLost, SandboxUnavailable, Trial
from application.ports.script_tests import NewTest
from application.script_tests.check import TOTAL_SECONDS
from application.script_tests.copy_execution import CopyExecution
from application.script_tests.use_cases import ScriptTestUseCases
from application.script_tests.write import ScriptTestTooLarge, Target, WriteScriptTest
from application.scripts.read import UnknownScript, UnknownVersion
from application.scripts.revise import Revise, archive_script
from domain.audit import ANONYMOUS, Action, AuditEvent
from domain.body import Body, Digest, Encoding, digest
from domain.checks import CheckReport, ChecksFailed, FailedCheck, FailureCode, check
from domain.circumstances import derived_circumstances, requested_circumstances
from domain.execution import NotFinished, Succeeded
from domain.limits import MOST_TRIAL_RESULT_BYTES, MOST_TRIAL_WALL_MS
from domain.outcome import Produced, Run
from domain.preconditions import UNCONDITIONAL
from domain.receipts import NoRun
from domain.script import Revised, ScriptArchived, ScriptName, Unchanged
from domain.script_tests import MOST_TEST_BYTES, MOST_TESTS, ResultExpectation, ScriptTestName, TooManyTests
from domain.transitions import cancel
from tests.application.conftest import FAULT, Checker
from tests.application.test_reproduction_sampler import Sampled
from tests.support.script_tests import TIMEOUT, a_content, a_script_test
from tests.support.values import NOON, a_failure, a_request, a_run, a_source, an_id

pytestmark = pytest.mark.anyio

NAME = ScriptName("corporate-cards")
NOBODY = ScriptName("nobody")
TEST = ScriptTestName("same")
WHOLE = ResultExpectation()
Answer = Run | RunFailure | SandboxBusy


class Place(Sampled):
    """A script with a version, and a sandbox that returns the dataset unless `answers` has another answer for the
    source, after `seconds` and after `meanwhile`."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[bytes, Answer] = {}
        self.seconds = 0.0
        self.meanwhile: Callable[[], Awaitable[object]] = lambda: asyncio.sleep(0)
        self.trials: list[Trial] = []
        self.audited: list[AuditEvent] = []
        self.checks = ScriptTestUseCases(
            scripts=self.store.scripts,
            script_tests=self.store.script_tests,
            executions=self.store.executions,
            check_script=Checker(),
            run_trial=self._run_trial,
            bodies=JsonBodies(),
            clock=utc_now,
            new_id=uuid7,
            monotonic=lambda: asyncio.get_running_loop().time(),
        )

    async def _run_trial(self, trial: Trial) -> Result[Run, RunFailure | SandboxBusy]:
        self.trials.append(trial)
        await asyncio.sleep(self.seconds)
        await self.meanwhile()
        answer = self.answers.get(trial.source.data, a_run(Produced(trial.dataset)))
        return Success(answer) if isinstance(answer, Run) else Failure(answer)

    async def host(self) -> "Place":
        (await self.store.scripts.add(self.script, self.version)).unwrap()
        return self

    async def write(self, name: str = "same", text: bytes = b"[1]", expected: bytes | None = None) -> None:
        test = a_script_test(self.script.id, name, text)
        content = a_content(text, text if expected is None else expected)
        (await self.store.script_tests.put(NewTest(test, content))).unwrap()

    async def check(self) -> CheckReport:
        return (await self.checks.check(NAME, 1, ANONYMOUS)).unwrap()

    async def revise(self, text: str, *, required: bool = True) -> Any:
        return await self.checks.revise(Revise(script=NAME, wanted=a_request(a_source(text))), required=required)

    async def standings(self, number: int) -> Mapping[str, bool | None]:
        _, found = (await self.checks.standings(NAME, number)).unwrap()
        return {one.test.name.value: one.passed for one in found}

    async def copy(self, execution_id: Any) -> Any:
        target = Target(script=NAME, name=TEST)
        return await self.checks.copy_execution(
            CopyExecution(target=target, execution_id=execution_id, expectation=WHOLE, record=self.audited.append)
        )


def code_of(report: CheckReport) -> list[str | None]:
    """Return the codes of the tests' details, None for those that passed."""
    return [one.verdict.detail.code if isinstance(one.verdict, FailedCheck) else None for one in report.tests]


async def test_a_test_runs_in_its_circumstances_and_within_capped_limits() -> None:
    place = await Place().host()
    await place.write()
    assert (await place.check()).passed
    found = await place.store.script_tests.find(place.script.id, TEST)
    (trial,) = place.trials
    assert found is not None
    assert (trial.circumstances, trial.dataset) == (found[0].circumstances, found[1].dataset)
    assert (trial.limits.wall_ms, trial.limits.result_bytes) == (MOST_TRIAL_WALL_MS, MOST_TRIAL_RESULT_BYTES)
    assert trial.limits.memory_bytes == place.version.limits.memory_bytes
    assert await place.standings(1) == {"same": True}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (SandboxBusy(), "check-not-run-busy"),
        (SandboxLost(), "check-not-run-lost"),
        (SandboxUnavailable(), "check-not-run-unavailable"),
        (EngineMissing(), "check-not-run-unavailable"),
    ],
)
async def test_a_test_that_the_sandbox_does_not_run_keeps_its_former_result(answer: Answer, code: str) -> None:
    place = await Place().host()
    await place.write()
    await place.check()
    place.answers[place.version.source.data] = answer
    report = await place.check()
    assert (report.passed, report.tests[0].passed, report.tests[0].duration_ms) == (False, None, None)
    assert code_of(report) == [code]
    assert await place.standings(1) == {"same": True}


async def test_failures_and_large_results_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    threads = []

    async def to_thread(work: Any, *arguments: Any) -> Any:
        threads.append(work)
        return work(*arguments)

    monkeypatch.setattr(asyncio, "to_thread", to_thread)  # virtual time knows of no threads
    place = await Place().host()
    large = b'["' + b"x" * 40_000 + b'"]'
    await place.write("large", large, large.replace(b"[", b"[ "))
    await place.write("wrong", large, b"[]")
    assert [one.passed for one in (await place.check()).tests] == [True, False]
    assert threads.count(check) == 2
    place.answers[place.version.source.data] = a_run(a_failure("boom"))
    assert code_of(await place.check()) == ["check-error-instead-of-result"] * 2


async def test_tests_beyond_the_total_time_are_not_run() -> None:
    place = await Place().host()
    for name in ("a", "b", "c"):
        await place.write(name)
    place.seconds = TOTAL_SECONDS / 2
    report = await place.check()
    assert [one.passed for one in report.tests] == [True, True, None]
    assert code_of(report) == [None, None, "check-not-run-late"]


async def test_a_test_that_is_removed_meanwhile_is_left_out() -> None:
    place = await Place().host()
    await place.write("a")
    await place.write()

    async def remove() -> None:
        await place.checks.remove(Target(script=NAME, name=TEST))

    place.meanwhile = remove
    report = await place.check()
    assert [one.test.name.value for one in report.tests] == ["a"]
    assert report.passed


async def test_a_version_is_stored_first_and_checked_then_unless_its_tests_are_required() -> None:
    place = await Place().host()
    await place.write()
    place.answers[b"throws"] = a_run(a_failure())
    done = (await place.revise("throws", required=False)).unwrap()
    assert isinstance(done.revision, Revised)
    assert (done.report.version, done.report.passed) == (2, False)
    assert await place.standings(2) == {"same": False}
    assert (await place.revise("{{{", required=False)).failure() == FAULT


async def test_a_required_version_is_stored_with_its_results_or_not_at_all() -> None:
    place = await Place().host()
    await place.write()
    place.answers[b"throws"] = a_run(a_failure())
    refused = (await place.revise("throws")).failure()
    assert isinstance(refused, ChecksFailed)
    assert (refused.report.version, refused.report.count(False)) == (2, 1)
    assert await place.store.scripts.version(place.script.id, 2) is None
    done = (await place.revise("fine")).unwrap()
    assert (done.revision.version.number, done.report.passed) == (2, True)
    assert await place.standings(2) == {"same": True}
    assert (await place.revise("{{{")).failure() == FAULT


async def test_a_required_test_that_is_not_run_refuses_the_version() -> None:
    place = await Place().host()
    await place.write()
    place.answers[b"fine"] = SandboxBusy()
    refused = (await place.revise("fine")).failure()
    assert [one.verdict.code for one in refused.report.tests] == [FailureCode.NOT_RUN]


async def test_an_unchanged_version_has_to_pass_the_required_tests_too() -> None:
    place = await Place().host()
    source = place.version.source.data.decode()
    await place.write()
    assert isinstance((await place.revise(source)).unwrap().revision, Unchanged)
    place.answers[place.version.source.data] = a_run(a_failure())
    assert isinstance((await place.revise(source)).failure(), ChecksFailed)


async def test_a_test_that_is_written_while_others_run_is_run_too_and_the_others_are_not_run_again() -> None:
    place = await Place().host()
    await place.write()
    late = iter(["late", "later"])

    async def write() -> None:
        if (name := next(late, None)) is not None:
            await place.write(name)

    place.meanwhile = write
    done = (await place.revise("fine")).unwrap()
    assert [one.test.name.value for one in done.report.tests] == ["late", "later", "same"]
    assert await place.standings(2) == {"late": True, "later": True, "same": True}
    assert len(place.trials) == 3


async def test_a_failing_test_that_is_written_while_others_run_refuses_the_version() -> None:
    place = await Place().host()
    await place.write()
    late = iter(["late"])

    async def write() -> None:
        if (name := next(late, None)) is not None:
            await place.write(name, expected=b"[2]")

    place.meanwhile = write
    assert isinstance((await place.revise("fine")).failure(), ChecksFailed)
    assert await place.store.scripts.version(place.script.id, 2) is None


async def test_what_does_not_exist_and_what_is_archived_is_reported() -> None:
    place = await Place().host()
    unknown = UnknownScript(NOBODY)
    nothing = Target(script=NOBODY, name=TEST)
    command = WriteScriptTest(target=nothing, dataset=b"1", expectation=WHOLE, expected=b"1")
    assert (await place.checks.write(command)).failure() == unknown
    copy = CopyExecution(target=nothing, execution_id=an_id(), expectation=WHOLE, record=place.audited.append)
    assert (await place.checks.copy_execution(copy)).failure() == unknown
    assert (await place.checks.of_script(NOBODY)).failure() == unknown
    assert (await place.checks.find(NOBODY, TEST)).failure() == unknown
    assert (await place.checks.remove(nothing)).failure() == unknown
    assert (await place.checks.standings(NOBODY, 1)).failure() == unknown
    assert (await place.checks.check(NAME, 2, ANONYMOUS)).failure() == UnknownVersion(place.script, 2)
    assert (await place.checks.of_script(NAME)).unwrap() == []
    assert (await place.check()).tests == ()
    await place.write()
    await archive_script(place.store.scripts, utc_now, NAME)
    assert (await place.checks.check(NAME, 1, ANONYMOUS)).failure() == ScriptArchived(NAME)


async def test_clock_and_seed_are_chosen_once_unless_they_are_given() -> None:
    place = await Place().host()
    target = Target(script=NAME, name=TEST)
    command = WriteScriptTest(target=target, dataset=b"[1]", expectation=TIMEOUT, expected=None)
    written = (await place.checks.write(command)).unwrap().test.circumstances
    assert written == derived_circumstances(digest(b"[1]"), written.clock)
    requested = requested_circumstances(NOON, "0f" * 16).unwrap()
    again = (await place.checks.write(evolve(command, circumstances=requested))).unwrap()
    assert (again.replaced, again.test.circumstances.clock, again.test.circumstances.seed) == (True, NOON, "0f" * 16)
    assert isinstance((await place.checks.write(evolve(command, dataset=b"["))).failure(), MalformedJson)


async def test_an_execution_passes_the_test_that_is_made_from_it() -> None:
    place = Place()
    for result, fails in ((b"[1]", False), (b"", True)):
        await place.submit()
        finished = await place.run(result, fails)
        copied = (await place.copy(finished.submission.id)).unwrap()
        of_outcome = Action.READ_DETAILS if fails else Action.READ_RESULT
        assert [one.action for one in place.audited[-2:]] == [Action.READ_INPUT, of_outcome]
        assert copied.test.from_execution == finished.submission.id
        place.answers[place.version.source.data] = a_run(a_failure() if fails else Produced(copied.content.dataset))
        assert (await place.check()).passed is (fails or finished.submission.dataset == digest(result))


async def test_content_that_is_removed_or_damaged_while_it_is_copied_makes_no_test(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = Place()
    await place.submit()
    finished = await place.run()
    execution_id = finished.submission.id
    executions = place.store.executions
    report, dataset = executions.report, executions.dataset

    async def without_result(*arguments: Any) -> Any:
        found = await report(*arguments)
        return found and evolve(found, result=None)

    async def nothing(*_: Any) -> None:
        return None

    async def undecrypted(*_: Any) -> None:
        raise DecryptionFailed("altered")

    for name, method, expected in (
        ("report", without_result, ContentRemoved(execution_id)),
        ("dataset", nothing, ContentRemoved(execution_id)),
        ("dataset", undecrypted, DatasetAltered(execution_id)),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(executions, name, method)
            assert (await place.copy(execution_id)).failure() == expected
    rows = executions._kept
    altered = Body(finished.submission.dataset, Encoding.IDENTITY, b"[9]")
    rows[execution_id] = evolve(rows[execution_id], dataset=altered)
    assert (await place.copy(execution_id)).failure() == DatasetAltered(execution_id)
    assert dataset is not None


async def test_nothing_is_copied_if_the_read_cannot_be_audited() -> None:
    def refuse(_: AuditEvent) -> None:
        raise Unavailable("the buffer is full")

    place = Place()
    await place.submit()
    finished = await place.run()
    target = Target(script=NAME, name=TEST)
    with pytest.raises(Unavailable):
        await place.checks.copy_execution(
            CopyExecution(target=target, execution_id=finished.submission.id, expectation=WHOLE, record=refuse)
        )
    assert (await place.checks.of_script(NAME)).unwrap() == []


async def test_executions_that_cannot_be_copied_are_refused() -> None:
    place = Place()
    pending = await place.submit()
    missing = an_id()
    assert (await place.copy(missing)).failure() == UnknownExecution(missing)
    assert (await place.copy(pending.submission.id)).failure() == NotFinished(pending)
    cancelled = cancel(pending, pending.submission.submitted_at)
    (await place.store.executions.cancel(pending, cancelled)).unwrap()
    assert (await place.copy(pending.submission.id)).failure() == NoRun(cancelled)
    await place.submit()
    finished = await place.run()
    assert isinstance(finished, Succeeded)
    (row,) = [one for one in place.store.executions._kept.values() if one.execution == finished]
    rows, execution_id = place.store.executions._kept, finished.submission.id
    large = MOST_TEST_BYTES + 1
    for execution, refusal in (
        (evolve(finished, output=Digest("", large)), ScriptTestTooLarge("result", large)),
        (
            evolve(finished, submission=evolve(finished.submission, dataset=Digest("", large))),
            ScriptTestTooLarge("dataset", large),
        ),
        (evolve(finished, content_removed_at=NOON), ContentRemoved(execution_id)),
        (
            evolve(
                finished,
                submission=evolve(finished.submission, script=evolve(finished.submission.script, id=an_id())),
            ),
            ExecutionOfAnotherScript(execution_id),
        ),
    ):
        rows[execution_id] = evolve(row, execution=execution)
        assert (await place.copy(execution_id)).failure() == refusal
    text = b'"' + b"x" * MOST_TEST_BYTES + b'"'
    command = WriteScriptTest(target=Target(script=NAME, name=TEST), dataset=text, expectation=WHOLE, expected=b"1")
    assert (await place.checks.write(command)).failure() == ScriptTestTooLarge("dataset", len(text))
    command = evolve(command, dataset=b"1", expected=text)
    assert (await place.checks.write(command)).failure() == ScriptTestTooLarge("result", len(text))


async def test_a_copy_is_a_test_among_the_others() -> None:
    place = Place()
    await place.submit()
    finished = await place.run()
    for number in range(MOST_TESTS):
        await place.write(f"t{number}")
    assert (await place.copy(finished.submission.id)).failure() == TooManyTests(NAME)
    (await place.checks.remove(Target(script=NAME, name=ScriptTestName("t0"), precondition=UNCONDITIONAL))).unwrap()
    (await place.copy(finished.submission.id)).unwrap()
    (await place.checks.find(NAME, TEST)).unwrap()
