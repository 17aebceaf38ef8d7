#!/usr/bin/env python3
"""The longest pauses of the console's page while a large result is opened, searched and compared.

Usage: python benchmarks/console.py [ROWS]      (160,000, 50 MB)      from the project's folder, with its Python

It starts a service of its own and drives a headless Chromium. Two results of so many rows of the use case's columns, a
few of them different, are used as people use them. For each step it prints its duration and the page's longest task, as
the browser's own observer of long tasks has it. That reports none shorter than 50 ms; a task of 100 ms that is made on
purpose shows that it does. Beside other work these are times of waiting for a processor too: run it on a quiet machine.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Page, expect

from examples.bacen.generate import generate
from tests.browser.chromium import DEADLINE_MS, installed, launched
from tests.support.folders import let_others_through
from tests.system.conftest import Service

ROOT = Path(__file__).resolve().parent.parent
SAME = "function process(data) { return data; }"
CHANGED = (
    "function process(data) { for (let i = 0; i < data.length; i += 400) data[i].qtdCartoesAtivos += 1; return data; }"
)
COUNTS_LONG_TASKS = """
globalThis.longTasks = [];
new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((one) => one.duration)))
  .observe({ type: "longtask", buffered: true });
"""

BUSY = """() => new Promise((resolve) => setTimeout(() => {
  const end = performance.now() + 100;
  while (performance.now() < end);
  resolve();
}))"""


@contextmanager
def service() -> Iterator[Service]:
    """Run a service of its own, until the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        let_others_through(Path(folder))
        running = Service(Path(folder) / "data", ROOT)
        with closing(running.client):
            try:
                yield running
            finally:
                running.stop()


def results(running: Service, rows: int) -> tuple[str, str, int]:
    """Create two executions over the same rows, and return the bytes of a result."""
    dataset = json.dumps(list(generate(rows, 1)), ensure_ascii=False)
    for name, source in (("same", SAME), ("changed", CHANGED)):
        running.host(name, source)
    one, other = (running.submit(name, dataset, wait=60).json() for name in ("same", "changed"))
    return one["id"], other["id"], one["output"]["size_bytes"]


def step(page: Page, name: str, act: Callable[[], object]) -> None:
    """Do it, and print how long it took and the page's longest task meanwhile."""
    began = time.perf_counter()
    act()
    took = time.perf_counter() - began
    page.wait_for_timeout(100)  # the observer reports a task after it has ended
    longest = max(page.evaluate("longTasks.splice(0)"), default=0)
    print(f"{name:24} {took:6.2f} s   longest task {longest:4.0f} ms", flush=True)


def look_through(page: Page, execution: str, rows: int) -> None:
    """Open a result, and use its table, its chart, its JSON and its files."""
    status = page.locator(".pager [role=status]").first
    still = page.locator("table.rows:not([aria-busy])")

    def turn(title: str, says: str) -> None:
        page.get_by_title(title, exact=True).first.click()
        expect(status).to_contain_text(says)
        expect(still).to_be_visible()

    def sort(column: str) -> None:
        page.locator("button.sort", has_text=column).click()
        page.wait_for_timeout(20)
        expect(still).to_be_visible()

    def search(text: str) -> None:
        page.get_by_role("searchbox").fill(text)
        expect(status).not_to_contain_text(f"{rows:,}")
        expect(still).to_be_visible()

    def save(form: str) -> None:
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Save as {form}", exact=True).click()
        download.value.path()

    step(page, "page", lambda: page.goto("/#/executions"))
    step(page, "a busy page", lambda: page.evaluate(BUSY))
    opened, profiles = page.locator(".note button.primary"), page.locator(".profile")
    step(page, "first rows", lambda: (page.goto(f"/#/executions/{execution}"), profiles.last.wait_for()))
    whole = page.get_by_text(f"of {rows:,} rows")
    step(page, "open", lambda: (opened.click(), whole.wait_for()))
    step(page, "column profiles", profiles.last.wait_for)
    step(page, "next page", lambda: turn("Next", "51\N{EN DASH}100"))
    step(page, "last page", lambda: turn("Last", f"\N{EN DASH}{rows:,} of"))
    step(page, "sort by numbers", lambda: sort("valorTransacoesNacionais"))
    step(page, "sort by texts", lambda: sort("nomeBandeira"))
    step(page, "search", lambda: search("pré-pago"))
    drawn = page.locator("figcaption p").first
    step(page, "chart", lambda: (page.get_by_role("tab", name="Chart").click(), expect(drawn).to_be_visible()))
    lines = page.locator("pre.json .line").first
    step(page, "JSON", lambda: (page.get_by_role("tab", name="JSON").click(), expect(lines).to_be_visible()))
    for form in ("JSON", "NDJSON", "CSV"):
        step(page, f"save as {form}", lambda form=form: save(form))  # type: ignore[misc]


def compare(page: Page, left: str, right: str) -> None:
    """Compare two results."""
    opened, rows = page.get_by_role("button", name="Open"), page.locator("table.compared tbody tr").first
    step(page, "comparison", lambda: (page.goto(f"/#/compare?left={left}&right={right}"), opened.wait_for()))
    step(page, "compare", lambda: (opened.click(), rows.wait_for()))


def main(rows: int) -> None:
    """Measure and print."""
    chromium = installed()
    if chromium is None:
        sys.exit("there is no Chromium here (on Debian: apt-get install chromium-headless-shell)")
    with service() as running, launched(chromium) as browser:
        left, right, size = results(running, rows)
        print(f"two results of {size / 1e6:.1f} MB, {rows} rows", flush=True)
        context = browser.new_context(base_url=running.url, locale="en-US")
        context.set_default_timeout(3 * DEADLINE_MS)
        context.add_init_script(COUNTS_LONG_TASKS)
        page = context.new_page()
        look_through(page, left, rows)
        compare(page, left, right)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 160_000)
