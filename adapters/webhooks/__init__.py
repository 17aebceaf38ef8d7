"""Sending of signed messages to receivers, which are taken for hostile: addresses, bounds, TLS and signatures."""
