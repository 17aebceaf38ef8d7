"""Limits are the requested ones where they are allowed, and the defaults elsewhere."""

import pytest
from attrs import asdict, fields
from hypothesis import given
from hypothesis import strategies as st
from returns.pipeline import is_successful

from domain.limits import CEILINGS, DEFAULTS, FLOORS, MIB, LimitOutOfRange, Limits, resolve_limits, trial_limits

NAMES = [field.name for field in fields(Limits)]
requests = st.dictionaries(st.sampled_from(NAMES), st.integers(-(2**40), 2**40))


@given(requests)
def test_limits_are_chosen_within_floor_and_ceiling_or_each_one_beyond_is_reported(requested: dict[str, int]) -> None:
    lowest, highest = asdict(FLOORS), asdict(CEILINGS)
    beyond = {name for name, value in requested.items() if not lowest[name] <= value <= highest[name]}
    chosen = resolve_limits(requested, DEFAULTS, CEILINGS)
    assert is_successful(chosen) == (not beyond)
    if is_successful(chosen):
        assert asdict(chosen.unwrap()) == asdict(DEFAULTS) | requested
    else:
        assert {refused.name for refused in chosen.failure()} == beyond


def test_a_refusal_names_the_allowed_range() -> None:
    refused = resolve_limits({"wall_ms": 300_001}, DEFAULTS, CEILINGS).failure()
    assert refused == (LimitOutOfRange(name="wall_ms", value=300_001, lowest=10, highest=300_000),)


@pytest.mark.parametrize("bounds", [FLOORS, CEILINGS])
@pytest.mark.parametrize("name", NAMES)
def test_floor_and_ceiling_are_themselves_allowed(name: str, bounds: Limits) -> None:
    bound = asdict(bounds)[name]
    assert asdict(resolve_limits({name: bound}, DEFAULTS, CEILINGS).unwrap())[name] == bound


def test_the_defaults_lie_within_floor_and_ceiling() -> None:
    assert resolve_limits(asdict(DEFAULTS), FLOORS, CEILINGS).unwrap() == DEFAULTS


sizes = st.integers(1, 2**40)


@given(st.builds(Limits, wall_ms=sizes, memory_bytes=sizes, result_bytes=sizes, log_bytes=sizes))
def test_a_trial_has_less_time_and_a_smaller_result_and_the_other_limits_of_an_execution(limits: Limits) -> None:
    lowered = trial_limits(limits)
    assert (lowered.wall_ms, lowered.result_bytes) == (min(limits.wall_ms, 5_000), min(limits.result_bytes, 4 * MIB))
    assert (lowered.memory_bytes, lowered.log_bytes) == (limits.memory_bytes, limits.log_bytes)
