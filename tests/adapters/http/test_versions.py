"""Versions over HTTP."""

import hashlib
from collections.abc import Callable

import httpx
import pytest
from returns.result import Result, Success

from application.ports.sandbox import NotRunnable
from domain.engine import EngineName
from domain.limits import Limits
from domain.versions import Source
from domain.warnings import SourceWarning
from tests.adapters.http.api import JSON_TYPE, SOURCE, Api, slug

PATH = "/v1/scripts/corporate-cards/versions"


@pytest.fixture
def script_id(api: Api) -> str:
    return str(api.host()["id"])


def test_a_revision_is_the_next_version(api: Api, script_id: str) -> None:
    answer = api.post(PATH, json={"source": "other", "limits": {"wall_ms": 50}})
    shown = answer.json()
    assert (answer.status_code, shown["number"], shown["limits"]["wall_ms"]) == (201, 2, 50)
    assert answer.headers["location"] == f"/v1/scripts/{script_id}/versions/2"
    assert api.get(answer.headers["location"]).json() | {"checks": None} == shown
    assert api.get(shown["source"]).text == "other"
    assert api.get("/v1/scripts/corporate-cards").json()["latest_version"] == 2


def test_a_version_shows_the_facts_of_its_source(api: Api, script_id: str) -> None:
    warned = api.post(PATH, json={"source": "new Intl.Collator()"}).json()
    assert warned["warnings"] == [
        {"kind": "missing-intl", "detail": "there is no Intl", "line": 1, "column": 5, "code": None, "hint": None}
    ]
    assert api.get(f"{PATH}/2").json() | {"checks": None} == warned
    assert [one["warnings"] for one in api.get(PATH).json()["items"]] == [warned["warnings"], []]


def test_the_use_of_versions_is_listed_where_it_is_asked_for(api: Api, script_id: str) -> None:
    test = {"dataset": [1], "expected": {"result": [1]}}
    assert api("PUT", "/v1/scripts/corporate-cards/tests/one", json=test).status_code == 201
    api.post(PATH, json={"source": "throw"})
    api.submit()
    api.produce()
    api.submit()
    first = api.get(f"{PATH}?usage=true&limit=1")
    assert "usage=true" in first.headers["link"]
    (second,) = first.json()["items"]
    assert second["usage"] == {
        "executions": 2,
        "failed": 0,
        "cancelled": 0,
        "complete": True,
        "tests": {"passed": 0, "failed": 1, "not_run": 0},
    }
    (original,) = api.get(first.headers["link"].split(";")[0].strip("<>")).json()["items"]
    assert (original["usage"]["executions"], original["usage"]["tests"]["not_run"]) == (0, 1)
    assert all("usage" not in one for one in api.get(PATH).json()["items"])
    assert slug(api.get(f"{PATH}?usage=2")) == (422, "invalid-query")


@pytest.mark.parametrize("as_file", [True, False])
def test_a_revision_that_changes_nothing_is_the_latest_version(api: Api, script_id: str, as_file: bool) -> None:
    sent = (
        {"content": SOURCE, "headers": {"Content-Type": "text/javascript"}} if as_file else {"json": {"source": SOURCE}}
    )
    answer = api.post(PATH, **sent)
    assert (answer.status_code, answer.json()["number"]) == (200, 1)
    assert answer.headers["location"] == f"/v1/scripts/{script_id}/versions/1"


JAVASCRIPT = {"Content-Type": "text/javascript"}


def as_document(api: Api, path: str, source: str = SOURCE, **members: object) -> httpx.Response:
    return api.post(path, json={"source": source} | members)


def as_file(api: Api, path: str, source: str = SOURCE, **members: str) -> httpx.Response:
    return api.post(path, params=members, content=source, headers=JAVASCRIPT)


@pytest.mark.parametrize("upload", [as_document, as_file])
def test_a_version_has_the_engine_that_its_upload_names_and_shows_it_everywhere(
    api: Api, upload: Callable[..., httpx.Response]
) -> None:
    assert upload(api, "/v1/scripts", name="corporate-cards", engine="dukpy").json()["engine"] == "dukpy"
    revised = upload(api, PATH, "other", engine="quickjs-ng").json()
    assert (revised["number"], revised["engine"]) == (2, "quickjs-ng")
    assert [api.get(f"{PATH}/{number}").json()["engine"] for number in (1, 2)] == ["dukpy", "quickjs-ng"]
    assert [one["engine"] for one in api.get(PATH).json()["items"]] == ["quickjs-ng", "dukpy"]
    assert api.get("/v1/scripts/corporate-cards").json()["engine"] == "quickjs-ng"
    assert [one["engine"] for one in api.get("/v1/scripts").json()["items"]] == ["quickjs-ng"]
    of_first = api.post(f"{PATH}/1/executions", content=b"[1]", headers=JSON_TYPE).json()
    assert (of_first["script"]["engine"], of_first["engine"]) == ("dukpy", None)
    assert api.submit()["script"]["engine"] == "quickjs-ng"
    api.produce()
    listed = api.get("/v1/executions").json()["items"]
    assert [one["script"]["engine"] for one in listed] == ["quickjs-ng", "dukpy"]


@pytest.mark.parametrize("default", EngineName)
@pytest.mark.parametrize("upload", [as_document, as_file])
def test_a_version_that_names_no_engine_gets_the_service_s_default(
    upload: Callable[..., httpx.Response], default: EngineName
) -> None:
    other = next(one for one in EngineName if one is not default)
    api = Api(default_engine=default)
    assert upload(api, "/v1/scripts", name="corporate-cards").json()["engine"] == default
    assert upload(api, PATH, "two", engine=other).json()["engine"] == other
    assert upload(api, PATH, "three").json()["engine"] == default  # and not the one of the version before it


@pytest.mark.parametrize("upload", [as_document, as_file])
def test_the_same_source_is_another_version_on_another_engine_only_if_the_request_names_it(
    upload: Callable[..., httpx.Response],
) -> None:
    before = Api(default_engine=EngineName.DUKPY)
    upload(before, "/v1/scripts", name="corporate-cards")
    after = Api(scripts=before.store.scripts)  # the same scripts, and an operator who has set another default
    assert [upload(after, PATH, **named).status_code for named in ({}, {"engine": "dukpy"})] == [200, 200]
    made = upload(after, PATH, engine="quickjs-ng")
    assert (made.status_code, made.json()["number"], made.json()["engine"]) == (201, 2, "quickjs-ng")
    assert [upload(after, PATH, **named).status_code for named in ({}, {"engine": "quickjs-ng"})] == [200, 200]
    sources = [after.get(f"{PATH}/{number}/source") for number in (1, 2)]
    assert sources[0].headers["etag"] == sources[1].headers["etag"]


def test_the_engine_s_own_sandbox_checks_the_source(api: Api) -> None:
    tried = []

    async def note(
        source: Source, limits: Limits, engine: EngineName
    ) -> Result[tuple[SourceWarning, ...], NotRunnable]:
        tried.append(engine)
        return Success(())

    noting = Api(check_script=note, default_engine=EngineName.DUKPY)
    as_document(noting, "/v1/scripts", name="corporate-cards", engine="quickjs-ng")
    as_file(noting, PATH, "two")
    assert tried == [EngineName.QUICKJS_NG, EngineName.DUKPY]


@pytest.mark.parametrize("engine", ["v8", "Dukpy", "quickjs", "dukpy ", "quickjs-ng\0", ""])
@pytest.mark.parametrize("path", ["/v1/scripts", PATH])
def test_an_unknown_engine_is_refused_with_the_known_ones(api: Api, script_id: str, path: str, engine: str) -> None:
    named = {"name": "another"} if path == "/v1/scripts" else {}
    answers = [as_document(api, path, "two", engine=engine, **named), as_file(api, path, "two", engine=engine, **named)]
    assert [slug(answer) for answer in answers] == [(422, "invalid-document"), (422, "invalid-query")]
    for answer in answers:
        (error,) = answer.json()["errors"]
        assert "engine" in str(error)
        assert all(one in error["detail"] for one in EngineName)


@pytest.mark.parametrize("engine", [7, True, ["dukpy"], {"name": "dukpy"}])
def test_an_engine_that_is_no_text_is_refused(api: Api, script_id: str, engine: object) -> None:
    assert slug(as_document(api, PATH, "two", engine=engine)) == (422, "invalid-document")


def test_an_engine_that_is_not_installed_is_refused_with_the_installed_ones(api: Api, script_id: str) -> None:
    lacking = Api(engines=(EngineName.QUICKJS_NG,), scripts=api.store.scripts)
    for answer in (as_document(lacking, PATH, "two", engine="dukpy"), as_file(lacking, PATH, "two", engine="dukpy")):
        (error,) = answer.json()["errors"]
        assert error["detail"] == "is not installed in this service; must be one of quickjs-ng"
    assert as_document(lacking, PATH, "two", engine="quickjs-ng").status_code == 201


@pytest.mark.parametrize("path", ["/v1/scripts", PATH])
def test_an_engine_in_the_query_goes_with_a_file_only(api: Api, script_id: str, path: str) -> None:
    answer = api.post(f"{path}?engine=dukpy", json={"name": "another", "source": "two"})
    assert slug(answer) == (422, "invalid-query")
    assert answer.json()["errors"][0]["detail"] == "is only for file uploads; a JSON document has it as a member"


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


@pytest.mark.parametrize("number", ["0", "-1", "01", "1.0", "X", "latest", "9" * 10, "٣"])
def test_an_invalid_version_number_is_refused(api: Api, script_id: str, number: str) -> None:
    assert slug(api.get(f"{PATH}/{number}")) == (422, "malformed-id")


def test_a_revision_that_cannot_run_is_refused(api: Api, script_id: str) -> None:
    assert slug(api.post(PATH, json={"source": "{{{"})) == (422, "invalid-script")
    assert slug(api.post(PATH, json={"source": "", "name": "a"})) == (422, "invalid-document")
    assert slug(api.post("/v1/scripts/nobody/versions", json={"source": "1"})) == (404, "unknown-script")
