"""The functional core: frozen values and total, pure functions.

Nothing here reads a clock, draws a random number, waits or does I/O: times, ids and bytes arrive as arguments.
Expected refusals are `returns.result.Result` failures that carry data; an exception here is a bug.
"""
