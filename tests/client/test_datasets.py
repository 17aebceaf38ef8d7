"""Datasets of the client library: each is sent as the JSON that it stands for, or refused with its place."""

import gzip
import json
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from backports import zstd
from bateia import InvalidDataset
from bateia.datasets import Payload, batch_payload, dataset_payload
from bateia.json_values import encoded
from hypothesis import given
from hypothesis import strategies as st

NAN = float("nan")
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def text_of(payload: Payload) -> bytes:
    """Decode what is sent."""
    body = b"".join(payload.body.chunks())
    assert len(body) == payload.body.length
    decoders: dict[str | None, Callable[[bytes], bytes]] = {
        None: bytes,
        "gzip": gzip.decompress,
        "zstd": zstd.decompress,
    }
    return decoders[payload.coding](body)


def value_of(payload: Payload) -> Any:
    text = text_of(payload)
    if payload.media_type == "application/x-ndjson":
        return [json.loads(line) for line in text.splitlines()]
    return json.loads(text)


@given(JSON_VALUES)
def test_a_json_value_is_sent_as_it_is(value: Any) -> None:
    assert value_of(dataset_payload(value)) == value


@given(st.lists(JSON_VALUES))
def test_an_iterator_of_records_is_sent_as_the_list_of_them(values: list[Any]) -> None:
    payload = dataset_payload(iter(values))
    assert value_of(payload) == values
    assert payload.body.length > 0, "an empty body is no dataset"


@given(st.lists(JSON_VALUES, min_size=1))
def test_the_lines_of_a_batch_have_the_datasets_and_their_refs(values: list[Any]) -> None:
    refs = [f"é{number}" for number in range(len(values))]
    lines = value_of(batch_payload(values, refs))
    assert lines == [{"ref": ref, "data": value} for ref, value in zip(refs, values, strict=True)]
    with pytest.raises(InvalidDataset, match=f"number {len(values)} has none"):
        batch_payload(values, refs[:-1])


@pytest.mark.parametrize("size", [10, 64 * 1024 - 2, 64 * 1024 - 1, 3_000_000])
def test_a_body_is_compressed_beyond_64_kib_and_can_be_sent_again(size: int) -> None:
    payload = dataset_payload("a" * size)
    assert (payload.coding is not None) == (size + 2 > 64 * 1024)
    assert text_of(payload) == text_of(payload) == f'"{"a" * size}"'.encode()
    assert payload.body.length <= 64 * 1024


@pytest.mark.parametrize(
    ("name", "data", "headers"),
    [
        ("a.json", b"[1]", {"Content-Type": "application/json"}),
        ("a.ndjson", b"1\n2\n", {"Content-Type": "application/x-ndjson"}),
        ("a.jsonl", b"1\n" * 60_000, {"Content-Type": "application/x-ndjson", "Content-Encoding": "zstd"}),
        ("a.json.gz", gzip.compress(b"[1]", mtime=0), {"Content-Type": "application/json", "Content-Encoding": "gzip"}),
        ("a.ndjson.zst", zstd.compress(b"1\n"), {"Content-Type": "application/x-ndjson", "Content-Encoding": "zstd"}),
    ],
)
def test_a_file_is_sent_as_its_name_says(tmp_path: Path, name: str, data: bytes, headers: dict[str, str]) -> None:
    (tmp_path / name).write_bytes(data)
    payload = dataset_payload(tmp_path / name)
    assert payload.headers == headers
    decoders = {".gz": gzip.decompress, ".zst": zstd.decompress}
    assert text_of(payload) == decoders.get(Path(name).suffix, bytes)(data)


def test_a_large_iterator_takes_the_memory_of_a_piece() -> None:
    def records() -> Iterator[dict[str, Any]]:
        return ({"number": number, "text": "x" * 1000} for number in range(20_000))

    tracemalloc.start()
    try:
        payload = dataset_payload(records())
        read = sum(map(len, payload.body.chunks()))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert read == payload.body.length
    assert most < 4_000_000, "the dataset has 20 MB"


def test_without_zstd_large_bodies_are_sent_as_gzip(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("backports.zstd", "compression.zstd"):
        monkeypatch.setitem(sys.modules, module, None)
    payload = dataset_payload(["é"] * 50_000)
    assert payload.coding == "gzip"
    assert value_of(payload) == ["é"] * 50_000


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2026, 1, 31), '"2026-01-31"'),
        (datetime(2026, 1, 31, 12, 30, tzinfo=timezone(timedelta(hours=-3))), '"2026-01-31T12:30:00-03:00"'),
        (timedelta(days=-1, seconds=-90, microseconds=-500_000), '"-P1DT90.5S"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        (Decimal("10.50"), "10.5"),
        (Decimal(10**30), "1" + "0" * 30),
        ((1, "a"), '[1,"a"]'),
    ],
)
def test_values_of_python_that_have_a_usual_form(value: Any, expected: str) -> None:
    assert encoded(value) == expected


@pytest.mark.parametrize(
    ("dataset", "words"),
    [
        ([{"a": 1}, {"a": NAN}], "row 2, column 'a' is nan, which JSON does not have: replace it"),
        ({"rows": [1, {"b": float("-inf")}]}, r"the dataset\['rows'\]\[1\]\['b'\] is -inf"),
        (NAN, "the dataset is nan"),
        (iter([1, {"a": {"b": b"x"}}]), r"row 2, column 'a'\['b'\] is of type bytes.*convert it"),
        ([{("a", "b"): 1}], "row 1 cannot be written as JSON: keys must be"),
        ([Decimal("0.1234567890123456789")], "row 1 is of type Decimal.*more digits"),
    ],
)
def test_a_value_that_json_does_not_have_is_refused_with_its_place(dataset: Any, words: str) -> None:
    with pytest.raises(InvalidDataset, match=words):
        dataset_payload(dataset)


def test_a_dataset_within_itself_is_refused() -> None:
    dataset: list[Any] = []
    dataset.append([dataset])
    with pytest.raises(InvalidDataset):
        dataset_payload(dataset)
