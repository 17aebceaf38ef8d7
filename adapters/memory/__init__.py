"""The store in memory: the same ports as PostgreSQL's, held to the same contract tests.

It serves tests and the reading of them; nothing outlives the process, and one event loop is its only user, so a
method that does not await is atomic.
"""
