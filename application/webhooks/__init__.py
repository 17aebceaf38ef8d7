"""Webhooks: subscriptions of receivers to events, and the sending of events to them."""
