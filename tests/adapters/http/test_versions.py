"""Versions over HTTP."""

import hashlib

import pytest

from tests.adapters.http.api import SOURCE, Api, slug

PATH = "/v1/scripts/corporate-cards/versions"


@pytest.fixture
def script_id(api: Api) -> str:
    return str(api.host()["id"])


def test_a_revision_is_the_next_version(api: Api, script_id: str) -> None:
    answer = api.post(PATH, json={"source": "other", "limits": {"wall_ms": 50}})
    shown = answer.json()
    assert (answer.status_code, shown["number"], shown["limits"]["wall_ms"]) == (201, 2, 50)
    assert answer.headers["location"] == f"/v1/scripts/{script_id}/versions/2"
    assert api.get(answer.headers["location"]).json() == shown
    assert api.get(shown["source"]).text == "other"
    assert api.get("/v1/scripts/corporate-cards").json()["latest_version"] == 2


def test_a_version_shows_what_is_to_be_known_of_its_source(api: Api, script_id: str) -> None:
    warned = api.post(PATH, json={"source": "new Intl.Collator()"}).json()
    assert warned["warnings"] == [{"kind": "missing-intl", "detail": "there is no Intl", "line": 1, "column": 5}]
    assert api.get(f"{PATH}/2").json() == warned
    assert [one["warnings"] for one in api.get(PATH).json()["items"]] == [warned["warnings"], []]


@pytest.mark.parametrize("as_file", [True, False])
def test_a_revision_that_changes_nothing_is_the_latest_version(api: Api, script_id: str, as_file: bool) -> None:
    sent = (
        {"content": SOURCE, "headers": {"Content-Type": "text/javascript"}} if as_file else {"json": {"source": SOURCE}}
    )
    answer = api.post(PATH, **sent)
    assert (answer.status_code, answer.json()["number"]) == (200, 1)
    assert answer.headers["location"] == f"/v1/scripts/{script_id}/versions/1"


def test_a_source_comes_back_byte_for_byte_under_a_strong_tag(api: Api) -> None:
    data = b"\xef\xbb\xbffunction process() {}\r\n\t"
    api.post("/v1/scripts?name=bom", content=data, headers={"Content-Type": "text/javascript"})
    answer = api.get("/v1/scripts/bom/versions/1/source")
    assert answer.content == data
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["etag"] == f'"{hashlib.sha256(data).hexdigest()}"'
    shown = api.get("/v1/scripts/bom/versions/1").json()
    assert (shown["sha256"], shown["size_bytes"]) == (hashlib.sha256(data).hexdigest(), len(data))


def test_versions_are_listed_newest_first_page_by_page(api: Api, script_id: str) -> None:
    for number in range(2, 5):
        api.post(PATH, json={"source": str(number)})
    first = api.get(f"{PATH}?limit=3")
    assert [item["number"] for item in first.json()["items"]] == [4, 3, 2]
    second = api.get(first.links["next"]["url"]).json()
    assert ([item["number"] for item in second["items"]], second["next_cursor"]) == ([1], None)


@pytest.mark.parametrize("cursor", ["AAAAAA", "_____w", "x" * 22])
def test_a_cursor_that_is_no_version_number_is_refused(api: Api, script_id: str, cursor: str) -> None:
    assert slug(api.get(f"{PATH}?cursor={cursor}")) == (400, "malformed-cursor")


@pytest.mark.parametrize("path", ["", "/source"])
def test_a_version_that_is_not_there_is_unknown(api: Api, script_id: str, path: str) -> None:
    assert slug(api.get(f"{PATH}/2{path}")) == (404, "unknown-version")


@pytest.mark.parametrize("number", ["0", "-1", "01", "1.0", "x", "9" * 10, "٣"])
def test_what_is_no_version_number_is_refused(api: Api, script_id: str, number: str) -> None:
    assert slug(api.get(f"{PATH}/{number}")) == (422, "malformed-id")


def test_a_revision_that_cannot_run_is_refused(api: Api, script_id: str) -> None:
    assert slug(api.post(PATH, json={"source": "{{{"})) == (422, "invalid-script")
    assert slug(api.post(PATH, json={"source": "", "name": "a"})) == (422, "invalid-document")
    assert slug(api.post("/v1/scripts/nobody/versions", json={"source": "1"})) == (404, "unknown-script")
