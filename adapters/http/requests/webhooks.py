"""Reads the body of a request that creates a webhook, changes it, or rotates its secret."""

from datetime import timedelta
from typing import Any, Final

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from adapters.http.operations import RequestContext
from adapters.http.problems.refusals import InvalidDocument, Refusal
from adapters.http.requests.documents import MOST_VALUES
from adapters.http.requests.parameters import has_body, parse_script_ref
from adapters.http.requests.short_documents import read_short_document
from adapters.http.requests.short_texts import parse_description
from adapters.http.wire.schemas.patches import UNCHANGED
from adapters.http.wire.schemas.webhooks import NewRotation, NewWebhook, SubscribableEvent, WebhookChanges
from adapters.http.wire.validation_errors import MAX_FAULTS, Fault
from application.webhooks.change import WebhookChange
from application.webhooks.subscribe import Subscribe
from application.webhooks.subscription import ALL_SCRIPTS, WantedScripts
from domain.audit import Actor
from domain.hint import hint
from domain.script import Description
from domain.webhooks import MAX_SCRIPTS, EventType

_MOST_BYTES: Final = 128 * 1024
"""The longest names of the most scripts, a URL, and a description each of whose characters is escaped."""


async def read_subscription(call: RequestContext[Any]) -> Result[Subscribe, Refusal]:
    """Read the webhook that is to be created."""
    new = await read_short_document(call, NewWebhook, _MOST_BYTES, MAX_SCRIPTS + MOST_VALUES)
    return new.bind(lambda one: _subscription(one, call.actor))


async def read_changes(call: RequestContext[Any]) -> Result[WebhookChange, Refusal]:
    """Read the changes of a webhook from a JSON merge patch (RFC 7396)."""
    changes = await read_short_document(call, WebhookChanges, _MOST_BYTES, MAX_SCRIPTS + MOST_VALUES)
    return changes.bind(_change)


async def read_rotation(call: RequestContext[Any]) -> Result[timedelta, Refusal]:
    """Read the overlap of a rotation, which may have no body."""
    is_chosen = has_body(call.request.headers)
    new = await read_short_document(call, NewRotation, _MOST_BYTES) if is_chosen else Success(NewRotation())
    return new.map(lambda one: timedelta(seconds=one.overlap_seconds))


def _subscription(new: NewWebhook, actor: Actor) -> Result[Subscribe, InvalidDocument]:
    return Result.do(
        Subscribe(url=new.url, events=_events(new.events), scripts=scripts, description=about, actor=actor)
        for scripts in _scripts(new.scripts)
        for about in parse_description(new.description)
    )


def _change(new: WebhookChanges) -> Result[WebhookChange, InvalidDocument]:
    none: Success[Any] = Success(None)
    scripts: Result[WantedScripts | None, InvalidDocument]
    about: Result[Description | None, InvalidDocument]
    scripts = none if new.scripts is UNCHANGED else _scripts(new.scripts)
    about = none if new.description is UNCHANGED else parse_description(new.description)
    return Result.do(
        WebhookChange(
            url=_given(new.url),
            events=None if new.events is UNCHANGED else _events(new.events),
            scripts=wanted,
            description=description,
            enabled=_given(new.enabled),
        )
        for wanted in scripts
        for description in about
    )


def _given(value: Any) -> Any:
    """Return a member of a patch, None if it was left out."""
    return None if value is UNCHANGED else value


def _events(events: tuple[SubscribableEvent, ...]) -> frozenset[EventType]:
    return frozenset(EventType(one.value) for one in events)


def _scripts(texts: tuple[str, ...] | None) -> Result[WantedScripts, InvalidDocument]:
    if texts is None:
        return Success(ALL_SCRIPTS)
    found = [parse_script_ref(one) for one in texts]
    faults = [
        Fault(f"/scripts/{at}", hint("not-a-script-reference"))
        for at, one in enumerate(found)
        if not is_successful(one)
    ]
    if faults:
        return Failure(InvalidDocument(tuple(faults[:MAX_FAULTS])))
    return Success(tuple(one.unwrap() for one in found))
