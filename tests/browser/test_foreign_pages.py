"""Pages of other sites in a real browser: neither a name that resolves to this machine nor a simple request helps them.

A page on another port of this machine is of the same site and of another origin; a page under another name is of
another site. Both try all ways of sending a request that a browser lets every page use.
"""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, Playwright

from tests.browser.chromium import launched
from tests.system.conftest import Service

EVIL: Final = "evil.example"
SOURCE: Final = "globalThis.stolen = 'the source'; function process(data) { return data; }"
ATTACK: Final = """
async (api) => {
  const seen = {};
  const load = (kind, attribute, path) => new Promise((resolve) => {
    const element = document.createElement(kind);
    element.onload = () => resolve("loaded");
    element.onerror = () => resolve("refused");
    element[attribute] = api + path;
    document.body.append(element);
  });
  const attempt = (path, how) => fetch(api + path, how).then(
    async (answer) => `${answer.type} ${answer.status} ${await answer.text()}`, () => "refused");
  seen.script = await load("script", "src", "/v1/scripts/victim/versions/1/source");
  seen.image = await load("img", "src", "/v1/scripts");
  seen.stolen = String(globalThis.stolen);
  seen.plain = await attempt("/v1/scripts", {});
  seen.opaque = await attempt("/v1/scripts", { mode: "no-cors" });
  seen.archive = await attempt("/v1/scripts/victim/archive", { method: "POST", mode: "no-cors" });
  seen.text = await attempt("/v1/scripts", { method: "POST", mode: "no-cors", body: "{}" });
  seen.remove = await attempt("/v1/scripts/victim/archive", { method: "DELETE" });
  navigator.sendBeacon(api + "/v1/scripts/victim/archive");
  const frame = document.createElement("iframe");
  frame.name = "sink";
  document.body.append(frame);
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: api + "/v1/scripts/victim/archive", target: "sink" });
  document.body.append(form);
  await new Promise((resolve) => { frame.onload = resolve; form.submit(); });
  return seen;
}
"""
REBOUND: Final = """
() => Promise.all(
  [
    ["GET", "/v1/scripts"], ["GET", "/health/ready"], ["GET", "/"], ["GET", "/metrics"],
    ["POST", "/v1/scripts/victim/archive"], ["POST", "/v1/scripts"], ["DELETE", "/v1/executions/x/content"],
  ].map(([method, path]) => fetch(path, { method }).then(async (answer) => [answer.status, await answer.text()])))
"""


class Blank(BaseHTTPRequestHandler):
    """Answers everything with an empty page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>foreign</title><body></body>")

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def foreign_port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Blank)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser(chromium: str, playwright: Playwright) -> Iterator[Browser]:
    with launched(chromium, EVIL, "localhost", playwright=playwright) as browser:
        yield browser


@pytest.fixture
def foreign(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def victim(service: Service) -> Service:
    assert service.host("victim", SOURCE).status_code == 201
    return service


def state_of(service: Service) -> Any:
    return service.client.get("/v1/scripts/victim").json(), service.client.get("/v1/scripts").json()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", EVIL])
def test_a_foreign_page_neither_reads_nor_changes_anything(
    foreign: Page, victim: Service, foreign_port: int, host: str
) -> None:
    before = state_of(victim)
    foreign.goto(f"http://{host}:{foreign_port}/")
    seen = foreign.evaluate(ATTACK, victim.url)
    assert (seen["stolen"], seen["script"], seen["image"]) == ("undefined", "refused", "refused")
    for attempt in ("plain", "opaque", "archive", "text", "remove"):
        assert seen[attempt] in ("refused", "opaque 0 "), seen
    assert state_of(victim) == before
    assert before[0]["archived_at"] is None


def test_dns_rebinding_gives_a_foreign_page_no_access(foreign: Page, victim: Service) -> None:
    """DNS rebinding: to the browser, what this service answers under the name is of the name's own origin."""
    before, rebound = state_of(victim), f"http://{EVIL}:{victim.port}"
    lure = foreign.goto(f"{rebound}/lure")
    assert lure is not None
    answers = foreign.evaluate(REBOUND)
    assert [lure.status, *(status for status, _ in answers)] == [421] * 8
    for _, text in answers:
        assert json.loads(text)["type"] == "/problems/misdirected-request"
    assert state_of(victim) == before


def test_the_consoles_own_pages_still_work_under_both_names(foreign: Page, victim: Service) -> None:
    for host in ("127.0.0.1", "localhost"):
        foreign.goto(f"http://{host}:{victim.port}/")
        foreign.get_by_text("victim").first.wait_for()
        status = foreign.evaluate("fetch('/v1/scripts/victim/unarchive', { method: 'POST' }).then((one) => one.status)")
        assert status == 200
