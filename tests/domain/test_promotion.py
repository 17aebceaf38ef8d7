"""Moves of aliases: decided by the facts alone, and a stack in their history."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from domain.aliases import LIVE, MOST_ALIASES, Alias, AliasMove, MoveReason, UnknownAlias
from domain.gate import NOTHING_KNOWN, Gate, TestStanding, VersionStanding
from domain.preconditions import UNCONDITIONAL, Precondition, PreconditionFailed
from domain.promotion import (
    AliasFacts,
    GuardedAlias,
    NoSuchVersion,
    NothingToRollBack,
    Promotion,
    PromotionBlocked,
    Removal,
    Rollback,
    TooManyAliases,
    Unmoved,
    is_settled,
    promote,
    remove,
    roll_back,
)
from tests.support.values import NOON

SCRIPT = UUID(int=1)
TESTED = Gate(aliases=frozenset({LIVE}), tests=True)
PASSED = VersionStanding(tests=(TestStanding("a", True),))


def an_alias(version: int = 1, revision: int = 7) -> Alias:
    return Alias(script_id=SCRIPT, name=LIVE, version=version, revision=revision, moved_at=NOON)


def facts(alias: Alias | None = None, **members: Any) -> AliasFacts:
    return AliasFacts(**{"at": NOON, "alias": alias, "has_version": True} | members)


def a_promotion(version: int = 2, **members: Any) -> Promotion:
    return Promotion(alias=LIVE, version=version, **members)


def test_a_promotion_creates_an_alias_or_moves_it() -> None:
    created = promote(a_promotion(note="why"), facts()).unwrap()
    assert created == AliasMove(
        alias=LIVE, from_version=None, to_version=2, reason=MoveReason.PROMOTION, at=NOON, note="why"
    )
    moved = promote(a_promotion(), facts(an_alias())).unwrap()
    assert moved == evolve(created, from_version=1, note="")


def test_a_promotion_to_the_version_where_the_alias_leads_changes_nothing_whatever_the_gate_says() -> None:
    assert promote(a_promotion(1), facts(an_alias(), gate=TESTED)) == Success(Unmoved(an_alias()))


def test_a_promotion_needs_an_existing_version_and_room_for_another_alias() -> None:
    assert promote(a_promotion(), facts(has_version=False)) == Failure(NoSuchVersion(2))
    assert promote(a_promotion(), facts(aliases=MOST_ALIASES)) == Failure(TooManyAliases())
    assert is_successful(promote(a_promotion(), facts(an_alias(), aliases=MOST_ALIASES)))
    assert is_successful(promote(a_promotion(), facts(aliases=MOST_ALIASES - 1)))


@pytest.mark.parametrize("alias", [None, an_alias()])
def test_a_guarded_alias_is_promoted_to_versions_that_meet_the_gate_or_by_force(alias: Alias | None) -> None:
    guarded = facts(alias, gate=TESTED, standing=NOTHING_KNOWN)
    blocked = promote(a_promotion(), guarded).failure()
    assert isinstance(blocked, PromotionBlocked)
    assert [one.code.value for one in blocked.reasons] == ["no-tests"]
    others = evolve(guarded, gate=evolve(TESTED, aliases=frozenset()))
    for known, force, reason in [
        (guarded, True, MoveReason.FORCED),
        (evolve(guarded, standing=PASSED), False, MoveReason.PROMOTION),
        (evolve(guarded, standing=PASSED), True, MoveReason.PROMOTION),
        (others, True, MoveReason.PROMOTION),
        (others, False, MoveReason.PROMOTION),
    ]:
        moved = promote(a_promotion(force=force), known).unwrap()
        assert isinstance(moved, AliasMove)
        assert moved.reason is reason


def test_each_move_needs_the_alias_as_the_client_knows_it() -> None:
    known, outdated = (Precondition(revisions=frozenset({one})) for one in ("7", "6"))
    history = (AliasMove(alias=LIVE, from_version=2, to_version=1, reason=MoveReason.PROMOTION, at=NOON),)
    decisions: list[Callable[[Precondition, AliasFacts], Result[object, object]]] = [
        lambda given, of: promote(a_promotion(precondition=given), of),
        lambda given, of: roll_back(Rollback(alias=LIVE, precondition=given), evolve(of, moves=history)),
        lambda given, of: remove(Removal(alias=LIVE, precondition=given), of),
    ]
    for decide in decisions:
        assert is_successful(decide(known, facts(an_alias())))
        assert decide(outdated, facts(an_alias())) == Failure(PreconditionFailed(7))
    absent = Precondition(allows_existing=False)
    assert promote(a_promotion(precondition=absent), facts(an_alias())) == Failure(PreconditionFailed(7))
    existing = Precondition(allows_absent=False)
    assert promote(a_promotion(precondition=existing), facts()) == Failure(PreconditionFailed(None))


def test_what_does_not_exist_is_neither_rolled_back_nor_removed() -> None:
    assert roll_back(Rollback(alias=LIVE), facts(an_alias())) == Failure(NothingToRollBack(LIVE))
    assert roll_back(Rollback(alias=LIVE), facts()) == Failure(UnknownAlias(LIVE))
    assert remove(Removal(alias=LIVE), facts()) == Failure(UnknownAlias(LIVE))


def test_a_guarded_alias_is_removed_by_those_only_who_may() -> None:
    guarded = facts(an_alias(), gate=TESTED)
    assert remove(Removal(alias=LIVE), guarded) == Failure(GuardedAlias(LIVE))
    for wanted, known in (
        (Removal(alias=LIVE, may_unguard=True), guarded),
        (Removal(alias=LIVE), facts(an_alias(), gate=evolve(TESTED, aliases=frozenset()))),
        (Removal(alias=LIVE), facts(an_alias())),
    ):
        removed = remove(wanted, known).unwrap()
        assert (removed.from_version, removed.to_version, removed.reason) == (1, None, MoveReason.REMOVAL)


@given(st.lists(st.sampled_from([1, 2, 3, 4, "back", "back", "remove", "force"]), max_size=40), st.integers(1, 8))
def test_a_history_is_a_stack_and_a_rollback_undoes_exactly_the_last_promotion(
    steps: list[int | str], first_read: int
) -> None:
    """Compares the decisions with a stack, and reads of the history only what a rollback needs."""
    moves: list[AliasMove] = []
    stack: list[int] = []
    for step in steps:
        alias = an_alias(stack[-1], len(moves)) if stack else None
        read = first_read
        while not is_settled(moves[:read]) and read < len(moves):
            read += 1
        decided: Result[AliasMove | Unmoved, object]
        known = facts(alias, moves=tuple(moves[:read]), gate=TESTED if step == "force" else None)
        if step == "back":
            decided = roll_back(Rollback(alias=LIVE), known)
            if len(stack) > 1:
                stack.pop()
            else:
                refusal = NothingToRollBack(LIVE) if stack else UnknownAlias(LIVE)
                assert decided == Failure(refusal)
                continue
        elif step == "remove":
            decided = remove(Removal(alias=LIVE), known)
            assert is_successful(decided) == bool(stack)
            stack.clear()
        else:
            wanted = 5 if step == "force" else step
            decided = promote(a_promotion(int(wanted), force=True), known)
            if stack[-1:] != [wanted]:
                stack.append(int(wanted))
        if is_successful(decided) and isinstance(decided.unwrap(), AliasMove):
            made = decided.unwrap()
            assert isinstance(made, AliasMove)
            moves.insert(0, made)
            assert moves[0].to_version == (stack[-1] if stack else None)
            assert moves[0].from_version == (None if alias is None else alias.version)
            assert (moves[0].reason is MoveReason.FORCED) == (step == "force")


def test_a_history_without_its_beginning_settles_nothing() -> None:
    back = AliasMove(alias=LIVE, from_version=2, to_version=1, reason=MoveReason.ROLLBACK, at=NOON)
    push = evolve(back, reason=MoveReason.PROMOTION)
    assert [is_settled(one) for one in ([], [back], [back, push], [back, push, push])] == [False, False, False, True]
    assert is_settled([back, evolve(back, reason=MoveReason.REMOVAL, to_version=None)])


@given(st.integers(-3, 3) | st.none(), st.booleans(), st.booleans(), st.sets(st.integers(0, 3)), st.booleans())
def test_a_precondition_holds_for_the_revisions_that_it_allows(
    revision: int | None, allows_absent: bool, allows_existing: bool, listed: set[int], any_revision: bool
) -> None:
    texts = frozenset(map(str, listed))
    given = Precondition(
        allows_absent=allows_absent,
        allows_existing=allows_existing,
        revisions=None if any_revision else texts,
    )
    holds = allows_absent if revision is None else allows_existing and (any_revision or revision in listed)
    assert given.holds(revision) == holds
    excluding = Precondition(excluded=texts)
    assert excluding.holds(revision) == (revision is None or revision not in listed)
    assert UNCONDITIONAL.holds(revision)
