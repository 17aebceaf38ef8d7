from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.webhooks import (
    HEALTHY,
    MAX_URL_CHARACTERS,
    SUBSCRIBABLE,
    Disabled,
    DisabledReason,
    EventType,
    Health,
    InvalidWebhookUrl,
    UrlFault,
    disable,
    enable,
    is_subscribed,
    webhook_url,
)
from tests.support.values import NOON, an_id
from tests.support.webhooks import a_webhook

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "text",
    [
        "https://receiver.example",
        "https://receiver.example/events?tenant=a&b=%20",
        "https://receiver.example:8443/",
        "https://receiver.example:/",
        "https://my_host.example/",
        "https://192.0.2.1/",
        "https://[2001:db8::1]:8443/x",
        "HTTPS://Receiver.Example/",
        "https://x/" + "a" * (MAX_URL_CHARACTERS - len("https://x/")),
    ],
)
def test_urls_of_receivers(text: str) -> None:
    assert webhook_url(text).unwrap().value == text


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("https://x/" + "a" * (MAX_URL_CHARACTERS - len("https://x/") + 1), UrlFault.TOO_LONG),
        ("https://receiver.example/ä", UrlFault.NOT_PRINTABLE),
        ("https://receiver.example/a b", UrlFault.NOT_PRINTABLE),
        (" https://receiver.example/", UrlFault.NOT_PRINTABLE),
        ("https://receiver.example/\r\nhost: other", UrlFault.NOT_PRINTABLE),
        ("https://receiver.example\\@other", UrlFault.NOT_PRINTABLE),
        ("http://receiver.example/", UrlFault.SCHEME),
        ("ftp://receiver.example/", UrlFault.SCHEME),
        ("receiver.example/", UrlFault.SCHEME),
        ("", UrlFault.SCHEME),
        ("https://", UrlFault.NO_HOST),
        ("https:///events", UrlFault.NO_HOST),
        ("https://:443/", UrlFault.NO_HOST),
        ("https://a..b/", UrlFault.NO_HOST),
        ("https://" + "a" * 64 + ".example/", UrlFault.NO_HOST),
        ("https://" + "a." * 127 + "a/", UrlFault.NO_HOST),
        ("https://a%2eb/", UrlFault.NO_HOST),
        ("https://[::1/", UrlFault.NO_HOST),
        ("https://[192.0.2.1]/", UrlFault.NO_HOST),
        ("https://[]/", UrlFault.NO_HOST),
        ("https://a]b/", UrlFault.NO_HOST),
        ("https://[fe80::1%eth0]/", UrlFault.NO_HOST),
        ("https://user@receiver.example/", UrlFault.CREDENTIALS),
        ("https://user:word@receiver.example/", UrlFault.CREDENTIALS),
        ("https://receiver.example/#", UrlFault.FRAGMENT),
        ("https://receiver.example:0/", UrlFault.PORT),
        ("https://receiver.example:65536/", UrlFault.PORT),
        ("https://receiver.example:x/", UrlFault.PORT),
    ],
)
def test_faults_of_urls(text: str, fault: UrlFault) -> None:
    assert webhook_url(text).failure() == InvalidWebhookUrl(fault)


def test_urls_without_tls_are_allowed_only_by_choice() -> None:
    assert webhook_url("http://localhost:9000/", allow_http=True).unwrap().value == "http://localhost:9000/"
    assert webhook_url("ftp://localhost/", allow_http=True).failure() == InvalidWebhookUrl(UrlFault.SCHEME)


@given(st.text(max_size=40) | st.text("htps:/.[]@#?%\\0129 a", max_size=40).map("https://{}".format))
def test_any_text_is_a_url_or_has_a_fault(text: str) -> None:
    url = webhook_url(text).value_or(None)
    assert url is None or url.value == text


def test_a_disabled_webhook_says_when_and_why() -> None:
    webhook = a_webhook()
    disabled = disable(webhook, DisabledReason.GONE, NOON + HOUR)
    assert disabled.disabled == Disabled(NOON + HOUR, DisabledReason.GONE)
    assert disable(disabled, DisabledReason.REQUESTED, NOON + 2 * HOUR) == disabled
    assert disable(webhook, DisabledReason.REQUESTED, NOON - HOUR).disabled == Disabled(NOON, DisabledReason.REQUESTED)


def test_an_enabled_webhook_is_as_healthy_as_a_new_one() -> None:
    webhook = a_webhook(health=Health(3, NOON, NOON + HOUR))
    assert enable(webhook) == webhook
    enabled = enable(disable(webhook, DisabledReason.FAILING, NOON))
    assert (enabled.disabled, enabled.health) == (None, HEALTHY)


@given(st.sampled_from(EventType), st.sets(st.sampled_from(sorted(SUBSCRIBABLE)), min_size=1), st.booleans())
def test_an_event_is_for_enabled_webhooks_with_its_type_and_its_script(
    event: EventType, events: set[EventType], enabled: bool
) -> None:
    script, other = an_id(), an_id()
    of_all, of_one = a_webhook(events=events), a_webhook(events=events, scripts=frozenset({script}))
    if not enabled:
        of_all, of_one = [disable(one, DisabledReason.REQUESTED, NOON) for one in (of_all, of_one)]
    wanted = enabled and event in events
    assert is_subscribed(of_all, event, script) is is_subscribed(of_all, event, other) is wanted
    assert (is_subscribed(of_one, event, script), is_subscribed(of_one, event, other)) == (wanted, False)
