"""The reasons why a connection cannot be made, each in one line for the operator.

The texts of libpq and of a server are never repeated: where a URL was misread, they quote parts of its password. They
are recognised by their English wording. A server may use another language, and then the line is less specific.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from typing import Final

import psycopg
from attrs import frozen

ENCODE_HINT: Final = "characters such as @ : / ? # % in a password must be percent-encoded, @ as %40"


@frozen
class ConnectionFailure:
    """A failed attempt to connect. `is_lasting` means that no later attempt succeeds unless the operator acts."""

    text: str
    is_lasting: bool


class DatabaseRefused(Exception):
    """The database cannot be used as it is configured. The message is one line for the operator."""


_LASTING: Final[Mapping[str, tuple[str, ...]]] = {
    f"the server rejects the role or its password; {ENCODE_HINT}": (
        "password authentication failed",
        "no password supplied",
        "auth failed",
        "authentication failed",
        "no such user",
    ),
    "the role does not exist or may not log in: create role NAME login password '...'": (
        'role "" does not exist',
        "is not permitted to log in",
    ),
    "the role may not connect to the database, or nobody may: grant connect on database NAME to ROLE, alter database "
    "NAME allow_connections true": ("permission denied for database", "not currently accepting connections"),
    "the database does not exist: create database NAME owner ROLE encoding 'UTF8' template template0": (
        'database "" does not exist',
        "no such database",
    ),
    "the server's pg_hba.conf does not allow this role to connect from this host: add an entry, or request TLS with "
    "sslmode=require in the URL if it requires TLS": ("no pg_hba.conf entry", "pg_hba.conf rejects"),
    "the URL requires TLS (sslmode) but the server does not support it: enable ssl there, or change sslmode": (
        "server does not support ssl",
    ),
    "the server requires TLS: set sslmode=require in the URL": ("tls required", "ssl required", "ssl connection is re"),
    "the TLS certificates do not match: check sslmode, sslrootcert, sslcert and the server's certificate": (
        "certificate verify failed",
        "root certificate file",
        "does not match host name",
        "valid client certificate",
        "certificate file",
    ),
    "the pooler rejects a startup parameter: remove `options` from the URL (and PGOPTIONS and PGGEQO from the "
    "environment), and use alter role ROLE set ... instead": ("unsupported startup parameter",),
    "the pooler uses statement pooling: set its pool_mode to transaction or session": ("statement pooling mode",),
    "`options` in the URL, or PGOPTIONS, has a setting that the server does not accept": (
        "unrecognized configuration parameter",
        "invalid value for parameter",
        "permission denied to set parameter",
    ),
    f"a part of the URL is invalid; {ENCODE_HINT}": (
        "invalid integer value",
        "invalid port",
        "value: ",
        "missing key/value",
    ),
    "the server supports none of the authentication methods that the URL allows (require_auth, channel_binding)": (
        "authentication method requirement",
        "channel binding",
    ),
}
_PASSING: Final[Mapping[str, tuple[str, ...]]] = {
    "the server has no connection left for this role: raise its CONNECTION LIMIT, the database's or max_connections, "
    "or start fewer processes (see docs/deployment.md for the number each needs)": (
        "too many clients",
        "connection slots are reserved",
        "too many connections",
        "no more connections allowed",
        "max_client_conn",
    ),
    "the server is starting or stopping": (
        "starting up",
        "shutting down",
        "recovery mode",
        "not accepting connections",
        "not yet accepting",
    ),
    "the pooler cannot reach its server, or the server rejects it": (
        "server login",
        "query_wait_timeout",
        "cannot connect to server",
        "server conn crashed",
        "login failed",
    ),
    f"the host name cannot be resolved; {ENCODE_HINT}": ("failed to resolve host", "could not translate host name"),
    "connection refused: nothing listens at that host and port": ("connection refused", "no such file or directory"),
    "the host and port do not answer in time": ("timeout",),
}
_QUOTED: Final = re.compile(r"""\"[^"]*"|'[^']*'""")
_UNKNOWN: Final = "the connection failed; see the server's log"


def connection_failure(error: BaseException) -> ConnectionFailure:
    """Classify an error that came while connecting."""
    words = _QUOTED.sub('""', str(error).lower())
    known = next(_recognised(words, _LASTING), None)
    if known is not None:
        return ConnectionFailure(known, is_lasting=True)
    return ConnectionFailure(next(_recognised(words, _PASSING), _UNKNOWN), is_lasting=False)


def _recognised(words: str, known: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    return (text for text, marks in known.items() if any(mark in words for mark in marks))


class PoolLogFilter(logging.Filter):
    """Replaces the errors in a pool's log lines by this module's lines."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                connection_failure(one).text if isinstance(one, psycopg.Error) else one for one in record.args
            )
        return True
