"""The environments of PostgreSQL's programs and of connections to the embedded server.

A server inherits nothing of the service's environment, which holds secrets. Connections to the embedded server obey
none of libpq's variables (PGHOSTADDR, PGSERVICE, PGOPTIONS ...): they describe the operator's other servers.
Connections to a server that DATABASE_URL names do obey them.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

_INHERITED: Final = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")
"""The variables that locate programs, libraries and temporary files."""
_OURS: Final = "PG_BIN"
"""The one name of that form that is a setting of this service."""


def server_environment() -> dict[str, str]:
    """Build the environment of a program that runs on the cluster's files. Its messages are in English."""
    return {name: os.environ[name] for name in _INHERITED if name in os.environ} | {"LC_ALL": "C"}


def without_libpq_variables(env: Mapping[str, str]) -> dict[str, str]:
    """Build the environment of a process that connects to the embedded server."""
    return {name: value for name, value in env.items() if not _is_libpq_s(name)}


@contextmanager
def libpq_variables_ignored() -> Iterator[None]:
    """Remove libpq's variables inside the block, for connections of this process and for programs that it starts."""
    removed = {name: os.environ.pop(name) for name in list(os.environ) if _is_libpq_s(name)}
    try:
        yield
    finally:
        os.environ.update(removed)


def _is_libpq_s(name: str) -> bool:
    return name.startswith("PG") and name != _OURS
