"""A reader's steps on the console's pages, shared by tests and pictures. Elements are found by their visible texts."""

import json
import re
from pathlib import Path
from typing import Final

from playwright.sync_api import Locator, Page, expect

BACEN: Final = Path(__file__).parents[2] / "examples" / "bacen"
SLOW: Final = "function process(data) { for (let i = 0; i < 1e12; i += 1) data.n = i; return data; }"

_A_FILE: Final = """([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name));
  return data;
}"""


def heading(page: Page, words: str) -> Locator:
    """Locate the heading of the present view."""
    return page.get_by_role("heading", level=1, name=words)


def new_script(page: Page) -> Locator:
    """Locate the link to the form of a new script, which the list of scripts has, empty or not."""
    return page.get_by_role("link", name=re.compile("^(New|Write a) script$"))


def source(page: Page) -> Locator:
    """Locate the editor of a source."""
    return page.locator(".cm-content")


def drop_file(page: Page, onto: Locator, name: str, text: str) -> None:
    """Drop a file on an element."""
    data = page.evaluate_handle(_A_FILE, [name, text])
    for event in ("dragenter", "dragover", "drop"):
        onto.dispatch_event(event, {"dataTransfer": data})


def write(page: Page, text: str) -> None:
    """Replace the content of the editor."""
    source(page).click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.insert_text(text)


def host(page: Page, name: str, text: str, description: str = "") -> None:
    """Host a new script."""
    page.goto("./#/new")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Description").fill(description)
    write(page, text)
    page.get_by_role("button", name="Save", exact=True).click()


def begin_to_run(page: Page, name: str, dataset: object) -> None:
    """Submit a pasted dataset to a script and come to its execution."""
    page.goto(f"./#/scripts/{name}/run")
    page.get_by_label("Dataset", exact=True).fill(json.dumps(dataset, ensure_ascii=False))
    page.get_by_role("button", name="Run", exact=True).click()
    expect(heading(page, "Execution ")).to_be_visible()


def state(page: Page) -> Locator:
    """Locate the status in an execution's view."""
    return page.get_by_role("main").locator(".badge").first


def more_actions(page: Page) -> Locator:
    """Locate the menu of an execution's other actions."""
    return page.locator("details.more > summary")


def run(page: Page, name: str, dataset: object, ending: str = "succeeded") -> str:
    """Run until it has ended, and return its id."""
    begin_to_run(page, name, dataset)
    expect(state(page)).to_have_text(ending)
    return page.url.rpartition("/")[2]
