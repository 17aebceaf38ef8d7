"""Audit events: the action, its actor and the ids of its objects, and nothing else."""

from datetime import datetime

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from domain.access import ApiKey, Scope
from domain.audit import (
    Action,
    Actor,
    AuditEvent,
    api_key_event,
    description_event,
    execution_event,
    retention_event,
    script_event,
    version_event,
)
from domain.execution import Submission
from domain.script import archive, unarchive
from tests.support.values import NOON, a_script, an_id, submissions, times

actors = st.builds(
    Actor,
    key_id=st.none() | st.uuids(),
    request_id=st.none() | st.text(max_size=10),
    server_request_id=st.none() | st.uuids(),
)


@pytest.mark.parametrize(("number", "action"), [(1, Action.REGISTERED), (2, Action.REVISED), (9, Action.REVISED)])
@given(actor=actors)
def test_the_first_version_registers_a_script_and_later_ones_revise_it(
    number: int, action: Action, actor: Actor
) -> None:
    _, first = a_script()
    version = evolve(first, number=number)
    assert version_event(version, actor) == AuditEvent(
        action=action, actor=actor, script_id=version.script_id, version=number
    )


@given(times, actors)
def test_archiving_and_unarchiving_are_told_apart_by_the_script(at: datetime, actor: Actor) -> None:
    script, _ = a_script()
    archived = archive(script, at)
    assert script_event(archived, actor) == AuditEvent(action=Action.ARCHIVED, actor=actor, script_id=script.id)
    assert script_event(unarchive(archived), actor) == AuditEvent(
        action=Action.UNARCHIVED, actor=actor, script_id=script.id
    )


@given(actors)
def test_a_change_of_retention_names_the_script(actor: Actor) -> None:
    script, _ = a_script()
    assert description_event(script, actor) == AuditEvent(action=Action.DESCRIBED, actor=actor, script_id=script.id)
    assert retention_event(script, actor) == AuditEvent(action=Action.SET_RETENTION, actor=actor, script_id=script.id)


@given(st.sampled_from(Action), submissions, actors)
def test_an_action_on_an_execution_names_the_version_that_runs(
    action: Action, submission: Submission, actor: Actor
) -> None:
    assert execution_event(action, submission, actor) == AuditEvent(
        action=action,
        actor=actor,
        script_id=submission.script.id,
        version=submission.script.version,
        execution_id=submission.id,
    )


@given(actors, st.none() | times)
def test_a_key_is_created_or_revoked(actor: Actor, revoked_at: datetime | None) -> None:
    key = ApiKey(id=an_id(), name="a key", scopes=frozenset([Scope.READ]), created_at=NOON, revoked_at=revoked_at)
    action = Action.CREATED_KEY if revoked_at is None else Action.REVOKED_KEY
    assert api_key_event(key, actor) == AuditEvent(action=action, actor=actor, api_key_id=key.id)
