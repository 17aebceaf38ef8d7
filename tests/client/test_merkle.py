"""The Merkle tree of the client library has the root of the service's."""

from typing import Any

import pytest
from bateia.merkle import NotPartitions, PartitionTree
from hypothesis import given
from hypothesis import strategies as st

from domain.partition_list import partitions_root

DIGESTS = st.integers(0, 2**256 - 1).map(lambda number: f"{number:064x}")
ROWS = st.integers(0, 2**53)
FACTS = st.fixed_dictionaries(
    {
        "object_number": ROWS,
        "range": st.fixed_dictionaries(
            {"unit": st.sampled_from(["bytes", "rows", "text"]), "start": ROWS, "end": ROWS}
        ),
        "rows": ROWS,
        "input_sha256": DIGESTS,
        "result_sha256": st.none() | DIGESTS,
    }
)


@given(st.lists(FACTS, max_size=20), st.integers(0, 20))
def test_the_root_is_the_service_s_however_the_list_is_cut(facts: list[dict[str, Any]], cut: int) -> None:
    items = [{**one, "number": number} for number, one in enumerate(facts)]
    tree = PartitionTree()
    tree.add(items[:cut])
    tree.add(items[cut:])
    assert (tree.root(), tree.count) == (partitions_root(items).unwrap(), len(items))


@pytest.mark.parametrize(
    "change",
    [
        {"number": 1},
        {"number": None},
        {"range": None},
        {"range": {"unit": "pages", "start": 0, "end": 1}},
        {"rows": True},
        {"rows": 1.0},
        {"input_sha256": None},
        {"result_sha256": "0" * 63},
    ],
)
def test_an_item_that_is_no_partition_that_is_done_is_refused(change: dict[str, Any]) -> None:
    span = {"unit": "rows", "start": 0, "end": 1}
    item = {"number": 0, "object_number": 0, "range": span, "rows": 1, "input_sha256": "0" * 64, "result_sha256": None}
    PartitionTree().add([item])
    with pytest.raises(NotPartitions, match="item 1 is not partition 0"):
        PartitionTree().add([{**item, **change}])
