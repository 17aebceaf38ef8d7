"""Composition of the service: adapters wired to use cases, background tasks."""
