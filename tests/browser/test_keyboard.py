"""The use case with the keyboard alone: every step can be reached, the focus is seen, and nothing holds it fast."""

import re
from typing import Final

from playwright.sync_api import Error, Locator, Page, expect

from tests.browser.steps import heading, new_script, source, state
from tests.system.conftest import Service

_IS_FOCUSED: Final = "(one) => one.getRootNode().activeElement === one"
_FOCUS_IS_SEEN: Final = """() => {
  let at = document.activeElement;
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  const outlined = at.closest(".cm-editor") ?? at;
  const style = getComputedStyle(outlined);
  const box = at.getBoundingClientRect();
  const isOutlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
  const isInside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return at === document.body || (isOutlined && isInside);
}"""
_FOCUSED: Final = "() => document.activeElement.outerHTML.slice(0, 200)"


def tab_to(page: Page, target: Locator, key: str = "Tab", most: int = 80) -> None:
    """Go on with Tab until the focus is there, and see it wherever it comes by."""
    expect(target).to_be_visible()
    for _ in range(most):
        if target.evaluate(_IS_FOCUSED):
            return
        page.keyboard.press(key)
        try:
            page.wait_for_function(_FOCUS_IS_SEEN, timeout=5_000)
        except Error as error:
            raise AssertionError(f"the focus is not seen: {page.evaluate(_FOCUSED)}") from error
    raise AssertionError(f"the keyboard does not come to {target}")


def button(page: Page, words: str) -> Locator:
    return page.get_by_role("button", name=words, exact=True)


def test_the_use_case_needs_no_pointer(page: Page) -> None:
    press = page.keyboard.press
    page.goto("/")
    expect(heading(page, "Overview")).to_be_focused()
    tab_to(page, new_script(page))
    press("Enter")

    expect(heading(page, "New script")).to_be_focused()
    tab_to(page, button(page, "Start from an example"))
    press("Enter")
    expect(page.get_by_label("Name", exact=True)).to_have_value("corporate-cards")
    tab_to(page, page.get_by_label("Name", exact=True))
    press("ControlOrMeta+A")
    page.keyboard.type("by-keyboard")
    tab_to(page, source(page))
    press("Escape")
    press("Tab")
    expect(source(page)).not_to_be_focused()
    tab_to(page, button(page, "Save"))
    press("Enter")

    expect(heading(page, "by-keyboard")).to_be_focused()
    tab_to(page, page.get_by_role("link", name="Run v1 (latest)"))
    press("Enter")
    expect(heading(page, "Run by-keyboard")).to_be_focused()
    tab_to(page, button(page, "Use example data"))
    press("Enter")
    expect(page.get_by_label("Dataset", exact=True)).not_to_be_empty()
    tab_to(page, button(page, "Run"))
    press("Enter")

    expect(heading(page, "Execution ")).to_be_focused()
    expect(state(page)).to_have_text("succeeded")
    tab_to(page, page.get_by_role("tab", name="Table"))
    press("ArrowRight")
    expect(page.get_by_role("tab", name="Chart")).to_be_focused()
    expect(page.get_by_role("img")).to_be_visible()
    press("ArrowLeft")
    tab_to(page, page.get_by_role("columnheader", name="trimestre").get_by_role("button"))
    press("Enter")
    expect(page.get_by_role("columnheader", name="trimestre")).to_have_attribute("aria-sort", "ascending")
    with page.expect_download():
        tab_to(page, button(page, "Save as CSV"), "Shift+Tab")
        press("Enter")

    tab_to(page, page.locator("summary", has_text="Run again…"), "Shift+Tab")
    press("Enter")
    tab_to(page, page.get_by_role("link", name="Edit the dataset and run…"))
    press("Enter")
    tab_to(page, page.get_by_label("Choose a file"))
    tab_to(page, page.get_by_label("Dataset", exact=True), "Shift+Tab")
    press("ControlOrMeta+A")
    page.keyboard.type("[]")
    tab_to(page, button(page, "Run"))
    press("Enter")
    expect(state(page)).to_have_text("succeeded")
    tab_to(page, page.locator("summary", has_text="Compare with…"))
    press("Enter")
    tab_to(page, page.get_by_role("link", name="Previous run of this script"))

    tab_to(page, page.get_by_role("navigation").get_by_role("link", name="Executions"), "Shift+Tab")
    press("Enter")
    expect(heading(page, "Executions")).to_be_focused()
    tab_to(page, button(page, "succeeded"))
    press("Space")
    expect(page).to_have_url(re.compile("status=succeeded"))
    for place in (0, 1):
        tab_to(page, page.get_by_role("checkbox").nth(place))
        press("Space")
    tab_to(page, page.get_by_role("link", name="Compare"), "Shift+Tab")
    press("Enter")
    expect(heading(page, "Compare executions")).to_be_focused()
    expect(page.get_by_text("1 removed").or_(page.get_by_text("1 added"))).to_be_visible()
    tab_to(page, page.get_by_role("navigation").get_by_role("link", name="Audit"), "Shift+Tab")
    press("Enter")
    expect(heading(page, "Audit")).to_be_focused()


def test_the_first_stop_leads_past_the_header_and_dialogs_give_the_focus_back(page: Page) -> None:
    page.goto("/#/audit")
    expect(heading(page, "Audit")).to_be_focused()
    tab_to(page, page.get_by_role("link", name="Skip to content"), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    key = page.get_by_role("button", name="API key")
    tab_to(page, key, "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_label("API key")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(key).to_be_focused()


def test_a_promotion_needs_no_pointer(page: Page, service: Service) -> None:
    assert service.host("promoted-by-keys", "function process(data) { return data; }").status_code == 201
    press = page.keyboard.press
    page.goto("/#/scripts/promoted-by-keys")
    expect(heading(page, "promoted-by-keys")).to_be_focused()
    promote = button(page, "Promote version 1…")
    tab_to(page, promote)
    press("Enter")
    expect(page.get_by_role("dialog").get_by_label("Alias")).to_be_focused()
    press("Escape")
    expect(promote).to_be_focused()
    press("Enter")
    tab_to(page, page.get_by_role("dialog").get_by_role("button", name="Promote", exact=True))
    press("Enter")
    expect(page.get_by_text("live now leads to version 1")).to_be_visible()
    expect(heading(page, "promoted-by-keys")).to_be_focused()
    assert service.client.get("/v1/scripts/promoted-by-keys/aliases/live").json()["version"] == 1


def test_menus_close_on_escape_and_cleared_filters_keep_the_focus(page: Page, service: Service) -> None:
    assert service.host("menus", "function process(data) { return data; }").status_code == 201
    execution = service.submit("menus", "[1]", 30).json()["id"]
    page.goto(f"/#/executions/{execution}")
    for words in ("Run again…", "Compare with…", "⋯"):
        summary = page.locator("details.menu > summary", has_text=words)
        tab_to(page, summary)
        page.keyboard.press("Enter")
        expect(page.locator("details.menu[open] .panel :is(a, button, summary)").first).to_be_visible()
        page.keyboard.press("Tab")
        expect(summary).not_to_be_focused()
        page.keyboard.press("Escape")
        expect(summary).to_be_focused()
        expect(page.locator("details.menu[open]")).to_have_count(0)
    page.goto("/#/executions?status=failed")
    tab_to(page, page.get_by_role("form", name="Filters").get_by_role("button", name="Clear filters"))
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("status"))
    expect(button(page, "All")).to_be_focused()


def test_a_batch_needs_no_pointer(page: Page, service: Service) -> None:
    press = page.keyboard.press
    assert service.host("batch-by-keyboard", "function process(data) { return data.n; }").status_code == 201
    page.goto("/#/scripts/batch-by-keyboard/batch")
    expect(heading(page, "Run a batch of batch-by-keyboard")).to_be_focused()
    tab_to(page, page.get_by_label("Lines", exact=True))
    page.keyboard.insert_text('{"n": 1, "id": "a"}\n{"n": 2, "id": "b"}\n')
    references = page.get_by_label("Reference from")
    tab_to(page, references)
    page.keyboard.type("id")
    expect(references).to_have_value("id")
    expect(page.get_by_role("cell", name="a", exact=True)).to_be_visible()
    expect(references).to_be_focused()
    tab_to(page, button(page, "Submit the batch"))
    press("Enter")

    expect(heading(page, "Batch on ")).to_be_focused()
    expect(page.locator("table.rows tbody tr")).to_have_count(2)
    tab_to(page, button(page, "All"))
    press("Enter")
    tab_to(page, page.get_by_role("tab", name="Table"))
    press("ArrowRight")
    press("ArrowRight")
    expect(page.get_by_role("tab", name="JSON")).to_be_focused()
    expect(page.locator("pre.json")).to_contain_text('"ref": "a"')
    tab_to(page, button(page, "Delete data…"))
    press("Enter")
    tab_to(page, button(page, "Cancel"))
    press("Enter")
    expect(button(page, "Delete data…")).to_be_focused()
    tab_to(page, page.get_by_role("link", name="2", exact=True), "Shift+Tab")
    press("Enter")
    expect(heading(page, "Execution ")).to_be_focused()


def test_a_webhook_needs_no_pointer(page: Page, service: Service) -> None:
    press = page.keyboard.press
    assert service.host("webhook-by-keyboard", "function process(data) { return data.n; }").status_code == 201
    page.goto("/#/webhooks/new")
    expect(heading(page, "New webhook")).to_be_focused()
    tab_to(page, page.get_by_label("URL"))
    page.keyboard.type("http://10.0.0.1/keyboard")
    tab_to(page, page.get_by_label("Batch finished"))
    press("Space")
    scripts = page.get_by_label("Scripts", exact=True)
    tab_to(page, scripts)
    press("ArrowDown")
    expect(scripts).to_have_value("some")
    name = page.get_by_label("Name of a script")
    for one in ("none-such", "webhook-by-keyboard"):
        tab_to(page, name)
        page.keyboard.type(one)
        tab_to(page, button(page, "Add"))
        press("Enter")
        expect(name).to_be_focused()
    tab_to(page, button(page, "Remove none-such"), "Shift+Tab")
    press("Enter")
    expect(name).to_be_focused()
    tab_to(page, button(page, "Create webhook"))
    press("Enter")

    expect(heading(page, "Webhook to 10.0.0.1")).to_be_focused()
    tab_to(page, button(page, "I have stored it"))
    press("Enter")
    expect(heading(page, "Webhook to 10.0.0.1")).to_be_focused()
    tab_to(page, button(page, "Send a test"))
    press("Enter")
    expect(page.locator(".note.row")).to_contain_text("address not allowed")
    expect(button(page, "Send a test")).to_be_focused()
    tab_to(page, button(page, "Rotate the secret…"))
    press("Enter")
    expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()
    press("Escape")
    expect(button(page, "Rotate the secret…")).to_be_focused()
    tab_to(page, button(page, "Disable…"))
    press("Enter")
    tab_to(page, button(page, "Disable it"))
    press("Enter")
    expect(page.get_by_text("This webhook was disabled by a client.")).to_be_visible()
    tab_to(page, page.locator("tbody").get_by_role("link"))
    press("Enter")
    expect(heading(page, "Delivery: Test")).to_be_focused()
    tab_to(page, button(page, "Send again"))
