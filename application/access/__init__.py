"""Use cases of API keys: authorisation and management."""
