"""The checks of a subscription before it is stored: its URL and its scripts."""

from typing import Any, Final, TypeAlias
from uuid import UUID

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.ports.scripts import ScriptRef, Scripts
from domain.webhooks import InvalidWebhookUrl, WebhookUrl, webhook_url


@frozen
class AllScripts:
    """All scripts, including those that are registered later."""


ALL_SCRIPTS: Final = AllScripts()

WantedScripts: TypeAlias = tuple[ScriptRef, ...] | AllScripts
"""The scripts of a subscription: at least one and at most `MAX_SCRIPTS`, by id or name, or all."""


@frozen
class UnknownScriptAt:
    """The script at that position of the list, from 0, does not exist."""

    position: int
    script: ScriptRef


SubscriptionFault: TypeAlias = InvalidWebhookUrl | UnknownScriptAt
SubscriptionFaults: TypeAlias = tuple[SubscriptionFault, ...]


@frozen
class InvalidSubscription:
    """The faults of a subscription, all that were found."""

    faults: SubscriptionFaults


def parse_url(text: str, allow_http: bool) -> Result[WebhookUrl, SubscriptionFaults]:
    """Parse the URL of a receiver."""
    return webhook_url(text, allow_http).alt(lambda fault: (fault,))


async def find_scripts(scripts: Scripts, wanted: WantedScripts) -> Result[frozenset[UUID] | None, SubscriptionFaults]:
    """Find the ids of the scripts; None stands for all scripts."""
    if isinstance(wanted, AllScripts):
        return Success(None)
    found = [(one, await scripts.find(one)) for one in wanted]
    unknown = tuple(UnknownScriptAt(at, one) for at, (one, script) in enumerate(found) if script is None)
    return Failure(unknown) if unknown else Success(frozenset(script.id for _, script in found if script is not None))


def faults_of(*checks: Result[Any, SubscriptionFaults]) -> SubscriptionFaults:
    """Collect the faults that several checks have found."""
    return tuple(fault for check in checks if not is_successful(check) for fault in check.failure())
