"""A store in object storage, by obstore: S3, Google Cloud Storage, Azure, or memory for tests.

Errors of the library may quote addresses, headers and queries; none of their text is passed on or logged.
"""

import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
    UnknownConfigurationKeyError,
)
from obstore.store import from_url
from returns.result import Failure, Result, Success

from adapters.stores.backend import PIECE_BYTES
from adapters.stores.configuration import StoreDefinition, StoresRefused
from adapters.stores.counted import CountedPieces
from application.ports.stores import (
    ObjectChanged,
    ObjectExists,
    ObjectMissing,
    StoredObject,
    StoreUnavailable,
    TableSource,
    WrittenObject,
)
from domain.limits import MIB
from domain.stores import RESERVED_PREFIX

log: Final = logging.getLogger(__name__)

_PART_BYTES: Final = 8 * MIB
_PARTS_AT_ONCE: Final = 3
_DELETED_AT_ONCE: Final = 1_000
_MOST_COPIED_BYTES: Final = 5 * 1024 * MIB
"""The most that S3 copies in one request."""
_MISSING: Final = (FileNotFoundError, NotFoundError)
_VERSION_GONE: Final = (*_MISSING, PreconditionError)
_FAILURES: Final = (BaseError, OSError, ValueError)
_CLIENT: Final[Any] = {"timeout": "60s", "connect_timeout": "5s"}
_ALLOW_HTTP: Final = "allow_http"
_PREFIXES: Final = {"s3": "aws_", "gs": "google_", "az": "azure_", "memory": "memory_"}
_RETRIES: Final[Any] = {"max_retries": 4, "retry_timeout": timedelta(seconds=60)}


class RemoteStore:
    """A `Backend` in object storage. Raises `StoresRefused` for an address or options that the library refuses."""

    def __init__(self, definition: StoreDefinition) -> None:
        self._name, self._definition = definition.name.value, definition
        client = {**_CLIENT, "allow_http": definition.options.get(_ALLOW_HTTP, "false") == "true"}
        options: dict[str, Any] = {name: one for name, one in definition.options.items() if name != _ALLOW_HTTP}
        scheme = definition.url.partition(":")[0]
        if not all(name.startswith(_PREFIXES[scheme]) for name in options):  # the library would abort on others
            raise StoresRefused(f"store {self._name}: options of {scheme}:// begin with {_PREFIXES[scheme]}")
        known = {} if scheme == "memory" else {"client_options": client, "retry_config": _RETRIES}
        try:
            self._store: Any = from_url(definition.url, **known, **options)
        except UnknownConfigurationKeyError as error:  # which quotes the option's name alone
            unknown = str(error).partition("\n")[0].rstrip(".")
            raise StoresRefused(f"store {self._name}: {unknown}; remove the option or correct its name") from None
        except Exception as error:  # the library's own, which may quote the options
            raise StoresRefused(
                f"store {self._name}: its URL or one of its options is not one that obstore takes "
                f"({type(error).__name__})"
            ) from None

    async def objects(self, prefix: str) -> AsyncIterator[StoredObject]:
        with self._errors():
            async for page in obstore.list(self._store, prefix or None):
                for one in self._shown(page, prefix):
                    yield one

    async def page(self, prefix: str, after: str, limit: int) -> Sequence[StoredObject]:
        found: list[StoredObject] = []
        with self._errors():
            pages = obstore.list(self._store, prefix or None, offset=after or None, chunk_size=max(limit, 50))
            async for page in pages:
                found += self._shown(page, prefix)
                if len(found) >= limit and not self._definition.url.startswith("memory:"):
                    break  # such storage lists by path
        return sorted((one for one in found if one.path > after), key=lambda one: one.path)[:limit]

    def _shown(self, page: Sequence[Any], prefix: str) -> Iterator[StoredObject]:
        is_own = prefix.startswith(RESERVED_PREFIX)
        for one in page:
            if is_own or not one["path"].startswith(RESERVED_PREFIX):
                yield _described(one)

    async def head(self, path: str) -> StoredObject | None:
        with self._errors():
            try:
                return _described(await obstore.head_async(self._store, path))
            except _MISSING:
                return None

    async def read(
        self, path: str, start: int, end: int | None, etag: str | None
    ) -> Result[AsyncIterator[bytes], ObjectMissing | ObjectChanged]:
        found = await self.head(path)
        if found is None:
            return Failure(ObjectMissing(path))
        if etag not in (None, found.etag):
            return Failure(ObjectChanged(path))
        last = found.size_bytes if end is None else min(end, found.size_bytes)
        if start >= last:
            return Success(_nothing())
        try:
            first = await self._piece(found, start, last)
        except _MISSING:
            return Failure(ObjectMissing(path))
        except PreconditionError:
            return Failure(ObjectChanged(path))
        return Success(self._pieces(found, start, last, first))

    async def _pieces(self, found: StoredObject, start: int, last: int, piece: bytes) -> AsyncIterator[bytes]:
        yield piece
        while (start := start + len(piece)) < last:
            try:
                piece = await self._piece(found, start, last)
            except _VERSION_GONE:
                raise StoreUnavailable(f"an object of the store {self._name} was changed while it was read") from None
            yield piece

    async def _piece(self, found: StoredObject, start: int, last: int) -> bytes:
        """Request a piece by itself: a reader may be slow, and the library bounds the time of a whole response."""
        options: Any = {"range": (start, min(start + PIECE_BYTES, last)), "if_match": found.etag}
        with self._errors(_VERSION_GONE):
            response = await obstore.get_async(self._store, found.path, options=options)
            data = bytes(await response.bytes_async())
        if not data:
            raise StoreUnavailable(f"the store {self._name} has sent less than all of an object")
        return data

    async def write(
        self, path: str, pieces: AsyncIterator[bytes], *, replace: bool
    ) -> Result[WrittenObject, ObjectExists]:
        counted = CountedPieces(pieces)
        beginning = await counted.take(_PART_BYTES)
        if not replace and await self.head(path) is not None:
            return Failure(ObjectExists(path))
        with self._errors():
            try:
                if counted.is_over:
                    mode: Any = "overwrite" if replace else "create"
                    await obstore.put_async(self._store, path, beginning, mode=mode, use_multipart=False)
                else:
                    await self._put(path, counted.rest(beginning))
            except AlreadyExistsError:
                return Failure(ObjectExists(path))
        written = await self.head(path)
        if written is None:
            raise StoreUnavailable(f"the store {self._name} has lost an object that was just written")
        return Success(WrittenObject(written, counted.digest()))

    async def _put(self, path: str, pieces: AsyncIterator[bytes]) -> None:
        await obstore.put_async(
            self._store, path, pieces, chunk_size=_PART_BYTES, max_concurrency=_PARTS_AT_ONCE, use_multipart=True
        )

    async def move(self, source: str, target: str) -> None:
        found = await self.head(source)
        if found is None:
            if await self.head(target) is None:
                raise StoreUnavailable(f"the store {self._name} has no such object any more")
            return
        with self._errors():
            if found.size_bytes <= _MOST_COPIED_BYTES:
                await obstore.copy_async(self._store, source, target)
            else:
                read = (await self.read(source, 0, None, found.etag)).value_or(None)
                if read is None:
                    raise StoreUnavailable(f"an object of the store {self._name} was changed while it was moved")
                await self._put(target, read)
            await obstore.delete_async(self._store, source)

    async def delete(self, path: str) -> bool:
        was_there = await self.head(path) is not None
        with self._errors():
            await obstore.delete_async(self._store, path)
        return was_there

    async def delete_all(self, prefix: str) -> int:
        paths = [one.path async for one in self.objects(prefix)]
        with self._errors():
            for at in range(0, len(paths), _DELETED_AT_ONCE):
                await obstore.delete_async(self._store, paths[at : at + _DELETED_AT_ONCE])
        return len(paths)

    def table_source(self, path: str) -> TableSource:
        return TableSource(f"{self._definition.url.rstrip('/')}/{path}", self._definition.options)

    @contextmanager
    def _errors(self, passed: tuple[type[Exception], ...] = ()) -> Iterator[None]:
        """Turn errors of the library, but those to be passed, into those of the port. What a caller's iterator raises
        passes too."""
        try:
            yield
        except passed:
            raise
        except (PermissionDeniedError, UnauthenticatedError):
            log.warning("the store %s refuses the service's credentials", self._name)
            raise StoreUnavailable(f"the store {self._name} refuses the service's credentials") from None
        except _MISSING:
            raise StoreUnavailable(f"the store {self._name} has no such object any more") from None
        except _FAILURES as error:
            if isinstance(error, StoreUnavailable):
                raise
            log.warning("the store %s failed with %s", self._name, type(error).__name__)
            raise StoreUnavailable(f"the store {self._name} does not answer as it should") from None


def _described(found: Any) -> StoredObject:
    return StoredObject(found["path"], found["size"], found["e_tag"] or "", found["last_modified"])


async def _nothing() -> AsyncIterator[bytes]:
    pieces: tuple[bytes, ...] = ()
    for piece in pieces:
        yield piece
