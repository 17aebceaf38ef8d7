"""Documents from which values are taken out as bytes."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.pipeline import is_successful

from adapters.http.problems.refusals import InvalidDocument
from adapters.http.requests.documents import MOST_VALUES
from adapters.http.requests.raw_members import SplitDocument, split_document
from adapters.json.bodies import JsonBodies
from application.ports.bodies import MalformedJson
from domain.limits import MIB
from tests.adapters.http.test_executions import json_values

NAMES = frozenset({"dataset"})


def split(text: bytes, most: int = MIB) -> Any:
    done = asyncio.run(split_document(JsonBodies(), text, NAMES, most))
    return done.unwrap() if is_successful(done) else done.failure()


names = st.sampled_from(["dataset", "a", 'b"\\', "}", "é", "\ud800", ""])
spaces = st.text(" \t\n\r", max_size=2)


@st.composite
def objects(draw: st.DrawFn) -> tuple[bytes, list[tuple[str, str]]]:
    """Draw an object's text with spaces anywhere and repeated names, and its members with the texts of their values."""
    members = draw(st.lists(st.tuples(names, json_values.map(_dumped)), max_size=6))
    between = [draw(spaces) for _ in range(4)]
    text = ",".join(
        f"{between[0]}{json.dumps(name)}{between[1]}:{between[2]}{value}{between[3]}" for name, value in members
    )
    return f"{between[0]}{{{text}{between[1]}}}{between[2]}".encode(), members


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True)


@given(objects())
def test_a_value_is_taken_out_byte_for_byte_and_the_rest_is_the_document(
    drawn: tuple[bytes, list[tuple[str, str]]],
) -> None:
    text, members = drawn
    found = split(text)
    assert isinstance(found, SplitDocument)
    last = {name: value.encode() for name, value in members if name == "dataset"}
    assert found.values == last
    assert json.loads(found.text) == json.loads(text) | dict.fromkeys(last)


@pytest.mark.parametrize("text", [b"1", b" [1, 2]", b'"{"', b"null", b'[{"dataset": 1}]'])
def test_nothing_is_taken_of_text_that_is_no_object(text: bytes) -> None:
    assert split(text) == SplitDocument(text, {})


@pytest.mark.parametrize(
    "value",
    [
        b"1.50",
        b"12345678901234567890.1",
        b'{"a":1,"a":2}',
        b'"\\ud800"',
        b'"}{\\""',
        b"[[]]",
        b"-0",
        b"[" * 500 + b"]" * 500,
    ],
)
def test_the_value_keeps_all_that_parsing_would_lose(value: bytes) -> None:
    found = split(b'{"x":{"dataset":0}, "dataset" :\t%b , "y":"\\ud800"}' % value)
    assert found.values == {"dataset": value}


def test_the_values_of_a_dataset_do_not_count_and_all_others_do() -> None:
    many = b"[" + b"1," * 5_000 + b"1]"
    assert split(b'{"dataset":%b}' % many).values == {"dataset": many}
    for text in (
        b'{"other":%b,"dataset":1}' % many,
        b"{" + b",".join(b'"%d":1' % n for n in range(MOST_VALUES + 1)) + b"}",
        b"{" + b",".join(b'"dataset":1' for n in range(MOST_VALUES + 1)) + b"}",
        b'{"dataset":%b}' % (b"[" + b"1," * 50_000 + b"1]"),
    ):
        refused = split(text, most=20_000)
        assert isinstance(refused, InvalidDocument)
        assert refused.faults[0].requirement.code == "too-many-values"


@pytest.mark.parametrize("text", [b"", b"{", b'{"dataset":}', b'{"dataset":1,}', b"{'dataset':1}", b"\xff"])
def test_text_that_is_no_json_is_refused(text: bytes) -> None:
    assert isinstance(split(text), MalformedJson)
