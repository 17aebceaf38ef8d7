"""The console as people use it: from nothing to a comparison of two results, and its explanations of failures."""

import csv
import json
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.accessibility import overflowing, serious, violations
from tests.browser.conftest import SLOTS
from tests.browser.steps import (
    BACEN,
    SLOW,
    begin_to_run,
    drop_file,
    heading,
    host,
    more_actions,
    new_script,
    run,
    source,
    state,
    write,
)
from tests.support.waiting import eventually
from tests.system.conftest import Service

FILTERS = "function process(data) {\n  return data\n    .filter((row) => row.a)\n    .map((row) => row.b);\n}\n"
_FAR = "\n" * 500
THROWS = f"""{_FAR}{"// A long comment. " * 200}
function process(data) {{
  const first = data[0];
  if (!first.produto) throw new Error("no produto");
  return first;
}}
{_FAR}"""
EXPECTED = json.loads((BACEN / "expected.json").read_text())
_COMPUTES = "for (let i = 0; i < 1e6; i += 1) d.n = i; "
TALKATIVE = f"function process(d) {{ for (let line = 0; ; line += 1) {{ {_COMPUTES} console.log(line); }} }}"
BRIEF = f"""function process(d) {{
  for (let line = 0; line < 120; line += 1) {{ {_COMPUTES} console.log(line); }}
  console.warn("the end");
  return d;
}}"""
_BELOW = "(list) => list.scrollHeight - list.scrollTop - list.clientHeight"
_COLOURS = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
}"""
_SLOW_LINE = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 20_000_000}
_SEES_PROGRESS = """() => {
  globalThis.parts = new Set();
  const look = () => parts.add(document.querySelector("progress")?.value);
  new MutationObserver(look).observe(document.body, { subtree: true, attributes: true, childList: true });
}"""


def _lines(text: str) -> list[object]:
    return [json.loads(line) for line in text.splitlines()]


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


def _as_text(rows: list[dict[str, object]]) -> list[dict[str, str]]:
    return [{name: str(value) for name, value in row.items()} for row in rows]


def test_the_use_case_from_nothing_to_a_comparison(page: Page) -> None:
    page.goto("/")
    new_script(page).click()
    expect(heading(page, "New script")).to_be_focused()
    drop_file(page, source(page), "cartões.js", (BACEN / "script.js").read_text())
    expect(page.get_by_label("Name", exact=True)).to_have_value("cartoes")
    page.get_by_label("Name", exact=True).fill("corporate-cards")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(heading(page, "corporate-cards")).to_be_focused()
    expect(source(page)).to_contain_text("byQuarterAndIssuer")

    page.get_by_role("link", name="Run v1 (latest)").click()
    expect(heading(page, "Run corporate-cards")).to_be_visible()
    drop_file(page, page.get_by_label("Dataset", exact=True), "payload.json", (BACEN / "payload.json").read_text())
    expect(page.get_by_text("payload.json (756 B)")).to_be_visible()
    page.get_by_role("button", name="Run", exact=True).click()
    expect(heading(page, "Execution ")).to_be_focused()
    expect(state(page)).to_have_text("succeeded")
    expect(page.get_by_role("listitem").filter(has_text="queued for")).to_be_visible()

    table = page.get_by_role("tabpanel", name="Table")
    expect(table.get_by_role("columnheader")).to_have_text(["row#", *EXPECTED[0]])
    expect(table.locator("tbody td")).to_have_text([str(value) for value in EXPECTED[0].values()])
    for words, read in (("JSON", json.loads), ("NDJSON", _lines), ("CSV", _rows)):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Save as {words}", exact=True).click()
        assert download.value.suggested_filename.endswith(f".{words.lower()}")
        expected = _as_text(EXPECTED) if words == "CSV" else EXPECTED
        assert read(download.value.path().read_text("utf-8-sig")) == expected

    page.get_by_role("tab", name="Chart").click()
    page.get_by_label("Y axis").select_option(label="qtdCartoesAtivos")
    page.get_by_label("X axis").select_option(label="trimestre")
    chart = page.get_by_role("img", name="qtdCartoesAtivos by trimestre.")
    expect(chart).to_be_visible()
    assert chart.evaluate(_COLOURS) > 3, "nothing is drawn"

    page.get_by_text("Run again…").click()
    page.get_by_role("link", name="Edit the dataset and run…").click()
    other = json.loads((BACEN / "payload.json").read_text())
    expect(page.get_by_label("Dataset", exact=True)).to_have_value(re.compile("Empresarial"))
    other[1] |= {"qtdCartoesAtivos": 7, "nomeBandeira": "ELO"}
    page.get_by_label("Dataset", exact=True).fill(
        json.dumps([*json.loads((BACEN / "payload.json").read_text()), other[1]])
    )
    page.get_by_role("button", name="Run", exact=True).click()
    expect(state(page)).to_have_text("succeeded")
    expect(page.get_by_role("tabpanel", name="Table").locator("tbody tr")).to_have_count(2)

    page.get_by_role("link", name="Executions").click()
    ticks = page.get_by_role("checkbox")
    for place in (0, 1):  # the newer one first
        ticks.nth(place).check()
    page.get_by_role("link", name="Compare").click()
    expect(heading(page, "Compare executions")).to_be_visible()
    expect(page.get_by_text("1 added")).to_be_visible()
    differing = page.get_by_role("region", name="Results").get_by_role("row").filter(has_text="added")
    expect(differing).to_contain_text("ELO")

    page.get_by_role("navigation").get_by_role("link", name="Scripts").click()
    example = page.get_by_role("button", name="Try the Central Bank example")
    example.press("Enter")
    expect(
        page.get_by_role("img", name="valorTransacoesNacionais by trimestre, one series per nomeBandeira.")
    ).to_be_visible()
    expect(page.get_by_role("link", name="corporate-cards, version 1")).to_be_visible()
    expect(page.get_by_text("The figures of this example are made up.")).to_be_visible()
    page.get_by_role("tab", name="Chart").press("ArrowRight")
    expect(page).to_have_url(re.compile(r"\?tab=json&example=1$"))
    page.reload()
    expect(page.get_by_role("tab", name="JSON")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tabpanel", name="JSON")).to_be_visible()

    page.get_by_role("navigation").get_by_role("link", name="Audit").click()
    expect(page.get_by_role("cell", name="created a script").first).to_be_visible()
    page.get_by_label("Action").select_option(label="read a result")
    expect(page.get_by_role("cell", name="created a script")).to_have_count(0)
    expect(page.get_by_role("cell", name="read a result").first).to_be_visible()


_LOOK: Final = "() => document.dispatchEvent(new Event('visibilitychange'))"
"""The list looks for new executions at once when its tab comes to the front."""


def test_a_list_keeps_its_filters_and_leads_to_comparisons(page: Page, service: Service) -> None:
    text = "function process(data) { if (!data.rows) throw new Error('no rows\\nat all'); return data.rows; }"
    assert service.host("listed", text).status_code == 201
    first = service.submit("listed", '{"rows": [{"big": 9007199254740993}]}', 30).json()
    assert service.client.post("/v1/scripts/listed/versions", json={"source": f"{text}//"}).status_code == 201
    second = service.submit("listed", '{"rows": [{"big": 9007199254740993}]}', 30).json()
    assert service.submit("listed", "{}", 30).json()["status"] == "failed"

    page.goto("/#/executions?script=listed&period=24h")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(3)
    failed = page.get_by_role("button", name="failed")
    failed.click()
    expect(rows).to_have_count(1)
    expect(failed).to_be_focused()
    expect(failed).to_have_attribute("aria-pressed", "true")
    expect(rows.locator("summary")).to_contain_text("script error Error: no rows")
    page.reload()
    expect(rows).to_have_count(1)
    page.get_by_role("button", name="succeeded").click()
    expect(rows).to_have_count(2)
    page.go_back()
    expect(rows).to_have_count(1)

    script = page.get_by_label("Script", exact=True)
    script.fill("listd")
    script.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("There is no script “listd”.")
    expect(page.get_by_text("No executions match.")).to_be_visible()
    expect(script).to_have_value("listd")
    assert page.evaluate("(input) => [...input.list.options].map(({ value }) => value)", script.element_handle())
    page.goto("/#/executions?script=Wro!&version=x&status=failed")
    expect(page.get_by_role("alert")).to_have_text("“x” is not a version number: 1, 2, 3…")
    page.get_by_role("button", name="Clear filters").last.click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page).to_have_url(re.compile("/#/executions$"))
    script.fill("listed")
    script.press("Enter")
    expect(rows).to_have_count(3)

    third = service.submit("listed", '{"rows": [{"big": 9007199254740992}]}', 30).json()
    page.evaluate(_LOOK)
    newer = page.get_by_role("button", name="1 new execution · Show")
    expect(newer).to_be_visible()
    expect(rows).to_have_count(3)
    newer.click()
    expect(rows).to_have_count(4)

    page.get_by_role("link", name=second["id"][-8:]).click()
    expect(heading(page, "Execution listed v2 · ")).to_be_focused()
    page.get_by_text("Compare with…").click()
    page.get_by_text("Same dataset, other version (1)").click()
    expect(page.get_by_role("link", name="listed v1")).to_be_visible()
    page.locator("summary", has_text="Choose…").click()
    expect(page.get_by_role("row").filter(has_text="same dataset")).to_have_count(1)
    page.get_by_role("link", name="Previous run of this script").click()
    expect(page).to_have_url(re.compile(f"left={first['id']}&right={second['id']}"))
    page.goto(f"/#/compare?left={second['id']}&right={third['id']}")
    expect(page.get_by_text("The results are identical, byte for byte.")).to_be_visible()
    expect(page.locator(".note")).to_have_text(re.compile("^Before: Integers lose precision"))

    page.goto(f"/#/executions/{third['id']}")
    more_actions(page).click()
    page.get_by_role("button", name="Delete data…").click()
    page.get_by_role("button", name="Delete permanently").click()
    expect(page.get_by_text("without an API key (request ")).to_be_visible()
    expect(page.get_by_role("tab")).to_have_text(["Source", "Details"])
    expect(more_actions(page)).to_have_count(0)


def test_a_source_with_a_syntax_error_is_refused_at_its_line(page: Page) -> None:
    host(page, "unclosed", "function process(data) {\n  return data.map((one => one);\n}\n")
    said = page.get_by_role("alert")
    expect(said).to_contain_text("SyntaxError")
    line = re.search(r"line (\d+), column", said.inner_text())
    assert line is not None
    assert line[1] == "2"
    marked = page.locator(".cm-line", has=page.locator(".cm-lintRange-error"))
    expect(marked).to_have_text("  return data.map((one => one);")
    expect(page.locator(".cm-lint-marker-error")).to_be_visible()
    write(page, "function process(data) { return data; }")
    page.get_by_text("Limits", exact=True).click()
    time, memory = page.get_by_label("Time limit"), page.get_by_label("Memory limit")
    expect(time).to_have_attribute("placeholder", "30 s")
    expect(time).to_have_accessible_description("10 ms to 5 min")
    memory.fill("64mib")
    time.fill("90")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(time).to_be_focused()
    expect(time).to_have_accessible_description("Enter a number with its unit, such as 45 s. 10 ms to 5 min")
    expect(time).to_have_attribute("aria-invalid", "true")
    time.fill("9h")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(time).to_have_accessible_description("Enter 10 ms to 5 min. 10 ms to 5 min")
    time.fill("90s")
    expect(time).to_have_attribute("aria-invalid", "false")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(heading(page, "unclosed")).to_be_visible()
    page.get_by_text("Limits", exact=True).click()
    limits = page.locator("details[open]").get_by_role("definition")
    expect(limits.first).to_have_text("1.5 min")
    expect(limits.nth(1)).to_have_text("64 MiB")


def test_a_script_that_throws_is_shown_with_its_line(page: Page) -> None:
    host(page, "throws", THROWS)
    expect(heading(page, "throws")).to_be_visible()
    run(page, "throws", [{}], "failed")
    expect(page.locator(".refusal").first).to_contain_text("no produto")
    marked = page.locator(".cm-line", has=page.locator(".cm-lintRange-error"))
    expect(marked).to_have_text('  if (!first.produto) throw new Error("no produto");')
    expect(marked).to_be_in_viewport()
    expect(heading(page, "Execution ")).to_be_in_viewport()


REPLAY: Final = str(uuid.UUID(int=7))
_FINISHED: Final = {"status": "finished", "reproduced": None, "difference": None, "inconclusive": None}
_DIFFERENCE: Final = {
    "of": "result", "expected": "0f" * 32, "actual": "f0" * 32, "byte": 12_345,
    "expected_excerpt": "[1,\u202e2]", "actual_excerpt": "[1,3]",
}  # fmt: skip
_WITHOUT_EXCERPTS: Final = _DIFFERENCE | {"expected_excerpt": None, "actual_excerpt": None}
_GONE: Final = {"title": "Content removed", "status": 409, "detail": "The dataset was deleted.", "hint": "No remedy."}
REPRODUCTIONS: Final[tuple[tuple[dict[str, Any], dict[str, Any], list[str]], ...]] = (
    ({"status": "pending"}, _FINISHED | {"reproduced": True}, ["Reproduced: identical."]),
    (
        _FINISHED | {"reproduced": False, "difference": _WITHOUT_EXCERPTS},
        _FINISHED | {"reproduced": False, "difference": _DIFFERENCE},
        ["Not reproduced: another result", "0f" * 32, "f0" * 32, "12,345", "[1,\\u202e2]", "[1,3]"],
    ),
    (
        {"status": "running"},
        _FINISHED | {"inconclusive": {"reason": "engine", "expected": "quickjs-ng 1", "actual": "quickjs-ng 2"}},
        ["Inconclusive: it ran on another release of the engine", "quickjs-ng 1", "quickjs-ng 2"],
    ),
    (_GONE, {}, ["The dataset was deleted.", "No remedy."]),
)
"""The response to the start of a reproduction, that of a read of it, and the texts shown at last."""


def test_a_result_has_a_receipt_and_can_be_reproduced(page: Page, service: Service) -> None:
    """The execution is the service's; receipt and reproductions are made up, since no service gives a difference."""
    assert service.host("proved", "function process(data) { return data; }").status_code == 201
    shown = service.submit("proved", "[1]", 30).json()
    path = f"{service.url}/v1/executions/{shown['id']}"
    replay = shown | {"clock": "2024-02-29T12:30:00.500000Z", "seed": "0f" * 16, "replay_of": REPLAY}
    started, read = iter(one[0] for one in REPRODUCTIONS), iter(one[1] for one in REPRODUCTIONS)
    asked: list[str | None] = []

    def start(route: Route) -> None:
        asked.append(route.request.headers.get("prefer"))
        answer = next(started)
        kind = "application/problem+json" if answer is _GONE else "application/json"
        route.fulfill(status=answer.get("status") if answer is _GONE else 202, json=made(answer), content_type=kind)

    def made(answer: dict[str, Any]) -> dict[str, Any]:
        return {"id": REPLAY, "execution_id": shown["id"], **_FINISHED, **answer}

    page.route(path, lambda route: route.fulfill(json=replay))
    page.route(f"{path}/receipt", lambda route: route.fulfill(json={"payload": "e30="}))
    page.route(f"{path}/reproduction", start)
    page.route(f"{path}/reproductions/{REPLAY}", lambda route: route.fulfill(json=made(next(read))))
    page.goto(f"/#/executions/{shown['id']}?view=details")
    facts = page.locator("dl").filter(has_text="Seed").get_by_role("definition")
    expect(facts).to_have_text(["2024-02-29T12:30:00.500Z", "0f" * 16, "30 s", "512 MiB", "64 MiB", "64 KiB"])
    origin = page.get_by_text("Replay of", exact=False).get_by_role("link", name=REPLAY[-8:])
    expect(origin).to_have_attribute("href", f"#/executions/{REPLAY}")
    receipt = f"receipt-proved-{shown['id'][-8:]}.json"
    with page.expect_download() as download:
        page.get_by_role("button", name="Download receipt").press("Enter")
    assert (download.value.suggested_filename, download.value.path().read_text()) == (receipt, '{"payload":"e30="}')
    expect(page.get_by_text("python -m entrypoints.verify")).to_have_text(
        f"python -m entrypoints.verify {receipt} --keys receipt-keys.json"
    )
    expect(page.get_by_role("link", name="Download public keys")).to_have_attribute(
        "href", f"{service.url}/v1/receipts/keys"
    )

    page.set_viewport_size({"width": 390, "height": 900})
    reproduce = page.get_by_role("button", name="Reproduce", exact=True)
    for *_, texts in REPRODUCTIONS:
        reproduce.press("Enter")
        outcome = page.get_by_role("status").or_(page.get_by_role("alert")).filter(has_text=texts[0])
        for text in texts:
            expect(outcome).to_contain_text(text)
        expect(reproduce).to_be_focused()
        assert serious(violations(page) + overflowing(page)) == []
    assert asked == ["wait=30"] * len(REPRODUCTIONS)


def failed_on(service: Service, engine: str) -> str:
    """Run an execution that fails in line 3, at `filter`."""
    script = {"name": f"fails-on-{engine}", "source": FILTERS, "engine": engine}
    assert service.client.post("/v1/scripts", json=script).status_code == 201
    answer = service.submit(script["name"], '{"value": []}', 30).json()
    assert answer["error"]["line"] == 3
    return str(answer["id"])


@pytest.mark.parametrize(("engine", "marked"), [("quickjs-ng", "filter"), ("dukpy", "filter((row) => row.a)")])
def test_a_position_that_may_be_approximate_is_told_from_an_exact_one(
    page: Page, service: Service, engine: str, marked: str
) -> None:
    page.goto(f"/#/executions/{failed_on(service, engine)}")
    expect(page.locator(".refusal").first).to_contain_text("data.filter is not a function (data is an object: {value")
    expect(page.get_by_text("may be approximate")).to_have_count(0 if engine == "quickjs-ng" else 1)
    expect(page.locator(".cm-lintRange-error").first).to_be_visible()
    assert "".join(page.locator(".cm-lintRange-error").all_text_contents()) == marked


def test_warnings_of_a_run_and_titles_of_problems_are_told_in_the_readers_language(
    open_page: Callable[..., Page], service: Service
) -> None:
    source = "const process = (d) => [/a/.test('a') && RegExp.$1, (1.5).toLocaleString(d)];"
    assert service.client.post("/v1/scripts", json={"name": "affected", "source": source}).status_code == 201
    answer = service.submit("affected", '"fr-FR"', 30).json()
    assert [one["kind"] for one in answer["warnings"]] == ["unsupported-regexp", "unsupported-locale"]
    page = open_page("pt-BR")
    page.goto(f"/#/executions/{answer['id']}")
    expect(page.locator(".note strong")).to_have_text(["Expressão regular difere do Node", "Localidade não suportada"])
    page.goto(f"/#/executions/{uuid.UUID(int=0)}")
    expect(page.locator(".refusal strong")).to_have_text("Execução não encontrada")
    expect(page.locator(".refusal")).to_contain_text("Nenhuma execução tem o id")
    page.goto("/#/new")
    page.get_by_label("Nome", exact=True).fill("Cartões Corporativos")
    page.locator("main form").evaluate("(form) => { form.noValidate = true; }")  # the service refuses it too
    page.get_by_role("button", name="Salvar", exact=True).click()
    refused = page.get_by_role("alert")
    expect(refused.locator("code")).to_have_text(["corporate-cards", "cartoes-corporativos"])
    assert "^" not in refused.inner_text()
    more = refused.get_by_role("link").get_attribute("href") or ""
    explained = service.client.get(more, headers={"Accept-Language": "en"})
    assert (explained.status_code, explained.text.splitlines()[0]) == (200, "Documento inválido")


def test_an_execution_shows_as_pending_and_running_and_can_be_cancelled(page: Page, service: Service) -> None:
    host(page, "slow", SLOW)
    expect(heading(page, "slow")).to_be_visible()
    before = [service.submit("slow", "{}").json()["id"] for _ in range(SLOTS)]
    begin_to_run(page, "slow", {})
    expect(page.get_by_role("progressbar", name="Queued")).to_be_visible()
    expect(state(page)).to_have_text("queued")
    expect(page.get_by_text("Next execution of its script · all slots are busy")).to_be_visible()
    for one in before:
        service.client.post(f"/v1/executions/{one}/cancel")
    expect(state(page)).to_have_text("running")
    for code, words in (("pt", "em execução"), ("en", "running")):
        page.get_by_role("combobox").select_option(code)
        expect(state(page)).to_have_text(words)
    expect(page.get_by_role("progressbar", name="Running")).to_be_visible()
    expect(page.locator(".facts")).to_have_text(re.compile(r"^Elapsed \d+ m?s of 30 s$"))
    page.get_by_role("tab", name="Log").click()
    expect(page.get_by_role("tabpanel", name="Log")).to_have_text("Lines appear here as the script prints them.")
    page.get_by_role("button", name="Cancel").click()
    expect(state(page)).to_have_text("cancelled")
    expect(page.get_by_role("tabpanel", name="Log (0)")).to_have_text(
        "The run was stopped before a line of its log had been stored."
    )


def lines(page: Page) -> Locator:
    return page.get_by_role("list", name="Log").get_by_role("listitem")


def below(page: Page) -> int:
    """Measure what is hidden below the lines that are shown, in pixels."""
    measured: int = page.get_by_role("list", name="Log").evaluate(_BELOW)
    return measured


def come(page: Page) -> int:
    """Wait for further lines of the log; return their number."""
    before = lines(page).count()
    expect(lines(page).nth(before)).to_be_attached()
    return lines(page).count() - before


def test_a_live_log_follows_its_end_unless_its_reader_has_scrolled_up(page: Page) -> None:
    host(page, "talkative", TALKATIVE)
    expect(heading(page, "talkative")).to_be_visible()
    begin_to_run(page, "talkative", {})
    page.get_by_role("tab", name="Log").click()
    expect(lines(page).nth(60)).to_have_text("log60")
    expect(page.get_by_role("status").filter(has_text=re.compile(r"^\d+ new lines? in the log$"))).to_have_count(1)
    assert come(page) > 0
    assert below(page) < 10
    page.get_by_role("tab", name="Dataset").click()
    page.get_by_role("tab", name="Log").click()
    page.get_by_role("list", name="Log").press("Home")
    eventually(lambda: below(page) > 100)
    before = below(page)
    assert come(page) > 0
    assert below(page) > before
    page.get_by_role("list", name="Log").press("End")
    eventually(lambda: below(page) < 10)
    page.get_by_role("button", name="Cancel").click()
    expect(state(page)).to_have_text("cancelled")
    stopped = page.get_by_role("tabpanel", name=re.compile(r"^Log \(\d+\)$"))
    expect(stopped.get_by_text("The log ends where the run was stopped.")).to_be_visible()
    expect(stopped.get_by_role("listitem").nth(60)).to_have_text("log60")


def test_the_whole_log_takes_the_place_of_the_live_one(page: Page) -> None:
    host(page, "brief", BRIEF)
    expect(heading(page, "brief")).to_be_visible()
    begin_to_run(page, "brief", {})
    page.get_by_role("tab", name="Log").click()
    expect(lines(page).first).to_have_text("log0")
    expect(state(page)).to_have_text("succeeded")
    expect(page.get_by_role("tab", name="Log (121)")).to_have_attribute("aria-selected", "true")
    shown = page.get_by_role("tabpanel", name="Log (121)").get_by_role("listitem")
    expect(shown).to_have_count(121)
    expect(shown.last).to_have_text("warnthe end")
    assert page.locator(".logs").evaluate(_BELOW) < 10


def test_an_unavailable_service_is_reported_until_it_is_back(page: Page) -> None:
    host(page, "away", SLOW)
    expect(heading(page, "away")).to_be_visible()
    begin_to_run(page, "away", {})
    expect(state(page)).to_have_text("running")
    lost = page.get_by_text("Can't reach Bateia. Retrying…")
    page.context.set_offline(True)
    expect(lost).to_be_visible()
    page.context.set_offline(False)
    expect(lost).to_have_count(0)
    page.get_by_role("button", name="Cancel").click()
    expect(state(page)).to_have_text("cancelled")
    page.context.set_offline(True)
    page.goto("/#/audit")
    expect(page.get_by_role("alert")).to_contain_text("Can't reach Bateia")
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("cell", name="cancelled an execution").first).to_be_visible()


def test_an_unknown_address_shows_an_error(page: Page) -> None:
    page.goto("/#/nowhere/at/all")
    expect(heading(page, "Page not found")).to_be_focused()
    expect(page.get_by_role("alert")).to_have_text("The console has no page at this address.")


def test_the_progress_of_a_large_upload_is_shown(page: Page, tmp_path: Path) -> None:
    host(page, "counts", "function process(data) { return data.length; }")
    expect(heading(page, "counts")).to_be_visible()
    row = json.dumps({"produto": "Empresarial", "text": "x" * 200})
    large = tmp_path / "large.ndjson"
    large.write_text(f"{row}\n" * (20_000_000 // len(row)))
    page.goto("/#/scripts/counts/run")
    expect(page.get_by_text("JSON, NDJSON, CSV, .gz, .zst · up to 64 MiB")).to_be_visible()
    page.get_by_label("Choose a file").set_input_files(large)
    page.evaluate(_SEES_PROGRESS)
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", _SLOW_LINE)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(state(page)).to_have_text("succeeded")
    assert page.evaluate("() => [...parts].filter((part) => part > 0 && part < 1).length") > 1


def test_a_file_is_checked_before_it_is_sent_and_csv_is_converted(page: Page, tmp_path: Path) -> None:
    host(page, "converts", "function process(data) { return data; }")
    expect(heading(page, "converts")).to_be_visible()
    page.goto("/#/scripts/converts/run")
    huge = tmp_path / "huge.json"
    with huge.open("wb") as sparse:
        sparse.truncate(64 * 2**20 + 1)
    choose, said = page.get_by_label("Choose a file"), page.get_by_role("alert")
    choose.set_input_files(huge)
    expect(said).to_contain_text("huge.json is 67,108,865 B; the limit is 67,108,864 B")
    choose.set_input_files({"name": "bad.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n3\n"})
    expect(said).to_have_count(0)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(said).to_contain_text("bad.csv can't be converted: row 3")
    expect(said).to_contain_text("The row has 1 fields; the first row has 2.")

    rows = ["código;bandeira;valor", "007;Cartões;12,50", '010;"a;""b";-3', "011;;", "012;d;4"]
    text = "\r\n".join(rows).encode("cp1252")
    choose.set_input_files({"name": "cards.csv", "mimeType": "text/csv", "buffer": text})
    preview = page.get_by_role("region", name="First rows")
    expect(preview.get_by_role("row")).to_have_text(
        ["códigobandeiravalor", "007Cartões12.5", '010a;"b-3', "011nullnull"]
    )
    expect(page.get_by_label("Separator")).to_have_value(";")
    expect(page.get_by_label("Decimal comma")).to_be_checked()
    page.get_by_label("First row has the column names").uncheck()
    expect(preview.get_by_role("columnheader")).to_have_text(["column_1", "column_2", "column_3"])
    page.locator("header select").select_option("pt")  # what was chosen outlasts it
    expect(page.get_by_label("A primeira linha tem os nomes das colunas")).not_to_be_checked()
    page.locator("header select").select_option("en")
    page.get_by_label("First row has the column names").check()
    assert serious(violations(page)) == []
    page.get_by_role("button", name="Run", exact=True).click()
    expect(state(page)).to_have_text("succeeded")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as JSON", exact=True).click()
    assert json.loads(download.value.path().read_text()) == [
        {"código": "007", "bandeira": "Cartões", "valor": 12.5},
        {"código": "010", "bandeira": 'a;"b', "valor": -3},
        {"código": "011", "bandeira": None, "valor": None},
        {"código": "012", "bandeira": "d", "valor": 4},
    ]


@pytest.mark.parametrize(
    ("locale", "words"), [("pt-BR", "Execuções"), ("en-US", "Executions"), ("fr-FR", "Executions")]
)
def test_the_language_is_the_browsers_and_another_choice_lasts_for_the_tab(
    open_page: Callable[..., Page], locale: str, words: str
) -> None:
    page = open_page(locale=locale)
    page.goto("/")
    expect(page.get_by_role("link", name=words)).to_be_visible()
    page.get_by_role("combobox").select_option("pt")
    expect(page.get_by_role("link", name="Execuções")).to_be_visible()
    assert page.evaluate("() => document.documentElement.lang") == "pt"


def test_a_file_that_is_no_text_or_no_source_is_refused(page: Page) -> None:
    page.goto("/#/new")
    before = source(page).inner_text()
    field, said = page.locator("form").get_by_label("Choose a file"), page.get_by_role("alert")
    field.set_input_files({"name": "latin.js", "mimeType": "text/javascript", "buffer": "// é".encode("latin-1")})
    expect(said).to_contain_text("latin.js is not UTF-8")
    field.set_input_files({"name": "long.js", "mimeType": "text/javascript", "buffer": b" " * (2 * 2**20 + 1)})
    expect(said).to_contain_text("long.js is 2 MiB; the limit is 1 MiB")
    assert source(page).inner_text() == before


def test_an_unavailable_example_is_reported(page: Page) -> None:
    page.goto("/#/new")
    page.route("**/example/script.js", lambda route: route.abort("aborted"))
    page.get_by_role("button", name="Start from an example").click()
    expect(page.get_by_role("alert")).to_contain_text("Can't reach Bateia")
    expect(source(page)).to_contain_text("return data;")
    page.unroute("**/example/script.js")
    page.get_by_role("button", name="Start from an example").click()
    expect(source(page)).to_contain_text("byQuarterAndIssuer")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_the_cancel_button_keeps_the_focus_while_the_state_changes(page: Page) -> None:
    host(page, "watched", SLOW)
    expect(heading(page, "watched")).to_be_visible()
    begin_to_run(page, "watched", {})
    cancel = page.get_by_role("button", name="Cancel")
    cancel.focus()
    for _ in range(2):
        with page.expect_response("**/v1/executions/*"):
            pass
    expect(cancel).to_be_focused()
    cancel.press("Enter")
    expect(state(page)).to_have_text("cancelled")


def test_the_audit_trail_names_webhooks(page: Page, service: Service) -> None:
    sent = {"url": "https://receiver.example/hook", "events": ["batch.finished"]}
    created = service.client.post("/v1/webhooks", json=sent)
    assert created.status_code == 201, created.text
    webhook = created.json()["id"]
    assert service.client.delete(f"/v1/webhooks/{webhook}").status_code == 204
    for action, words in (("created_webhook", "created a webhook"), ("removed_webhook", "deleted a webhook")):
        page.goto(f"/#/audit?action={action}")
        row = page.get_by_role("region", name="Audit").locator("tbody tr").first
        expect(row).to_contain_text(f"{words}webhook {webhook[-8:]}")


def test_an_execution_names_its_key_and_is_copied_as_programs_that_run(page: Page, service: Service) -> None:
    assert service.host("copied", "function process(data) { return data; }").status_code == 201
    shown = service.submit("copied", '{"n": 17}', 30).json()
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        entry = {"action": "submitted", "key_id": REPLAY, "key_name": "ingestion", "request_id": None}
        route.fulfill(json={"items": [entry], "next_cursor": None})

    def without_key(route: Route) -> None:
        route.continue_(headers={name: one for name, one in route.request.headers.items() if name != "authorization"})

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.route("**/v1/executions/**", without_key)
    page.route("**/v1/audit?*", answer)
    page.goto("/")
    page.evaluate("() => sessionStorage.setItem('bateia.key@/', 'bateia_secret')")
    page.goto(f"/#/executions/{shown['id']}")
    expect(page.locator("time + span")).to_have_text(" by API key ingestion")
    expect(page.locator("time")).to_have_attribute("title", re.compile(r"\d:\d\d:\d\d"))
    assert asked == [f"{service.url}/v1/audit?execution={shown['id']}&action=submitted&limit=1"]
    more_actions(page).click()
    for words, command in (("curl", ["sh", "-c"]), ("Python", [sys.executable, "-c"])):
        page.get_by_role("button", name=f"Copy as {words}").click()
        expect(page.get_by_text("Copied.").locator("visible=true").first).to_be_visible()
        program = page.evaluate("() => navigator.clipboard.readText()")
        assert "bateia_secret" not in program
        environment = {"PATH": os.environ["PATH"]}
        if words == "curl":
            program = program.replace('--header "Authorization: Bearer $BATEIA_KEY"', "--silent")
        else:
            program = re.sub(r'\n    "Authorization".*', "", program)
        ran = subprocess.run([*command, program], capture_output=True, text=True, check=True, env=environment)
        assert "succeeded" in ran.stdout
        assert "17" in ran.stdout
    runs = service.client.get(f"/v1/executions?input_of={shown['id']}").json()["items"]
    assert [one["status"] for one in runs] == ["succeeded", "succeeded"]
