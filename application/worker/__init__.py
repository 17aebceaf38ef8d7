"""The worker: claims executions, runs them, and settles their outcomes."""
