"""Places in a JSON value, linked to their parents, and their JSON Pointers (RFC 6901).

A place costs the same however deep it is. Most places are never written as a pointer.
"""

from typing import Final, TypeAlias

Place: TypeAlias = "tuple[()] | tuple[Place, str | int]"
"""The parent, and the name or the position below it. The root has neither."""
ROOT: Final[Place] = ()


def pointer(place: Place, most_characters: int | None = None) -> str:
    """Write the JSON Pointer of a place; if it has more than `most_characters`, only its end."""
    tokens: list[str] = []
    size = 0
    while place and (most_characters is None or size <= most_characters):
        place, name = place
        tokens.append("/" + str(name).replace("~", "~0").replace("/", "~1"))
        size += len(tokens[-1])
    written = "".join(reversed(tokens))
    return written if most_characters is None else written[max(0, len(written) - most_characters) :]
