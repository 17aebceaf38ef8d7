"""HTTP's own requirements of every resource, and the service's answers to failures."""

import logging
from typing import Any
from uuid import UUID, uuid4

import pytest
from attrs import evolve

from adapters.http.resources.static_files import href
from adapters.http.routes import FILES, RESOURCES
from adapters.http.server import correlation
from application.log_context import LogContext, LogContextFilter, in_log_context
from application.ports.errors import Unavailable
from application.ports.operations import UNKNOWN as NOT_CHECKED
from application.ports.operations import CheckFailed, Readiness
from domain.engine import EngineName
from domain.limits import CEILINGS, DEFAULTS
from tests.adapters.http.api import JSON_TYPE, SOURCE, Api, slug


def broken(error: Exception) -> Any:
    """Create a check of scripts that raises."""

    async def check(*_: Any) -> Any:
        raise error

    return check


@pytest.mark.parametrize("path", ["/v1", "/v1/scripts/", "/v2/scripts", "/v1//scripts", "/%00", "/é"])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "BREW"])
def test_a_path_that_no_resource_has_is_not_found(api: Api, method: str, path: str) -> None:
    assert slug(api(method, path)) == (404, "not-found")


@pytest.mark.parametrize("resource", [*RESOURCES, *FILES], ids=lambda resource: resource.path)
def test_every_resource_lists_its_methods_and_refuses_the_others(api: Api, resource: Any) -> None:
    segments = (
        "script",
        "slug",
        "digest",
        "reproduction",
        "replay",
        "alias",
        "test",
        "batch",
        "job",
        "webhook",
        "delivery",
        "store",
        "upload",
        "key",
    )
    path = resource.path.replace(":path", "").format(
        **dict.fromkeys(segments, "a"),
        n=1,
        id=UUID(int=1),
        file="b/c",
        path="b/c",
    )
    expected = {*resource.operations, "OPTIONS"} | ({"HEAD"} if "GET" in resource.operations else set())
    missing = next(one for one in ("PATCH", "DELETE", "PUT") if one not in resource.operations)
    options, refused = api("OPTIONS", path), api(missing, path)
    assert (options.status_code, options.content) == (204, b"")
    assert slug(refused) == (405, "method-not-allowed")
    assert set(options.headers["allow"].split(", ")) == set(refused.headers["allow"].split(", ")) == expected


@pytest.mark.parametrize(
    "path", ["/v1/scripts", "/v1/scripts/nobody", "/health/ready", "/openapi.json", "/nowhere", "/docs", "/problems"]
)
def test_head_has_the_headers_of_get_and_no_content(api: Api, path: str) -> None:
    got, head = api.get(path), api("HEAD", path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["content-length"] == got.headers["content-length"]


def test_head_sends_no_content_even_to_a_server_that_would_pass_it_on(api: Api) -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "HEAD",
        "path": "/health/live",
        "query_string": b"",
        "headers": [(b"host", b"x")],
    }
    api.run(api.app(scope, receive, send))
    assert [message.get("body", b"") for message in sent] == [b"", b""]


def test_a_problem_names_its_type_and_the_type_has_a_page(api: Api) -> None:
    answer = api.get("/v1/scripts/nobody")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "http://bateia/problems/unknown-script",
        "code": "unknown-script-name",
        "title": "Script not found",
        "status": 404,
        "detail": "No script has the name nobody.",
        "hint": "`GET /v1/scripts` lists all scripts. A name must match exactly.",
        "instance": "/v1/scripts/nobody",
    }
    assert "Script not found" in api.get(answer.json()["type"]).text


def test_an_unknown_kind_of_problem_has_no_page(api: Api) -> None:
    assert slug(api.get("/problems/none")) == (404, "not-found")


def test_every_answer_has_an_id_of_its_own(api: Api) -> None:
    first, second = (api.get("/health/live").headers["x-request-id"] for _ in range(2))
    assert UUID(first) != UUID(second)


@pytest.mark.parametrize("path", ["/health/live", "/nowhere", "/v1/scripts/nobody"])
def test_a_client_s_plain_request_id_is_adopted(api: Api, path: str) -> None:
    assert api.get(path, headers={"X-Request-Id": "job-7.a_b"}).headers["x-request-id"] == "job-7.a_b"


@pytest.mark.parametrize("sent", ["", "a b", "x" * 65, "a\tb", "<a>"])
def test_an_id_that_is_not_plain_is_replaced(api: Api, sent: str) -> None:
    assert api.get("/health/live", headers={"X-Request-Id": sent}).headers["x-request-id"] != sent


def test_the_log_has_the_id_and_the_route_and_nothing_that_was_sent(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "adapters.http")
    key_id, bearer = api.key()
    secret = {"X-Request-Id": "job-7", "X-Secret": "sesame-header"} | JSON_TYPE | bearer
    api.post("/v1/scripts?name=sesame-query", json={"name": "sesame-body", "source": SOURCE}, headers=secret)
    api.get("/v1/scripts/sesame-path", headers=secret)
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("adapters.http")]
    assert any(
        line.startswith("POST /v1/scripts 422 in ") and line.endswith(f"request job-7, key {key_id}") for line in lines
    )
    assert any(line.startswith("GET /v1/scripts/{script} 404 in ") for line in lines)
    assert [vars(one)["status"] for one in caplog.records if one.name == correlation.__name__] == [422, 404]
    assert "sesame" not in caplog.text
    assert bearer["Authorization"].removeprefix("Bearer bateia_") not in caplog.text


def test_a_routine_request_is_logged_at_debug_unless_it_fails(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "adapters.http")
    for path in ("/health/live", "/metrics", href("docs.js"), "/static/0/docs.js", "/docs"):
        api.get(path)
    routes = {vars(one)["route"]: one.levelname for one in caplog.records if vars(one).get("status") == 200}
    file = "/static/{digest}/{file:path}"
    assert routes == {"/health/live": "DEBUG", "/metrics": "DEBUG", file: "DEBUG", "/docs": "INFO"}
    refused = [one for one in caplog.records if vars(one).get("status") == 404]
    assert [(vars(one)["route"], one.levelname) for one in refused] == [(file, "INFO")]


def test_an_outage_is_answered_with_503_and_no_detail_of_it(caplog: pytest.LogCaptureFixture) -> None:
    api = Api(check_script=broken(Unavailable("the host db.internal is away")))
    answer = api.post("/v1/scripts", json={"name": "a", "source": SOURCE}, headers={"X-Request-Id": "job-7"})
    assert slug(answer) == (503, "unavailable")
    assert (answer.headers["retry-after"], "internal" in answer.text) == ("5", False)
    assert "Retry in 5 seconds" in answer.json()["hint"]
    assert "request job-7: unavailable: the host db.internal is away" in caplog.text


def test_a_bug_is_answered_with_500_and_no_detail_of_it(caplog: pytest.LogCaptureFixture) -> None:
    api = Api(check_script=broken(ZeroDivisionError("an inner thing")))
    answer = api.post("/v1/scripts", json={"name": "a", "source": SOURCE}, headers={"X-Request-Id": "job-7"})
    assert slug(answer) == (500, "internal-error")
    assert ("inner" in answer.text, "ZeroDivisionError" in answer.text) == (False, False)
    assert ("request job-7 failed" in caplog.text, "ZeroDivisionError" in caplog.text) == (True, True)


def test_an_exception_after_the_answer_began_goes_on_to_the_server(api: Api) -> None:
    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            raise OSError("the connection broke")

    scope = {"type": "http", "method": "GET", "path": "/health/live", "query_string": b"", "headers": [(b"host", b"x")]}
    with pytest.raises(OSError, match="broke"):
        api.run(api.app(scope, receive, send))


def test_a_client_that_leaves_while_sending_is_no_fault(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    api.host("a")
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/json"), (b"content-length", b"9")]
    path = "/v1/scripts/a/executions"
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "headers": [(b"host", b"x"), *headers],
    }
    api.run(api.app(scope, receive, send))
    assert (sent, [record for record in caplog.records if record.levelno >= logging.WARNING]) == ([], [])


def test_every_log_record_can_carry_the_id() -> None:
    record = logging.LogRecord("any", logging.INFO, "file", 1, "words", (), None)
    own = UUID(int=7)
    with in_log_context(LogContext(request_id="job-7", server_request_id=own)):
        assert LogContextFilter().filter(record)
    assert (record.__dict__["request_id"], record.__dict__["server_request_id"]) == ("job-7", own)
    assert "trace_id" not in record.__dict__


def test_a_process_that_answers_is_live(api: Api) -> None:
    assert api.get("/health/live").json() == {"live": True}


OK = {"status": "ok", "detail": None}
UNKNOWN = {"status": "unknown", "detail": None}


def test_a_service_that_can_work_is_ready_even_without_workers(api: Api) -> None:
    api.condition.readiness = Readiness(workers=0)
    answer = api.get("/health/ready")
    shown = answer.json()
    workers = shown["checks"].pop("workers")
    names = (
        *("database", "schema", "writing", "sealing", "sandbox", "notifications", "background"),
        *("signing", "reproductions"),
    )
    good = dict.fromkeys(names, OK)
    assert (answer.status_code, shown.pop("checks")) == (200, good)
    assert shown == {"ready": True, "trouble": None, "needs_key": False, "workers": 0}
    assert (workers["status"], "executions stay queued" in workers["detail"]) == ("warning", True)


def test_a_service_without_notifications_is_ready_with_a_warning(api: Api) -> None:
    api.condition.readiness = Readiness(workers=2, notifications=CheckFailed("set DATABASE_DIRECT_URL"))
    answer = api.get("/health/ready")
    checks = answer.json()["checks"]
    assert (answer.status_code, answer.json()["trouble"]) == (200, None)
    assert checks["notifications"] == {"status": "warning", "detail": "set DATABASE_DIRECT_URL"}


def test_a_service_whose_background_tasks_keep_failing_is_ready_and_says_so(api: Api) -> None:
    api.condition.readiness = Readiness(workers=2, background=CheckFailed("enforce_retention keeps failing"))
    answer = api.get("/health/ready")
    checks = answer.json()["checks"]
    assert (answer.status_code, answer.json()["trouble"]) == (200, None)
    assert checks["background"] == {"status": "warning", "detail": "enforce_retention keeps failing"}


def test_a_service_that_cannot_work_reports_the_failed_check(api: Api) -> None:
    said = "the database does not answer"
    api.condition.readiness = Readiness(
        database=CheckFailed(said),
        schema=NOT_CHECKED,
        writing=NOT_CHECKED,
        sealing=NOT_CHECKED,
        notifications=CheckFailed("there are none"),
        workers=None,
    )
    answer = api.get("/health/ready")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json() == {
        "ready": False,
        "trouble": said,
        "needs_key": None,
        "workers": 0,
        "checks": {
            "database": {"status": "failed", "detail": said},
            "schema": UNKNOWN,
            "writing": UNKNOWN,
            "sealing": UNKNOWN,
            "sandbox": OK,
            "notifications": {"status": "warning", "detail": "there are none"},
            "background": OK,
            "signing": OK,
            "reproductions": OK,
            "workers": UNKNOWN,
        },
    }


@pytest.mark.parametrize(
    ("part", "readiness"),
    [
        ("schema", Readiness(workers=2, schema=CheckFailed("it does not fit"))),
        ("writing", Readiness(workers=2, writing=CheckFailed("it does not fit"))),
        ("sealing", Readiness(workers=2, sealing=CheckFailed("it does not fit"))),
    ],
)
def test_the_check_that_failed_is_named(api: Api, part: str, readiness: Readiness) -> None:
    api.condition.readiness = readiness
    answer = api.get("/health/ready")
    failed = {name: one for name, one in answer.json()["checks"].items() if one != OK}
    assert (answer.status_code, failed) == (503, {part: {"status": "failed", "detail": "it does not fit"}})


def test_the_limits_are_those_that_refuse() -> None:
    """A client that trusts them has no upload refused for its size, and none that would be accepted held back."""
    strict = Api(max_dataset_bytes=9, max_source_bytes=len(SOURCE.encode()), engines=(EngineName.DUKPY,))
    limits = strict.get("/v1/limits").json()
    assert (limits["dataset_bytes"], limits["source_bytes"], limits["engines"]) == (9, len(SOURCE.encode()), ["dukpy"])
    for source, status in [(SOURCE, 201), (f"{SOURCE} ", 413)]:
        new = {"name": f"name-{status}", "source": source, "engine": "dukpy"}
        assert strict.post("/v1/scripts", json=new).status_code == status
    for size, status in [(9, 202), (10, 413)]:
        sent = strict.post("/v1/scripts/name-201/executions", content=b"1" * size, headers=JSON_TYPE)
        assert sent.status_code == status
    api = Api(default_limits=evolve(DEFAULTS, wall_ms=5_000), limit_ceilings=evolve(CEILINGS, wall_ms=40_000))
    runs = api.get("/v1/limits").json()["runs"]
    assert (runs["default"]["wall_ms"], runs["maximum"]["wall_ms"]) == (5_000, 40_000)
    for name, highest in runs["maximum"].items():
        for value, status in [(highest, 201), (highest + 1, 422), (runs["minimum"][name] - 1, 422)]:
            limited = {"name": f"limited-{uuid4()}", "source": SOURCE, "limits": {name: value}}
            assert api.post("/v1/scripts", json=limited).status_code == status
    assert api.post("/v1/scripts", json={"name": "default", "source": SOURCE}).status_code == 201
    assert api.get("/v1/scripts/default/versions/1").json()["limits"] == runs["default"]


def test_the_icon_is_where_browsers_look_for_it(api: Api) -> None:
    icon = api.get("/favicon.ico")
    assert (icon.status_code, icon.headers["content-type"]) == (200, "image/svg+xml")
    assert icon.content == api.get(href("icon.svg")).content
    assert "immutable" not in icon.headers["cache-control"], "an upgrade may change it"
