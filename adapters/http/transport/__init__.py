"""Bytes and connections: content codings, memory budget, minimum rates, hosts and paths."""
