"""Sealing content at rest with AES-256-GCM. docs/security.md has the formats and what they hold off."""
