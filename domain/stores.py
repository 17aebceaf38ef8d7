"""Stores: named places with objects, which an operator defines, and the rules about who may use one for what.

Clients name objects by URLs of a store, `lake://cards/2024-01.ndjson`, never by an address or with credentials. The
path is the store's own: it cannot lead out of it, whatever it contains.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Final, TypeAlias

from attrs import frozen
from returns.result import Failure, Result, Success

MAX_PATH_BYTES: Final = 1_000
MAX_SEGMENT_BYTES: Final = 255
"""The most that a file system allows in a name. The same for all stores, so that objects can move between them."""
RESERVED_PREFIX: Final = ".bateia/"
"""The part of a store that is the service's own: uploads and outputs that are not complete."""

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,62}")
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\\]")
_WILDCARD: Final = re.compile(r"[*?\[]")


@frozen
class StoreName:
    """A name that begins with a letter. Build it with `store_name`."""

    value: str


@frozen
class ObjectPath:
    """A path within a store: segments between slashes, none of them empty, `.` or `..`. Build it with `object_path`."""

    value: str


@frozen
class ObjectUrl:
    """An object of a store. Build it with `object_url`."""

    store: StoreName
    path: ObjectPath

    def __str__(self) -> str:
        return f"{self.store.value}://{self.path.value}"


@frozen
class ObjectPattern:
    """The objects of a store whose paths match: `*` and `?` stand for characters of one segment, `[ab]` for one of
    several, `**` as a whole segment for any number of segments, but at the end for one at least. Without any of them it
    is one object. Build it with `object_pattern`."""

    store: StoreName
    path: ObjectPath

    @property
    def is_single(self) -> bool:
        """Tell whether it names one object."""
        return _WILDCARD.search(self.path.value) is None

    @property
    def prefix(self) -> str:
        """The longest prefix, of whole segments, that all matching paths have. Empty, or it ends with a slash."""
        literal = self.path.value[: match.start()] if (match := _WILDCARD.search(self.path.value)) else self.path.value
        return literal[: literal.rfind("/") + 1]

    def __str__(self) -> str:
        return f"{self.store.value}://{self.path.value}"


@frozen
class Folder:
    """A folder of a store, or all of it if the path is None. Build it with `folder`."""

    store: StoreName
    path: ObjectPath | None

    @property
    def prefix(self) -> str:
        """The prefix of the paths in it. Empty, or it ends with a slash."""
        return "" if self.path is None else f"{self.path.value}/"

    def __str__(self) -> str:
        return f"{self.store.value}://{self.prefix}"


class UrlFault(StrEnum):
    """Fault of a URL of a store. The values are the codes of hints."""

    NOT_A_STORE_URL = "store-url-form"
    NO_PATH = "store-url-no-path"
    TOO_LONG = "store-url-too-long"
    SEGMENT_TOO_LONG = "store-url-segment-too-long"
    CHARACTER = "store-url-character"
    SEGMENT = "store-url-segment"
    RESERVED = "store-url-reserved"
    PATTERN = "store-url-pattern"


@frozen
class InvalidStoreUrl:
    """The text names nothing in a store."""

    fault: UrlFault


class Operation(StrEnum):
    """The use of a store. The values are those of the operator's file."""

    READ = "read"
    WRITE = "write"


@frozen
class StoreRules:
    """The operations that a store allows, and the globs of the names of scripts and API keys that may use it. A request
    without a key, where none is needed, may use a store that all keys may."""

    operations: frozenset[Operation] = frozenset(Operation)
    scripts: tuple[str, ...] = ("*",)
    keys: tuple[str, ...] = ("*",)


@frozen
class UnknownStore:
    """No store has that name."""

    store: StoreName


@frozen
class OperationNotAllowed:
    """The store does not allow the operation, for anyone."""

    store: StoreName
    operation: Operation


@frozen
class NotForScript:
    """The script of that name may not use the store."""

    store: StoreName
    script: str


@frozen
class NotForKey:
    """The API key of that name may not use the store; None for a request without one."""

    store: StoreName
    key: str | None


StoreRefused: TypeAlias = UnknownStore | OperationNotAllowed | NotForScript | NotForKey


def store_name(text: str) -> Result[StoreName, InvalidStoreUrl]:
    """Parse the name of a store."""
    return Success(StoreName(text)) if _NAME.fullmatch(text) else Failure(InvalidStoreUrl(UrlFault.NOT_A_STORE_URL))


def object_path(text: str) -> Result[ObjectPath, InvalidStoreUrl]:
    """Parse the path of an object."""
    return Failure(InvalidStoreUrl(UrlFault.PATTERN)) if _WILDCARD.search(text) else _path(text)


def object_url(text: str) -> Result[ObjectUrl, InvalidStoreUrl]:
    """Parse the URL of one object."""
    return Result.do(
        ObjectUrl(name, path)
        for parts in _parts(text)
        for name in store_name(parts[0])
        for path in object_path(parts[1])
    )


def object_pattern(text: str) -> Result[ObjectPattern, InvalidStoreUrl]:
    """Parse the URL of an object or of several."""
    return Result.do(
        ObjectPattern(name, path)
        for parts in _parts(text)
        for name in store_name(parts[0])
        for path in _pattern(parts[1])
    )


def folder(text: str) -> Result[Folder, InvalidStoreUrl]:
    """Parse the URL of a folder, which may end with a slash."""
    return Result.do(
        Folder(name, path)
        for parts in _parts(text)
        for name in store_name(parts[0])
        for path in _folder_path(parts[1].removesuffix("/"))
    )


def matches(pattern: ObjectPattern, path: ObjectPath) -> bool:
    """Tell whether a path is one of the pattern's."""
    return _match(pattern.path.value.split("/"), path.value.split("/"))


def check_use(
    store: StoreName, rules: StoreRules, operation: Operation, key: str | None, script: str | None = None
) -> Result[None, StoreRefused]:
    """Check that a request with that API key may use the store, for a script's job or, without one, by itself."""
    if operation not in rules.operations:
        return Failure(OperationNotAllowed(store, operation))
    if not (_is_any(rules.keys) if key is None else _is_one(key, rules.keys)):
        return Failure(NotForKey(store, key))
    if script is not None and not _is_one(script, rules.scripts):
        return Failure(NotForScript(store, script))
    return Success(None)


def _parts(text: str) -> Result[tuple[str, str], InvalidStoreUrl]:
    name, separator, path = text.partition("://")
    return Success((name, path)) if separator else Failure(InvalidStoreUrl(UrlFault.NOT_A_STORE_URL))


def _path(text: str) -> Result[ObjectPath, InvalidStoreUrl]:
    fault = _fault(text)
    return Success(ObjectPath(text)) if fault is None else Failure(InvalidStoreUrl(fault))


def _fault(text: str) -> UrlFault | None:
    if not text:
        return UrlFault.NO_PATH
    if _CONTROLS.search(text):
        return UrlFault.CHARACTER
    if len(text.encode()) > MAX_PATH_BYTES:
        return UrlFault.TOO_LONG
    segments = text.split("/")
    if any(segment in ("", ".", "..") for segment in segments):
        return UrlFault.SEGMENT
    if any(len(segment.encode()) > MAX_SEGMENT_BYTES for segment in segments):
        return UrlFault.SEGMENT_TOO_LONG
    return UrlFault.RESERVED if f"{text}/".startswith(RESERVED_PREFIX) else None


def _folder_path(text: str) -> Result[ObjectPath | None, InvalidStoreUrl]:
    return object_path(text).map(lambda path: path) if text else Success(None)


def _pattern(text: str) -> Result[ObjectPath, InvalidStoreUrl]:
    segments = text.split("/")
    if any("**" in segment and segment != "**" for segment in segments) or segments.count("**") > 1:
        return Failure(InvalidStoreUrl(UrlFault.PATTERN))
    return _path(text)


def _match(patterns: list[str], segments: list[str]) -> bool:
    if "**" not in patterns:
        return len(patterns) == len(segments) and all(map(fnmatchcase, segments, patterns))
    at = patterns.index("**")
    after = len(patterns) - at - 1
    if len(segments) < at + max(after, 1):
        return False
    return _match(patterns[:at], segments[:at]) and _match(patterns[at + 1 :], segments[len(segments) - after :])


def _is_any(globs: Iterable[str]) -> bool:
    return "*" in globs


def _is_one(name: str, globs: Iterable[str]) -> bool:
    return any(fnmatchcase(name, glob) for glob in globs)
