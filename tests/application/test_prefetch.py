"""A worker claims ahead as much as its slots get through in a moment, and no more."""

from hypothesis import given
from hypothesis import strategies as st

from application.worker.prefetch import PrefetchWindow

durations = st.lists(st.floats(0, 100), max_size=20)


def a_pace(runs: list[float], slots: int = 2, most: int = 16) -> PrefetchWindow:
    pace = PrefetchWindow(slots=slots, ahead_seconds=0.05, most=most)
    for seconds in runs:
        pace.record(seconds)
    return pace


@given(durations, st.integers(1, 8), st.integers(0, 40))
def test_it_never_holds_more_than_its_slots_and_the_prefetch_limit(runs: list[float], slots: int, held: int) -> None:
    wanted = a_pace(runs, slots).claim_count(held)
    assert wanted == 0 or held + wanted <= slots + 16
    assert wanted >= slots - held


def test_before_anything_is_known_it_claims_for_its_slots_alone() -> None:
    assert [a_pace([]).claim_count(held) for held in (0, 1, 2, 3)] == [2, 1, 0, 0]


def test_long_runs_are_claimed_for_free_slots_alone() -> None:
    assert [a_pace([3.0]).claim_count(held) for held in (0, 1, 2)] == [2, 1, 0]


def test_short_runs_are_claimed_in_batches() -> None:
    pace = a_pace([0.01])  # two slots get through ten of them in the time
    assert [pace.claim_count(held) for held in (0, 2, 6, 7, 12)] == [12, 10, 6, 0, 0]


def test_one_long_run_makes_it_careful_and_short_ones_bold_again() -> None:
    pace = a_pace([0.005] * 10)
    assert pace.claim_count(2) == 16
    pace.record(10.0)
    assert pace.claim_count(2) == 0
    for _ in range(60):
        pace.record(0.005)
    assert pace.claim_count(2) > 0


@given(st.lists(st.just(0.01), min_size=1, max_size=5), st.floats(0.02, 0.04))
def test_one_run_moves_the_mean_a_part_of_the_way(runs: list[float], longer: float) -> None:
    before, after, only_it = (a_pace(some, most=64).claim_count(2) for some in (runs, [*runs, longer], [longer]))
    assert before > after > only_it


def test_after_a_wait_in_vain_it_claims_nothing_ahead_until_a_run_has_ended() -> None:
    pace = a_pace([0.005] * 10)
    pace.reset()
    assert [pace.claim_count(held) for held in (1, 2)] == [1, 0]
    pace.record(0.005)
    assert pace.claim_count(2) == 16
