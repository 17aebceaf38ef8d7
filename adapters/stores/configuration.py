"""The operator's file of stores, TOML:

    [stores.lake]
    url = "s3://bucket/prefix"
    operations = ["read", "write"]
    scripts = ["cards-*"]
    keys = ["team-*"]

    [stores.lake.options]
    aws_access_key_id = "env:LAKE_KEY_ID"
    aws_secret_access_key = "file:/run/secrets/lake"

Options are those of obstore. Their values may lie in the environment or in a file, so that the file needs no secrets.
A store with `enabled = false` does not exist, also if it is `files`, which would otherwise be there by default.
"""

import tomllib
from collections.abc import Callable, Mapping
from typing import Any, Final

from attrs import field, frozen
from returns.pipeline import is_successful

from domain.stores import Operation, StoreName, StoreRules, store_name

SCHEMES: Final = ("s3", "gs", "az", "file", "memory")
_MEMBERS: Final = frozenset({"url", "operations", "scripts", "keys", "options", "enabled"})


@frozen
class StoreDefinition:
    """A store: its URL, the options of its library, which may be credentials, and its rules."""

    name: StoreName
    url: str
    rules: StoreRules = field(factory=StoreRules)
    options: Mapping[str, str] = field(factory=dict, repr=False, hash=False)
    is_enabled: bool = True

    @property
    def folder(self) -> str | None:
        """The absolute path of a store that is a folder."""
        return self.url.removeprefix("file://") if self.url.startswith("file://") else None


class StoresRefused(Exception):
    """The file of stores is wrong. The message says where, and what to write instead; it repeats no value."""


def read_definitions(text: str, named: str, secret: Callable[[str], str]) -> tuple[StoreDefinition, ...]:
    """Read the stores of a file, `named` in messages. `secret` resolves `env:NAME` and `file:PATH`; its `OSError`,
    `ValueError` and `KeyError` are the operator's to mend. Raises `StoresRefused`."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StoresRefused(f"{named} is not TOML: {error}") from None
    unknown = document.keys() - {"stores"}
    stores = document.get("stores", {})
    if unknown or not isinstance(stores, dict):
        raise StoresRefused(f"{named}: each store is a table, such as [stores.lake]; nothing else may be in the file")
    return tuple(_Reader(f"{named}: store {name}", secret).definition(name, table) for name, table in stores.items())


class _Reader:
    """The reading of one store, `at` that place of the file."""

    def __init__(self, at: str, secret: Callable[[str], str]) -> None:
        self._at, self._secret = at, secret

    def definition(self, name: str, table: object) -> StoreDefinition:
        parsed = store_name(name)
        if not is_successful(parsed):
            raise self._wrong("a name has lower-case letters, digits and hyphens, and begins with a letter")
        if not isinstance(table, dict) or table.keys() - _MEMBERS:
            raise self._wrong(f"a store is a table with {', '.join(sorted(_MEMBERS))}")
        is_enabled = table.get("enabled", True)
        if not isinstance(is_enabled, bool):
            raise self._wrong("enabled is true or false")
        if not is_enabled:  # what else it says does not count, and its secrets need not be there
            return StoreDefinition(parsed.unwrap(), "", is_enabled=False)
        return StoreDefinition(parsed.unwrap(), self._url(table), self._rules(table), self._options(table))

    def _url(self, table: Mapping[str, Any]) -> str:
        url = table.get("url")
        scheme, separator, rest = url.partition("://") if isinstance(url, str) else ("", "", "")
        if not separator or scheme not in SCHEMES:
            raise self._wrong(f"url begins with one of {', '.join(f'{one}://' for one in SCHEMES)}")
        if "@" in rest.partition("/")[0]:
            raise self._wrong("url has no credentials; write them as options")
        if scheme == "file" and (not rest.startswith("/") or ".." in rest.split("/")):
            raise self._wrong("the URL of a folder is file:// and an absolute path, such as file:///srv/data")
        return f"{scheme}://{rest.rstrip('/') or '/' if scheme == 'file' else rest}"

    def _rules(self, table: Mapping[str, Any]) -> StoreRules:
        operations = self._texts(table, "operations", tuple(Operation))
        if not operations or not set(operations) <= set(Operation):
            raise self._wrong('operations is a list of "read" and "write"')
        allowed = frozenset(map(Operation, operations))
        return StoreRules(allowed, self._texts(table, "scripts", ("*",)), self._texts(table, "keys", ("*",)))

    def _texts(self, table: Mapping[str, Any], member: str, default: tuple[str, ...]) -> tuple[str, ...]:
        found = table.get(member, list(default))
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise self._wrong(f"{member} is a list of texts")
        return tuple(found)

    def _options(self, table: Mapping[str, Any]) -> Mapping[str, str]:
        options = table.get("options", {})
        if not isinstance(options, dict):
            raise self._wrong("options is a table of texts")
        if options and str(table.get("url")).startswith("file:"):
            raise self._wrong("a folder takes no options")
        return {name: self._option(name, value) for name, value in options.items()}

    def _option(self, name: str, value: object) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        if not isinstance(value, str | int):
            raise self._wrong(f"option {name} is a text")
        text = str(value)
        if not text.startswith(("env:", "file:")):
            return text
        try:
            return self._secret(text)
        except KeyError:
            raise self._wrong(f"option {name}: the environment variable is not set") from None
        except OSError as error:
            raise self._wrong(f"option {name}: the file cannot be read ({error.strerror})") from None
        except ValueError:
            raise self._wrong(f"option {name}: the file is not UTF-8, or its name cannot be one") from None

    def _wrong(self, reason: str) -> StoresRefused:
        return StoresRefused(f"{self._at}: {reason}")
