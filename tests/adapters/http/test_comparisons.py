"""Comparisons of two results over HTTP."""

from typing import Any

import httpx
import pytest

from adapters.http.transport.memory_budget import MemoryBudget
from application.ports.access import AuditFilter
from domain.access import Scope
from domain.audit import Action
from domain.limits import MIB
from domain.outcome import ErrorKind, Rejected, script_error
from tests.adapters.http.api import Api, slug

ID = "0199c5f3-10aa-7b02-8c11-5d6e7f8091a2"
ROWS = b'[{"q":1,"brand":"a","sum":10},{"q":1,"brand":"b","sum":0.10},{"q":2,"brand":"a","sum":9007199254740993}]'
OTHERS = b'[{"q":2,"brand":"a","sum":9007199254740992},{"q":1,"brand":"b","sum":0.1},{"q":1,"brand":"c","sum":null}]'


@pytest.fixture(autouse=True)
def _script(api: Api) -> None:
    api.host()


def done(api: Api, result: bytes) -> Any:
    submitted = api.submit()
    api.produce(result)
    return submitted["id"]


def compare(api: Api, before: Any, after: Any, query: str = "", **how: Any) -> httpx.Response:
    return api.get(f"/v1/executions/{before}/comparison?against={after}{query}", **how)


def test_rows_are_compared_by_a_proposed_key_and_numbers_keep_their_digits(api: Api) -> None:
    answer = compare(api, done(api, ROWS), done(api, OTHERS))
    shown = answer.json()
    assert (answer.status_code, shown["kind"], shown["equal"], shown["key"]) == (200, "table", False, ["q", "brand"])
    assert (shown["rows"], shown["count"]) == ({"equal": 1, "changed": 1, "added": 1, "removed": 1}, 3)
    assert b'"before":9007199254740993,"after":9007199254740992' in answer.content
    assert shown["columns"] == [
        {
            "name": "sum", "compared": 2, "changed": 1, "matched_percent": 50.0,
            "largest_absolute": 1, "largest_relative": 1.1102230246251564e-16,
        }
    ]  # fmt: skip
    changes = [(one["change"], one["key"], one["row"]) for one in shown["differences"]]
    assert changes == [
        ("removed", {"q": 1, "brand": "a"}, {"q": 1, "brand": "a", "sum": 10}),
        ("added", {"q": 1, "brand": "c"}, {"q": 1, "brand": "c", "sum": None}),
        ("changed", {"q": 2, "brand": "a"}, None),
    ]


def test_a_named_key_and_a_tolerance_are_used(api: Api) -> None:
    before, after = done(api, b'[{"id":1,"n":1,"x":100}]'), done(api, b'[{"id":5,"n":1,"x":101}]')
    for query, count in (("", 2), ("&absolute=1", 1), ("&relative=1e-2", 1), ("&relative=0.001&absolute=0.5", 2)):
        shown = compare(api, before, after, f"&key=n{query}").json()
        assert (shown["key"], [len(one["cells"]) for one in shown["differences"]]) == (["n"], [count])
    assert compare(api, before, after, "&key=n&absolute=1").json()["differences"][0]["cells"][0]["column"] == "id"


def test_other_results_are_compared_path_by_path(api: Api) -> None:
    before, after = done(api, b'{"a":{"/":[1,null]},"b":1.50}'), done(api, b'{"a":{"/":[1,2]},"c":1.50}')
    shown = compare(api, before, after).json()
    assert (shown["kind"], shown["rows"], shown["columns"], shown["count"]) == ("value", None, None, 3)
    picked = [[one.get(name) for name in ("change", "pointer", "before", "after")] for one in shown["differences"]]
    assert picked == [
        ["changed", "/a/~1/1", None, 2],
        ["removed", "/b", 1.5, None],
        ["added", "/c", None, 1.5],
    ]
    assert ["before" in one for one in shown["differences"]] == [True, True, False]


def test_the_same_result_is_equal_without_being_read(api: Api) -> None:
    one = done(api, ROWS)
    assert compare(api, one, one).json()["equal"] is True
    assert compare(api, one, done(api, ROWS)).json()["count"] == 0


def test_a_comparison_is_audited_as_a_read_of_both_results(api: Api) -> None:
    before, after = done(api, ROWS), done(api, OTHERS)
    api("HEAD", f"/v1/executions/{before}/comparison?against={after}")
    assert _read(api) == []
    compare(api, before, after)
    assert sorted(_read(api)) == sorted([before, after])


def _read(api: Api) -> list[str]:
    api.run(api.reads.flush())
    page = api.run(api.store.audit.page(AuditFilter(action=Action.READ_RESULT), None, 100))
    return [str(one.event.execution_id) for one in page]


def test_a_key_that_is_not_unique_is_refused_with_the_rows_and_their_values(api: Api) -> None:
    before, after = done(api, ROWS), done(api, OTHERS)
    problem = compare(api, before, after, "&key=q").json()
    assert problem["code"] == "key-not-unique"
    assert problem["detail"].startswith(f"The rows 0 and 1 (counted from 0) of the result of {before} have")
    assert "`q` is `1`" in problem["detail"]
    unusable = compare(api, before, after, "&key=region").json()
    assert (unusable["code"], f"Row 0 (counted from 0) of the result of {before}" in unusable["detail"]) == (
        "key-not-usable", True,
    )  # fmt: skip


def test_results_that_cannot_be_compared_are_refused(api: Api) -> None:
    table = done(api, ROWS)
    assert slug(compare(api, ID, table)) == (404, "unknown-execution")
    assert slug(compare(api, table, ID)) == (404, "unknown-execution")
    assert slug(compare(api, table, api.submit()["id"])) == (409, "not-finished")
    api.fail(Rejected(script_error(ErrorKind.SCRIPT_ERROR, "boom")))
    failed = api.get("/v1/executions?status=failed").json()["items"][0]["id"]
    assert slug(compare(api, failed, table)) == (409, "execution-failed")
    assert slug(compare(api, table, done(api, b"1"), "&key=q")) == (422, "not-comparable")
    removed = done(api, OTHERS)
    api("DELETE", f"/v1/executions/{removed}/content")
    assert slug(compare(api, removed, table)) == (410, "content-removed")
    assert slug(compare(api, table, removed)) == (410, "content-removed")


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("", "against", "required"),
        ("?against=x", "against", "not-a-uuid"),
        (f"?against={ID}&absolute=-1", "absolute", "below-minimum"),
        (f"?against={ID}&relative=-0.1", "relative", "below-minimum"),
        (f"?against={ID}&relative=Infinity", "relative", "not-a-number"),
        (f"?against={ID}&absolute=1e9999", "absolute", "not-a-number"),
        (f"?against={ID}&key=", "key", "invalid-key-columns"),
        (f"?against={ID}&key=a,a", "key", "invalid-key-columns"),
        (f"?against={ID}&key={','.join(map(str, range(17)))}", "key", "invalid-key-columns"),
        (f"?against={ID}&key={'x' * 5000}", "key", "invalid-key-columns"),
    ],
)
def test_an_invalid_choice_is_refused(api: Api, query: str, parameter: str, code: str) -> None:
    (error,) = api.get(f"/v1/executions/{ID}/comparison{query}").json()["errors"]
    assert (error["parameter"], error["code"]) == (parameter, code)


def test_a_comparison_needs_the_scope_to_read_and_room_in_memory() -> None:
    api = Api(memory=MemoryBudget(4 * MIB))
    api.host()
    one, other = done(api, ROWS), done(api, OTHERS)
    assert slug(compare(api, one, other)) == (503, "too-much-in-flight")
    _, key = api.key(Scope.EXECUTIONS_WRITE)
    assert slug(compare(api, one, other, headers=key)) == (403, "forbidden")
