"""Signatures of receipts: Ed25519 (RFC 8032)."""
