"""Gates: a version passes one only if it meets every requirement."""

from typing import Any
from uuid import UUID

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from domain.aliases import LIVE
from domain.gate import (
    NOTHING_KNOWN,
    Gate,
    ReasonCode,
    ReplayStanding,
    TestStanding,
    VersionStanding,
    unmet_requirements,
)

counts = st.integers(0, 4)
replays = st.builds(
    lambda skipped, equal, **members: ReplayStanding(
        total=skipped + equal + members["different"] + members["incomplete"],
        compared=equal + members["different"],
        **members,
    ),
    id=st.uuids(),
    last=st.none() | st.integers(1, 6),
    is_finished=st.booleans(),
    is_accepted=st.booleans(),
    skipped=counts,
    equal=counts,
    different=st.sampled_from([0, 0, 1]),
    incomplete=st.sampled_from([0, 0, 1]),
)
tests = st.builds(TestStanding, name=st.sampled_from("abc"), passed=st.sampled_from([True, True, False, None]))
standings = st.builds(
    VersionStanding, tests=st.lists(tests, max_size=3).map(tuple), replays=st.lists(replays, max_size=3).map(tuple)
)
gates = st.builds(
    Gate, aliases=st.just(frozenset({LIVE})), tests=st.booleans(), replay_last=st.none() | st.integers(1, 6)
)


def codes(gate: Gate, standing: VersionStanding) -> list[str]:
    return [one.code.value for one in unmet_requirements(gate, standing)]


def a_replay(**members: Any) -> ReplayStanding:
    """Create a finished replay of the last 5 executions, which were all equal."""
    usual: dict[str, Any] = {"id": UUID(int=1), "is_finished": True, "is_accepted": False}
    usual |= {"last": 5, "total": 5, "compared": 5, "different": 0, "incomplete": 0}
    return ReplayStanding(**(usual | members))


def by_replays(*several: ReplayStanding, last: int = 5) -> list[str]:
    gate = Gate(aliases=frozenset({LIVE}), tests=False, replay_last=last)
    return codes(gate, VersionStanding(replays=several))


@given(gates, standings)
def test_a_version_passes_only_if_it_meets_each_requirement(gate: Gate, standing: VersionStanding) -> None:
    """Restates the requirements, one by one."""
    passes = unmet_requirements(gate, standing) == ()
    has_passed_tests = len(standing.tests) > 0 and all(one.passed for one in standing.tests)
    if gate.tests:
        assert has_passed_tests or not passes
    if gate.replay_last is not None and passes:
        shown = [one for one in standing.replays if one.is_finished and one.last is not None]
        enough = [
            one for one in shown if one.compared + one.incomplete >= gate.replay_last or one.total < (one.last or 0)
        ]
        good = [one for one in enough if one.is_accepted or (one.different, one.incomplete) == (0, 0)]
        assert good
    if not gate.tests and gate.replay_last is None:
        assert passes


@given(gates, standings)
def test_each_unmet_requirement_has_a_reason_of_its_own(gate: Gate, standing: VersionStanding) -> None:
    reasons = unmet_requirements(gate, standing)
    failing = [one for one in standing.tests if one.passed is not True] if gate.tests else []
    assert [one.test for one in reasons if one.test is not None] == [one.name for one in failing]
    by_replay = [one for one in reasons if one.code.value.startswith("replay")]
    assert len(by_replay) <= (gate.replay_last is not None)
    assert all((one.replay is None) == (one.code is ReasonCode.REPLAY_MISSING) for one in by_replay)
    assert reasons == unmet_requirements(evolve(gate, replay_last=None), standing) + unmet_requirements(
        evolve(gate, tests=False), standing
    )


@given(gates, standings)
def test_a_stricter_gate_never_lets_more_pass(gate: Gate, standing: VersionStanding) -> None:
    if unmet_requirements(evolve(gate, tests=True), standing) == ():
        assert unmet_requirements(gate, standing) == ()
    if unmet_requirements(gate, standing) == ():
        assert unmet_requirements(evolve(gate, replay_last=None), standing) == ()


def test_a_test_counts_with_its_result_on_the_version() -> None:
    gate = Gate(aliases=frozenset({LIVE}), tests=True)
    assert codes(gate, NOTHING_KNOWN) == ["no-tests"]
    passed, failed, not_run = (TestStanding(name, it) for name, it in (("a", True), ("b", False), ("c", None)))
    assert codes(gate, VersionStanding(tests=(passed,))) == []
    assert codes(gate, VersionStanding(tests=(failed, passed, not_run))) == ["test-failed", "test-not-run"]


def test_a_replay_counts_if_it_compared_the_last_executions_or_all_that_there_were() -> None:
    assert by_replays() == ["replay-missing"]
    assert by_replays(a_replay()) == []
    assert by_replays(a_replay(), last=6) == ["replay-missing"]
    assert by_replays(a_replay(last=None)) == ["replay-missing"]
    assert by_replays(a_replay(last=9, total=3, compared=3)) == []
    assert by_replays(a_replay(last=9, total=0, compared=0)) == []
    assert by_replays(a_replay(is_finished=False, compared=0, incomplete=5)) == ["replay-not-finished"]


def test_skipped_executions_do_not_count_as_compared() -> None:
    assert by_replays(a_replay(compared=4)) == ["replay-missing"]
    assert by_replays(a_replay(last=6, total=6)) == []
    assert by_replays(a_replay(last=9, total=3, compared=1)) == []
    assert by_replays(a_replay(last=9, total=3, compared=0)) == ["replay-missing"]
    assert by_replays(a_replay(last=9, total=3, compared=0, is_accepted=True)) == []


def test_differences_and_incomplete_executions_block_until_they_are_accepted() -> None:
    for shown in (a_replay(different=1), a_replay(compared=4, incomplete=1)):
        assert by_replays(shown) == ["replay-differs"]
        assert by_replays(evolve(shown, is_accepted=True)) == []


def test_the_newest_replay_that_counts_decides() -> None:
    different, short, running = a_replay(different=1), a_replay(compared=1), a_replay(is_finished=False)
    assert by_replays(different, a_replay()) == ["replay-differs"]
    assert by_replays(a_replay(), different) == []
    assert by_replays(running, short, a_replay()) == []
    assert by_replays(short, running) == ["replay-not-finished"]
