"""Use cases of executions, for clients."""
