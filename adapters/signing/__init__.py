"""Signing of receipts with Ed25519: the keys as an operator writes them, their file, and signatures."""
