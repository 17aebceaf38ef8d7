"""Merkle tree of a job's partitions (RFC 9162, section 2.1.1). Its root commits to boundaries and digests of all."""

import json
from collections.abc import Sequence
from hashlib import sha256

from attrs import asdict, frozen

from domain.partitions import Partition


@frozen(kw_only=True)
class PartitionFacts:
    """The facts of a partition that the tree commits to, in the order of the JSON's members. The range is that of the
    rows, and `object` the number of the object in the plan."""

    number: int
    object: int
    unit: str
    start: int
    end: int
    rows: int
    input_sha256: str
    result_sha256: str | None


def leaf(partition: Partition) -> bytes:
    """Write a partition that is done as a leaf."""
    result = partition.result
    assert result is not None, "it is done"
    span = result.range
    facts = PartitionFacts(
        number=partition.number,
        object=span.object_number,
        unit=span.unit.value,
        start=span.start,
        end=span.end,
        rows=result.rows,
        input_sha256=result.input_sha256,
        result_sha256=result.result_sha256,
    )
    return leaf_of(facts)


def leaf_of(facts: PartitionFacts) -> bytes:
    """Write the JSON that the tree commits to."""
    return json.dumps(asdict(facts), separators=(",", ":")).encode()


def root(leaves: Sequence[bytes]) -> str:
    """Compute the root, in lower-case hexadecimal digits."""
    return _root([sha256(b"\0" + one).digest() for one in leaves]).hex()


def _root(hashes: Sequence[bytes]) -> bytes:
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\1" + _root(hashes[:split]) + _root(hashes[split:])).digest()
