"""OpenTelemetry spans of requests and of executions, for a collector that an operator names. Imported only then.

A span says what was done, of which execution, and how it ended, and nothing of what users send.
"""
