"""Reads requests into values: parameters, bodies, credentials."""
