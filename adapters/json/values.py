"""An upper bound of the number of values in text that may be JSON, from its brackets and commas, without parsing any.

Each value but the first follows an opening bracket or a comma, so their number is an upper bound, and the objects that
a parser creates are proportional to it: `[[],[]]` has as many objects as brackets.
"""

from typing import Final

from adapters.json import STEP_BYTES
from adapters.json.strings import Pieces

_BEFORE_VALUES: Final = (b"[", b"{", b",", b":")


def count_values(text: bytes, most: int, step_bytes: int = STEP_BYTES) -> int:
    """Bound the number of values and keys in the text, exact to a factor of two. Counting stops beyond `most`."""
    pieces, count = Pieces(text, step_bytes), 1
    for start in range(0, len(text), step_bytes):
        bare = pieces.piece(start, min(start + step_bytes, len(text))).bare()
        count += sum(map(bare.count, _BEFORE_VALUES))
        if count > most:
            break
    return count
