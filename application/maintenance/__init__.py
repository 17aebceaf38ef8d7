"""Periodic and administrative tasks."""
