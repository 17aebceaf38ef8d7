"""The headers by which a receiver recognises a message (Standard Webhooks)."""

from datetime import datetime

from standardwebhooks import Webhook

from application.ports.webhooks import Secrets


def signed_headers(message_id: str, at: datetime, body: bytes, secrets: Secrets) -> tuple[tuple[str, str], ...]:
    """Sign a message with each secret; a receiver that knows one of them accepts it."""
    valid = (secrets.current,) if secrets.former is None else (secrets.current, secrets.former)
    text = body.decode()
    return (
        ("webhook-id", message_id),
        ("webhook-timestamp", str(int(at.timestamp()))),
        ("webhook-signature", " ".join(Webhook(secret).sign(message_id, at, text) for secret in valid)),
    )
