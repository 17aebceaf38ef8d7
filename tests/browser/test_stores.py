"""Stores in the console: folders, and uploads that are paused, interrupted, left, and continued."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Final

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.system.conftest import Service

PART_BYTES: Final = 8 * 2**20
ROWS: Final = b'{"n": 1}\n'
STORED: Final = "() => JSON.stringify({ ...localStorage })"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a file of two parts and a bit, of random bytes."""
    path = tmp_path_factory.mktemp("uploads") / "two parts.bin"
    path.write_bytes(Random(21).randbytes(2 * PART_BYTES + 12_345))
    return path


def box(page: Page) -> Locator:
    return page.get_by_role("region", name="Upload of")


def choose(page: Page, file: Path) -> None:
    page.locator("input[type=file]").set_input_files(file)


@contextmanager
def held_parts(page: Page, after: int) -> Iterator[None]:
    """Let so many parts pass, and hold all others as a slow connection would, until they are given up. None of these is
    sent in the end: the browser would continue those whose end it has not heard of yet."""
    passed: list[Route] = []

    def part(route: Route) -> None:
        if route.request.method == "PATCH":
            passed.append(route)
            if len(passed) > after:
                return
        route.continue_()

    page.route("**/v1/uploads/**", part)
    yield
    for route in passed[after:]:
        route.abort()
    page.unroute("**/v1/uploads/**")


def test_an_upload_that_is_paused_and_left_continues_and_its_bytes_are_right(
    page: Page, service: Service, file: Path
) -> None:
    page.goto("./#/stores/files?prefix=uploads/")
    with held_parts(page, 1):
        choose(page, file)
        expect(box(page)).to_contain_text("8 MiB of 16 MiB")
        box(page).get_by_role("button", name="Pause").click()
        expect(box(page)).to_contain_text("Paused")
    assert "two parts.bin" in page.evaluate(STORED)
    page.reload()
    expect(page.get_by_role("listitem")).to_have_text("files://uploads/two parts.bin")
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.headers["upload-offset"]) if one.method == "PATCH" else None)
    choose(page, file)
    expect(box(page)).to_contain_text("Uploaded")
    expect(box(page)).to_contain_text("Continued where it had stopped")
    assert sent == [str(PART_BYTES), str(2 * PART_BYTES)]
    expect(page.get_by_role("cell", name="two parts.bin", exact=True)).to_be_visible()
    assert service.client.get("/v1/stores/files/uploads/two%20parts.bin").content == file.read_bytes()
    assert page.evaluate(STORED) == "{}"


def test_an_upload_outlasts_a_lost_connection_and_other_pages(page: Page, service: Service, file: Path) -> None:
    page.goto("./#/stores/files?prefix=lost/")
    refusing = True
    page.route("**/v1/uploads/files/**", lambda route: route.abort() if refusing else route.continue_())
    choose(page, file)
    expect(box(page)).to_contain_text("The service does not answer")
    page.get_by_role("link", name="Jobs", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Jobs")).to_be_visible()
    refusing = False
    page.get_by_role("link", name="Stores", exact=True).click()
    page.get_by_role("link", name="files", exact=True).click()
    expect(box(page)).to_contain_text("Uploaded")
    assert service.client.get("/v1/stores/files/lost/two%20parts.bin").content == file.read_bytes()


def test_an_upload_asks_before_it_replaces_and_can_be_cancelled(page: Page, service: Service, file: Path) -> None:
    path = "/v1/stores/files/asked/two%20parts.bin"
    service.client.put(path, content=ROWS)
    page.goto("./#/stores/files?prefix=asked/")
    choose(page, file)
    expect(box(page)).to_contain_text("Replace it?")
    with held_parts(page, 0), page.expect_response(lambda one: one.request.method == "DELETE") as discarded:
        box(page).get_by_role("button", name="Replace it").click()
        expect(box(page)).to_contain_text("Uploading")
        page.wait_for_function("() => localStorage.length > 0")
        box(page).get_by_role("button", name="Cancel the upload").click()
    assert discarded.value.status == 204
    expect(box(page)).to_be_hidden()
    assert page.evaluate(STORED) == "{}"
    assert service.client.get(path).content == ROWS


def test_a_store_is_walked_and_a_file_deleted_after_a_question(page: Page, service: Service) -> None:
    assert service.host("walked", "function process(data) { return data; }").status_code == 201
    for name in ("a/b/one.ndjson", "a/b/two.ndjson", "a/top.ndjson"):
        service.client.put(f"/v1/stores/files/walked/{name}", content=ROWS)
    page.goto("./#/stores/files?prefix=walked")
    page.get_by_role("link", name="a", exact=False).and_(page.locator("td a")).click()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Run a script over it: files://walked/a/top.ndjson").click()
    page.get_by_role("button", name="Set up the job").click()
    expect(page.get_by_label("Input", exact=True)).to_have_value("files://walked/a/top.ndjson")
    page.go_back()
    page.get_by_role("link", name="b/").click()
    page.get_by_role("button", name="Delete one.ndjson…").click()
    page.get_by_role("button", name="Delete the file").click()
    expect(page.locator(".notices")).to_have_text("one.ndjson was deleted.")
    expect(rows).to_have_count(1)
    assert service.client.get("/v1/stores/files/walked/a/b/one.ndjson").status_code == 404
