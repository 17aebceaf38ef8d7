"""A source is tried beside its editor, and the dataset of an execution runs again, as their users do both."""

import json
import re
from typing import Final

from playwright.sync_api import Page, Route, expect

from tests.browser.steps import heading, source, state, write
from tests.support.waiting import eventually
from tests.system.conftest import Service

ROWS: Final = [{"k": "x", "n": 1}, {"k": "y", "n": 9007199254740991}]
_ANNOUNCED: Final = """() => {
  globalThis.announced = [];
  const region = document.querySelector(".try > [role=status]");
  new MutationObserver(() => announced.push(region.textContent)).observe(region, { childList: true });
}"""
DOUBLES: Final = (
    "function process(rows) {\n  console.log(rows.length);\n  return rows.map((r) => ({ ...r, n: r.n * 2 }));\n}"
)


def test_a_source_is_tried_beside_its_editor(page: Page, service: Service) -> None:
    page.goto("/#/new")
    page.get_by_label("Dataset", exact=True).fill("[0]")
    page.get_by_label("Name", exact=True).fill("tried")
    write(page, "function process(rows) { return rows; }")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(heading(page, "tried")).to_be_visible()
    exact = '[{"k": "x", "n": 1}, {"k": "y", "n": 9007199254740993}]'
    execution = service.submit("tried", exact, 30).json()
    page.get_by_role("link", name="New version").click()
    expect(page.get_by_label("Dataset", exact=True)).to_have_value("[0]")
    page.goto(f"/#/executions/{execution['id']}")
    page.get_by_text("Run again…").click()
    page.get_by_role("link", name="Try in the editor").click()
    panel = page.get_by_role("region", name="Try", exact=True)
    expect(panel.get_by_role("cell", name="x", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("new\\?version=1$"))
    dataset = panel.get_by_label("Dataset", exact=True)
    expect(dataset).to_have_value(exact)
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.post_data or "") if one.url.endswith("/previews") else None)

    write(page, DOUBLES)
    page.keyboard.press("ControlOrMeta+Enter")
    expect(source(page)).to_be_focused()
    changes = panel.get_by_role("tab", name="Changes from version 1 (2)")
    changes.click()
    changed = panel.get_by_role("region", name="Results").get_by_role("row").filter(has_text="changed")
    expect(changed.first).to_contain_text("1 → 2 +1 (100 %)")
    expect(changed.last).to_contain_text("9007199254740992 → 18014398509481984")
    assert sent[-1].endswith(f',"dataset":{exact}}}')
    for code, words in (("pt", "Mudanças desde a versão 1 (2)"), ("en", "Changes from version 1 (2)")):
        page.locator("header select").select_option(code)
        expect(page.get_by_role("tab", name=words)).to_have_attribute("aria-selected", "true")
    source(page).click()
    page.evaluate(_ANNOUNCED)
    panel.get_by_role("tab", name="Log (1)").click()
    expect(panel.get_by_role("tabpanel", name="Log (1)")).to_contain_text("2")

    write(page, "function process(rows) {\n  return (;\n}")
    expect(panel.get_by_text("has changed since")).to_be_visible()
    page.keyboard.press("ControlOrMeta+Enter")
    expect(panel.get_by_role("alert")).to_contain_text("SyntaxError")
    expect(page.locator(".cm-lint-marker-error")).to_be_visible()
    expect(source(page)).to_be_focused()
    write(page, "function process(rows) {\n  throw new Error('no rows');\n}")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(panel.locator(".refusal")).to_contain_text("Error: no rows")
    expect(page.locator(".cm-line", has=page.locator(".cm-lintRange-error"))).to_contain_text("throw")
    page.keyboard.insert_text("// the end")  # the cursor is where it was
    expect(page.locator(".cm-line").last).to_have_text("}// the end")
    eventually(lambda: page.evaluate("announced") == ["failed: Error: no rows"])

    held: list[Route] = []
    page.route("**/v1/previews", lambda route: held.append(route), times=1)
    panel.get_by_label("Try while typing").check()
    write(page, "function process(rows) {\n  return rows.length;\n}")
    eventually(lambda: page.evaluate("1") and len(held) == 1)
    with page.expect_event("requestfailed", lambda one: one.url.endswith("/previews")):
        write(page, "function process(rows) {\n  return [{ size: rows.length }];\n}")
    panel.get_by_role("tab", name="Result").click()
    expect(panel.get_by_role("columnheader", name="size")).to_be_visible()
    page.keyboard.press("ControlOrMeta+Enter")
    write(page, "function process(rows) {\n  return [{ size: rows.length, again: 1 }];\n}")
    expect(panel.get_by_role("columnheader", name="again")).to_be_visible()
    eventually(lambda: page.evaluate("announced").count("succeeded") == 1)  # not once more for each change
    page.reload()
    expect(dataset).to_have_value(exact)
    expect(source(page)).to_contain_text("size: rows.length")
    dataset.fill("[1,")
    panel.get_by_role("button", name="Try").click()
    expect(panel.get_by_role("alert")).to_contain_text("The dataset is not valid JSON")

    page.get_by_role("button", name="Save as v2").click()
    expect(heading(page, "tried")).to_be_visible()
    page.get_by_role("button", name="Try version 2").click()
    expect(page.get_by_role("button", name="Try", exact=True)).to_be_focused()
    panel.get_by_text("Dataset of an execution").click()
    panel.get_by_role("button", name=execution["id"][-8:]).click()
    expect(dataset).to_have_value(exact)
    page.keyboard.press("ControlOrMeta+Enter")
    expect(panel.get_by_role("columnheader", name="size")).to_be_visible()


def test_an_execution_s_dataset_runs_again_on_another_version(page: Page, service: Service) -> None:
    for text in ("return rows;", "return rows.map((r) => ({ ...r, n: r.n * 2 }));"):
        path = "/v1/scripts" if text == "return rows;" else "/v1/scripts/again/versions"
        sent = {"source": f"function process(rows) {{ {text} }}"} | ({"name": "again"} if path == "/v1/scripts" else {})
        assert service.client.post(path, json=sent).status_code == 201
    body, headers = json.dumps(ROWS), {"Content-Type": "application/json", "Prefer": "wait=30"}
    first = service.client.post("/v1/scripts/again/versions/1/executions", content=body, headers=headers).json()
    page.goto(f"/#/executions/{first['id']}")
    menu = page.get_by_text("Run again…")
    menu.click()
    page.get_by_role("button", name="Latest (v2), then compare").click()
    expect(page.get_by_text("n: 2 of 2 changed")).to_be_visible()
    page.get_by_text("Changes of the source from v1 to v2").click()
    expect(page.get_by_role("textbox", name="Version 2")).to_contain_text("r.n * 2")
    page.go_back()
    expect(heading(page, "Execution again v2 · ")).to_be_focused()
    expect(state(page)).to_have_text("succeeded")
    expect(page.get_by_text("Dataset of")).to_contain_text(first["id"][-8:])
    page.get_by_role("link", name="Compare with the original").click()
    expect(page.get_by_text("n: 2 of 2 changed")).to_be_visible()
    page.go_back()
    page.get_by_text("Dataset of").get_by_role("link").click()
    expect(heading(page, "Execution again v1 · ")).to_be_focused()
    menu.click()
    expect(page.get_by_role("link", name=re.compile("^again v2 · "))).to_be_visible()
    service.client.delete(f"/v1/executions/{first['id']}/content")
    page.get_by_role("button", name="Same version (v1)").click()
    expect(page.get_by_role("alert")).to_contain_text("(410)")
    page.reload()
    menu.click()
    expect(page.get_by_text("The dataset of this execution was deleted.")).to_be_visible()
