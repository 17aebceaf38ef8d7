"""The laws of the console's treatment of replays and aliases: its modules that need no page, called in a browser."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from tests.browser.modules import Modules
from tests.system.conftest import Service

PATHS: Final = {
    "addresses": "aliases/console_address",
    "api": "api",
    "changes": "changes",
    "columns": "differences/columns",
    "delta": "differences/delta",
    "lines": "differences/lines",
    "moves": "aliases/moves",
    "progress": "replays/progress",
    "request": "replays/request",
}
NAMES: Final = st.sampled_from(["id", "", "__proto__", "constructor", "a,b", "é"])
VALUES: Final = st.none() | st.booleans() | st.text(max_size=3) | st.integers(-5, 5) | st.lists(st.none(), max_size=2)
NUMBERS: Final = st.integers().map(str) | st.decimals(allow_nan=False, allow_infinity=False, places=4).map(
    lambda number: f"{number:f}"
)
FEW: Final = settings(max_examples=25)  # each is a message to the browser


@pytest.fixture(scope="module")
def modules(browser: Browser, service: Service) -> Iterator[Modules]:
    context = browser.new_context(base_url=service.url, locale="en-US")
    yield Modules(context.new_page(), PATHS)
    context.close()


@FEW
@given(versions=st.lists(st.integers(1, 9), min_size=1, max_size=6), rollbacks=st.lists(st.integers(0, 6), max_size=3))
@example(versions=[1, 2, 3], rollbacks=[3, 3])
@example(versions=[1], rollbacks=[1])
def test_a_rollback_leads_to_the_version_below_on_the_stack(
    modules: Modules, versions: list[int], rollbacks: list[int]
) -> None:
    stack: list[int] = []
    moves: list[dict[str, Any]] = []
    for at, version in enumerate(versions):
        moves.append({"reason": "promotion", "from_version": stack[-1] if stack else None})
        stack.append(version)
        undone = min(rollbacks[at] if at < len(rollbacks) else 0, len(stack) - 1)
        moves += [{"reason": "rollback", "from_version": stack.pop()} for _ in range(undone)]
    found = modules.run(
        """const search = moves_.rollbackSearch();
        for (const move of moves) { const found = search(move); if (found !== undefined) return found; }
        return "none";""",
        moves=moves[::-1],
    )
    assert found == (stack[-2] if len(stack) > 1 else None)


def test_an_alias_that_was_deleted_since_cannot_be_rolled_back_beyond_that(modules: Modules) -> None:
    assert modules.run('return moves_.rollbackSearch()({ reason: "removal", from_version: 3 });') is None


@FEW
@given(before=NUMBERS, after=NUMBERS)
@example(before="0.3", after="0.29")
@example(before="9007199254740993", after="9007199254740994")
@example(before="1", after="1.000000000000000000000000001")
def test_the_difference_of_two_numbers_is_that_of_their_decimals(modules: Modules, before: str, after: str) -> None:
    exact = Decimal(after) - Decimal(before)
    shown = Decimal(repr(modules.run("return delta_.difference(before, after);", before=before, after=after)))
    rounding = max(abs(Decimal(before)), abs(Decimal(after))) * Decimal("3e-16") + abs(exact) * Decimal("1e-11")
    assert abs(shown - exact) <= (abs(exact) * Decimal("2e-16") if "." not in before + after else rounding)


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        ("0.3", "0.29", "\u22120.01 (3.33 %)"),
        ("100", "150", "+50 (50 %)"),
        ("0", "2", "+2"),
        ("1000000", "1000001", "+1 (<0.01 %)"),
        ("9007199254740993", "9007199254740994", "+1 (<0.01 %)"),
        ("-4", "4", "+8 (200 %)"),
        ("2", "2", None),
        ("10000", "10005", "+5 (0.05 %)"),
    ],
)
def test_a_difference_has_its_sign_and_its_share(modules: Modules, before: str, after: str, text: str | None) -> None:
    shown = [{"cell": {"kind": "number", "text": one}} for one in (before, after)]
    assert modules.run("return delta_.deltaText(...shown) ?? null;", shown=shown) == text


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 %"), (1e-9, "<0.01 %"), (99.9999, "99.99 %"), (100, "100 %"), (2.5, "2.5 %")]
)
def test_only_nothing_is_0_percent_and_only_all_is_100(modules: Modules, number: float, text: str) -> None:
    assert modules.run("return changes_.percent(number);", number=number) == text


@FEW
@given(
    key=st.dictionaries(NAMES, VALUES, max_size=3),
    cells=st.dictionaries(NAMES, st.tuples(VALUES, VALUES), max_size=3),
    digits=st.integers(1, 10**30),
)
def test_a_difference_keeps_all_names_and_all_digits(
    modules: Modules, key: dict[str, Any], cells: dict[str, tuple[Any, Any]], digits: int
) -> None:
    number = f"1.{digits:030}"
    line = {
        "number": 0,
        "change": "changed",
        "key": key,
        "cells": [{"column": name, "before": before, "after": "NUMBER"} for name, (before, _) in cells.items()],
        "row": {name: after for name, (_, after) in cells.items()},
    }
    text = json.dumps(line).replace('"NUMBER"', number)
    parsed = modules.run("return lines_.differenceOf(line);", line=text)
    assert [name for name, _ in parsed["key"]] == list(key)
    assert [value["value"] for _, value in parsed["key"]] == list(key.values())
    assert [(one["column"], one["before"]["value"]) for one in parsed["cells"]] == [
        (name, before) for name, (before, _) in cells.items()
    ]
    assert {one["after"]["cell"]["text"] for one in parsed["cells"]} <= {number}
    assert [value["value"] for _, value in parsed["row"]] == [after for _, after in cells.values()]


def test_an_absent_value_is_not_null_and_a_deep_one_is_read(modules: Modules) -> None:
    line = '{"number":0,"change":"changed","cells":[{"column":"a","after":null}],"pointer":"/a","after":%s}'
    deep = "[" * 20_000 + "]" * 20_000
    parsed = modules.run(
        "const { cells, before, after } = lines_.differenceOf(line);"
        "return [cells[0].before.cell.kind, cells[0].after.cell.kind, before.cell.kind, after.cell.kind];",
        line=line % deep,
    )
    assert parsed == ["absent", "null", "absent", "array"]


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/v1/scripts/s/versions/3/replays/r", "#/scripts/s/replays/3/r"),
        ("/prefix/v1/scripts/a%20b/versions/3/replays", "#/scripts/a%20b/replays?version=3"),
        ("/v1/scripts/s/versions/3/checks", "#/scripts/s?version=3"),
        ("/v1/scripts/s/tests/quarter-end", "#/scripts/s"),
        ("/v1/keys", None),
    ],
)
def test_a_reason_of_a_gate_leads_to_a_page(modules: Modules, path: str, address: str | None) -> None:
    assert modules.run("return addresses_.consoleAddress(path) ?? null;", path=path) == address


def test_the_next_page_keeps_the_path_that_a_proxy_published(modules: Modules) -> None:
    found = modules.run(
        "return links.map((link) => api_.nextPath('https://host/prefix/v1/x?limit=1', link) ?? null);",
        links=[
            '</v1/x?cursor=a&limit=1>; rel="next"',
            "<https://other/v1/x?cursor=b>; rel=next",
            None,
            "</v1>; rel=up",
        ],
    )
    assert found == ["https://host/prefix/v1/x?cursor=a&limit=1", "https://host/prefix/v1/x?cursor=b", None, None]


@pytest.mark.parametrize(
    ("entered", "request_"),
    [
        ({"last": "50"}, {"last": 50}),
        ({"last": "9", "ofVersion": "2", "key": " a, b ,,"}, {"last": 9, "of_version": 2, "key": ["a", "b"]}),
        ({"executions": ["x"], "last": "50", "ofVersion": "2"}, {"executions": ["x"]}),
        ({"last": "1", "absolute": "0.01"}, {"last": 1, "tolerance": {"absolute": 0.01}}),
        ({"last": "1", "relative": "0.07"}, {"last": 1, "tolerance": {"relative": 0.0007}}),
        ({"last": "1", "relative": "1e-7"}, {"last": 1, "tolerance": {"relative": 1e-9}}),
    ],
)
def test_a_form_is_a_request_for_a_replay(modules: Modules, entered: dict[str, Any], request_: dict[str, Any]) -> None:
    empty = dict.fromkeys(("last", "since", "ofVersion", "key", "absolute", "relative"), "")
    whole = {"executions": [], **empty, **entered}
    assert modules.run("return request_.replayRequest(whole);", whole=whole) == request_


def test_columns_are_sorted_by_any_measure_and_keep_their_order_otherwise(modules: Modules) -> None:
    columns = [
        {"name": name, "changed": changed, "matched_percent": 0, "largest_absolute": largest, "largest_relative": None}
        for name, changed, largest in [("b", 1, None), ("a", 2, 0), ("c", 2, 0.5)]
    ]
    found = modules.run(
        """return [["name", false], ["changed", true], ["absolute", true], ["relative", false]].map(
          ([by, isDescending]) => columns_.sorted(columns, { by, isDescending }).map(({ name }) => name).join(""));""",
        columns=columns,
    )
    assert found == ["abc", "acb", "cab", "bac"]


def test_the_progress_of_a_replay_is_announced_four_times_and_at_its_end(modules: Modules) -> None:
    announced = modules.run(
        """const { element, show } = progress_.replayProgress();
        const region = element.querySelector("[role=status]");
        const announced = [];
        for (let done = 0; done <= 1000; done += 1) {
          const none = { changed: 0, now_failing: 0, now_succeeding: 0, skipped: 0, incomplete: 0 };
          for (const status of done === 1000 ? ["running", "finished"] : ["running"]) {
            show({ status, executions: { total: 1000, done, equal: done, ...none } });
            if (region.textContent !== (announced.at(-1) ?? "")) announced.push(region.textContent);
          }
        }
        return announced;"""
    )
    assert announced == [
        *(f"{done} of 1,000 compared" for done in ("250", "500", "750", "1,000")),
        "The replay has finished. 1,000 equal",
    ]
