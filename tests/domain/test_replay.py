"""Replays: executions that repeat another one over its dataset, in its circumstances."""

from datetime import datetime

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from domain.execution import Attribution, Finished, circumstances_of
from domain.recorded import recorded_circumstances
from domain.transitions import cancel, finish, replay
from domain.versions import ScriptVersion
from tests.support.values import a_script, a_source, an_id, attributions, elapsed, pendings, runnings, runs, times

SCRIPT, FIRST = a_script()
SECOND = evolve(FIRST, number=2, source=a_source("function process() { return 2; }"))
ARCHIVED = evolve(SCRIPT, latest_version=2, archived_at=FIRST.created_at)
finished: st.SearchStrategy[Finished] = st.builds(finish, runnings, runs, elapsed) | st.builds(cancel, pendings, times)


@given(finished, st.sampled_from([FIRST, SECOND]), times, attributions)
def test_a_replay_has_the_dataset_and_circumstances_of_the_original_and_all_else_of_its_version(
    original: Finished, version: ScriptVersion, at: datetime, attribution: Attribution
) -> None:
    replayed = replay(original, an_id(), ARCHIVED, version, at, attribution).submission
    assert (replayed.dataset, replayed.warnings) == (original.submission.dataset, original.submission.warnings)
    assert circumstances_of(replayed) == recorded_circumstances(original)
    assert (replayed.script.version, replayed.script.sha256) == (version.number, version.source.digest.sha256)
    assert (replayed.limits, replayed.script.engine) == (version.limits, version.engine)
    assert (replayed.submitted_at, replayed.attribution) == (at, attribution)
    assert replayed.replay_of == original.submission.id != replayed.id


@given(finished, times, st.integers(1, 3))
def test_replays_of_replays_keep_the_circumstances_and_name_the_execution_that_they_repeat(
    original: Finished, at: datetime, count: int
) -> None:
    last: Finished = original
    for _ in range(count):
        repeated = replay(last, an_id(), SCRIPT, FIRST, at)
        assert repeated.submission.replay_of == last.submission.id
        last = cancel(repeated, at)
        assert recorded_circumstances(last) == recorded_circumstances(original)
