"""The status and the audit trail in the console: problems first, and every event in a file."""

import csv
import io
import json
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, Route, expect

from tests.browser.steps import heading
from tests.system.conftest import Service

SOON: Final = "2026-11-12T00:00:00.000000Z"
DAY: Final = "2026-11-01T00:00:00.000000Z"
TROUBLE: Final[dict[str, Any]] = {
    "version": "9.9",
    "started_at": DAY,
    "at": "2026-11-10T00:00:00.000000Z",
    "postgres_version": "15.1",
    "schema_level": 21,
    "workers": [{"name": "gone:1", "host": "gone", "last_seen": DAY, "alive": False, "slots": 2, "busy": 1}],
    "queue": {"waiting": 3, "replays_waiting": 1, "oldest_wait_seconds": 90.0, "running": 1},
    "jobs_unfinished": 2,
    "storage": {
        "database_bytes": 3 << 20,
        "exact": False,
        "scripts": [{"id": "0199c5f2-0000-7000-8000-000000000001", "name": "large", "executions": 7, "bytes": 2048}],
    },
    "disks": [{"folder": "data", "total_bytes": 10 << 30, "free_bytes": 1 << 29}],
    "expiring_keys": [{"id": "0199c5f2-0000-7000-8000-00000000000c", "name": "<b>soon", "expires_at": SOON}],
    "last_backup": {"taken_at": DAY, "verified_at": DAY, "bytes": 77},
}
GOOD: Final = TROUBLE | {
    "workers": [TROUBLE["workers"][0] | {"alive": True}],
    "queue": TROUBLE["queue"] | {"oldest_wait_seconds": 1.0},
    "disks": [],
    "expiring_keys": [],
    "last_backup": TROUBLE["last_backup"] | {"taken_at": TROUBLE["at"]},
}
LOOK_AGAIN: Final = "document.dispatchEvent(new Event('visibilitychange'))"


def test_the_status_of_the_service_is_shown(page: Page, service: Service) -> None:
    service.host("weighed", "function process(data) { return data; }")
    service.submit("weighed", "[1]", wait=20)
    page.goto("/")
    page.get_by_role("navigation").get_by_role("link", name="Status").click()
    expect(heading(page, "Status")).to_be_focused()
    expect(page.locator("ul.problems")).to_contain_text("No verified backup is recorded.")
    workers = page.get_by_role("region", name="Workers").locator("tbody tr")
    expect(workers).not_to_have_count(0)
    expect(workers.first).to_contain_text("alive")
    shown = service.client.get("/v1/status").json()
    expect(page.locator("dl")).to_contain_text(f"PostgreSQL {shown['postgres_version']}")


def test_problems_come_first_and_go_when_they_are_solved(page: Page) -> None:
    found = [TROUBLE]

    def answer(route: Route) -> None:
        route.fulfill(status=200, content_type="application/json", body=json.dumps(found[0]))

    page.route("**/v1/status", answer)
    page.goto("/#/status")
    problems = page.locator("ul.problems > li")
    expect(problems).to_contain_text(
        [
            "No workers are running.",
            "The oldest queued execution has waited for 1.5 min.",
            "Disk of the data folder: 512 MiB of 10 GiB are free.",
            "The last verified backup is from 9 days ago.",
            "The API key <b>soon expires in 2 days.",
        ]
    )
    queued, keys = (page.get_by_role("link", name=name, exact=True) for name in ("Queued executions", "API keys"))
    expect(problems.nth(1).and_(page.locator("li", has=queued))).to_be_visible()
    expect(queued).to_have_attribute("href", "#/executions?status=pending")
    expect(problems.nth(4).and_(page.locator("li", has=keys))).to_be_visible()
    expect(problems.nth(3)).to_contain_text("./scripts/backup.sh regularly. Backups made by other means are not shown")
    remedies = problems.get_by_role("link", name="How to solve it")
    anchors = [one.partition("#")[2] for one in remedies.evaluate_all("(links) => links.map((link) => link.href)")]
    assert anchors == [
        "no-workers-are-running",
        "executions-wait-too-long",
        "a-disk-is-nearly-full",
        "back-up-every-night",
        "api-keys",
    ]
    expect(page.get_by_text("Estimated from a sample of the executions.")).to_be_visible()
    region = page.get_by_role("region", name="Largest scripts")
    region.focus()
    found[0] = GOOD
    page.evaluate(LOOK_AGAIN)
    expect(page.get_by_text("No problems found.")).to_be_visible()
    expect(page.get_by_text("No API key expires within 30 days.")).to_be_visible()
    expect(region).to_be_focused()  # what has not changed stays


def test_a_service_that_is_away_leaves_the_last_status(page: Page) -> None:
    page.goto("/#/status")
    expect(page.get_by_role("heading", name="Workers")).to_be_visible()
    page.wait_for_load_state("networkidle")  # the other views are loaded too
    page.context.set_offline(True)
    page.evaluate(LOOK_AGAIN)
    expect(page.get_by_text("These numbers are old: Can't reach Bateia. Retrying…")).to_be_visible()
    expect(page.get_by_role("heading", name="Workers")).to_be_visible()
    page.context.set_offline(False)
    page.evaluate(LOOK_AGAIN)
    expect(page.get_by_text("These numbers are old")).to_have_count(0)


def test_all_events_of_a_filter_are_saved_as_csv(page: Page, service: Service) -> None:
    service.host("audited", "function process(data) { return data; }")
    page.goto("/#/audit?script=audited")
    row = page.get_by_role("region", name="Audit").locator("tbody tr").first
    expect(row).to_contain_text("audited v1")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    assert download.value.suggested_filename == "audit.csv"
    text = Path(download.value.path()).read_text("utf-8")
    rows = [*csv.DictReader(io.StringIO(text))]
    listed = service.client.get("/v1/audit?script=audited").json()["items"]
    assert [(one["action"], one["script_name"]) for one in rows] == [
        (one["action"], one["script_name"]) for one in listed
    ]
