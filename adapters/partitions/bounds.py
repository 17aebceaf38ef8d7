"""Bounds of the memory that data may take, whatever it expands to."""

from typing import Final

from attrs import frozen

from domain.job_requests import MAX_PARTITION_BYTES
from domain.limits import MIB


@frozen(kw_only=True)
class Bounds:
    """The most bytes of one line, which is the longest dataset of a request as well, and of the JSON text that a script
    or a writer gets at once: the largest partition, and the line that it ends in."""

    line_bytes: int = 64 * MIB
    text_bytes: int = MAX_PARTITION_BYTES + 64 * MIB


BOUNDS: Final = Bounds()
REMEDY: Final = "choose a smaller partition.bytes"
