"""Display, download and comparison of results on the console's pages."""

import json
import re
from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import Scheme
from tests.browser.steps import BACEN, heading
from tests.support.waiting import eventually
from tests.system.conftest import Service

ODD: Final = """[
  {"a": 1e21, "b": "null", "e": []},
  {"a": null, "b": "", "o": {}},
  {"b": "\\u202ex\\ud83d\\n", "__proto__": {"x": [1, null]}},
  {"a": 0.1, "b": "=1+1", "constructor": false, "e": "<img src=x>"}
]"""
ODD_CELLS: Final = [
    ["1e+21", "null", "[]", "absent", "absent", "absent"],
    ["null", "empty text", "absent", "{}", "absent", "absent"],
    ["absent", "\\u202ex\\ud83d\\n", "absent", "absent", '{"x":[1,null]}⤢', "absent"],
    ["0.1", "=1+1", "<img src=x>", "absent", "absent", "false"],
]
ROWS: Final[list[dict[str, Any]]] = [{"n": (at * 37) % 120, "text": f"t{at % 7}", "half": at / 2} for at in range(120)]
_CELLS: Final = "(rows) => rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent))"
_PIXELS: Final = "(canvas) => canvas.toDataURL()"


@pytest.fixture(scope="module")
def submitted(service: Service) -> Callable[[object], dict[str, Any]]:
    """Provide a function that submits an execution whose result is that value, or that JSON text."""
    assert service.host("same", "function process(data) { return data; }").status_code == 201

    def submit(value: object) -> dict[str, Any]:
        answer = service.submit("same", value if isinstance(value, str) else json.dumps(value), wait=30)
        execution: dict[str, Any] = answer.json()
        assert execution["status"] == "succeeded", execution
        return execution

    return submit


def _show(page: Page, execution: dict[str, Any]) -> None:
    page.goto(f"/#/executions/{execution['id']}")
    expect(heading(page, "Execution ")).to_be_visible()


def _cells(page: Page) -> list[list[str]]:
    rows = page.locator("table.rows:not([aria-busy]) tbody tr")
    expect(rows.first).to_be_visible()
    cells: list[list[str]] = rows.evaluate_all(_CELLS)
    return cells


def test_values_are_shown_as_they_are(page: Page, submitted: Callable[[object], dict[str, Any]]) -> None:
    _show(page, submitted(ODD))
    assert _cells(page) == ODD_CELLS
    page.get_by_role("button", name="Expand").click()
    dialog = page.get_by_role("dialog", name="Row 3, __proto__")
    expect(dialog.locator(".line")).to_have_text(["1{", '2  "x": [', "3    1,", "4    null", "5  ]", "6}"])
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Expand")).to_be_focused()


def test_pages_are_together_the_whole_in_any_order(page: Page, submitted: Callable[[object], dict[str, Any]]) -> None:
    _show(page, submitted(ROWS))
    head = page.get_by_role("columnheader", name="n", exact=True)
    for way, rows in (
        ("none", ROWS),
        ("ascending", sorted(ROWS, key=lambda row: row["n"])),
        ("descending", sorted(ROWS, key=lambda row: row["n"], reverse=True)),
    ):
        expect(head).to_have_attribute("aria-sort", way)
        found = []
        for words in ("1\u201350 of 120 rows", "51\u2013100 of 120 rows", "101\u2013120 of 120 rows"):
            expect(page.get_by_text(words)).to_be_visible()
            found += _cells(page)
            page.get_by_role("button", name="Next: rows").press("Enter")
        assert found == [[str(row["n"]), str(row["text"]), f"{row['half']:g}"] for row in rows]
        head.get_by_role("button").press("Enter")
    page.get_by_role("searchbox").fill("T3")
    expect(page.get_by_text("1\u201317 of 17 rows")).to_be_visible()
    assert {text for _, text, _ in _cells(page)} == {"t3"}


def test_tabs_are_moved_with_arrows(page: Page, submitted: Callable[[object], dict[str, Any]]) -> None:
    _show(page, submitted([1, 2, 3]))
    tab = {name: page.get_by_role("tab", name=name) for name in ("Table", "Chart", "JSON")}
    tab["Table"].focus()
    for key, name in (("ArrowRight", "Chart"), ("End", "JSON"), ("ArrowRight", "Table"), ("ArrowLeft", "JSON")):
        page.keyboard.press(key)
        expect(tab[name]).to_be_focused()
        expect(tab[name]).to_have_attribute("aria-selected", "true")
        expect(page.get_by_role("tabpanel")).to_have_count(2)  # that of the result, and the one inside
    expect(page.locator("pre.json .line")).to_have_text(["1[", "2  1,", "3  2,", "4  3", "5]"])


def test_downloads_equal_the_api_s_answers(
    page: Page, service: Service, submitted: Callable[[object], dict[str, Any]]
) -> None:
    execution = submitted(ODD)
    _show(page, execution)
    saved = {}
    for words in ("JSON", "NDJSON", "CSV"):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Save as {words}", exact=True).click()
        assert download.value.suggested_filename == f"same-v1-{execution['id'][-8:]}.{words.lower()}"
        saved[words] = download.value.path().read_bytes()
    path = execution["output"]["href"]
    assert saved["JSON"] == service.client.get(path).content
    assert saved["NDJSON"] == service.client.get(path, headers={"Accept": "application/x-ndjson"}).content
    assert saved["CSV"].decode().split("\r\n") == [
        "a,b,e,o,__proto__,constructor",
        "1e+21,null,[],,,",
        ',"",,{},,',
        ',"\u202ex\ufffd\n",,,"{""x"":[1,null]}",',
        "0.1,'=1+1,<img src=x>,,,false",
        "",
    ]
    about = page.get_by_role("button", name="About these formats")
    expect(about).to_have_attribute("aria-expanded", "false")
    about.press("Enter")
    expect(page.get_by_text("gets a leading apostrophe")).to_be_visible()
    about.press("Enter")
    expect(page.get_by_text("gets a leading apostrophe")).to_be_hidden()


def test_a_chart_is_drawn_of_the_use_case_and_follows_the_scheme(
    page: Page, submitted: Callable[[object], dict[str, Any]]
) -> None:
    row = json.loads((BACEN / "expected.json").read_text())[0]
    rows = [
        row | {"trimestre": quarter, "nomeBandeira": issuer, "valorTransacoesNacionais": 0.5 + at}
        for at, (quarter, issuer) in enumerate((q, i) for q in ("20232", "20231") for i in ("VISA", "Elo", "VISA"))
    ]
    _show(page, submitted(rows))
    page.get_by_role("tab", name="Chart").click()
    said = "Sum of valorTransacoesNacionais by trimestre, one series per nomeBandeira."
    canvas = page.get_by_role("img", name=said)
    expect(canvas).to_be_visible()
    page.locator("summary", has_text="Chart data").click()
    numbers = page.locator("details tbody tr")
    expect(numbers).to_have_text(["202314.59", "202321.53"])
    light = canvas.evaluate(_PIXELS)
    page.emulate_media(color_scheme="dark")
    eventually(lambda: canvas.evaluate(_PIXELS) != light, 10)
    page.emulate_media(color_scheme="light")
    eventually(lambda: canvas.evaluate(_PIXELS) == light, 10)
    page.get_by_label("Aggregate").select_option("Mean")
    page.get_by_label("Group by").select_option("None")
    expect(page.get_by_role("img", name="Mean of valorTransacoesNacionais by trimestre.")).to_be_visible()
    page.locator("summary", has_text="Chart data").click()
    expect(numbers).to_have_text(["202314.5", "202321.5"])


def test_an_array_inside_an_object_makes_a_table(page: Page, submitted: Callable[[object], dict[str, Any]]) -> None:
    _show(page, submitted({"sum": 3, "of": {"rows": [{"a": 1}, {"a": 2}]}}))
    assert _cells(page) == [["sum", "3"], ["of", '{"rows":[{"a":1},{"a":2}]}⤢']]
    page.get_by_label("Show", exact=True).select_option("/of/rows (2 items)")
    expect(page.get_by_text("1\u20132 of 2 rows")).to_be_visible()
    assert _cells(page) == [["1"], ["2"]]
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV", exact=True).click()
    assert download.value.path().read_text() == "a\n1\n2\n"


def test_the_address_has_part_order_and_search_of_a_table(
    page: Page, service: Service, submitted: Callable[[object], dict[str, Any]]
) -> None:
    rows = [{"n": at, "of": {"name": f"t{at % 3}"}} for at in range(9)]
    execution = submitted({"sum": 3, "rows": rows})
    _show(page, execution)
    page.get_by_label("Show", exact=True).select_option("/rows (9 items)")
    head = page.get_by_role("columnheader", name="n", exact=True)
    head.get_by_role("button").click()
    head.get_by_role("button").click()
    expect(page).to_have_url(re.compile(r"part=%2Frows&sort=desc%3An$"))
    page.get_by_role("searchbox", name="Search").fill("t1")
    expect(page).to_have_url(re.compile(r"&search=t1$"))
    address, wanted = page.url, [[str(n), '{"name":"t1"}⤢'] for n in (7, 4, 1)]
    eventually(lambda: _cells(page) == wanted, 10)
    page.goto("/#/compare")
    expect(heading(page, "Compare executions")).to_be_visible()
    page.go_back()
    eventually(lambda: heading(page, "Execution ").is_visible() and _cells(page) == wanted, 10)
    page.goto(address.replace("search=t1", "search=t2&dataset_sort=asc%3An&view=dataset&dataset_part=%2Fgone"))
    expect(page.get_by_role("tab", name="Dataset")).to_have_attribute("aria-selected", "true")
    assert [row[0] for row in _cells(page)] == ["sum", "rows"], "what the dataset does not have is ignored"
    page.get_by_role("tab", name="Result").click()
    visible = page.locator("table.rows:visible:not([aria-busy]) tbody tr td:first-of-type")
    expect(visible).to_have_text(["8", "5", "2"])
    expect(page.get_by_role("searchbox", name="Search")).to_have_value("t2")
    page.get_by_label("Show", exact=True).locator("visible=true").select_option("the whole result")
    expect(page).not_to_have_url(re.compile("[?&](sort|search|part)="))


def test_a_large_result_is_opened_on_request_and_released(
    page: Page, service: Service, submitted: Callable[[object], dict[str, Any]]
) -> None:
    execution = submitted([{"text": "x" * 1_000, "n": at} for at in range(9_000)])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    _show(page, execution)
    button = page.get_by_role("button", name="Open all (8.8 MiB)")
    expect(page.get_by_text("Showing the first 100 rows")).to_be_visible()
    expect(page.get_by_text("1\u201350 of 100 rows")).to_be_visible()
    expect(page.locator(".profile").last).to_have_text("integer0% null100 values0 to 99" + "█" * 10)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as JSON", exact=True).click()
    assert download.value.path().read_bytes() == service.client.get(execution["output"]["href"]).content
    page.get_by_role("columnheader", name="n", exact=True).get_by_role("button").dblclick()
    expect(page).to_have_url(re.compile("sort=desc%3An$"))
    button.click()
    expect(page.get_by_text("1\u201350 of 9,000 rows")).to_be_visible()
    expect(page.locator("table.rows:not([aria-busy]) tbody td.number").first).to_have_text("8999")
    expect(page.get_by_role("tab", name="Table")).to_be_focused()
    expect(page.locator(".profile").last).to_contain_text("≥ 1,000 values0 to 8999")
    assert len([url for url in asked if url.endswith("/result")]) == 2, "the whole is fetched once"
    assert len(page.workers) == 1
    page.goto("/#/compare")
    expect(heading(page, "Compare executions")).to_be_visible()
    eventually(lambda: page.title() and page.workers == [], 10)
    _show(page, execution)
    assert service.client.delete(f"/v1/executions/{execution['id']}/content").status_code == 204
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("(410)")
    expect(button).to_be_visible()


def test_a_dataset_is_shown_like_a_result_with_the_digits_of_its_numbers_in_the_file(
    page: Page, service: Service, submitted: Callable[[object], dict[str, Any]]
) -> None:
    text = '[{"code": 9007199254740993, "year": 2024, "amount": -1234567.5}]'
    execution = submitted(text)
    page.goto(f"/#/executions/{execution['id']}?view=dataset")
    assert _cells(page) == [["9007199254740992", "2024", "-1234567.5"]]
    cells = page.locator("table.rows tbody td")
    expect(cells.nth(2).locator(".group")).to_have_text(["234", "567"])
    assert [one.get_attribute("data-sign") for one in cells.nth(2).locator(".group, .point").all()] == [",", ",", "."]
    expect(cells.nth(1).locator(".group")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as JSON", exact=True).click()
    assert download.value.suggested_filename == f"same-v1-{execution['id'][-8:]}-dataset.json"
    assert json.loads(download.value.path().read_text()) == json.loads(text)
    expect(page.get_by_role("button", name="Save as NDJSON")).to_have_count(0)
    page.get_by_role("tab", name="Dataset").press("ArrowLeft")
    expect(page).to_have_url(re.compile("view=result$"))
    expect(page.get_by_role("button", name="Save as NDJSON")).to_be_visible()
    page.reload()
    expect(page.get_by_role("tab", name="Result")).to_have_attribute("aria-selected", "true")


def test_two_tables_are_compared_by_a_key_or_by_position(
    page: Page, submitted: Callable[[object], dict[str, Any]]
) -> None:
    left = submitted([{"id": "a", "n": 1}, {"id": "b", "n": 2}, {"id": "c", "n": 3}, {"id": "d", "n": None}])
    right = submitted([{"id": "c", "n": 3}, {"id": "a", "n": 1}, {"id": "b", "n": 20, "m": "new"}, {"id": "e"}])
    page.goto("/#/compare")
    page.get_by_label("Before").fill(left["id"])
    page.get_by_label("After").fill(right["id"])
    page.get_by_role("button", name="Compare", exact=True).click()
    counts = page.locator("ul.counts li")
    expect(counts).to_have_text(["2 equal", "1 changed", "1 removed", "1 added"])
    expect(page.get_by_text("different order")).to_be_visible()
    assert _cells(page) == [
        ["changed", "2", "3", "b", "2 → 20", "absent → new"],
        ["removed", "4", "\u2013", "d", "null", "absent"],
        ["added", "\u2013", "4", "e", "absent", "absent"],
    ]
    expect(page.locator("del")).to_have_text(["2", "absent"])
    page.get_by_role("checkbox", name="id").uncheck()
    expect(counts).to_have_text(["0 equal", "4 changed", "0 removed", "0 added"])
    expect(page.get_by_role("checkbox", name="id")).to_be_focused()
    page.get_by_label("Show").select_option("equal")
    expect(page.get_by_text("Nothing to show.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"&key=%5B%5D&rows=equal$"))
    page.reload()
    expect(counts).to_have_text(["0 equal", "4 changed", "0 removed", "0 added"])
    expect(page.get_by_label("Show")).to_have_value("equal")
    expect(page.get_by_role("checkbox", name="id")).not_to_be_checked()
    page.get_by_label("Show").select_option("different")
    page.get_by_role("checkbox", name="id").check()
    expect(counts).to_have_text(["2 equal", "1 changed", "1 removed", "1 added"])
    expect(page.get_by_role("row", name="Result (SHA-256) differs")).to_be_visible()
    page.get_by_label("Ignore numeric differences up to").select_option("0.01")
    page.get_by_role("button", name="Swap").click()
    expect(page).to_have_url(re.compile(f"left={right['id']}&right={left['id']}&tolerance=0.01&key=%5B%22id%22%5D$"))
    expect(counts).to_have_text(["2 equal", "1 changed", "1 removed", "1 added"])
    assert _cells(page)[1][:4] == ["removed", "4", "\u2013", "e"]
    expect(page.locator("ul.columns li")).to_have_text(
        ["n: 1 of 3 changed · largest difference 18", "m: 1 of 3 changed"]
    )
    page.goto(f"/#/compare?left={left['id']}&right={right['id']}&tolerance=18")
    expect(page.locator("ul.columns li")).to_have_text(["m: 1 of 3 changed"])


def test_other_results_are_compared_by_their_paths(page: Page, submitted: Callable[[object], dict[str, Any]]) -> None:
    left = submitted({"total": 1, "by": {"a/b": [1, 2]}, "gone": None})
    right = submitted({"total": 2, "by": {"a/b": [1, 3, {}]}})
    page.goto(f"/#/compare?left={left['id']}&right={right['id']}")
    expect(page.locator("ul.counts li")).to_have_text(["1 equal", "2 changed", "1 removed", "1 added"])
    assert _cells(page) == [
        ["changed", "/total", "1 → 2"],
        ["changed", "/by/a~1b/1", "2 → 3"],
        ["added", "/by/a~1b/2", "{}"],
        ["removed", "/gone", "null"],
    ]
    same = submitted({"total": 2, "by": {"a/b": [1, 3, {}]}})
    page.goto(f"/#/compare?left={same['id']}&right={right['id']}")
    expect(page.get_by_text("The results are identical, byte for byte.")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 400)])
def test_results_and_comparisons_have_no_fault_that_axe_finds(
    open_page: Callable[..., Page], submitted: Callable[[object], dict[str, Any]], scheme: Scheme, width: int
) -> None:
    page = open_page(scheme=scheme, width=width)
    left, right = submitted(ROWS), submitted([*ROWS[5:], {"n": -1, "text": "x" * 500, "half": {"a": 1}}])
    _show(page, right)
    assert len(_cells(page)) == 50
    assert violations(page) == []
    page.get_by_role("tab", name="Chart").click()
    expect(page.get_by_role("img", name="by ")).to_be_visible()
    page.locator("summary", has_text="Chart data").click()
    assert violations(page) == []
    page.get_by_role("tab", name="JSON").click()
    expect(page.locator("pre.json .line").first).to_be_visible()
    assert violations(page) == []
    page.goto(f"/#/compare?left={left['id']}&right={right['id']}")
    assert _cells(page)
    assert violations(page) == []
