"""Kinds of settings: the form of a value in the environment, and its declaration.

A kind describes its permitted values and parses text into a value; it never sees the name of the setting. There is no
kind for a number with a unit suffix: each setting has one unit, which its name ends with.
"""

import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, Final

from attrs import field, frozen
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from returns.result import Failure, Result, Success

from adapters.http.transport.authorities import authority
from adapters.http.transport.root_path import parse_root_path
from adapters.postgres.failures import ENCODE_HINT

DECLARATION: Final = "declaration"
_NUMBERS: Final = (
    "port",
    "connect_timeout",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_count",
    "tcp_user_timeout",
)


@frozen
class Kind:
    """`read` returns the value, or the reason why the text is invalid."""

    allowed: str
    read: Callable[[str], Result[object, str]]


@frozen
class Declaration:
    """The declaration of a setting. `shown` is its default as documented."""

    name: str
    kind: Kind
    unit: str
    about: str
    shown: str


def setting(name: str, kind: Kind, default: object, about: str, unit: str = "", shown: str = "", **more: Any) -> Any:
    """Declare a setting as an attrs field; `more` goes to attrs."""
    declaration = Declaration(name=name, kind=kind, unit=unit, about=about, shown=shown or f"`{default}`")
    return field(default=default, metadata={DECLARATION: declaration}, **more)


def whole(lowest: int, highest: int) -> Kind:
    """Accept a decimal number in ASCII digits between two bounds, both allowed."""

    def read(text: str) -> Result[object, str]:
        if not re.fullmatch(r"[0-9]{1,18}", text):
            return Failure(f"{text!r} is not an integer")
        number = int(text)
        return Success(number) if lowest <= number <= highest else Failure(f"{number} is out of range")

    return Kind(f"{lowest} to {highest}", read)


def one_of(*words: str) -> Kind:
    """Accept one of a few words, in any case."""

    def read(text: str) -> Result[object, str]:
        return Success(text.lower()) if text.lower() in words else Failure(f"{text!r} is unknown")

    return Kind(", ".join(words), read)


def flag() -> Kind:
    """Accept true or false, and nothing that only looks like it."""
    words = one_of("true", "false")
    return Kind(words.allowed, lambda text: words.read(text).map(lambda word: word == "true"))


def folder() -> Kind:
    """Accept a path; its existence is checked when it is used."""
    return Kind("a path", lambda text: Success(Path(text)))


def secret(form: str) -> Kind:
    """Accept text that no error message repeats; its content is checked when it is used."""
    return Kind(form, Success)


def host() -> Kind:
    """Accept an address or a name to listen on, without a port."""

    def read(text: str) -> Result[object, str]:
        return Success(text) if re.fullmatch(r"[A-Za-z0-9._:%-]{1,253}", text) else Failure(f"{text!r} is not a host")

    return Kind("an IP address or a host name", read)


def root_path() -> Kind:
    """Accept a path prefix of the service's URLs, without the slash at its end."""

    def read(text: str) -> Result[object, str]:
        path = parse_root_path(text)
        return Failure(f"{text!r} is not a valid path prefix") if path is None else Success(path)

    return Kind("a path such as /bateia, in letters, digits and ._~-, that is not one of the service's own", read)


def networks() -> Kind:
    """Accept IP addresses and networks, such as 10.0.0.0/8, separated by commas."""

    def read(text: str) -> Result[object, str]:
        try:
            return Success(tuple(ip_network(one.strip()) for one in text.split(",")))
        except ValueError as error:
            return Failure(str(error))

    return Kind("IP addresses and networks, such as 10.0.0.0/8, separated by commas", read)


def hosts() -> Kind:
    """Accept hosts as `Host` has them, each with a port or for any port."""

    def read(text: str) -> Result[object, str]:
        items = [item.strip() for item in text.split(",")]
        read_items = [None if "*" in item else authority(item) for item in items]
        wrong = [item for item, host in zip(items, read_items, strict=True) if host is None]
        return Failure(f"{wrong[0]!r} is not a host") if wrong else Success(tuple(read_items))

    return Kind("host or host:port, separated by commas", read)


def is_loopback(address: str) -> bool:
    """Tell whether only this machine can reach the host. Of all names, only `localhost` guarantees it."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address.lower() == "localhost"


def dask_address() -> Kind:
    """Accept the address of a Dask scheduler."""

    def read(text: str) -> Result[object, str]:
        is_address = re.fullmatch(r"(tls|tcp)://([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):[0-9]{1,5}", text)
        return Success(text) if is_address else Failure(f"{text!r} is not the address of a scheduler")

    return Kind("tls://host:port, or tcp://host:port", read)


def _is_torn(url: str, parts: Mapping[str, Any]) -> bool:
    """Tell whether libpq splits the URL differently from the author's likely intent, in the middle of a password."""
    rest = url.partition("://")[2]
    user, _, place = rest.partition("@") if "@" in rest.partition("/")[0] else ("", "", rest)
    numbers = (str(parts[name]) for name in _NUMBERS if parts.get(name))
    return (
        "@" in place.partition("?")[0]
        or not set("/?#").isdisjoint(user.partition(":")[0])
        or not all(re.fullmatch(r"-?[0-9]+(,-?[0-9]*)*", number) for number in numbers)
    )


def database_url() -> Kind:
    """Accept a connection URL of PostgreSQL. It may hold a password, so no refusal repeats any of it."""

    def read(text: str) -> Result[object, str]:
        url = text.strip()
        if not url.startswith(("postgresql://", "postgres://")):
            return Failure("the scheme must be postgresql")
        if not url.isprintable():
            return Failure("it contains a line break or another control character")
        try:
            parts = conninfo_to_dict(url)
        except ProgrammingError:
            return Failure(f"it cannot be parsed; {ENCODE_HINT}")
        return Failure(f"it is ambiguous; {ENCODE_HINT}") if _is_torn(url, parts) else Success(url)

    return Kind("postgresql://user:password@host:port/database", read)
