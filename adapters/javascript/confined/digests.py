"""SHA-1 and SHA-2 in C, by the interpreter's own modules: `hashlib` would load OpenSSL into every sandboxed process."""

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

_SHA2: Final = ("_sha2", "_sha2") if sys.version_info >= (3, 12) else ("_sha256", "_sha512")
_MODULES: Final = tuple(map(import_module, ("_sha1", _SHA2[0], _SHA2[1], _SHA2[1])))
_NAMES: Final = ("sha1", "sha256", "sha384", "sha512")
_ALGORITHMS: Final[tuple[Callable[..., Any], ...]] = tuple(
    getattr(module, name) for module, name in zip(_MODULES, _NAMES, strict=True)
)


def digest(algorithm: int, data: memoryview) -> bytes:
    """Compute the digest of `data`; algorithms are numbered as crypto.js numbers them."""
    return bytes(_ALGORITHMS[algorithm](data).digest())
