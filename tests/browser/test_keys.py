"""API keys in the console: the first one closes the service, and each shows only what it allows."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from domain.access import ROLES, Scope
from tests.browser.accessibility import overflowing, serious, small_targets, violations
from tests.browser.steps import heading
from tests.support.folders import let_others_through
from tests.system.conftest import Service, provide_cluster


@pytest.fixture(scope="module")
def service(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Run a service without keys, for tests that create some one after another."""
    folder = tmp_path_factory.mktemp("console-keys")
    let_others_through(folder)
    provide_cluster(folder / "data")
    running = Service(folder / "data", Path(__file__).parents[2])
    assert running.host("hosted", "function process(data) { return data; }").status_code == 201
    yield running
    running.client.close()
    assert running.stop() == 0


@pytest.fixture(scope="module")
def tokens() -> dict[str, str]:
    """Collect the keys that tests create, by their names. The first test creates the first one."""
    return {}


@pytest.fixture
def owner(service: Service, tokens: dict[str, str]) -> str:
    """Return the first key, which is created if the first test was not run."""
    if "owner" not in tokens:
        created = service.client.post("/v1/keys", json={"name": "owner", "role": "admin"})
        tokens["owner"] = created.json()["token"]
    return tokens["owner"]


def _button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def _create(page: Page, name: str, role: str) -> str:
    """Create a key in the dialog, and return its text."""
    _button(page, "New API key").click()
    dialog = page.get_by_role("dialog", name="New API key")
    expect(dialog.get_by_label("Name", exact=True)).to_be_focused()
    dialog.get_by_label("Name", exact=True).fill(name)
    dialog.get_by_label("Role", exact=True).select_option(role)
    page.keyboard.press("Tab")
    assert serious(violations(page)) == []
    dialog.get_by_role("button", name="Create key").press("Enter")
    expect(dialog.get_by_text("Copy the key now.")).to_be_focused()
    page.keyboard.press("Escape")
    shown = dialog.locator("pre").inner_text()
    assert shown.startswith("bateia_")
    return shown


def _enter(page: Page, token: str, place: str = "/") -> None:
    """Open a page in a tab that has the key."""
    page.goto("/")
    page.evaluate("(key) => sessionStorage.setItem('bateia.key@/', key)", token)
    page.goto(f"/#{place}")
    page.reload()


def test_the_first_key_closes_the_service_and_signs_its_creator_in(page: Page, tokens: dict[str, str]) -> None:
    page.goto("/#/keys")
    expect(page.get_by_text("There are no API keys")).to_be_visible()
    _button(page, "New API key").click()
    dialog = page.get_by_role("dialog", name="New API key")
    expect(dialog).to_contain_text("every request needs a key")
    expect(dialog.get_by_label("Role", exact=True).locator("option")).to_have_count(2)
    expect(dialog.get_by_label(re.compile("^admin "))).to_be_disabled()
    _button(page, "Cancel").click()
    expect(dialog).to_have_count(0)
    tokens["owner"] = _create(page, "owner", "admin")
    assert serious(violations(page)) == []
    _button(page, "Sign in with this key").click()
    expect(page.locator(".notices")).to_contain_text("Created the key owner")
    expect(_button(page, "API key: owner")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="owner")).to_contain_text("(this tab)")
    kept = page.evaluate("() => JSON.stringify([{ ...localStorage }, document.cookie, location.href, document.title])")
    assert tokens["owner"] not in kept


def test_a_key_shows_only_what_it_allows(page: Page, owner: str) -> None:
    tokens = {"owner": owner}
    _enter(page, owner, "/keys")
    for role in ("reader", "runner", "author"):
        tokens[role] = _create(page, f"a {role}", role)
        _button(page, "I have stored it").click()
        expect(page.locator(".notices")).to_contain_text(f"Created the key a {role}")
    offered = {}
    for role in ("owner", "reader", "runner", "author"):
        _enter(page, tokens[role], "/scripts/hosted")
        expect(heading(page, "hosted")).to_be_visible()
        links = ("Keys", "Audit", "Run v1 (latest)", "New version", "Batches")
        offered[role] = [name for name in links if page.get_by_role("link", name=name, exact=True).count()]
        buttons = ("Archive", "Promote version 1…")
        offered[role] += [name for name in buttons if _button(page, name).count()]
    assert offered["owner"] == ["Keys", "Audit", "Run v1 (latest)", "New version", "Batches", *buttons]
    assert offered["reader"] == ["Batches"]
    assert offered["runner"] == ["Run v1 (latest)", "Batches"]
    assert offered["author"] == ["Run v1 (latest)", "New version", "Batches", *buttons]


def test_single_scopes_and_an_expiry_are_chosen(page: Page, service: Service, owner: str) -> None:
    _enter(page, owner, "/keys")
    _button(page, "New API key").click()
    dialog = page.get_by_role("dialog", name="New API key")
    role, expiry = dialog.get_by_label("Role", exact=True), dialog.get_by_label("Expires", exact=True)
    boxes = {scope: dialog.get_by_label(re.compile(f"^{scope} ")) for scope in Scope}
    for one, scopes in ROLES.items():
        role.select_option(one)
        assert {scope for scope, box in boxes.items() if box.is_checked()} == scopes
    boxes[Scope.SCRIPTS_WRITE].uncheck()
    expect(role).to_have_value("")
    boxes[Scope.EXECUTIONS_WRITE].uncheck()
    boxes[Scope.ADMIN].uncheck()
    expect(role).to_have_value("reader")
    boxes[Scope.READ].uncheck()
    dialog.get_by_label("Name", exact=True).fill("a builder")
    _button(page, "Create key").click()
    expect(boxes[Scope.READ]).to_be_focused()  # the browser says that a scope is missing
    for scope in (Scope.READ, Scope.SCRIPTS_WRITE):
        boxes[scope].check()
    expiry.select_option("30")
    expect(dialog.get_by_role("status")).to_contain_text("Expires on")
    expiry.select_option("custom")
    dialog.get_by_label("Days until it expires").fill("3")
    assert serious(violations(page)) == []
    _button(page, "Create key").click()
    _button(page, "I have stored it").click()
    expect(page.get_by_role("row").filter(has_text="a builder")).to_contain_text("read, scripts:write")
    keys = service.client.get("/v1/keys", headers={"Authorization": f"Bearer {owner}"}).json()["items"]
    (created,) = [one for one in keys if one["name"] == "a builder"]
    days = datetime.fromisoformat(created["expires_at"]) - datetime.fromisoformat(created["created_at"])
    assert (set(created["scopes"]), days) == ({"read", "scripts:write"}, timedelta(days=3))


def test_a_key_is_revoked_after_a_question_and_the_last_one_that_manages_keys_stays(page: Page, owner: str) -> None:
    _enter(page, owner, "/keys")
    temporary = _create(page, "temporary", "reader")
    _button(page, "I have stored it").click()
    _button(page, "Revoke the key temporary").click()
    expect(page.get_by_role("dialog")).to_contain_text("Revoke the key temporary? Its clients are refused")
    expect(_button(page, "Cancel")).to_be_focused()
    assert serious(violations(page)) == []
    _button(page, "Revoke it").click()
    expect(page.locator(".notices")).to_contain_text("Revoked the key temporary")
    row = page.get_by_role("row").filter(has_text="temporary")
    expect(row).to_contain_text("revoked")
    expect(row.get_by_role("button")).to_have_count(0)
    _button(page, "Revoke the key owner").click()
    expect(page.get_by_role("dialog")).to_contain_text("with which this tab is signed in?")
    _button(page, "Revoke it").click()
    expect(page.get_by_role("alert")).to_contain_text("(409)")
    _enter(page, temporary)  # which no process has seen before, so none remembers it
    expect(page.get_by_role("alert")).to_contain_text("(401)")


@pytest.mark.parametrize(("scheme", "width", "locale"), [("light", 1280, "en-US"), ("dark", 390, "pt-BR")])
def test_the_list_is_accessible_and_fits(
    open_page: Callable[..., Page], owner: str, scheme: str, width: int, locale: str
) -> None:
    page = open_page(scheme=scheme, width=width, locale=locale)
    _enter(page, owner, "/keys")
    expect(page.locator("tbody tr")).not_to_have_count(0)
    expect(page.locator("header .key")).to_contain_text("owner")
    assert serious(violations(page)) + small_targets(page) + overflowing(page) == []
