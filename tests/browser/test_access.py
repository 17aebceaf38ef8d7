"""A service that needs keys: a key stays with one tab, and a missing scope is explained."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import serious, violations
from tests.browser.steps import heading, new_script
from tests.support.folders import let_others_through
from tests.support.processes import clean_environment
from tests.system.conftest import Service, provide_cluster


@pytest.fixture(scope="module")
def folder(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    let_others_through(folder)
    provide_cluster(folder / "data")
    return folder / "data"


@pytest.fixture(scope="module")
def keys(folder: Path) -> dict[str, str]:
    """Create keys, by their scope, before the service begins."""

    def made(*scopes: str) -> str:
        command = [sys.executable, "-m", "entrypoints.keys", "create", "--name", scopes[1], *scopes]
        env = clean_environment() | {"BATEIA_DATA_DIR": str(folder)}
        return subprocess.run(
            command, cwd=Path(__file__).parents[2], env=env, capture_output=True, text=True, check=True, timeout=120
        ).stdout.strip()

    return {
        "read": made("--scope", "read"),
        "admin": made("--scope", "admin"),
        "author": made("--role", "author"),
        "writer": made("--scope", "scripts:write", "--scope", "read"),
    }


@pytest.fixture(scope="module")
def service(folder: Path, keys: dict[str, str]) -> Iterator[Service]:
    running = Service(folder, Path(__file__).parents[2], BATEIA_HOST="0.0.0.0")
    yield running
    running.client.close()
    assert running.stop() == 0


def test_a_key_is_requested_and_stays_with_its_tab(page: Page, keys: dict[str, str]) -> None:
    page.goto("/")
    expect(heading(page, "Sign in with an API key")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("(401)")
    page.get_by_role("main").get_by_label("API key").fill("bateia_wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("(401)")
    page.get_by_role("main").get_by_label("API key").fill(keys["author"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("No scripts yet.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("No scripts yet.")).to_be_visible()

    kept = page.evaluate("() => JSON.stringify([{ ...localStorage }, document.cookie, location.href, document.title])")
    assert keys["author"] not in kept
    assert json.loads(kept)[:2] == [{}, ""]
    assert page.context.cookies() == []
    tab = page.context.new_page()
    tab.goto("/")
    expect(tab.get_by_role("alert")).to_contain_text("(401)")

    new_script(page).click()
    page.get_by_label("Name", exact=True).fill("left-behind")
    page.get_by_role("navigation").get_by_role("link", name="Scripts").click()
    expect(heading(page, "Scripts")).to_be_visible()
    stored = page.evaluate("() => JSON.stringify({ ...sessionStorage })")
    assert "left-behind" in stored
    assert stored.count(keys["author"]) == 1, "a draft holds the key"
    page.go_back()
    expect(page.get_by_label("Name", exact=True)).to_have_value("left-behind")
    page.get_by_role("button", name="API key: author").click()
    expect(page.get_by_role("dialog")).to_contain_text("Signing out also deletes your drafts.")
    page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("")
    expect(page.get_by_role("button", name="API key", exact=True)).to_be_visible()
    assert page.evaluate("() => sessionStorage.length") == 0
    page.reload()
    expect(page.get_by_label("Name", exact=True)).to_have_value("")


def test_a_missing_scope_is_explained(page: Page, keys: dict[str, str]) -> None:
    """The page cannot learn the scopes, so it hides nothing."""
    page.route("**/v1/me", lambda route: route.abort())
    page.goto("/")
    page.get_by_role("main").get_by_label("API key").fill(keys["read"])
    page.get_by_role("button", name="Sign in").click()
    expect(heading(page, "Overview")).to_be_visible()
    page.get_by_role("link", name="Write a script").click()
    page.get_by_label("Name", exact=True).fill("not-allowed")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("scripts:write")
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_focused()
    page.get_by_role("main").get_by_label("API key").fill("bateia_wrong")
    page.get_by_role("main").get_by_role("button", name="Sign in").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("(401)")
    assert page.evaluate("() => document.activeElement === document.querySelector('[role=alert]').parentElement")
    expect(page.get_by_label("Name", exact=True)).to_have_value("not-allowed")
    page.get_by_role("button", name="API key ✓").click()
    page.get_by_role("dialog").get_by_label("API key").fill(keys["read"])
    page.keyboard.press("Enter")
    expect(page.locator(".notices")).to_contain_text("restored")
    expect(page.get_by_label("Name", exact=True)).to_have_value("not-allowed")
    page.get_by_role("navigation").get_by_role("link", name="Audit").click()
    expect(page.get_by_role("alert")).to_contain_text("admin")
    page.get_by_role("main").get_by_label("API key").fill(keys["admin"])
    page.get_by_role("button", name="Sign in").click()
    expect(heading(page, "Audit")).to_be_visible()
    expect(page.get_by_role("cell", name="created a key")).to_have_count(len(keys))


def test_two_readers_share_no_key(open_page: Callable[..., Page], keys: dict[str, str]) -> None:
    one, other = open_page(), open_page(locale="pt-BR")
    one.goto("/")
    one.get_by_role("button", name="API key").click()
    one.get_by_role("dialog").get_by_label("API key").fill(keys["read"])
    one.keyboard.press("Enter")
    expect(one.get_by_text("No scripts yet.")).to_be_visible()
    other.goto("/")
    expect(other.get_by_role("alert")).to_contain_text("(401)")


def test_the_first_steps_are_offered_as_far_as_the_key_allows(
    page: Page, service: Service, keys: dict[str, str]
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/")
    page.get_by_role("main").get_by_label("API key").fill(keys["read"])
    page.get_by_role("button", name="Sign in").click()
    example = page.get_by_role("button", name="Try it with the Central Bank example")
    expect(page.get_by_text("No scripts yet.")).to_be_visible()
    expect(example).to_have_count(0)
    expect(new_script(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Upload a .js file")).to_have_count(0)
    expect(page.get_by_role("img", name="The service is ready.")).to_be_visible()
    expect(page.get_by_role("link", name="The service is ready.")).to_have_count(0)  # Status is not for this key
    page.get_by_role("button", name="API key: read").click()
    expect(page.get_by_role("dialog").get_by_role("definition")).to_have_text(["read", "reader · read", "never"])
    page.get_by_role("dialog").get_by_label("API key").fill(keys["writer"])
    page.keyboard.press("Enter")
    expect(example).to_be_visible()
    assert serious(violations(page)) == []
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied.count(f"{service.url}/v1/scripts") == 2
    assert "$KEY" in copied
    assert keys["writer"] not in copied
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Upload a .js file").click()
    chooser.value.set_files({"name": "Meu script.js", "mimeType": "text/javascript", "buffer": b"// mine"})
    expect(page.get_by_label("Name", exact=True)).to_have_value("meu-script")
    expect(page.locator(".cm-content")).to_have_text("// mine")
    page.get_by_label("Name", exact=True).fill("draft-of-mine")
    page.go_back()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Upload a .js file").click()
    chooser.value.set_files({"name": "other.js", "mimeType": "text/javascript", "buffer": b"// another"})
    expect(page.get_by_label("Name", exact=True)).to_have_value("other")
    expect(page.locator(".notices")).to_have_text("Draft discarded · Undo")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("draft-of-mine")
    expect(page.locator(".cm-content")).to_have_text("// mine")
    page.get_by_role("button", name="Discard").click()
    page.go_back()

    taken = {"name": "corporate-cards", "source": "function process(rows) { return rows; }"}
    author = {"Authorization": f"Bearer {keys['author']}"}
    assert service.client.post("/v1/scripts", json=taken, headers=author).status_code == 201
    example.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("executions:write")
    expect(page.get_by_role("alert")).to_contain_text("role author")
    expect(example).to_be_focused()
    page.get_by_role("main").get_by_label("API key").fill(keys["author"])
    page.get_by_role("button", name="Sign in").click()  # tries again
    renamed = page.get_by_text(
        "Another script is called corporate-cards, so this one is called corporate-cards-example."
    )
    expect(renamed).to_be_visible()
    expect(page.get_by_role("img", name="one series per nomeBandeira")).to_be_visible()
