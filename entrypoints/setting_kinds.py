"""How the value of a setting is written in an environment, and how a setting is declared.

A kind says in words what it takes and reads text into a value; it never sees the name of the setting. There is no
kind for a number with a unit suffix: each setting has one unit, which its name ends with.
"""

import re
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

from attrs import field, frozen
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from returns.result import Failure, Result, Success

from adapters.http.authorities import authority

DECLARATION: Final = "declaration"


@frozen
class Kind:
    """`read` gives the value, or what is wrong with the text."""

    allowed: str
    read: Callable[[str], Result[object, str]]


@frozen
class Declaration:
    """What is known of a setting besides its type. `shown` is its default as the documentation has it."""

    name: str
    kind: Kind
    unit: str
    about: str
    shown: str


def setting(name: str, kind: Kind, default: object, about: str, unit: str = "", shown: str = "", **more: Any) -> Any:
    """An attrs field that carries its declaration; `more` goes to attrs."""
    declaration = Declaration(name=name, kind=kind, unit=unit, about=about, shown=shown or f"`{default}`")
    return field(default=default, metadata={DECLARATION: declaration}, **more)


def whole(lowest: int, highest: int) -> Kind:
    """A decimal number in ASCII digits between two bounds, both allowed."""

    def read(text: str) -> Result[object, str]:
        if not re.fullmatch(r"[0-9]{1,18}", text):
            return Failure(f"{text!r} is no whole number")
        number = int(text)
        return Success(number) if lowest <= number <= highest else Failure(f"{number} is out of range")

    return Kind(f"{lowest} to {highest}", read)


def one_of(*words: str) -> Kind:
    """One of a few words, in any case."""

    def read(text: str) -> Result[object, str]:
        return Success(text.lower()) if text.lower() in words else Failure(f"{text!r} is unknown")

    return Kind(", ".join(words), read)


def flag() -> Kind:
    """True or false, and nothing that only looks like it."""
    words = one_of("true", "false")
    return Kind(words.allowed, lambda text: words.read(text).map(lambda word: word == "true"))


def folder() -> Kind:
    """A path; whether it exists is for those who use it."""
    return Kind("a path", lambda text: Success(Path(text)))


def secret(form: str) -> Kind:
    """Text that no refusal repeats; what it says is for those who use it."""
    return Kind(form, Success)


def host() -> Kind:
    """An address or a name to listen on, without a port."""

    def read(text: str) -> Result[object, str]:
        return Success(text) if re.fullmatch(r"[A-Za-z0-9._:%-]{1,253}", text) else Failure(f"{text!r} is no host")

    return Kind("an IP address or a host name", read)


def hosts() -> Kind:
    """Hosts as `Host` has them, each with a port or for any port."""

    def read(text: str) -> Result[object, str]:
        items = [item.strip() for item in text.split(",")]
        read_items = [None if "*" in item else authority(item) for item in items]
        wrong = [item for item, host in zip(items, read_items, strict=True) if host is None]
        return Failure(f"{wrong[0]!r} is no host") if wrong else Success(tuple(read_items))

    return Kind("host or host:port, parted by commas", read)


def is_loopback(address: str) -> bool:
    """Whether only this machine reaches what listens there. Of names only `localhost` is sure to say so."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address.lower() == "localhost"


def database_url() -> Kind:
    """A connection URL of PostgreSQL. It may hold a password, so no refusal repeats any of it."""

    def read(text: str) -> Result[object, str]:
        if not text.startswith(("postgresql://", "postgres://")):
            return Failure("it has another scheme")
        try:
            conninfo_to_dict(text)
        except ProgrammingError:
            return Failure("it cannot be parsed")
        return Success(text)

    return Kind("postgresql://user:password@host:port/database", read)
