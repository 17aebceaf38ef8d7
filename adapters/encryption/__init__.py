"""Encryption at rest: AES-GCM in a stream framing, under wrapped data keys."""
