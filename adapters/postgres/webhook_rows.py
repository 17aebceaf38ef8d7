"""Conversion of the rows of webhooks to domain values, and back. Secrets are encrypted and decrypted here."""

from typing import Any

from adapters.postgres.connections import Row
from application.ports.encryption import ContentPart, DataKey, Keyring, WrappedKey
from application.ports.webhooks import Secrets, WebhookRecord
from domain.script import ScriptName
from domain.webhooks import Disabled, DisabledReason, EventType, Health, Webhook, WebhookUrl


def webhook_from(row: Row) -> Webhook:
    """Convert a row to a webhook."""
    disabled_at, scripts = row["disabled_at"], row["scripts"]
    return Webhook(
        id=row["id"],
        url=WebhookUrl(row["url"]),
        events=frozenset(map(EventType, row["events"])),
        scripts=None if scripts is None else frozenset(scripts),
        description=row["description"],
        created_at=row["created_at"],
        created_by=row["created_by"],
        disabled=None if disabled_at is None else Disabled(disabled_at, DisabledReason(row["disabled_reason"])),
        health=Health(row["failures"], row["failing_since"], row["rests_until"]),
        former_secret_until=row["former_secret_until"],
    )


def webhook_record_from(row: Row) -> WebhookRecord:
    """Convert a row with what is shown besides."""
    names = tuple(map(ScriptName, row["script_names"] or ()))
    return WebhookRecord(webhook_from(row), names, row["pending"], row["created_by_name"])


def subscription_columns(webhook: Webhook) -> dict[str, Any]:
    """Map what a client chooses to its columns. Ids are in order, so that equal sets are stored alike."""
    return {
        "id": webhook.id,
        "url": webhook.url.value,
        "events": sorted(one.value for one in webhook.events),
        "scripts": None if webhook.scripts is None else sorted(webhook.scripts),
        "description": webhook.description,
    }


def health_columns(webhook: Webhook) -> dict[str, Any]:
    """Map the health of the receiver to its columns."""
    health = webhook.health
    return {
        "failures": health.failures,
        "failing_since": health.failing_since,
        "rests_until": health.rests_until,
    }


def disabled_columns(webhook: Webhook) -> dict[str, Any]:
    """Map the end of the deliveries, if there is one, to its columns."""
    disabled = webhook.disabled
    return {
        "disabled_at": None if disabled is None else disabled.at,
        "disabled_reason": None if disabled is None else disabled.reason.value,
    }


def key_columns(key: DataKey | None) -> dict[str, Any]:
    """Map the data key of a webhook to its columns."""
    return {
        "master_key_id": None if key is None else key.wrapped.master_key_id,
        "wrapped": None if key is None else key.wrapped.data,
    }


def secret_columns(secrets: Secrets, key: DataKey | None) -> dict[str, Any]:
    """Map secrets to their columns, encrypted if there is a data key."""
    current, former = secrets.current, secrets.former
    if key is not None:
        current = key.encrypt(ContentPart.SIGNING_KEY, current)
        former = None if former is None else key.encrypt(ContentPart.FORMER_SIGNING_KEY, former)
    return {"secret": current, "former_secret": former}


def data_key_from(row: Row, keyring: Keyring) -> DataKey | None:
    """Unwrap the data key of a row; None if its secrets are not encrypted. Raises `MasterKeyMissing` and
    `DecryptionFailed`."""
    if row["wrapped"] is None:
        return None
    return keyring.unwrap(row["id"], WrappedKey(row["master_key_id"], row["wrapped"]))


def secrets_from(row: Row, key: DataKey | None) -> Secrets:
    """Decrypt the secrets of a row. Raises `DecryptionFailed`."""
    current, former = row["secret"], row["former_secret"]
    if key is not None:
        current = key.decrypt(ContentPart.SIGNING_KEY, current)
        former = None if former is None else key.decrypt(ContentPart.FORMER_SIGNING_KEY, former)
    return Secrets(current, former)
