"""JSON text without Python objects: the port `Bodies`, which validates, encodes, decodes and checks it.

Everything here processes the bytes in bulk. Closer inspection works in steps of `STEP_BYTES`, so that a thread with a
long text never holds the interpreter for more than some milliseconds.
"""

from typing import Final

STEP_BYTES: Final = 64 * 1024
WHITE_SPACE: Final = b" \t\r\n"
"""The white space between JSON's tokens (RFC 8259, section 2)."""
