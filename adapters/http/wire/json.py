"""JSON text of shapes."""

import msgspec

from adapters.http.wire.converter import unstructure


def json_bytes(shape: object) -> bytes:
    """Encode the shape as compact JSON; a `msgspec.Raw` in it is inserted byte for byte."""
    return msgspec.json.encode(unstructure(shape))
