"""The columns of a finished replay, added up when it is read: over those executions whose content is still there."""

import asyncio
from typing import Final

from attrs import evolve

from application.ports.version_replays import ReplayRecord, VersionReplays
from domain.replay_columns import Columns, add_columns_texts

_AT_ONCE: Final = 25
_INLINE_BYTES: Final = 16 * 1024
"""Up to here the work is shorter than the way to a thread and back."""


async def with_columns(replays: VersionReplays, record: ReplayRecord) -> ReplayRecord:
    """Add the sums of its columns to a replay that has finished."""
    if record.replay.finished_at is None:
        return record
    first = 0
    columns: Columns = {}
    while page := await replays.columns(record.replay.id, first, _AT_ONCE):
        texts = [one.text for one in page]
        if sum(map(len, texts)) <= _INLINE_BYTES:
            columns = add_columns_texts(columns, texts)
        else:
            columns = await asyncio.to_thread(add_columns_texts, columns, texts)
        first = page[-1].number + 1
    return evolve(record, columns=columns)
