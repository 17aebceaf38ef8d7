"""A script's versions as a table, each with its use and actions, and the syntax marks of an editor."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from adapters.http.resources.static_files import href
from tests.browser.accessibility import overflowing, serious, small_targets, violations
from tests.browser.modules import Modules
from tests.browser.steps import heading, source, write
from tests.browser.watching import Watch
from tests.system.conftest import Service

CONSOLE: Final = Path(__file__).parents[2] / "console"
JSON: Final = {"Content-Type": "application/json", "Prefer": "wait=30"}
_ERRORS: Final = """
return import(vendor).then(({ EditorState, javascript }) => texts.map((doc) => {
  const state = EditorState.create({ doc, extensions: javascript() });
  return syntax_.syntaxErrors(state).map(({ from, to, message }) => ({
    line: state.doc.lineAt(from).number, text: state.sliceDoc(from, to), message,
  }));
}));"""


@pytest.fixture(scope="module")
def used(service: Service) -> str:
    """Host a script with three versions: one with tests, one that has failed once, one that never ran."""
    name, path = "versioned", "/v1/scripts/versioned"
    sent = {"name": name, "source": "function process(rows) { return rows.length; }"}
    assert service.client.post("/v1/scripts", json=sent).status_code == 201
    for dataset, length in (([1], 1), ([], 0)):
        test = {"dataset": dataset, "expected": {"result": length}}
        assert service.client.put(f"{path}/tests/of-{length}", json=test).status_code == 201
    assert service.client.post(f"{path}/versions/1/checks").json()["passed"]
    second = {"source": "function process(rows) { return rows.map((row) => row); }", "note": "Rows instead of a count"}
    third = {"source": "function process(rows) { return 1; }"}
    for version in (second, third):
        assert service.client.post(f"{path}/versions", json=version).status_code == 201
    for number, body in ((1, "[1]"), (2, "[2]"), (2, "7")):
        service.client.post(f"{path}/versions/{number}/executions", content=body, headers=JSON)
    return name


def _row(page: Page, number: int) -> Locator:
    table = page.get_by_role("region", name="Versions")
    return table.get_by_role("row").filter(has=page.get_by_role("link", name=f"v{number}", exact=True))


def test_each_version_shows_its_use_and_is_what_its_buttons_act_on(page: Page, used: str) -> None:
    page.goto(f"/#/scripts/{used}")
    expect(_row(page, 3)).to_contain_text("latest")
    expect(_row(page, 3)).to_contain_text("not used")
    expect(_row(page, 2)).to_contain_text("Rows instead of a count")
    expect(_row(page, 2)).to_contain_text("0 of 2 passed")
    expect(_row(page, 2)).to_contain_text("2 executions")
    expect(_row(page, 1)).to_contain_text("2 of 2 passed")
    expect(_row(page, 1)).to_contain_text("1 execution")
    expect(_row(page, 3).get_by_role("button")).to_have_count(0)  # the latest needs no restoration
    _row(page, 2).get_by_role("link", name="1 failed").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.go_back()
    _row(page, 1).get_by_role("link", name="Run v1", exact=True).click()
    expect(page.get_by_label("Version", exact=True)).to_have_value("1")
    page.go_back()
    _row(page, 2).get_by_role("link", name="Edit v2 as v4").click()
    expect(source(page)).to_contain_text("rows.map")
    page.go_back()
    _row(page, 1).get_by_role("button", name="Restore v1").click()
    expect(page.get_by_label("Note", exact=True)).to_be_focused()
    page.get_by_role("button", name="Create the version").click()
    expect(_row(page, 4)).to_contain_text("Restores version 1")
    _row(page, 4).get_by_role("link", name="Changes from version 3 to 4").click()
    expect(heading(page, f"Changes of {used}")).to_be_visible()


def test_the_changes_of_huge_sources_are_a_patch(page: Page, service: Service) -> None:
    lines = "//\n" * 20_000
    for number in (1, 2):
        text = f"{lines}const process = () => {number};\n"
        path = "/v1/scripts?name=huge" if number == 1 else "/v1/scripts/huge/versions"
        sent = service.client.post(path, content=text, headers={"Content-Type": "text/javascript"})
        assert sent.status_code == 201
    page.goto("/#/scripts/huge/changes")
    expect(page.get_by_text("These sources are too large to show side by side.")).to_be_visible()
    patch = page.get_by_label("Patch from version 1 to 2")
    expect(patch).to_contain_text("-const process = () => 1;")
    expect(patch).to_contain_text("+const process = () => 2;")


@pytest.mark.parametrize(("scheme", "width", "locale"), [("light", 1280, "en-US"), ("dark", 390, "pt-BR")])
def test_the_versions_are_accessible_and_fit(
    open_page: Callable[..., Page], used: str, scheme: str, width: int, locale: str
) -> None:
    page = open_page(scheme=scheme, width=width, locale=locale)
    page.goto(f"/#/scripts/{used}?version=1")
    expect(page.get_by_role("link", name="v1", exact=True)).to_have_attribute("aria-current", "page")
    assert serious(violations(page)) + small_targets(page) + overflowing(page) == []


def test_a_syntax_error_is_marked_while_it_is_written_until_it_is_gone(page: Page) -> None:
    page.goto("/#/new")
    expect(page.get_by_text("Press Esc, then Tab")).not_to_be_visible()
    write(page, "function process(rows) {\n  return rows.map((row => row);\n}\n")
    expect(page.get_by_text("Press Esc, then Tab")).to_be_visible()
    marked = page.locator(".cm-line", has=page.locator(".cm-lintRange-error"))
    expect(marked).to_have_text(["  return rows.map((row => row);"])
    page.get_by_label("Name", exact=True).fill("marked")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("SyntaxError")
    expect(marked).to_have_text(["  return rows.map((row => row);"])
    write(page, "function process(rows) {\n  return rows.map((row) => row);\n}\n")
    expect(marked).to_have_count(0)


@pytest.fixture(scope="module")
def modules(browser: Browser, service: Service) -> Iterator[Modules]:
    context = browser.new_context(base_url=service.url)
    watch = Watch(context, service.url)
    yield Modules(context.new_page(), {"syntax": "parts/syntax_marks"})
    context.close()
    assert watch.faults == []


def test_sources_without_an_error_have_no_marks(modules: Modules) -> None:
    texts = [one.read_text() for one in sorted(CONSOLE.glob("**/*.js"))]
    assert len(texts) > 100
    assert modules.run(_ERRORS, texts=texts, vendor=href("vendor/codemirror.js")) == [[]] * len(texts)


@pytest.mark.parametrize(
    ("text", "line", "marked"),
    [
        ("function process(data) { retrun data }", 1, "retrun"),
        ("function process(data) {\n  return data.map((one => one);\n}", 2, ")"),
        ("function process(data) {\n  return data;\n\n\n", 2, ";"),
        ("const process = (rows) => rows.map(;", 1, "("),
        ("a b", 1, "a"),
        ("}", 1, "}"),
    ],
)
def test_a_syntax_error_is_marked_in_its_line(modules: Modules, text: str, line: int, marked: str) -> None:
    (found,) = modules.run(_ERRORS, texts=[text], vendor=href("vendor/codemirror.js"))
    assert [one["line"] for one in found[:1]] == [line], json.dumps(found)
    assert found[0]["text"] == marked
    assert len(found) <= 3
