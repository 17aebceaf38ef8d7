"""The number of values in text that may be JSON, told from its brackets and commas without making any of them.

Each value but the first is behind an opening bracket or a comma, so their number is an upper bound, and what a parser
makes of the text is proportional to it: `[[],[]]` has as many objects as brackets.
"""

from typing import Final

from adapters.json import STEP_BYTES
from adapters.json.strings import Pieces

_BEFORE_VALUES: Final = (b"[", b"{", b",", b":")


def count_values(text: bytes, most: int, step_bytes: int = STEP_BYTES) -> int:
    """An upper bound on the values and keys in the text, exact to a factor of two. It ends once it is beyond `most`."""
    pieces, count = Pieces(text, step_bytes), 1
    for start in range(0, len(text), step_bytes):
        bare = pieces.piece(start, min(start + step_bytes, len(text))).bare()
        count += sum(map(bare.count, _BEFORE_VALUES))
        if count > most:
            break
    return count
