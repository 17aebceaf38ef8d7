"""Jobs in the console: from the form to the output, refused with the cells that differ, and failed and run again."""

import json
import re
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import heading
from tests.system.conftest import Service

SUMS: Final = """function process(rows) {
  const sums = {};
  for (const { brand, n } of rows) sums[brand] = (sums[brand] ?? 0) + n;
  return Object.keys(sums).sort().map((brand) => ({ brand, n: sums[brand] }));
}
"""
SCRIPTS: Final = {
    "job-sums": f"{SUMS}function merge(results) {{ return process(results.flat()); }}\n",
    "job-parts": SUMS,
    "job-fails": "function process(rows) { if (rows.some(({ n }) => n === 3999)) throw Error('bad row'); return 1; }",
}
ROWS: Final = [{"brand": ("Elo", "VISA")[at % 2], "n": at, "text": "x" * 20} for at in range(4_000)]
LONG: Final = 2**53 + 1


@pytest.fixture(scope="module")
def hosted(service: Service) -> Service:
    """Upload the scripts, and an input of four partitions of the least size."""
    for name, text in SCRIPTS.items():
        assert service.host(name, text).status_code == 201
    text = "".join(f"{json.dumps(row)}\n" for row in ROWS)
    assert service.client.put("/v1/stores/files/jobs/rows.ndjson", content=text.encode()).status_code == 201
    return service


def submit(page: Page, script: str, merge: str, verification: str = "first rows, whole and in pieces") -> None:
    """Fill in the form of a job, and come to the page of the job, which has ended."""
    page.goto(f"./#/scripts/{script}/job?input=files://jobs/*.ndjson")
    expect(page.get_by_label("Input", exact=True)).to_have_value("files://jobs/*.ndjson")
    expect(page.locator("fieldset")).to_be_hidden()
    page.get_by_label("Merge").select_option(label=merge)
    page.get_by_label("Partition size").fill("64 KiB")
    page.get_by_label("Verification").select_option(label=verification)
    page.get_by_role("button", name="Run the job").click()
    expect(heading(page, f"Job on {script} v1")).to_be_visible()
    # The first job starts the engine's processes, which takes three seconds on an idle machine.
    expect(page.locator(".badge").first).to_have_text(re.compile("succeeded|failed"), timeout=90_000)


def test_a_job_is_submitted_followed_and_its_output_shown(page: Page, hosted: Service) -> None:
    submit(page, "job-sums", "by the script")
    expect(page.locator(".badge").first).to_have_text("succeeded")
    expect(page.get_by_text("passed: the pieces add up to the whole")).to_be_visible()
    page.get_by_role("button", name="First rows", exact=False).click()
    odd = sum(row["n"] for row in ROWS if row["brand"] == "VISA")  # type: ignore[misc]
    expect(page.locator("table.preview tbody tr").last).to_have_text(f"VISA{odd}")
    page.get_by_role("button", name="Show all partitions").click()
    partitions = page.get_by_role("table", name="Partitions").locator("tbody tr")
    expect(partitions.first).to_contain_text("bytes 0")
    assert partitions.count() > 2
    with page.expect_download() as saved:
        page.get_by_role("button", name=re.compile("Download: .*result.json")).click()
    assert [row["brand"] for row in json.loads(saved.value.path().read_text())] == ["Elo", "VISA"]
    with page.expect_download() as receipt:
        page.get_by_role("button", name="Save the receipt").click()
    assert receipt.value.suggested_filename.startswith("receipt-job-sums-")


def test_a_job_whose_pieces_do_not_add_up_shows_the_cells(page: Page, hosted: Service) -> None:
    submit(page, "job-parts", "join the arrays")
    failure = page.get_by_role("region", name="Failure")
    expect(failure).to_contain_text("The parts do not add up")
    expect(failure).to_contain_text("Define merge(results) in the script")
    expect(failure.locator("tbody").first).to_contain_text("Elo")
    expect(page.get_by_role("button", name="Run these again")).to_be_hidden()


def test_failed_partitions_show_their_errors_and_run_again(page: Page, hosted: Service) -> None:
    submit(page, "job-fails", "by the script", "skip")
    failed = page.get_by_role("table", name="Partitions").locator("tbody tr")
    expect(failed).to_have_count(1)
    expect(failed).to_contain_text("bad row")
    page.get_by_role("button", name="Run these again").click()
    expect(page.locator(".notices")).to_have_text("The job runs again.")
    expect(page.locator("dl")).to_contain_text("Attempt2")
    expect(page.locator(".badge").first).to_have_text("failed")


def test_the_first_rows_keep_all_digits(page: Page, hosted: Service) -> None:
    text = f'{{"id": {LONG}, "a": "é"}}\n{{"id": 2.50, "b": [1, {{}}]}}\n{{"broken'
    hosted.client.put("/v1/stores/files/digits/rows.ndjson", content=text.encode())
    page.goto("./#/stores/files?prefix=digits/")
    page.get_by_role("button", name="First rows").click()
    expect(page.locator("table.preview tbody tr").first).to_have_text(f"{LONG}é")
    expect(page.locator("table.preview tbody tr").nth(1)).to_have_text("2.50[1, {}]")
