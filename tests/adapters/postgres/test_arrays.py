"""Arrays reach PostgreSQL as they are, in either form."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.postgres.arrays import register_arrays
from adapters.postgres.pool import Connection, connection_parameters

Send = Callable[[str, list[Any]], list[Any]]

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def _is_one_moment(one: datetime) -> bool:
    """Tell whether a time comes once: Python takes one that a clock shows twice for unlike any in another zone."""
    return one.replace(fold=1 - one.fold).utcoffset() == one.utcoffset()


TIMES = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.timezones())  # noqa: DTZ001
MOMENTS = TIMES.filter(_is_one_moment)
ELEMENTS: dict[str, st.SearchStrategy[Any]] = {
    "uuid": st.uuids(),
    "bytea": st.binary(),
    "boolean": st.booleans(),
    "bigint": st.integers(-(2**63), 2**63 - 1),
    "integer": st.integers(-(2**31), 2**31 - 1),
    "smallint": st.integers(-(2**15), 2**15 - 1),
    "double precision": st.floats(allow_nan=False),
    "timestamptz": MOMENTS,
    "text": TEXTS,
    "interval": st.timedeltas(timedelta(-(10**6)), timedelta(10**6)),
}


class Colour(StrEnum):
    RED = "red"


@pytest.fixture(scope="module")
def send(postgres_server: str) -> Iterator[Send]:
    async def connected() -> Connection:
        conn = await Connection.connect(postgres_server, **connection_parameters(postgres_server, "arrays"))
        await conn.execute("set timezone to 'UTC'")
        register_arrays(conn)
        return conn

    async def sent(conn: Connection, parameter: str, values: list[Any]) -> list[Any]:
        row = await (await conn.execute(f"select {parameter} as one".encode(), {"values": values})).fetchone()
        assert row is not None
        one: list[Any] = row["one"]
        return one

    with asyncio.Runner() as runner:
        conn = runner.run(connected())
        yield lambda parameter, values: runner.run(sent(conn, parameter, values))
        runner.run(conn.close())


@given(data=st.data(), kind=st.sampled_from(sorted(ELEMENTS)), form=st.sampled_from("sb"))
def test_an_array_arrives_as_it_was_sent(send: Send, data: st.DataObject, kind: str, form: str) -> None:
    values = data.draw(st.lists(st.none() | ELEMENTS[kind], max_size=8))
    assert send(f"%(values){form}::{kind}[]", values) == values


def test_a_text_with_a_nul_is_refused_rather_than_cut_off(send: Send) -> None:
    with pytest.raises(psycopg.DataError):
        send("%(values)s::text[]", ["before\0behind"])


@pytest.mark.parametrize("form", ["s", "b"])
def test_a_time_without_a_zone_is_never_taken_for_one_of_some_zone(send: Send, form: str) -> None:
    with pytest.raises(TypeError):
        send(f"%(values){form}::timestamptz[]", [datetime(2026, 11, 27)])  # noqa: DTZ001


def test_arrays_of_other_types_are_left_to_the_driver(send: Send) -> None:
    assert send("%(values)s::text[]", [Colour.RED]) == ["red"]
    assert send("%(values)s::integer[]", [[1, 2], [3, 4]]) == [[1, 2], [3, 4]]


def test_times_keep_their_microseconds_and_offsets(send: Send) -> None:
    at = datetime(2026, 11, 27, 12, 0, 0, 1, tzinfo=timezone(timedelta(hours=-3)))
    assert send("%(values)b::timestamptz[]", [at]) == send("%(values)s::timestamptz[]", [at]) == [at.astimezone(UTC)]


def test_an_id_is_compared_without_a_cast(send: Send) -> None:
    assert send("array[%(values)s]", [UUID(int=1)]) == [[UUID(int=1)]]
