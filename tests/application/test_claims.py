"""The register of held claims: each is in one phase, enters once and leaves once, in whatever order events come."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Final
from uuid import UUID

import pytest
from attrs import evolve
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from application.worker.claims import TRANSITIONS, Event, HeldClaims, Phase
from domain.execution import Claim, Running
from domain.transitions import start
from tests.support.values import NOON, a_pending, a_script, an_id

PENDING: Final = a_pending(a_script()[1])
RUNNING: Final = start(PENDING, Claim(an_id(), "one"), NOON)
IDS: Final = [an_id() for _ in range(8)]
ids = st.sampled_from(IDS)


def holding(claim_id: UUID) -> Running:
    return evolve(RUNNING, claim=Claim(claim_id, "one"))


class Claims(RuleBasedStateMachine):
    """The register beside a naive model: the set of ids in each phase, and the sources that expect claims now, each
    with the ids that were aborted while it did."""

    def __init__(self) -> None:
        super().__init__()
        self.register = HeldClaims()
        self.phases: dict[Phase, set[UUID]] = {phase: set() for phase in Phase}
        self.sources: list[tuple[AbstractContextManager[None], set[UUID]]] = []
        self.entered, self.left, self.used = 0, 0, set[UUID]()

    def phase_of(self, claim_id: UUID) -> Phase | None:
        return next((phase for phase, members in self.phases.items() if claim_id in members), None)

    def move(self, claim_id: UUID, phase: Phase | None) -> None:
        """Move a claim in the model; None is out of it."""
        before = self.phase_of(claim_id)
        if before is not None:
            self.phases[before].remove(claim_id)
        if phase is not None:
            self.phases[phase].add(claim_id)
        self.entered += before is None
        self.left += phase is None

    @precondition(lambda self: len(self.sources) < 3)
    @rule()
    def expect(self) -> None:
        expecting = self.register.expecting()
        expecting.__enter__()
        self.sources.append((expecting, set()))

    @precondition(lambda self: self.sources)
    @rule(data=st.data())
    def expect_no_longer(self, data: st.DataObject) -> None:
        expecting, _ = self.sources.pop(data.draw(st.integers(0, len(self.sources) - 1)))
        expecting.__exit__(None, None, None)

    @precondition(lambda self: self.sources)
    @rule(claim_id=ids)
    def accept(self, claim_id: UUID) -> None:
        if claim_id in self.used:  # a claim's id is used once
            claim_id = an_id()
        accepted = self.register.accept(holding(claim_id))
        assert accepted is not any(claim_id in early for _, early in self.sources)
        self.used.add(claim_id)
        if accepted:
            self.move(claim_id, Phase.WAITING)

    @precondition(lambda self: self.phases[Phase.WAITING] | self.phases[Phase.ABORTED])
    @rule(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        claim_id = self.pick(data, Phase.WAITING, Phase.ABORTED)
        self.register.begin(claim_id)
        if self.phase_of(claim_id) is Phase.WAITING:
            self.move(claim_id, Phase.EXECUTING)

    @precondition(lambda self: any(members for phase, members in self.phases.items() if phase is not Phase.SETTLING))
    @rule(data=st.data())
    def settle(self, data: st.DataObject) -> None:
        claim_id = self.pick(data, Phase.WAITING, Phase.EXECUTING, Phase.ABORTED)
        was_aborted = self.phase_of(claim_id) is Phase.ABORTED
        assert self.register.settle(claim_id) is not was_aborted
        self.move(claim_id, None if was_aborted else Phase.SETTLING)

    @precondition(lambda self: self.phases[Phase.SETTLING])
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        claim_id = self.pick(data, Phase.SETTLING)
        self.register.remove(claim_id)
        self.move(claim_id, None)

    @rule(data=st.data())
    def abort(self, data: st.DataObject) -> None:
        claim_id = data.draw(st.sampled_from(sorted(self.used | set(IDS))))
        phase, running = self.phase_of(claim_id), self.register.abort(claim_id)
        if phase in (Phase.WAITING, Phase.EXECUTING):
            assert running == holding(claim_id)
            self.move(claim_id, Phase.ABORTED)
        else:
            assert running is None
        if phase is None:
            for _, early in self.sources:
                early.add(claim_id)

    def pick(self, data: st.DataObject, *phases: Phase) -> UUID:
        return data.draw(st.sampled_from(sorted(set[UUID]().union(*(self.phases[one] for one in phases)))))

    @invariant()
    def all_held_claims_are_renewed_and_no_others(self) -> None:
        renewed = [one.claim.id for one in self.register.held]
        assert len(renewed) == len(set(renewed)) == self.entered - self.left
        assert set(renewed) == set().union(*self.phases.values())

    @invariant()
    def the_counts_agree(self) -> None:
        assert set(self.register.waiting) == self.phases[Phase.WAITING]
        assert self.register.has_waiting == bool(self.phases[Phase.WAITING])
        unsettled = len(self.register.held) - len(self.phases[Phase.SETTLING])
        assert self.register.unsettled == unsettled
        assert self.register.dataset_bytes == unsettled * RUNNING.submission.dataset.size_bytes

    @invariant()
    def early_aborts_are_remembered_only_while_claims_are_expected(self) -> None:
        assert list(self.register._early_aborts.values()) == [early for _, early in self.sources]


Claims.TestCase.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
TestClaims = Claims.TestCase


@contextmanager
def in_phase(phase: Phase) -> Iterator[HeldClaims]:
    """Build a register that expects claims and has one, `IDS[0]`, in that phase."""
    claims = HeldClaims()
    with claims.expecting():
        claims.accept(holding(IDS[0]))
        if phase is Phase.ABORTED:
            claims.abort(IDS[0])
        if phase is Phase.EXECUTING:
            claims.begin(IDS[0])
        if phase is Phase.SETTLING:
            claims.settle(IDS[0])
        yield claims


EVENTS: Final[dict[Event, Callable[[HeldClaims], object]]] = {
    Event.BEGIN: lambda claims: claims.begin(IDS[0]),
    Event.SETTLE: lambda claims: claims.settle(IDS[0]),
    Event.ABORT: lambda claims: claims.abort(IDS[0]),
    Event.REMOVE: lambda claims: claims.remove(IDS[0]),
}


@pytest.mark.parametrize("phase", Phase)
def test_the_register_follows_the_table_and_refuses_what_is_not_in_it(phase: Phase) -> None:
    for event, occur in EVENTS.items():
        with in_phase(phase) as claims:
            if phase not in TRANSITIONS[event]:
                with pytest.raises(AssertionError):
                    occur(claims)
            else:
                occur(claims)
                held = claims._claims.get(IDS[0])
                assert (None if held is None else held.phase) is TRANSITIONS[event][phase]


@pytest.mark.parametrize("phase", Phase)
def test_a_claim_cannot_be_accepted_twice(phase: Phase) -> None:
    with in_phase(phase) as claims, pytest.raises(AssertionError):
        claims.accept(holding(IDS[0]))


def test_a_claim_that_nothing_expects_cannot_be_accepted() -> None:
    with pytest.raises(AssertionError):
        HeldClaims().accept(holding(IDS[0]))


def test_a_source_of_claims_that_ends_makes_another_forget_no_abort() -> None:
    claims = HeldClaims()
    with ExitStack() as slow:
        slow.enter_context(claims.expecting())
        with claims.expecting():
            claims.abort(IDS[0])
        assert not claims.accept(holding(IDS[0]))
    with claims.expecting():
        assert claims.accept(holding(IDS[0]))


def test_only_stored_claims_are_renewed_and_the_datasets_of_all_unsettled_ones_are_counted() -> None:
    register, (stored, other) = HeldClaims(), IDS[:2]
    with register.expecting():
        register.accept(holding(stored))
        register.accept(holding(other), is_stored=False)
    assert [*register.held] == [holding(stored)]
    size_bytes = RUNNING.submission.dataset.size_bytes
    assert register.dataset_bytes == 2 * size_bytes
    register.confirm(other)
    assert [*register.held] == [holding(stored), holding(other)]
    register.settle(stored)
    assert register.dataset_bytes == size_bytes
    register.abort(other)
    register.settle(other)
    register.confirm(other)
    assert [*register.held] == [holding(stored)]
