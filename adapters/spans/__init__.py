"""OpenTelemetry spans of requests and of executions, for a collector that an operator configures. Imported only then.

A span records an operation, its execution and its outcome, and nothing of the content of requests.
"""
