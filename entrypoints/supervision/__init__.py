"""Supervision of the service's processes."""
