"""The tests of a script from its page: written, run, made from an execution, and a condition of a new version."""

import json
import re
from typing import Final

from playwright.sync_api import Page, expect

from tests.browser.steps import heading, more_actions, write
from tests.system.conftest import Service

TOTALS: Final = """function process(rows) {
  if (rows.length === 0) throw new Error("no rows");
  return [{ total: rows.reduce((sum, { n }) => sum + n, 0), rows: rows.length }];
}
"""
BIG: Final = 9007199254740993
"""JavaScript rounds it, so it only survives where its text is kept."""


def test_a_script_is_tested_from_its_first_test_to_a_refused_version(page: Page, service: Service) -> None:
    assert service.host("totals", TOTALS).status_code == 201
    execution = service.submit("totals", '[{"n": 1}, {"n": 2}]', 30).json()
    page.goto("/#/scripts/totals")
    expect(page.get_by_text("No tests yet.")).to_be_visible()
    page.get_by_role("link", name="New test").click()
    expect(heading(page, "New test of totals")).to_be_focused()
    page.get_by_label("Name", exact=True).fill("empty")
    page.get_by_label("Dataset", exact=True).fill("[]")
    page.get_by_role("button", name="Use the outcome of version 1").click()
    expect(page.get_by_label("Kind of error")).to_have_value("script_error")
    expect(page.get_by_label("Message", exact=True)).to_have_value("Error: no rows")
    page.reload()
    expect(page.get_by_label("Message", exact=True)).to_have_value("Error: no rows")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(heading(page, "totals")).to_be_focused()
    rows = page.get_by_role("region", name="Tests").get_by_role("row")
    expect(rows.nth(1)).to_have_text(re.compile("^empty.*not run.*script error"))

    page.goto(f"/#/executions/{execution['id']}")
    more_actions(page).click()
    page.get_by_role("link", name="Save as test").click()
    page.get_by_label("Name", exact=True).fill("pair")
    page.get_by_label("The result may have more members").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(rows).to_have_count(3)
    page.get_by_role("link", name="pair").click()
    expect(page.get_by_label("Dataset", exact=True)).to_have_value('[{"n": 1}, {"n": 2}]')
    expect(page.get_by_label("The result may have more members")).to_be_checked()
    page.get_by_label("Dataset", exact=True).fill(json.dumps([{"n": BIG}]))
    page.get_by_label("Expected result (JSON)").fill(json.dumps([{"total": BIG}]))
    other = {"dataset": [], "expected": {"error": {"kind": "script_error"}}}
    assert service.client.put("/v1/scripts/totals/tests/pair", json=other).status_code == 200
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text(
        "The test pair has changed meanwhile. Nothing was saved. Save again to replace it."
    )
    page.get_by_role("button", name="Save", exact=True).click()
    expect(heading(page, "totals")).to_be_focused()
    page.get_by_role("link", name="New test").click()
    page.get_by_label("Name", exact=True).fill("empty")
    page.get_by_label("Dataset", exact=True).fill("[]")
    page.get_by_label("Expected result (JSON)").fill("[]")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("There is a test empty already")
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("button", name="Run all tests").click()
    expect(page.get_by_text("Tests on version 1: 1 passed · 1 failed")).to_be_visible()
    difference = page.get_by_role("region", name="Differences of test pair").get_by_role("row").last
    expect(difference).to_have_text(f"/0/total{BIG}{BIG - 1}")
    expect(rows.nth(1)).to_contain_text("passed")
    expect(rows.nth(2)).to_contain_text("failed")

    page.get_by_role("link", name="New version").click()
    required = page.get_by_label("Save only if the tests pass")
    required.check()
    write(page, TOTALS.replace("no rows", "none"))
    page.get_by_role("button", name="Save as v2").click()
    expect(page.get_by_role("alert")).to_contain_text("(422)")
    report = page.locator("ul.checks")
    expect(report.get_by_role("listitem")).to_have_count(2)
    expect(report).to_contain_text("empty")
    required.uncheck()
    page.get_by_role("button", name="Save as v2").click()
    expect(page.get_by_text("Created totals, version 2 · Tests: 0 passed · 2 failed")).to_be_visible()
    expect(report.get_by_role("listitem")).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("failed")

    page.get_by_role("button", name="Delete test pair…").click()
    page.get_by_role("button", name="Delete permanently").click()
    expect(page.get_by_text("Deleted the test pair.")).to_be_visible()
    expect(rows).to_have_count(2)
