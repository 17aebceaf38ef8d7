"""A version's way to production on the console: replayed over the past, promoted through a gate, rolled back."""

from typing import Final

from playwright.sync_api import Locator, Page, expect

from tests.system.conftest import Service

FIRST: Final = "function process(rows) { return rows.map(({ id, n }) => ({ id, n, half: n / 2 })); }"
SECOND: Final = "function process(rows) { return rows.map(({ id, n }) => ({ id, n, half: n === 3 ? 9 : n / 2 })); }"


def _hosted(service: Service, name: str) -> str:
    """Host a script with two versions, and return its path."""
    assert service.host(name, FIRST).status_code == 201
    path = f"/v1/scripts/{name}"
    assert service.client.post(f"{path}/versions", json={"source": SECOND}).status_code == 201
    return path


def _button(inside: Page | Locator, name: str) -> Locator:
    return inside.get_by_role("button", name=name, exact=True)


def test_an_alias_is_promoted_through_its_gate_and_rolled_back(page: Page, service: Service) -> None:
    path = _hosted(service, "promoted")
    page.goto("/#/scripts/promoted?version=1")
    dialog = page.get_by_role("dialog")
    _button(page, "Promote version 1…").click()
    expect(dialog.get_by_text("Creates live, leading to version 1.")).to_be_visible()
    dialog.get_by_label("Alias").fill("Live")
    _button(dialog, "Promote").click()
    expect(dialog.get_by_text("Use lower-case letters")).to_be_visible()
    dialog.get_by_label("Alias").fill("live")
    _button(dialog, "Promote").click()
    expect(page.get_by_role("status").get_by_text("live now leads to version 1")).to_be_visible()
    expect(page.get_by_role("heading", name="Source of version 1")).to_contain_text("live")

    page.locator("summary", has_text="Gate: none").click()
    _button(page, "Save").last.click()
    expect(page.get_by_text("Gate: guards live")).to_be_visible()

    _button(page, "Promote…: live").click()
    dialog.get_by_label("Version").select_option("2")
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

    executions = service.submit("promoted", "[]", 30).json()
    page.goto(f"/#/executions/{executions['id']}")
    expect(page.get_by_text("promoted, version 1")).to_be_visible()
