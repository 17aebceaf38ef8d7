"""Takes the pictures of docs/console.md anew: `python -m tests.browser.pictures FOLDER`, against a service of its own.

They are those of tests with something to see in them: a quarter's figures, a mistake, a run that takes its time.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import installed, launched
from tests.browser.conftest import Scheme
from tests.browser.steps import BACEN, SLOW, write
from tests.support.folders import let_others_through
from tests.system.conftest import Service

LOOKS: Final[dict[str, tuple[Scheme, int, int]]] = {
    "light": ("light", 1280, 800),
    "dark": ("dark", 1280, 800),
    "narrow": ("light", 390, 844),
}
MISTAKE: Final = """// Only what was paid with corporate cards.
function process(data) {
  const corporate = data.filter((row => row.produto === "Empresarial");
  return corporate.map(({ trimestre, nomeBandeira }) => ({ trimestre, nomeBandeira }));
}
"""
FAILS: Final = """function amountOf(row) {
  const amount = Number(row.valor);
  if (Number.isNaN(amount)) throw new Error(`no amount in ${row.trimestre}: ${row.valor}`);
  return amount;
}

function process(data) {
  console.log(`${data.length} rows`);
  return data.map((row) => ({ ...row, valor: amountOf(row) }));
}
"""
DOUBLED: Final = (BACEN / "script.js").read_text().replace("+= item.qtd", "+= 2 * item.qtd")
FEES: Final = (
    "Object.values(byQuarterAndIssuer)",
    """Object.values(byQuarterAndIssuer).map((row) => row.trimestre < "2022" ? row
    : { ...row, valorTransacoesNacionais: row.valorTransacoesNacionais * 1.0005 })""",
)


@contextmanager
def demonstration() -> Iterator[Service]:
    """Run a service of its own, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        let_others_through(Path(folder))
        service = Service(Path(folder) / "data", BACEN.parents[1])
        try:
            yield service
        finally:
            service.client.close()
            service.stop()


def filled(service: Service) -> dict[str, str]:
    """Create scripts and executions to show; return the executions' ids by their kinds."""
    described = {
        "corporate-cards": ("Corporate cards by quarter and brand", (BACEN / "script.js").read_text()),
        "amounts-as-numbers": ("Amounts of the statistics as numbers", FAILS),
        "nightly-simulation": ("Takes its time", SLOW),
    }
    for name, (description, source) in described.items():
        sent = {"name": name, "description": description, "source": source}
        assert service.client.post("/v1/scripts", json=sent).status_code == 201
    made = subprocess.run([sys.executable, BACEN / "generate.py", "4000", "7"], capture_output=True, check=True)
    rows = json.loads(made.stdout)
    corrected = [row | ({"qtdCartoesAtivos": 0} if row["trimestre"] == "20244" else {}) for row in rows]
    corrected = [row for row in corrected if (row["trimestre"], row["nomeBandeira"]) != ("20234", "Elo")]
    bad = [{"trimestre": "20231", "valor": "12.5"}, {"trimestre": "20232", "valor": "12,5"}]
    tests = {
        "no-rows": {"dataset": [], "expected": {"result": []}},
        "one-row": {"dataset": rows[:1], "expected": {"result": [{"trimestre": "20231"}], "subset": True}},
        "not-a-list": {"dataset": {}, "expected": {"error": {"kind": "script_error"}}},
    }
    for name, test in tests.items():
        assert service.client.put(f"/v1/scripts/corporate-cards/tests/{name}", json=test).status_code == 201
    for at in range(12):
        service.submit("corporate-cards", json.dumps(rows[: 300 * at]), 30)
    asked = {
        "whole": ("corporate-cards", rows),
        "corrected": ("corporate-cards", corrected),
        "failed": ("amounts-as-numbers", bad),
    }
    answers = {name: service.submit(script, json.dumps(data), 30).json() for name, (script, data) in asked.items()}
    return {name: one["id"] for name, one in answers.items()}


def scenes(page: Page, service: Service, ids: dict[str, str]) -> Iterator[str]:
    """Show one scene after another, and yield their names, each while it is on the page."""
    page.goto("/")
    expect(page.get_by_role("link", name="nightly-simulation")).to_be_visible()
    yield "overview"
    page.goto("/#/executions?period=24h")
    expect(page.locator("table.executions .badge.failed").first).to_be_visible()
    yield "executions"
    page.goto("/#/new")
    page.get_by_label("Name", exact=True).fill("only-corporate")
    page.get_by_label("Description").fill("Corporate cards, two columns")
    write(page, MISTAKE)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".cm-lintRange-error")).to_be_visible()
    yield "editor"
    page.goto(f"/#/scripts/corporate-cards/new?input_of={ids['whole']}")
    expect(page.locator(".try table.rows")).to_be_visible()
    write(page, DOUBLED)
    page.keyboard.press("ControlOrMeta+Enter")
    # The outcome of the first try, which changes nothing, stays until that of the second comes.
    page.get_by_role("tab", name=re.compile(r"Changes from version \d \((?!0\))")).click()
    expect(page.locator("table.compared tbody tr").first).to_be_visible()
    page.locator(".outcome").evaluate("(one) => one.scrollIntoView({ block: 'nearest' })")
    yield "try"
    page.goto("/#/scripts/corporate-cards")
    page.get_by_role("button", name="Run all tests").click()
    expect(page.locator("ul.checks table")).to_be_visible()
    page.locator(".tests h2").evaluate("(one) => one.scrollIntoView()")
    yield "tests"
    running = service.submit("nightly-simulation", "{}").json()["id"]
    page.goto(f"/#/executions/{running}")
    expect(page.locator(".badge.running")).to_be_visible()
    yield "running"
    service.client.post(f"/v1/executions/{running}/cancel")
    page.goto(f"/#/executions/{ids['whole']}")
    expect(page.locator("table.rows tbody tr")).to_have_count(50)
    yield "table"
    show_chart(page)
    yield "chart"
    page.goto(f"/#/executions/{ids['failed']}")
    expect(page.locator(".cm-lintRange-error")).to_be_visible()
    yield "failed"
    page.goto(f"/#/compare?left={ids['whole']}&right={ids['corrected']}")
    expect(page.locator("table.compared tbody tr").first).to_be_visible()
    page.get_by_role("heading", name="Results").evaluate("(one) => one.scrollIntoView()")
    yield "comparison"
    page.goto("/#/audit")
    expect(page.get_by_role("cell", name="submitted a dataset").first).to_be_visible()
    yield "audit"
    page.goto(f"/#/scripts/corporate-cards/replays/2/{replayed(service)}")
    expect(page.locator(".difference-group").first).to_be_visible()
    page.locator(".outcomes-bar").evaluate("(bar) => bar.scrollIntoView()")
    yield "replay"


def replayed(service: Service) -> str:
    """Replay past executions on a version with another result, and return the replay's id."""
    source = (BACEN / "script.js").read_text().replace(*FEES)
    assert FEES[1] in source
    service.client.post("/v1/scripts/corporate-cards/versions", json={"source": source, "note": "Fees since 2022"})
    path = "/v1/scripts/corporate-cards/versions/2/replays"
    started = service.client.post(path, json={"last": 50, "key": ["trimestre", "nomeBandeira"]}).json()["id"]
    finished = service.client.get(f"{path}/{started}", headers={"Prefer": "wait=30"}).json()
    assert finished["executions"]["changed"] > 0
    return str(started)


def show_chart(page: Page) -> None:
    """Show the chart of the example, as one click on the list of scripts does."""
    page.goto("/#/scripts")
    page.get_by_role("button", name=re.compile("Central Bank|Banco Central")).click()
    expect(page.get_by_role("img", name=re.compile("valorTransacoesNacionais"))).to_be_visible()
    page.get_by_role("tablist").last.evaluate("(tabs) => tabs.scrollIntoView()")


def take(browser: Browser, service: Service, folder: Path, done: Callable[[Path], None] = print) -> None:
    """Take a picture of every scene in every look, as `SCENE-LOOK.png`."""
    ids = filled(service)

    def picture(page: Page, name: str) -> None:
        page.mouse.move(0, 0)
        page.screenshot(path=folder / f"{name}.png", animations="disabled", caret="hide")
        done(folder / f"{name}.png")

    for look, (scheme, width, height) in LOOKS.items():
        context = browser.new_context(
            base_url=service.url, locale="en-GB", color_scheme=scheme, viewport={"width": width, "height": height}
        )
        page = context.new_page()
        for scene in scenes(page, service, ids):
            picture(page, f"{scene}-{look}")
        context.close()
    page = browser.new_page(base_url=service.url, locale="pt-BR", viewport={"width": 1280, "height": 800})
    show_chart(page)
    picture(page, "chart-pt")
    page.context.close()


if __name__ == "__main__":
    path = installed()
    assert path is not None, "there is no Chromium here"
    with demonstration() as service, launched(path) as browser:
        take(browser, service, Path(sys.argv[1]))
