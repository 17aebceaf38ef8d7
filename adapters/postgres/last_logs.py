"""The logs of executions that end in the middle of a run: what was stored of a log while it was running becomes that of
the execution.

It happens in the transaction that ends them, after their rows have changed: then no further part comes. The parts
themselves are left to the purge. An execution without parts costs one look for them.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final
from uuid import UUID

from attrs import frozen

from adapters.postgres.connections import Connection, Row
from adapters.postgres.encryption import EncryptedRows
from adapters.postgres.execution_rows import logs_from, logs_json
from adapters.postgres.queries import query
from application.ports.encryption import ContentPart, DecryptionFailed, MasterKeyMissing
from domain.live_log import join_parts
from domain.outcome import Logs

log: Final = logging.getLogger(__name__)

_AT_ONCE: Final = 32
"""Each log takes up to `LIVE_LOG_BYTES` in memory."""


@frozen
class _Last:
    """The last log of an execution, as it is read and as it is stored."""

    execution_id: UUID
    logs: Logs
    data: bytes | None
    sealed: bool


async def keep_last_logs(
    conn: Connection, sealing: EncryptedRows, ended: Sequence[tuple[UUID, UUID]]
) -> Mapping[UUID, Logs]:
    """Store the last logs of executions, given with the claims that they had at their end; return those that have any.

    A log that this process cannot decrypt is left out, since it must not keep an execution from its end.
    """
    kept: dict[UUID, Logs] = {}
    for first in range(0, len(ended), _AT_ONCE):
        some = ended[first : first + _AT_ONCE]
        wanted = {"ids": [one for one, _ in some], "claim_ids": [claim_id for _, claim_id in some]}
        rows = await (await conn.execute(query("last_logs"), wanted, binary=True)).fetchall()
        found = [await _joined(sealing, list(parts)) for _, parts in groupby(rows, key=itemgetter("id"))]
        last = [one for one in found if one is not None]
        if last:
            await conn.execute(query("keep_last_logs"), _columns(last))
        kept |= {one.execution_id: one.logs for one in last}
    return kept


async def _joined(sealing: EncryptedRows, parts: Sequence[Row]) -> _Last | None:
    execution_id = parts[0]["id"]
    try:
        opened = [await sealing.decrypt(part) for part in parts]
        return await asyncio.to_thread(_join, sealing, opened)
    except (DecryptionFailed, MasterKeyMissing) as error:
        log.error("cannot decrypt the last log of execution %s: %s", execution_id, error)
        return None


def _join(sealing: EncryptedRows, parts: Sequence[Row]) -> _Last:
    """Join the parts. Their log is encrypted if one of them was."""
    logs = join_parts([logs_from(part["live_lines"], part["truncated"]) for part in parts])
    data, sealed = logs_json(logs), any(part["live_sealed"] for part in parts)
    if data is not None and sealed:
        data = sealing.encrypt_beside(parts[0], ContentPart.LOGS, data)
    return _Last(parts[0]["id"], logs, data, sealed)


def _columns(last: Sequence[_Last]) -> dict[str, list[object]]:
    return {
        "ids": [one.execution_id for one in last],
        "logs": [one.data for one in last],
        "truncated": [one.logs.truncated for one in last],
        "sealed": [one.sealed for one in last],
    }
