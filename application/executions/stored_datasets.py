"""Stored datasets of executions, read to be stored once more: verified, and in the form in which they are stored.

Each execution has its dataset to itself (`docs/decisions/a-dataset-for-each-execution.md`), so the removal of one
execution's content affects no other.
"""

from typing import TypeAlias
from uuid import UUID

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.executions.read import ContentRemoved, StoredContent
from application.executions.stored_comparison import read_verified
from application.ports.bodies import Bodies, EncodedDataset


@frozen
class DatasetAltered:
    """The stored dataset is not the one whose digest was recorded."""

    id: UUID


DatasetRefused: TypeAlias = ContentRemoved | DatasetAltered


async def encode_stored(bodies: Bodies, content: StoredContent) -> Result[EncodedDataset, DatasetRefused]:
    """Read the dataset in its stored form. Its warnings are those of the submission that it came with."""
    submission = content.submission
    try:
        found = await content.fetch()
    except ValueError:  # its data key does not decrypt
        return Failure(DatasetAltered(submission.id))
    if not is_successful(found):
        return Failure(found.failure())
    body = await read_verified(bodies, found.unwrap())
    return (
        Failure(DatasetAltered(submission.id)) if body is None else Success(EncodedDataset(body, submission.warnings))
    )
