"""Batches on the console: submitted in each form, followed, cancelled, read, downloaded and removed."""

import json
import re
from pathlib import Path
from typing import Final

from playwright.sync_api import Download, Locator, Page, Request, Route, expect

from tests.browser.steps import drop_file, heading
from tests.support.waiting import eventually
from tests.system.conftest import Service

PICKY: Final = """function process(data) {
  if (data.n === 3) throw new Error("three is refused");
  while (data.isSlow);
  return [{ n: data.n, half: data.n / 2, text: "x".repeat(data.wide ?? 0) }];
}
"""
EXACT: Final = 9007199254740993
LINES: Final[list[dict[str, object]]] = [{"ref": f"r{n}", "data": {"n": n}} for n in range(1, 6)]


def _button(inside: Page | Locator, name: str) -> Locator:
    return inside.get_by_role("button", name=name, exact=True)


def _link(inside: Page | Locator, name: str) -> Locator:
    return inside.get_by_role("link", name=name, exact=True)


def _lines(lines: list[dict[str, object]]) -> str:
    return "".join(f"{json.dumps(line)}\n" for line in lines)


def _host(service: Service, name: str, source: str = PICKY) -> None:
    assert service.host(name, source).status_code == 201


def _submit(service: Service, script: str, lines: list[dict[str, object]], wait: int = 30) -> str:
    headers = {"Content-Type": "application/x-ndjson", "Prefer": f"wait={wait}"}
    response = service.client.post(f"/v1/scripts/{script}/batches", content=_lines(lines), headers=headers)
    assert response.status_code in (200, 202), response.text
    return str(response.json()["id"])


def _enter(page: Page, text: str) -> None:
    page.get_by_label("Lines", exact=True).fill(text)


def _drop(page: Page, name: str, text: str) -> None:
    drop_file(page, page.locator(".drop"), name, text)


def _is_finished(page: Page, counts: list[str]) -> None:
    """Wait for the end of a batch, and check the numbers of its lines by their states."""
    expect(heading(page, "Batch on ")).to_be_visible()
    expect(page.get_by_role("main").locator(".badge").first).to_have_text("finished")
    expect(page.locator("ul.states li")).to_have_text(counts)


def _datasets(service: Service, page: Page) -> list[str]:
    """Read the datasets of the batch on the page, in the order of its lines."""
    batch = page.url.rpartition("/")[2]
    executions = service.client.get(f"/v1/executions?batch={batch}").json()["items"]
    return [service.client.get(f"/v1/executions/{one['id']}/input").text for one in reversed(executions)]


def _rows(page: Page, region: str) -> Locator:
    return page.get_by_role("region", name=region).locator("tbody tr")


def _saved(page: Page, name: str) -> tuple[Download, str]:
    with page.expect_download() as download:
        _button(page, name).click()
    return download.value, Path(download.value.path()).read_text()


def test_a_batch_goes_from_a_file_to_its_results(page: Page, service: Service) -> None:
    _host(service, "batched")
    page.goto("/#/scripts/batched")
    _link(page, "Run a batch…").click()
    expect(heading(page, "Run a batch of batched")).to_be_focused()
    expect(page.get_by_text("up to 10,000 lines and 64 MiB")).to_be_visible()
    _button(page, "Submit the batch").click()
    expect(page.get_by_role("alert")).to_contain_text("There are no lines")
    _enter(page, _lines(LINES))
    expect(page.get_by_role("status").get_by_text(re.compile(r"5 lines · .* · Sent as it is\."))).to_be_visible()
    expect(_rows(page, "First lines")).to_have_text(['1r1{"n": 1}', '2r2{"n": 2}', '3r3{"n": 3}'])
    _button(page, "Submit the batch").click()
    _is_finished(page, ["✓ 4 succeeded", "✗ 1 failed", "▶ 0 running", "… 0 queued"])

    lines = _rows(page, "Lines, the last ones first")
    expect(lines).to_have_count(1)
    expect(lines.first).to_contain_text("3r3failed")
    expect(lines.first).to_contain_text("three is refused")
    _button(page, "All").click()
    expect(lines).to_have_count(5)
    expect(lines.first).to_contain_text("5r5succeeded")
    results = page.get_by_role("region", name="Results").locator("table.rows tbody tr")
    expect(results).to_have_count(5)
    expect(results.nth(2)).to_contain_text("r3failedscript_errorError: three is refused")

    download, text = _saved(page, "Save as NDJSON")
    assert re.fullmatch(r"batched-v1-batch-\w{8}\.ndjson", download.suggested_filename)
    documents = [json.loads(line) for line in text.splitlines()]
    assert [one["ref"] for one in documents] == [one["ref"] for one in LINES]
    assert json.loads(_saved(page, "Save as JSON")[1]) == documents
    csv = _saved(page, "Save as CSV")[1].splitlines()
    assert csv[0] == "line,ref,status,error,message,n,half,text"
    assert csv[2:4] == ['2,r2,succeeded,,,2,1,""', "3,r3,failed,script_error,Error: three is refused,,,"]

    page.go_back()
    page.go_forward()
    expect(lines).to_have_count(5)  # the filter is part of the address
    lines.nth(2).get_by_role("link").click()
    expect(heading(page, "Execution ")).to_be_focused()
    expect(page.get_by_text("Line 3 of batch")).to_contain_text("Reference r3")
    page.get_by_text("Line 3 of batch").get_by_role("link").click()
    expect(heading(page, "Batch on batched v1")).to_be_focused()
    _link(page, "In the list of executions").click()
    expect(_rows(page, "Executions")).to_have_count(5)
    expect(_rows(page, "Executions").first).to_contain_text("Batch, line 5")
    _link(page.locator("tbody tr").first, "Batch, line 5").click()

    _button(page, "Delete data…").click()
    _button(page, "Delete permanently").click()
    expect(page.get_by_text("Deleted the datasets, results and logs of the batch")).to_be_visible()
    expect(page.get_by_text("The data of this batch was deleted on")).to_be_visible()
    expect(_button(page, "Delete data…")).to_have_count(0)
    _link(page, "Batches of batched").click()
    expect(_rows(page, "Batches")).to_have_count(1)
    expect(_rows(page, "Batches").first).to_contain_text("batched v1finished51 failed · 4 succeeded")

    reads = "/v1/audit?script=batched&action=read_batch"  # written down in groups
    eventually(lambda: bool(service.client.get(reads).json()["items"]))
    page.goto("/#/audit?script=batched")
    entries = _rows(page, "Audit")
    expect(entries.first).to_be_visible()
    shown = "\n".join(entries.all_inner_texts())
    for words in ("submitted a batch", "read a batch's results", "deleted a batch's data"):
        assert words in shown
    page.goto("/#/audit?script=batched&action=submitted_batch")
    expect(entries).to_have_count(1)
    entries.get_by_role("link", name=re.compile(r"^\w{8}$")).first.click()
    expect(heading(page, "Batch on batched v1")).to_be_focused()


def test_rows_of_a_csv_are_datasets_with_references(page: Page, service: Service) -> None:
    _host(service, "from-csv", "function process(row) { return row; }")
    page.goto("/#/scripts/from-csv/batch")
    _drop(page, "clients.csv", "client;n\nana;1,5\nbruno;2,5\n")
    expect(page.get_by_text("This CSV file has a dataset in each row.")).to_be_visible()
    expect(page.get_by_text(re.compile("^2 lines .* Each row is a dataset, and is sent as a line"))).to_be_visible()
    page.get_by_label("Reference from").select_option("client")
    expect(_rows(page, "First lines")).to_have_text(
        ['1ana{"client":"ana","n":1.5}', '2bruno{"client":"bruno","n":2.5}']
    )
    expect(page.get_by_text("A reference stays visible after the data is deleted")).to_be_visible()
    page.get_by_label("Decimal comma").uncheck()
    expect(_rows(page, "First lines").first).to_have_text('1ana{"client":"ana","n":"1,5"}')
    page.get_by_label("Decimal comma").check()
    _button(page, "Submit the batch").click()
    _is_finished(page, ["✓ 2 succeeded", "✗ 0 failed", "▶ 0 running", "… 0 queued"])
    results = page.get_by_role("region", name="Results").locator("table.rows tbody tr")
    expect(results).to_have_text(["11anaana1.5", "22brunobruno2.5"])


def test_the_elements_of_an_array_keep_their_digits(page: Page, service: Service) -> None:
    _host(service, "from-array", "function process(data) { return JSON.stringify(data).length; }")
    page.goto("/#/scripts/from-array/batch")
    _drop(page, "all.json", f'[\n  {{"n": {EXACT}}},\n  [1,\n 2]\n]')
    expect(page.get_by_text(re.compile("^2 lines .* Each element of the array is a dataset"))).to_be_visible()
    _button(page, "Submit the batch").click()
    _is_finished(page, ["✓ 2 succeeded", "✗ 0 failed", "▶ 0 running", "… 0 queued"])
    assert _datasets(service, page) == [f'{{"n": {EXACT}}}', "[1,  2]"]


def test_what_is_wrong_is_shown_at_its_line(page: Page, service: Service) -> None:
    _host(service, "refused")
    page.goto("/#/scripts/refused/batch")
    _drop(page, "lines.ndjson", '{"data": 1}\n\n{"data": }\n{"datum": 1}\n{"data": 1, "ref": ""}\n')
    faults = page.get_by_role("alert").get_by_role("listitem")
    expect(faults).to_have_count(3)
    expect(faults.nth(0)).to_have_text('Line 3: not valid JSON{"data": }')
    expect(faults.nth(1)).to_contain_text("Line 4: unknown member datum; a line has ref and data")
    expect(faults.nth(2)).to_contain_text("Line 5: the reference must be a text of 1 to 255 characters")
    _button(page, "Submit the batch").click()
    expect(page.get_by_role("alert").last).to_contain_text("These lines can't be sent")
    expect(page.get_by_role("alert").last).to_contain_text("Line 3: not valid JSON")

    _button(page, "Paste text").click()
    _enter(page, '{"data": 1}\n{"data": [1, 2]}\n')
    expect(page.get_by_text("Sent as it is.")).to_be_visible()

    def refuse(route: Route) -> None:
        problem = {"title": "A line is wrong", "status": 422, "position": {"line": 2, "excerpt": None}}
        route.fulfill(status=422, content_type="application/problem+json", body=json.dumps(problem))

    page.route("**/batches", refuse)
    _button(page, "Submit the batch").click()
    expect(page.get_by_role("alert")).to_contain_text("A line is wrong")
    expect(page.locator("form > div > .excerpt")).to_have_text('{"data": [1, 2]}')
    _enter(page, "{}")
    expect(page.locator("form > div > .excerpt")).to_have_count(0)


def test_datasets_can_be_taken_for_lines_and_lines_for_datasets(page: Page, service: Service) -> None:
    _host(service, "either")
    page.goto("/#/scripts/either/batch")
    _enter(page, '{"data": 1}\n{"data": 2}\n')
    expect(page.get_by_text("Sent as it is.")).to_be_visible()
    page.get_by_label("Each line is").focus()
    page.get_by_label("Each line is").select_option("datasets")
    expect(_rows(page, "First lines").first).to_have_text('1{"data": 1}')
    expect(page.get_by_label("Each line is")).to_have_value("datasets")
    expect(page.get_by_label("Each line is")).to_be_focused()
    _button(page, "Submit the batch").click()
    expect(heading(page, "Batch on ")).to_be_visible()
    assert _datasets(service, page) == ['{"data": 1}', '{"data": 2}']


def test_a_running_batch_is_followed_and_cancelled(page: Page, service: Service) -> None:
    _host(service, "slow-batch")
    quick: list[dict[str, object]] = [{"data": {"n": 1}}] * 3
    slow: list[dict[str, object]] = [{"data": {"n": 2, "isSlow": True}}] * 5
    page.goto("/#/scripts/slow-batch/run")
    page.get_by_role("link", name="Run a batch…").click()
    _enter(page, _lines(quick + slow))
    _button(page, "Submit the batch").click()
    expect(heading(page, "Batch on slow-batch v1")).to_be_focused()
    expect(page.locator("ul.states li").first).to_have_text("✓ 3 succeeded")
    expect(page.get_by_role("main").locator(".badge").first).to_have_text("running")
    expect(page.locator("p.quiet", has_text=re.compile("^3 of 8 done"))).to_be_visible()
    expect(page.get_by_role("progressbar", name="Progress of the batch")).to_have_attribute("value", "3")
    _button(page, "Show the results so far").click()
    expect(page.locator("table.rows tbody tr")).to_have_count(8)
    _button(page, "Cancel the batch…").click()
    _button(page, "Keep running").click()
    expect(_button(page, "Cancel the batch…")).to_be_focused()
    _button(page, "Cancel the batch…").click()
    _button(page, "Cancel these lines").click()
    expect(page.get_by_role("main").locator(".badge").first).to_have_text("cancelled")
    expect(page.get_by_text("Cancelled the batch")).to_be_visible()
    expect(_button(page, "Cancel the batch…")).to_have_count(0)
    expect(page.locator("ul.states li").nth(1)).to_have_text("✗ 5 failed")
    expect(page.get_by_text("The batch has finished. 5 failed · 3 succeeded")).to_be_attached()


def test_a_batch_that_gets_no_response_is_sent_again_under_its_key(page: Page, service: Service) -> None:
    _host(service, "sent-again")
    keys: list[str | None] = []

    def lose_first(route: Route, request: Request) -> None:
        keys.append(request.header_value("idempotency-key"))
        if len(keys) == 1:
            route.fetch()
            route.abort("connectionfailed")
        else:
            route.continue_()

    page.route("**/batches", lose_first)
    page.goto("/#/scripts/sent-again/batch")
    _enter(page, _lines(LINES))
    _button(page, "Submit the batch").click()
    expect(page.get_by_role("alert")).to_contain_text("Can't reach Bateia")
    _button(page, "Submit the batch").click()
    expect(heading(page, "Batch on sent-again v1")).to_be_visible()
    assert keys[0] is not None
    assert keys == [keys[0]] * 2
    assert len(service.client.get("/v1/batches?script=sent-again").json()["items"]) == 1


def test_many_results_are_loaded_in_part_and_saved_as_a_whole(page: Page, service: Service) -> None:
    _host(service, "wide")
    lines: list[dict[str, object]] = [{"data": {"n": 7, "wide": 100_000}}] * 30
    batch = _submit(service, "wide", lines)
    page.goto(f"/#/batches/{batch}")
    note = page.get_by_text(re.compile(r"Showing the results of the first \d+ lines\. Downloads have all\."))
    expect(note).to_be_visible()
    results = page.locator("table.rows tbody tr")
    expect(results.first).to_be_visible()
    assert 0 < results.count() < 30
    assert len(_saved(page, "Save as CSV")[1].splitlines()) == 31
    expect(note).to_have_count(0)
    expect(results).to_have_count(30)
    page.reload()
    expect(note).to_be_visible()
    _button(page, "Load all").click()
    expect(results).to_have_count(30)


def test_an_unfinished_form_outlasts_a_reload_and_another_language(page: Page, service: Service) -> None:
    _host(service, "drafted")
    page.goto("/#/scripts/drafted/batch")
    _enter(page, _lines(LINES))
    expect(page.get_by_text("5 lines")).to_be_visible()
    page.get_by_label("Language").select_option("pt")
    expect(heading(page, "Executar um lote de drafted")).to_be_visible()
    expect(page.get_by_text("5 linhas")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Linhas", exact=True)).to_have_value(_lines(LINES))
    expect(page.get_by_text("5 linhas")).to_be_visible()


def test_a_list_of_batches_is_filtered_by_script_and_version(page: Page, service: Service) -> None:
    for name in ("listed-one", "listed-two"):
        _host(service, name)
        _submit(service, name, [{"data": {"n": 1}}])
    page.goto("/#/batches")
    expect(_rows(page, "Batches").nth(1)).to_be_visible()
    page.get_by_label("Script", exact=True).fill("listed-one")
    page.get_by_label("Script", exact=True).press("Enter")
    expect(_rows(page, "Batches")).to_have_count(1)
    page.get_by_label("Version", exact=True).fill("2")
    page.get_by_label("Version", exact=True).press("Enter")
    expect(page.get_by_text("No batches match.")).to_be_visible()
    page.get_by_label("Script", exact=True).fill("none-such")
    page.get_by_label("Script", exact=True).press("Enter")
    expect(page.get_by_text("There is no script “none-such”.")).to_be_visible()
    _button(page.get_by_role("form", name="Filters"), "Clear filters").click()
    expect(_rows(page, "Batches").nth(1)).to_be_visible()
    page.goto("/#/executions?batch=7")
    expect(page.get_by_text("“7” is not a complete id (a UUID).")).to_be_visible()
