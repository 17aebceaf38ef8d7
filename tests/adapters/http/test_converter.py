"""The strict converter."""

import json
import string
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from returns.pipeline import is_successful

from adapters.http.problems.messages import CATALOGUE
from adapters.http.wire.converter import structure, structure_query
from adapters.http.wire.schemas.queries import ExecutionsQuery
from adapters.http.wire.schemas.scripts import NewScript
from adapters.http.wire.timestamps import moment, moment_text
from adapters.http.wire.validation_errors import MAX_FAULTS, Fault
from domain.hint import hint
from tests.adapters.http.api import JSON_TYPE, Api

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)
limits = st.dictionaries(st.sampled_from(["wall_ms", "memory_bytes", "log_bytes", "other"]), scalars, max_size=3)
documents = anything | st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["a", "A", ""]) | anything,
        "source": st.text(st.characters(), max_size=5) | anything,
        "description": st.text(st.characters(), max_size=5) | anything,
        "limits": limits | anything,
        "\ud800": anything,
    },
)


@given(value=documents)
def test_any_value_is_a_script_or_a_list_of_faults(value: Any) -> None:
    structured = structure(value, NewScript)
    if is_successful(structured):
        assert isinstance(structured.unwrap(), NewScript)
    else:
        assert all(CATALOGUE[one.requirement.code].en.detail for one in structured.failure())
        assert structured.failure()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(value=documents)
def test_no_document_makes_the_service_fail(api: Api, value: Any) -> None:
    answer = api.post("/v1/scripts", content=json.dumps(value).encode(), headers=JSON_TYPE)
    assert answer.status_code in (201, 400, 409, 422)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    query=st.dictionaries(
        st.sampled_from(["script", "version", "status", "submitted_from", "submitted_to", "limit", "cursor", "x"]),
        st.text(st.characters(codec="utf-8"), max_size=8) | st.text(string.digits, max_size=30),
    )
)
def test_no_query_makes_the_service_fail(api: Api, query: dict[str, str]) -> None:
    assert api.get("/v1/executions", params=query).status_code in (200, 400, 404, 422)


@given(whole=st.integers(10, 2**53 - 1))
def test_a_number_without_a_fraction_is_an_integer_however_it_is_written(whole: int) -> None:
    def limit(value: object) -> Any:
        wanted = {"name": "a", "source": "1", "limits": {"wall_ms": value}}
        return structure(wanted, NewScript).map(lambda new: new.limits.wall_ms)

    assert limit(whole) == limit(float(whole))
    assert limit(whole).unwrap() == whole
    assert not is_successful(limit(str(whole)))


def test_only_so_many_faults_are_listed() -> None:
    faults = structure({str(number): 1 for number in range(1000)}, NewScript).failure()
    assert len(faults) == MAX_FAULTS


def test_an_integer_of_a_query_has_digits_only() -> None:
    for text in ("", " 1", "1_0", "1.0", "+1", "٣", "1" * 19):
        assert structure_query({"limit": text}, ExecutionsQuery).failure() == (Fault("/limit", hint("not-an-integer")),)


@given(at=st.datetimes(timezones=st.just(UTC)))
def test_a_time_survives_its_text(at: datetime) -> None:
    assert moment(moment_text(at)) == at
    assert len(moment_text(at)) == len("2026-11-23T13:38:00.000000Z")


@pytest.mark.parametrize(
    ("text", "as_text"),
    [
        ("2026-11-23T13:38:00Z", "2026-11-23T13:38:00.000000Z"),
        ("2026-11-23t13:38:00.5z", "2026-11-23T13:38:00.500000Z"),
        ("2026-11-23T13:38:00.123456789-03:00", "2026-11-23T16:38:00.123456Z"),
    ],
)
def test_times_are_read_in_every_form_of_rfc_3339(text: str, as_text: str) -> None:
    at = moment(text)
    assert at is not None
    assert moment_text(at) == as_text


@given(text=st.text(max_size=30) | st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([zZ]|[+-]\d\d:\d\d)"))
def test_any_text_is_a_time_or_none(text: str) -> None:
    at = moment(text)
    assert at is None or at.tzinfo is UTC
