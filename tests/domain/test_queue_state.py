"""The reason why executions wait, and the scripts that the state of the queue names."""

from hypothesis import given
from hypothesis import strategies as st

from domain.queue_state import MOST_SCRIPTS, QueueState, ScriptQueue, WaitReason, busiest
from domain.script import ScriptName

few = st.integers(0, 5)
scripts = st.lists(st.builds(ScriptQueue, st.uuids(), st.just(ScriptName("cards")), few, few), max_size=40)


@given(few, few, few)
def test_executions_wait_without_workers_or_for_slots_and_otherwise_for_no_reason(
    waiting: int, running: int, slots: int
) -> None:
    state = QueueState(waiting=waiting, running=running, oldest_wait_seconds=None, slots=slots)
    assert (state.reason is None) == (waiting == 0 or running < slots)
    assert (state.reason is WaitReason.NO_WORKERS) == (waiting > 0 and slots == 0)


@given(scripts)
def test_the_busiest_scripts_come_first_and_the_others_are_left_out(found: list[ScriptQueue]) -> None:
    named = busiest(found)
    assert len(named) == min(len(found), MOST_SCRIPTS)
    ranks = [(one.waiting, one.running) for one in named]
    assert ranks == sorted(ranks, reverse=True)
    left = [(one.waiting, one.running) for one in found if one not in named]
    assert all(one <= ranks[-1] for one in left)
