"""JSON text without Python objects: the port `Bodies`, which checks, keeps, opens and surveys it.

Everything here goes over the bytes in bulk. What has to look closely works in steps of `STEP_BYTES`, so that a thread
that goes through a long text never holds the interpreter for more than some milliseconds.
"""

from typing import Final

STEP_BYTES: Final = 64 * 1024
