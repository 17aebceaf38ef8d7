"""Warm-up runs of the zygote in its own process before the first fork, over a stream that leads back to it.

Objects created on first use are then created once, in memory that children share as long as they do not write to it.
"""

import os
import socket
from typing import Final

from adapters.javascript import wire
from adapters.javascript.confined.child import ScriptRun
from adapters.javascript.confined.engine import Engine

_REHEARSALS: Final = 20
"""As often as Python looks at code before it stops rewriting it."""
_HEAP_BYTES: Final = 32 * 1024 * 1024
_SOURCE: Final = b"globalThis.process = data => { delete globalThis.process; return data; }"
_DATASET: Final = b"[]"
_SEED: Final = (1, 2, 3, 4)
_SIZES: Final = (0, 0, 1024, len(_SOURCE), len(_DATASET), _HEAP_BYTES)
_HEADER: Final = wire.HEADER.pack(wire.Mode.RUN, 0, *_SIZES, 0, *_SEED, 0, 0)
_ANSWER: Final = wire.FRAME.pack(wire.Frame.RESULT, len(_DATASET)) + _DATASET


def warm_up(engine: Engine) -> None:
    """Do it all as a child would, confinement aside."""
    kept = os.dup(0), os.dup(1)
    ours, childs = socket.socketpair()
    os.dup2(childs.fileno(), 0)
    os.dup2(childs.fileno(), 1)
    try:
        for _ in range(_REHEARSALS):
            ours.sendall(_HEADER + _SOURCE + _DATASET)
            ScriptRun(engine, None).handle_request()
            if ours.recv(len(_ANSWER)) != _ANSWER:
                raise RuntimeError("a rehearsed run gave something else than its dataset")
    finally:
        for descriptor, original in enumerate(kept):
            os.dup2(original, descriptor)
            os.close(original)
        ours.close()
        childs.close()
