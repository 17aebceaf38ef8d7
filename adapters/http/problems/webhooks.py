"""Problem details of webhooks: the faults of a subscription, as errors of its document."""

from collections.abc import Mapping
from typing import Final, assert_never

from adapters.http.problems.details import ProblemDetails
from adapters.http.wire.validation_errors import Fault
from application.webhooks.subscription import InvalidSubscription, SubscriptionFault, UnknownScriptAt
from domain.hint import Parameter, hint
from domain.webhooks import MAX_URL_CHARACTERS, DisabledReason, InvalidWebhookUrl, UrlFault, Webhook

_PARAMETERS: Final[Mapping[UrlFault, Mapping[str, Parameter]]] = {UrlFault.TOO_LONG: {"maximum": MAX_URL_CHARACTERS}}
"""The parameters of the messages that have some."""


def invalid_subscription(refusal: InvalidSubscription) -> ProblemDetails:
    """Point at each faulty member of the document."""
    return ProblemDetails(hint("invalid-document"), tuple(map(_fault, refusal.faults)))


def webhook_disabled(webhook: Webhook) -> ProblemDetails:
    """Give the reason why the webhook is disabled; it is a client's request if it has been enabled meanwhile."""
    reason = DisabledReason.REQUESTED if webhook.disabled is None else webhook.disabled.reason
    return ProblemDetails(hint("webhook-disabled", id=str(webhook.id), reason=str(reason)))


def _fault(fault: SubscriptionFault) -> Fault:
    match fault:
        case InvalidWebhookUrl(fault=kind):
            return Fault("/url", hint(kind.value, **_PARAMETERS.get(kind, {})))
        case UnknownScriptAt(position=position):
            return Fault(f"/scripts/{position}", hint("no-such-script"))
        case _:
            assert_never(fault)
