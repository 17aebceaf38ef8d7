"""The root of a Merkle tree is that of RFC 9162, its leaves are partitions, and merges have a fixed shape."""

import json
from hashlib import sha256
from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from domain.merge_tree import FAN_IN, groups
from domain.merkle import leaf, root
from domain.outcome import Measures
from domain.partitions import Partition, PartitionRange, PartitionResult, RangeUnit, complete

LEAVES = [bytes.fromhex(one) for one in ("", "00", "10", "2021", "3031", "40414243")]
LEAVES += [bytes(range(0x50, 0x58)), bytes(range(0x60, 0x70))]


def test_the_root_is_the_one_of_certificate_transparency() -> None:
    assert root([]) == sha256(b"").hexdigest()
    assert root(LEAVES[:1]) == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert root(LEAVES) == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@given(st.lists(st.binary(max_size=3), max_size=20))
def test_the_root_is_that_of_pairs_level_by_level(leaves: list[bytes]) -> None:
    level = [sha256(b"\0" + one).digest() for one in leaves] or [sha256(b"").digest()]
    while len(level) > 1:  # a hash without a neighbour rises as it is
        pairs = [level[at : at + 2] for at in range(0, len(level), 2)]
        level = [sha256(b"\1" + b"".join(pair)).digest() if len(pair) == 2 else pair[0] for pair in pairs]
    assert root(leaves) == level[0].hex()


def a_partition(**members: Any) -> Partition:
    span = PartitionRange(1, RangeUnit.BYTES, 10, 20)
    result = PartitionResult(
        range=span,
        rows=3,
        input_bytes=10,
        input_sha256="ab" * 32,
        result_sha256="cd" * 32,
        result_bytes=2,
        measures=Measures(1, 1, 1),
    )
    return complete(Partition(number=2, range=evolve(span, end=99)), evolve(result, **members))


def test_a_leaf_has_the_boundaries_and_digests_and_nothing_that_differs_when_it_runs_again() -> None:
    assert json.loads(leaf(a_partition())) == {
        "number": 2,
        "object": 1,
        "unit": "bytes",
        "start": 10,
        "end": 20,
        "rows": 3,
        "input_sha256": "ab" * 32,
        "result_sha256": "cd" * 32,
    }
    assert leaf(a_partition(measures=Measures(2, 2, 2), read_ms=7)) == leaf(a_partition())
    assert json.loads(leaf(a_partition(rows=0, result_sha256=None)))["result_sha256"] is None


@given(st.integers(0, 3 * FAN_IN**2), st.integers(2, FAN_IN))
def test_groups_are_neighbours_in_order_few_and_about_as_large(count: int, fan_in: int) -> None:
    found = groups(range(count), fan_in)
    assert [one for group in found for one in group] == list(range(count))
    assert len(found) == -(-count // fan_in)
    sizes = [len(group) for group in found]
    assert not sizes or (max(sizes) <= fan_in and max(sizes) - min(sizes) <= 1)


@given(st.integers(1, 2 * FAN_IN**2))
def test_merging_ends_with_one_result(count: int) -> None:
    levels = 0
    while count > 1:
        count, levels = len(groups(range(count))), levels + 1
    assert (count, levels <= 3) == (1, True)
