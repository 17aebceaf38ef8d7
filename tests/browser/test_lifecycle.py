"""A version's way to production on the console: replayed over the past, promoted through a gate, rolled back."""

import json
from typing import Final

from playwright.sync_api import Locator, Page, expect

from tests.browser.steps import heading
from tests.system.conftest import Service

FIRST: Final = "function process(rows) { return rows.map(({ id, n }) => ({ id, n, half: n / 2 })); }"
SECOND: Final = """function process(rows) {
  if (rows.length === 1) throw new Error("a single row");
  return rows.map(({ id, n }) => ({ id, n, half: n < 3 ? n / 2 : n / 2 + 0.01 }));
}
"""


def _add_version(service: Service, name: str) -> str:
    """Add the second version of a script, and return the script's path."""
    path = f"/v1/scripts/{name}"
    assert service.client.post(f"{path}/versions", json={"source": SECOND}).status_code == 201
    return path


def _button(inside: Page | Locator, name: str) -> Locator:
    return inside.get_by_role("button", name=name, exact=True)


def test_an_alias_is_promoted_through_its_gate_and_rolled_back(page: Page, service: Service) -> None:
    assert service.host("promoted", FIRST).status_code == 201
    path = _add_version(service, "promoted")
    page.goto("/#/scripts/promoted?version=1")
    dialog = page.get_by_role("dialog")
    _button(page, "Promote version 1…").click()
    expect(dialog.get_by_text("Creates live, leading to version 1.")).to_be_visible()
    dialog.get_by_label("Alias", exact=True).fill("Live")
    _button(dialog, "Promote").click()
    expect(dialog.get_by_text("Use lower-case letters")).to_be_visible()
    dialog.get_by_label("Alias", exact=True).fill("live")
    _button(dialog, "Promote").click()
    expect(page.get_by_role("status").get_by_text("live now leads to version 1")).to_be_visible()
    expect(page.get_by_role("heading", name="Source of version 1")).to_contain_text("live")
    expect(page.get_by_role("link", name="Run v1 (live)")).to_be_visible()

    page.locator("summary", has_text="Gate: none").click()
    _button(page, "Save").last.click()
    expect(page.get_by_text("Gate: guards live")).to_be_visible()

    _button(page, "Promote…: live").click()
    dialog.get_by_label("Version", exact=True).select_option("2")
    expect(dialog.get_by_text("The gate blocks version 2:")).to_be_visible()
    expect(dialog.get_by_role("listitem")).to_have_count(1)
    expect(_button(dialog, "Promote")).to_be_disabled()
    dialog.get_by_role("checkbox", name="in spite of the gate").check()
    _button(dialog, "Force promotion").click()
    expect(dialog.get_by_text("Enter a note.")).to_be_visible()
    expect(dialog.get_by_label("Note", exact=True)).to_be_focused()
    dialog.get_by_label("Note", exact=True).fill("Wrong totals since Monday")

    meanwhile = {"version": 2, "force": True, "note": "first"}
    assert service.client.put(f"{path}/aliases/live", json=meanwhile).status_code == 200
    back = service.client.post(f"{path}/aliases/live/rollback")
    assert back.json()["version"] == 1
    _button(dialog, "Force promotion").click()
    expect(dialog.get_by_role("alert")).to_contain_text("moved live meanwhile: it leads to version 1 now")
    dialog.get_by_role("checkbox", name="in spite of the gate").check()
    _button(dialog, "Force promotion").click()
    expect(page.get_by_text("live now leads to version 2")).to_be_visible()

    _button(page, "Roll back…: live").click()
    expect(dialog.get_by_text("live leads to version 2. Move it back to version 1?")).to_be_visible()
    _button(dialog, "Roll back to version 1").click()
    expect(page.get_by_text("Rolled back: live leads to version 1 again")).to_be_visible()
    _button(page, "History: live").click()
    rows = dialog.get_by_role("row")
    expect(rows).to_have_count(6)
    expect(rows.nth(1)).to_contain_text("v2v1rolled back")
    expect(rows.nth(2)).to_contain_text("v1v2promoted past the gateWrong totals since Monday")
    page.keyboard.press("Escape")
    expect(_button(page, "History: live")).to_be_focused()

    execution = service.submit("promoted", "[]", 30).json()
    page.goto(f"/#/executions/{execution['id']}")
    expect(page.get_by_text("promoted, version 1")).to_be_visible()
    expect(page.get_by_text("submitted as live")).to_be_visible()


def test_past_executions_are_replayed_and_their_differences_accepted(page: Page, service: Service) -> None:
    rows = [{"id": f"r{at:03}", "n": at} for at in range(120)]
    assert service.host("replayed", FIRST).status_code == 201
    for dataset in (rows[:3], rows, rows[:1], "no table"):
        assert service.submit("replayed", json.dumps(dataset), 30).status_code == 200
    _add_version(service, "replayed")
    page.goto("/#/executions?script=replayed")
    boxes = page.get_by_role("checkbox")
    for at in range(4):
        boxes.nth(at).check()
    expect(page.get_by_text("Select two executions to compare.")).to_be_visible()
    page.get_by_role("link", name="Replay on a version…").click()
    expect(page.get_by_text("4 chosen executions are replayed.")).to_be_visible()
    _button(page, "Start replay").click()
    expect(heading(page, "Replay on replayed v2")).to_be_focused()

    expect(page.locator("ul.outcomes li")).to_have_text(
        ["= 2 equal", "≠ 1 changed", "✗ 1 now failing", "✓ 0 now succeeding", "\u2013 0 skipped", "? 0 incomplete"]
    )
    columns = page.get_by_role("region", name="Columns").get_by_role("row")
    expect(columns).to_have_count(2)
    expect(columns.nth(1)).to_have_text("half2.5 %117 of 1200.010.66 %")
    _button(page, "Show 1 column without changes too").click()
    expect(columns).to_have_count(3)

    groups = page.locator(".difference-group")
    expect(groups).to_have_count(2)
    expect(groups.first).to_contain_text("BeforesucceededAfterfailed · script error: Error: a single row")
    differences = groups.nth(1).get_by_role("row")
    expect(differences.nth(1)).to_have_text("r003changed1.5 → 1.51 +0.01 (0.67 %)")
    shown = differences.count()
    _button(page, "Show more").click()
    expect(differences).to_have_count(118)
    assert 50 < shown < 118

    page.get_by_role("tab", name="Executions (4)").click()
    expect(page.get_by_role("tabpanel").get_by_role("row")).to_have_count(5)
    _button(page, "Accept the differences").click()
    expect(page.get_by_text("Enter a note.")).to_be_visible()
    page.get_by_label("Why are they intended?").fill("Amounts are rounded up")
    _button(page, "Accept the differences").click()
    expect(page.get_by_text("Differences accepted on")).to_be_visible()
    expect(page.get_by_text("Amounts are rounded up")).to_be_visible()
    page.get_by_role("link", name="All replays of this version").click()
    listed = page.get_by_role("region", name="Replays").get_by_role("row").nth(1)
    expect(listed).to_contain_text("2 equal · 1 changed · 1 now failing")
    expect(listed).to_contain_text("accepted")

    gate = {"aliases": ["live"], "tests": False, "replay": {"last": 5}}
    assert service.submit("replayed", json.dumps(rows[:2]), 30).status_code == 200
    assert service.client.put("/v1/scripts/replayed/gate", json=gate).status_code == 200
    page.get_by_role("link", name="replayed, version 2").click()
    _button(page, "Promote version 2…").click()
    dialog = page.get_by_role("dialog")
    _button(dialog, "Replay the last 5").click()
    expect(dialog.get_by_role("listitem")).to_contain_text("differ")
    dialog.get_by_role("listitem").get_by_role("link", name="Show").click()
    expect(heading(page, "Replay on replayed v2")).to_be_focused()
    expect(dialog).to_have_count(0)
    page.get_by_label("Why are they intended?").fill("As before")
    _button(page, "Accept the differences").click()
    expect(page.get_by_text("Differences accepted on")).to_be_visible()
    page.get_by_role("link", name="replayed, version 2").click()
    _button(page, "Promote version 2…").click()
    expect(dialog.get_by_text("Version 2 passes the gate.")).to_be_visible()
    _button(dialog, "Promote").click()
    expect(page.get_by_text("live now leads to version 2")).to_be_visible()
