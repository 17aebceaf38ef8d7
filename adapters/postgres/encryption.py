"""Encryption of rows: content is encrypted on its way into the tables and decrypted on its way out, only here.

The stored form is encrypted, hence after compression. Each row records whether it is encrypted; rows stored without
encryption remain valid beside the others. No connection is held during encryption.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar
from uuid import UUID

from attrs import frozen

from adapters.postgres.connections import Pool, Row, connection, repeated_if_lost
from adapters.postgres.execution_rows import finished_row, logs_json
from adapters.postgres.queries import query
from application.ports.encryption import ContentPart, DataKey, Decryption, DecryptionFailed, Keyring, WrappedKey
from application.ports.live_logs import LogPart
from application.ports.queue import Completion
from domain.body import Body
from domain.execution import Unfinished
from domain.redaction import SCRIPT_AUTHORED_KINDS

_T = TypeVar("_T")

_INLINE_BYTES: Final = 64 * 1024
"""Up to here the work is shorter than the way to a thread and back."""
_KEY_COST: Final = 1024
"""A data key takes as long as so many bytes of a body."""
_SEALED: Final = (
    ("input_body", "input_sealed", ContentPart.DATASET),
    ("result_body", "result_sealed", ContentPart.RESULT),
    ("logs", "result_sealed", ContentPart.LOGS),
    ("live_lines", "live_sealed", ContentPart.LIVE_LOG),
    ("differences_body", "differences_sealed", ContentPart.DIFFERENCES),
    ("columns_body", "differences_sealed", ContentPart.COLUMNS),
)
MESSAGE_SEALED: Final = "the message is sealed"


@frozen
class CompletionRow:
    """The row of a completion, and its data key if that is new. `error` replaces columns of the row."""

    ending: Completion
    body: bytes | None
    logs: bytes | None
    error: dict[str, Any]
    sealed: bool
    key: WrappedKey | None


class EncryptedRows:
    """Encryption and decryption of rows with the keyring of one process."""

    def __init__(self, pool: Pool, seals: Keyring) -> None:
        self._pool, self._seals = pool, seals

    async def dataset_columns(self, submitted: Sequence[tuple[Unfinished, Body]]) -> dict[str, Any]:
        """Encrypt new datasets, and return them and their keys column by column."""
        datasets = [dataset.data for _, dataset in submitted]
        if self._seals.primary_key_id is None:
            nothing: list[None] = [None] * len(datasets)
            sealed = [False] * len(datasets)
            return {"bodies": datasets, "sealed": sealed, "master_key_ids": nothing, "wrapped_keys": nothing}

        def close() -> dict[str, Any]:
            seals = [self._seals.generate(execution.submission.id) for execution, _ in submitted]
            pairs = zip(seals, datasets, strict=True)
            return {
                "bodies": [_closed(seal, ContentPart.DATASET, data) for seal, data in pairs],
                "sealed": [True] * len(datasets),
                "master_key_ids": [seal and seal.wrapped.master_key_id for seal in seals],
                "wrapped_keys": [seal and seal.wrapped.data for seal in seals],
            }

        return await _off_the_loop(close, sum(map(len, datasets)) + _KEY_COST * len(datasets))

    async def encrypt_completions(self, endings: Sequence[Completion]) -> list[CompletionRow]:
        """Encrypt completions. An execution whose dataset was not encrypted gets a data key now."""
        if self._seals.primary_key_id is None:
            return await _off_the_loop(lambda: [_left(one, None, new=False) for one in endings], _log_bytes(endings))
        wrapped = await self._wrapped_keys([one.execution.submission.id for one in endings])

        def seal(ending: Completion) -> CompletionRow:
            execution_id = ending.execution.submission.id
            if execution_id in wrapped:
                return _left(ending, self._seals.unwrap(execution_id, wrapped[execution_id]), new=False)
            return _left(ending, self._seals.generate(execution_id), new=True)

        return await _off_the_loop(lambda: [seal(one) for one in endings], sum(map(_size, endings)))

    async def differences_columns(self, execution_id: UUID, body: Body, columns: bytes | None) -> dict[str, Any]:
        """Encrypt the differences of an execution and the text of its columns. An execution without a data key gets
        one now."""
        key, is_new = await self._key_of(execution_id)
        data = await _off_the_loop(lambda: _closed(key, ContentPart.DIFFERENCES, body.data), len(body.data))
        new = key.wrapped if key is not None and is_new else None
        return {
            "body": data,
            "columns": None if columns is None else _closed(key, ContentPart.COLUMNS, columns),
            "sealed": key is not None,
            "master_key_id": new and new.master_key_id,
            "wrapped_key": new and new.data,
        }

    async def live_log_columns(self, parts: Sequence[LogPart]) -> dict[str, Any]:
        """Encrypt parts of logs, and return them column by column, in the order of their executions' ids.

        Those of executions without a data key, whose datasets were stored before encryption was enabled, are left out:
        their data key is generated at their end.
        """
        wrapped: dict[UUID, WrappedKey] = {}
        if (encrypts := self._seals.primary_key_id is not None) and parts:
            wrapped = await self._wrapped_keys([part.running.submission.id for part in parts])

        def row(part: LogPart) -> tuple[Any, ...]:
            execution_id, lines = part.running.submission.id, logs_json(part.logs)
            if lines is not None and encrypts:
                key = self._seals.unwrap(execution_id, wrapped[execution_id])
                lines = key.encrypt(ContentPart.LIVE_LOG, lines)
            return execution_id, part.running.claim.id, part.first_line, lines, part.logs.truncated, encrypts

        in_order = sorted(parts, key=lambda part: part.running.submission.id)  # as all statements that lock several
        kept = [part for part in in_order if not encrypts or part.running.submission.id in wrapped]
        rows = await _off_the_loop(lambda: [row(part) for part in kept], sum(map(_part_bytes, kept)))
        names = ("ids", "claim_ids", "first_lines", "lines", "truncated", "sealed")
        return {name: [one[at] for one in rows] for at, name in enumerate(names)}

    async def _key_of(self, execution_id: UUID) -> tuple[DataKey | None, bool]:
        """Find the data key of an execution, or generate one: none, if encryption is off."""
        if self._seals.primary_key_id is None:
            return None, False
        wrapped = (await self._wrapped_keys([execution_id])).get(execution_id)
        if wrapped is None:
            return self._seals.generate(execution_id), True
        return self._seals.unwrap(execution_id, wrapped), False

    @repeated_if_lost
    async def _wrapped_keys(self, ids: Sequence[UUID]) -> dict[UUID, WrappedKey]:
        async with connection(self._pool) as conn:
            rows = await (await conn.execute(query("data_keys"), {"ids": ids}, binary=True)).fetchall()
        return {row["execution_id"]: WrappedKey(row["master_key_id"], row["wrapped"]) for row in rows}

    async def decrypt(self, row: Row) -> Row:
        """Decrypt every encrypted column of a row. Raises `MasterKeyMissing` and `DecryptionFailed`."""
        parts = {column: part for column, flag, part in _SEALED if row.get(flag) and row.get(column) is not None}
        if row.get("error_sealed") is not None:
            parts["error_sealed"] = ContentPart.ERROR
        if not parts:
            return row
        return await _off_the_loop(lambda: self._open(row, parts), sum(len(row[column]) for column in parts))

    def decryption(self, row: Row, part: ContentPart, size_bytes: int) -> Decryption:
        """Start the decryption of an encrypted body of that length, whose row has the key. Raises as `decrypt`."""
        return self._seal(row).decryption(part, size_bytes)

    def encrypt_beside(self, row: Row, part: ContentPart, data: bytes) -> bytes:
        """Encrypt data under the data key that a row has. Raises as `decrypt`."""
        return self._seal(row).encrypt(part, data)

    def _seal(self, row: Row) -> DataKey:
        if row["wrapped_key"] is None:
            raise DecryptionFailed("what is sealed has lost its key")
        return self._seals.unwrap(row["id"], WrappedKey(row["master_key_id"], row["wrapped_key"]))

    def _open(self, row: Row, parts: dict[str, ContentPart]) -> Row:
        seal = self._seal(row)
        plain: dict[str, Any] = {column: seal.decrypt(part, row[column]) for column, part in parts.items()}
        if (error := plain.pop("error_sealed", None)) is not None:
            plain["error_message"], plain["error_stack"] = json.loads(error)
        return {**row, **plain}


async def _off_the_loop(work: Callable[[], _T], size_bytes: int) -> _T:
    return work() if size_bytes < _INLINE_BYTES else await asyncio.to_thread(work)


def _closed(seal: DataKey | None, part: ContentPart, data: bytes) -> bytes:
    return data if seal is None else seal.encrypt(part, data)


def _size(ending: Completion) -> int:
    return len(ending.result.data) if ending.result else sum(len(line.message) for line in ending.logs.lines)


def _part_bytes(part: LogPart) -> int:
    return _KEY_COST + sum(len(line.message) for line in part.logs.lines)


def _log_bytes(endings: Sequence[Completion]) -> int:
    return sum(len(line.message) for one in endings for line in one.logs.lines)


def _left(ending: Completion, seal: DataKey | None, *, new: bool) -> CompletionRow:
    body = None if ending.result is None else ending.result.data
    logs = logs_json(ending.logs)
    error = {} if seal is None else _sealed_error(finished_row(ending.execution), seal)
    if seal is not None:
        body = None if body is None else seal.encrypt(ContentPart.RESULT, body)
        logs = None if logs is None else seal.encrypt(ContentPart.LOGS, logs)
    leaves = body is not None or logs is not None or bool(error)
    return CompletionRow(ending, body, logs, error, seal is not None, seal.wrapped if seal and new and leaves else None)


def _sealed_error(row: Row, seal: DataKey) -> dict[str, Any]:
    """Encrypt the error columns that the script authored; the service's own messages stay readable."""
    spoken, stack = row["error_kind"] in SCRIPT_AUTHORED_KINDS, row["error_stack"]
    if not spoken and stack is None:
        return {}
    words = json.dumps([row["error_message"], stack]).encode()
    message = MESSAGE_SEALED if spoken else row["error_message"]
    return {"error_message": message, "error_stack": None, "error_sealed": seal.encrypt(ContentPart.ERROR, words)}
