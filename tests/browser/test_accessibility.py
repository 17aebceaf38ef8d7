"""No view, light or dark, wide or narrow, has a fault that axe-core calls serious or critical, in either language."""

import json
import random
import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import overflowing, serious, small_targets, violations
from tests.browser.conftest import Scheme
from tests.browser.steps import BACEN, SLOW, drop_file, write
from tests.system.conftest import Service

ROWS: Final = """function process(data) {
  console.log(data.rows.length);
  return data.rows.map((n) => ({ n, nested: { n }, text: null }));
}
"""
TURN: Final = random.getrandbits(1)
"""Axe takes most of the time, so it examines each view in one of both looks, which changes from run to run."""
FAILS: Final = "function process(data) {\n  console.warn(1);\n  throw new Error('no');\n}\n"


def test_the_vendored_files_are_those_that_their_readme_names(repository: Path) -> None:
    folder = repository / "tests/browser/axe"
    listed = dict(re.findall(r"(?m)^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", (folder / "README.md").read_text()))
    present = {one.name: sha256(one.read_bytes()).hexdigest() for one in folder.iterdir() if one.name != "README.md"}
    assert present == listed
    assert len(listed) == 3


REFUSED: Final = {
    "a refused webhook",
    "an editor with an error",
    "a refused filter",
    "a refusal",
}
"""The views in which the service refuses something. In all others no answer may be an error, since the browser's log
would have it."""


def test_axe_finds_violations_on_a_page(page: Page) -> None:
    page.goto("/problems")
    assert serious(violations(page)) == []
    page.evaluate("() => document.body.append(document.createElement('input'))")
    assert [one.partition(": <")[0] for one in serious(violations(page))] == ["critical: label"]


@pytest.fixture(scope="module")
def ids(service: Service) -> dict[str, str]:
    """Create content for every view; return the executions' ids by their scripts' names."""
    sources = {"cards": (BACEN / "script.js").read_text(), "rows": ROWS, "fails": FAILS, "slow-one": SLOW}
    hosted = [service.host(name, text).status_code for name, text in sources.items()]
    assert hosted == [201] * len(sources)
    expected = {"dataset": [], "expected": {"result": [1]}}
    assert service.client.put("/v1/scripts/cards/tests/empty", json=expected).status_code == 201
    wide = {"rows": list(range(120))}
    made = {
        "cards": service.submit("cards", (BACEN / "payload.json").read_text(), 30),
        "rows": service.submit("rows", json.dumps(wide), 30),
        "fails": service.submit("fails", "{}", 30),
    }
    revised = {"source": f"// rows\n{ROWS}".replace("text: null", "text: ''"), "note": "Texts are empty, not null"}
    assert service.client.post("/v1/scripts/rows/versions", json=revised).status_code == 201
    lines = "".join(f'{{"ref": "r{at}", "data": {{"rows": [{at}]}}}}\n' for at in range(60))
    headers = {"Content-Type": "application/x-ndjson", "Prefer": "wait=30"}
    for name in ("rows", "fails"):
        path = f"/v1/scripts/{name}/batches"
        made[f"batch of {name}"] = service.client.post(path, content=lines, headers=headers)
    refused = {"url": "http://10.0.0.1/hooks", "events": ["execution.failed"], "scripts": ["rows"]}
    made["webhook"] = service.client.post("/v1/webhooks", json=refused)
    made["delivery"] = service.client.post(f"/v1/webhooks/{made['webhook'].json()['id']}/test")
    rows = "".join(f'{{"n": {at}}}\n' for at in range(40))
    for path in ("a11y/rows.ndjson", "a11y/inner/rows.ndjson"):
        assert service.client.put(f"/v1/stores/files/{path}", content=rows.encode()).status_code == 201
    counts = "function process(rows) { return [{ rows: rows.length }]; }"
    assert service.host("row-counts", counts).status_code == 201
    for name, verify in (("refused", {}), ("passed", {"verify": "skip"})):
        job = {
            "input": {"url": "files://a11y/rows.ndjson"},
            "output": {"url": f"files://a11y/{name}/", "format": "json"},
            "merge": "concatenate",
            **verify,
        }
        headers = {"Prefer": "wait=30"}
        made[f"job {name}"] = service.client.post("/v1/scripts/row-counts/jobs", json=job, headers=headers)
    return {name: answer.json()["id"] for name, answer in made.items()}


def views(page: Page, service: Service, ids: dict[str, str]) -> Iterator[str]:
    """Show views in the distinct states, and yield their names; `test_results.py` has more of results."""

    def show(view: str) -> None:
        page.goto(f"/#/{view}")
        expect(page.locator("h1")).to_be_focused()

    for view in (
        "",
        "scripts",
        "new",
        "scripts/cards/run",
        "scripts/cards/test",
        "scripts/cards/batch",
        "executions",
        "batches",
        "jobs",
        "stores",
        "scripts/row-counts/job?input=files://a11y/rows.csv",
        "webhooks",
        f"webhooks/{ids['webhook']}/edit",
        f"executions?batch={ids['batch of fails']}",
        "compare",
        "audit",
        "status",
    ):
        show(view)
        yield view or "overview"
    show(f"batches/{ids['batch of rows']}")
    expect(page.locator("table.rows tbody tr")).to_have_count(50)
    page.locator("main .row > button").last.click()
    expect(page.locator("button.danger")).to_be_visible()
    yield "a batch and the question before its removal"
    show(f"batches/{ids['batch of fails']}")
    expect(page.locator("details.failure").first).to_be_visible()
    yield "a batch with failures"
    show("scripts/rows/batch")
    page.locator("textarea").fill('{"data": 1}\n{"data": }\n{"ref": "r", "data": 2}\n')
    expect(page.locator(".drop .refusal")).to_be_visible()
    expect(page.locator("table.lines")).to_be_visible()
    yield "lines with a fault"
    drop_file(page, page.locator(".drop"), "rows.csv", "client;n\nana;1,5\n")
    expect(page.locator(".csv select")).to_be_visible()
    yield "rows of a CSV as lines"
    text, headers = '{"data": 1}\n' * 4, {"Content-Type": "application/x-ndjson"}
    submitted = service.client.post("/v1/scripts/slow-one/batches", content=text, headers=headers)
    slow_batch = f"batches/{submitted.json()['id']}"
    show(slow_batch)
    expect(page.locator(".badge.running").first).to_be_visible()
    yield "a batch in progress"
    service.client.post(f"/v1/{slow_batch}/cancel")
    yield from webhook_views(page, ids, show)
    yield from job_views(page, ids, show)
    show("scripts/rows/changes")
    expect(page.locator(".cm-changedText").first).to_be_visible()
    yield "changes"
    show("scripts/rows?version=1")
    page.locator(".description button").click()
    page.get_by_role("button", name=re.compile("^(Restore|Restaurar) v1$")).first.click()
    expect(page.locator("form.note input")).to_be_focused()
    yield "a restoration and an edited description"
    show("scripts/cards")
    page.locator(".tests > .row:has(select) > button").click()
    expect(page.locator("ul.checks table.compared")).to_be_visible()
    page.locator("td button").first.click()
    yield "failed tests"
    show("scripts/cards/new")
    write(page, "function process(rows) {\n  return rows;\n}\n")
    page.locator(".try textarea").fill((BACEN / "payload.json").read_text())
    page.locator(".try .primary").click()
    page.locator(".try [role=tab]").nth(2).click()
    expect(page.locator(".try table.compared tbody tr").first).to_be_visible()
    yield "a try with changes"
    show("new")
    write(page, "function process(data) {\n  return (;\n}\n")
    page.locator("input[required]").fill("broken")
    page.locator("form .primary").click()
    expect(page.locator(".cm-lintRange-error")).to_be_visible()
    yield "an editor with an error"
    page.locator("form summary").click()
    page.locator("form details input").first.fill("1")
    page.locator("form .primary").click()
    expect(page.locator("form details [aria-invalid=true]")).to_be_focused()
    yield "a refused limit"
    page.reload()
    expect(page.locator(".notices button")).to_be_visible()
    yield "a restored draft"
    page.locator(".notices button").click()
    slow = f"executions/{service.submit('slow-one', '{}').json()['id']}"
    show(slow)
    expect(page.locator(".badge.running")).to_be_visible()
    yield "a run in progress"
    service.client.post(f"/v1/{slow}/cancel")
    show(f"executions/{ids['fails']}")
    expect(page.locator(".cm-lintRange-error").first).to_be_visible()
    yield "a failure"
    show(f"executions/{ids['rows']}")
    expect(page.locator("table.rows tbody tr")).to_have_count(50)
    yield "a table"
    page.locator("table.rows .opening").first.click()
    expect(page.locator("dialog.value")).to_be_visible()
    yield "a cell"
    page.keyboard.press("Escape")
    page.locator("details.menu > summary").first.click()
    expect(page.locator("details.menu .panel select")).to_be_visible()
    yield "another run"
    page.locator("details.menu > summary").nth(1).click()
    expect(page.locator("details.menu .panel input")).to_be_hidden()
    page.locator("details.menu details summary").last.click()
    expect(page.locator("details.menu .panel input")).to_be_visible()
    yield "a menu"
    page.locator("details.more > summary").click()
    page.locator("details.more .dangerous").click()
    expect(page.locator("details.more .danger")).to_be_visible()
    yield "other actions"
    show(f"executions/{ids['rows']}?view=details")
    expect(page.locator("dl").last).to_be_visible()
    yield "details"
    show(f"scripts/rows/replays?executions={ids['rows']}")
    page.locator("form .primary").click()
    expect(page.locator(".difference-group, [role=tabpanel] .quiet").first).to_be_visible()
    page.locator("form.acceptance .primary").or_(page.locator("[role=tab]").last).first.click()
    yield "a replay"
    show("scripts/rows")
    page.locator("h2 + p + .row button").click()
    expect(page.locator("dialog.value form")).to_be_visible()
    yield "a promotion"
    page.keyboard.press("Escape")
    show(f"compare?left={ids['cards']}&right={ids['rows']}")
    expect(page.locator("table.compared tbody tr, ul.counts").first).to_be_visible()
    yield "a comparison"
    service.client.delete(f"/v1/executions/{ids['fails']}/content")
    show(f"executions/{ids['fails']}")
    expect(page.locator(".note")).to_be_visible()
    yield "deleted data"
    show("executions?script=none&period=custom")
    expect(page.get_by_role("alert")).to_be_attached()
    yield "a refused filter"
    show("scripts/nobody-hosted-this")
    yield "a refusal"
    page.locator("header .key").click()
    expect(page.locator("header dialog")).to_be_visible()
    yield "the key"
    for path in ("/problems", "/problems/malformed-json"):
        page.goto(path)
        yield path


def webhook_views(page: Page, ids: dict[str, str], show: Callable[[str], None]) -> Iterator[str]:
    """Show the views of webhooks: a refused form, a new secret, a receiver that fails, a rotation, a delivery."""
    show("webhooks/new?script=nobody-hosted-this")
    page.locator("input[required]").fill("ftp://nowhere")
    page.locator(".event input").first.check()
    page.locator("form.webhook .primary").click()
    expect(page.locator(".fault")).to_have_count(2)
    yield "a refused webhook"
    page.locator("input[required]").fill("http://10.0.0.1/new")
    page.locator("form.webhook select").select_option("")
    page.locator("form.webhook .primary").click()
    expect(page.locator(".secret pre").first).to_be_visible()
    yield "a new secret"
    show(f"webhooks/{ids['webhook']}")
    expect(page.locator("tbody .badge")).to_be_visible()
    page.locator("main .row > .primary + .button + button").click()
    expect(page.locator("dialog.value select")).to_be_focused()
    yield "a rotation"
    page.keyboard.press("Escape")
    page.locator("main .row > .primary ~ button").last.click()
    expect(page.locator("button.danger")).to_be_visible()
    yield "a webhook whose receiver fails, and the question before its removal"
    show(f"webhooks/{ids['webhook']}/deliveries/{ids['delivery']}")
    expect(page.locator(".note")).to_be_visible()
    yield "a delivery without a response"


def job_views(page: Page, ids: dict[str, str], show: Callable[[str], None]) -> Iterator[str]:
    """Show a refused job, the output of another, and a folder with an upload that would replace an object."""
    show(f"jobs/{ids['job refused']}")
    expect(page.locator("section.failure table tbody tr").first).to_be_visible()
    yield "a refused job"
    show(f"jobs/{ids['job passed']}")
    page.locator("section td button").nth(1).click()
    expect(page.locator("table.preview")).to_be_visible()
    yield "the output of a job"
    show("stores/files?prefix=a11y/")
    page.locator("td button[aria-expanded]").first.click()
    drop_file(page, page.locator(".drop"), "rows.ndjson", "1")
    expect(page.locator(".upload .note")).to_be_visible()
    yield "a folder of a store, and an upload"


@pytest.mark.parametrize(("scheme", "width", "locale"), [("light", 1280, "en-US"), ("dark", 390, "pt-BR")])
def test_no_view_has_a_serious_fault(
    open_page: Callable[..., Page], service: Service, ids: dict[str, str], scheme: Scheme, width: int, locale: str
) -> None:
    page = open_page(scheme=scheme, width=width, locale=locale)
    refused: list[str] = []
    page.on("response", lambda one: refused.append(f"{one.status} {one.url}") if one.status >= 400 else None)
    found, refusals = {}, {}
    for at, view in enumerate(views(page, service, ids)):
        found[view] = (violations(page) if at % 2 == (TURN ^ (scheme == "dark")) else []) + small_targets(page)
        found[view] += overflowing(page)
        refusals[view], refused[:] = [*refused], []
    print(json.dumps(found, indent=2))
    assert len(found) > 12
    assert {view for view, each in refusals.items() if each} == REFUSED, refusals
    assert {view: bad for view, each in found.items() if (bad := serious(each))} == {}
