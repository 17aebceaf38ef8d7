"""The audit trail over HTTP: who did what, with which request, found by each of its filters."""

import csv
import io
from typing import Any, Final
from uuid import UUID

import pytest

from adapters.http.transport.memory_budget import MemoryBudget
from adapters.memory.audit import MemoryAudit
from adapters.system import utc_now
from application.access import audit_pages
from application.maintenance.flush_audit_reads import AuditReadBuffer
from domain.access import Scope
from domain.limits import MIB
from domain.outcome import ErrorKind, LogLevel, LogLine, Outcome, Rejected, ScriptError
from domain.warnings import NumberWarning, NumberWarningKind
from tests.adapters.http.api import JSON_TYPE, SOURCE, Api, slug

FILE = {"Content-Type": "text/javascript"}


def trail(api: Api, headers: dict[str, str], query: str = "") -> list[dict[str, Any]]:
    """Read the audit trail, oldest first."""
    api.run(api.reads.flush())
    answer = api.get(f"/v1/audit{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    return [*reversed(answer.json()["items"])]


@pytest.fixture
def life(api: Api) -> tuple[UUID, dict[str, str], str, str]:
    """Perform every action once, by one key, and return its id, its header, the script and the execution."""
    key_id, bearer = api.key()
    on = iter(range(100))

    def send(method: str, path: str, **how: Any) -> Any:
        headers = how.pop("headers", {}) | bearer | {"X-Request-Id": f"request-{next(on)}"}
        answer = api(method, path, headers=headers, **how)
        assert answer.status_code < 300, answer.text
        return answer

    script = send("POST", "/v1/scripts?name=a", content=SOURCE.encode(), headers=FILE).json()["id"]
    send("POST", "/v1/scripts/a/versions", content=(SOURCE + " ").encode(), headers=FILE)
    path = "/v1/scripts/a/executions"
    first = send("POST", path, content=b"[1]", headers=JSON_TYPE).json()["id"]
    keyed = JSON_TYPE | {"Idempotency-Key": "k"}
    second = send("POST", path, content=b"[1]", headers=keyed).json()["id"]
    send("POST", path, content=b"[1]", headers=keyed)
    api.produce()
    send("GET", f"/v1/executions/{first}")
    send("HEAD", f"/v1/executions/{first}/result")
    etag = send("GET", f"/v1/executions/{first}/result").headers["etag"]
    api.get(f"/v1/executions/{first}/result", headers=bearer | {"If-None-Match": etag})
    send("GET", f"/v1/executions/{first}/input")
    send("POST", f"/v1/executions/{second}/cancel")
    send("DELETE", f"/v1/executions/{first}/content")
    send("POST", "/v1/scripts/a/archive")
    send("POST", "/v1/scripts/a/unarchive")
    send("PUT", "/v1/scripts/a/retention", json={"content_days": 1, "rows_days": None})
    return key_id, bearer, script, first


def test_every_action_is_in_it_once_with_key_request_and_objects(
    api: Api, life: tuple[UUID, dict[str, str], str, str]
) -> None:
    key_id, bearer, script, first = life
    created, *done = trail(api, bearer)
    assert (created["action"], created["api_key_id"]) == ("created_key", str(key_id))
    assert {(one["key_id"], one["script_id"]) for one in done} == {(str(key_id), script)}
    written = [(one["action"], one["request_id"]) for one in done if not one["action"].startswith("read")]
    assert written == [
        ("registered", "request-0"),
        ("revised", "request-1"),
        ("submitted", "request-2"),
        ("submitted", "request-3"),
        ("cancelled", "request-9"),
        ("removed_content", "request-10"),
        ("archived", "request-11"),
        ("unarchived", "request-12"),
        ("set_retention", "request-13"),
    ]
    read = [(one["action"], one["request_id"], one["execution_id"]) for one in done if one["action"].startswith("read")]
    assert read == [
        ("read_result", "request-5", first),
        ("read_details", "request-5", first),
        ("read_result", "request-7", first),
        ("read_input", "request-8", first),
    ]


def test_it_is_found_by_each_filter_and_in_pages(api: Api, life: tuple[UUID, dict[str, str], str, str]) -> None:
    key_id, bearer, script, first = life
    everything = trail(api, bearer)
    assert trail(api, bearer, f"?key={key_id}") == everything[1:]
    assert trail(api, bearer, "?script=a") == trail(api, bearer, f"?script={script}") == everything[1:]
    assert {one["execution_id"] for one in trail(api, bearer, f"?execution={first}")} == {first}
    assert [one["action"] for one in trail(api, bearer, "?action=cancelled")] == ["cancelled"]
    middle = everything[4]["at"]
    later, earlier = trail(api, bearer, f"?at_from={middle}"), trail(api, bearer, f"?at_to={middle}")
    assert sorted(map(repr, [*earlier, *later])) == sorted(map(repr, everything))
    found, query = [], "?limit=4"
    while query:
        page = api.get(f"/v1/audit{query}", headers=bearer).json()
        found += page["items"]
        query = f"?limit=4&cursor={page['next_cursor']}" if page["next_cursor"] else ""
    assert found == everything[::-1]


CSV: Final = {"Accept": "text/csv"}


def test_all_of_it_is_csv_with_the_members_of_the_list(
    api: Api, life: tuple[UUID, dict[str, str], str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, bearer, _script, _ = life
    listed = trail(api, bearer, "?script=a")[::-1]
    monkeypatch.setattr(audit_pages, "PAGE_RECORDS", 3)
    answer = api.get("/v1/audit?script=a&limit=2", headers=bearer | CSV)
    names = ("vary", "cache-control", "content-disposition", "content-type")
    headers = [answer.headers[one] for one in names]
    assert headers == ["Accept", "no-store", "attachment", "text/csv; charset=utf-8"]
    rows = [*csv.DictReader(io.StringIO(answer.text, newline=""))]
    assert rows == [{name: "" if value is None else str(value) for name, value in one.items()} for one in listed]
    page = api.get("/v1/audit?script=a&limit=4", headers=bearer)
    assert page.headers["vary"] == "Accept"
    rest = api.get(f"/v1/audit?script=a&cursor={page.json()['next_cursor']}", headers=bearer | CSV)
    assert rest.text.splitlines()[1:] == answer.text.splitlines()[5:]


@pytest.mark.parametrize(
    ("accept", "is_csv"),
    [("*/*", False), ("text/*", True), ("text/csv;q=0.5, application/json", False), ("text/html", False)],
)
def test_csv_is_sent_to_clients_that_prefer_it(api: Api, accept: str, is_csv: bool) -> None:
    answer = api.get("/v1/audit", headers={"Accept": accept})
    assert answer.headers["content-type"].startswith("text/csv") is is_csv


def test_an_empty_trail_is_a_row_of_names_and_head_has_no_length(api: Api) -> None:
    (line,) = api.get("/v1/audit", headers=CSV).text.splitlines()
    assert line.startswith("at,action,key_id,key_name,")
    head = api("HEAD", "/v1/audit", headers=CSV)
    assert (head.content, "content-length" in head.headers) == (b"", False)


def test_texts_in_csv_begin_no_formula(api: Api) -> None:
    api.post("/v1/scripts?name=a", content=SOURCE.encode(), headers=FILE | {"X-Request-Id": "-request"})
    (row,) = csv.DictReader(io.StringIO(api.get("/v1/audit", headers=CSV).text, newline=""))
    assert row["request_id"] == "'-request"


def test_csv_is_refused_without_memory_for_a_page() -> None:
    api = Api(memory=MemoryBudget(MIB))
    assert slug(api.get("/v1/audit", headers=CSV)) == (503, "too-much-in-flight")


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ("?cursor=AAAAAAAAAAA", (400, "malformed-cursor")),
        ("?cursor=gAAAAAAAAAA", (400, "malformed-cursor")),
        ("?cursor=AAAA", (400, "malformed-cursor")),
        ("?key=me", (422, "invalid-query")),
        ("?action=guessed", (422, "invalid-query")),
        ("?script=nobody", (404, "unknown-script")),
        ("?script=No-Name", (422, "malformed-id")),
    ],
)
def test_an_invalid_filter_or_cursor_is_refused(api: Api, query: str, refused: tuple[int, str]) -> None:
    assert slug(api.get(f"/v1/audit{query}")) == refused


def test_it_holds_nothing_of_datasets_sources_and_keys(api: Api) -> None:
    _, bearer = api.key(Scope.ADMIN, Scope.SCRIPTS_WRITE, Scope.EXECUTIONS_WRITE, Scope.READ)
    source = b"function process(d) { return 'sesame'; }"
    api.post("/v1/scripts?name=a", content=source, headers=FILE | bearer)
    sent = JSON_TYPE | bearer | {"Idempotency-Key": "sesame"}
    api.post("/v1/scripts/a/executions?", content=b'["sesame"]', headers=sent)
    text = api.get("/v1/audit", headers=bearer).text
    assert "sesame" not in text
    assert bearer["Authorization"].removeprefix("Bearer bateia_") not in text


def test_without_keys_actions_are_anonymous_and_identified_by_their_request(api: Api) -> None:
    answer = api.post("/v1/scripts?name=a", content=SOURCE.encode(), headers=FILE)
    (deed,) = trail(api, {})
    assert (deed["key_id"], deed["request_id"]) == (None, answer.headers["x-request-id"])


@pytest.mark.parametrize("sent", [None, "job-7", "a b", "x" * 65])
def test_the_service_s_own_request_id_is_recorded_whatever_the_caller_sends(api: Api, sent: str | None) -> None:
    headers = FILE if sent is None else FILE | {"X-Request-Id": sent}
    answers = [api.post(f"/v1/scripts?name={name}", content=SOURCE.encode(), headers=headers) for name in "ab"]
    deeds = trail(api, {})
    assert [one["request_id"] for one in deeds] == [one.headers["x-request-id"] for one in answers]
    own = [UUID(one["server_request_id"]) for one in deeds]
    assert len(set(own)) == 2
    if sent != "job-7":
        assert [str(one) for one in own] == [one["request_id"] for one in deeds]


THROWN: Final = Rejected(ScriptError(ErrorKind.SCRIPT_ERROR, "sesame", 1, 2, "at sesame"))
OUT_OF_TIME: Final = Rejected(ScriptError(ErrorKind.TIMEOUT, "the time is over"))
POINTING: Final = (NumberWarning(NumberWarningKind.INTEGER_PRECISION, "1 integer", "/sesame"),)


def details(api: Api) -> list[str]:
    """List the executions whose details were read, in order."""
    return [one["execution_id"] for one in trail(api, {}, "?action=read_details")]


def ended(api: Api, outcome: Outcome, *, logs: bool = False, warnings: tuple[NumberWarning, ...] = ()) -> str:
    """Run an execution to that outcome, and return its id."""
    execution_id = str(api.submit()["id"])
    api.run(api.work(outcome, warnings, (LogLine(LogLevel.LOG, "sesame"),) if logs else ()))
    return execution_id


@pytest.mark.parametrize(
    ("outcome", "logs", "warnings", "quotes"),
    [
        (THROWN, False, (), True), (OUT_OF_TIME, False, (), False), (OUT_OF_TIME, True, (), True),
        (OUT_OF_TIME, False, POINTING, True),
    ],
)  # fmt: skip
def test_a_read_of_details_that_quote_the_dataset_is_recorded(
    api: Api, outcome: Outcome, logs: bool, warnings: tuple[NumberWarning, ...], quotes: bool
) -> None:
    api.host()
    execution_id = ended(api, outcome, logs=logs, warnings=warnings)
    path = f"/v1/executions/{execution_id}"
    api("HEAD", path)
    etag = api("HEAD", path).headers["etag"]
    assert api.get(path, headers={"If-None-Match": etag}).status_code == 304
    assert details(api) == []
    api.get(path)
    assert details(api) == [execution_id] * quotes
    api("DELETE", f"{path}/content")
    api.get(path)
    assert details(api) == [execution_id] * quotes


def test_a_list_counts_as_a_read_of_exactly_the_details_that_it_shows(api: Api) -> None:
    api.host()
    ended(api, OUT_OF_TIME, logs=True)
    thrown, pointing = ended(api, THROWN), ended(api, OUT_OF_TIME, warnings=POINTING)
    api("HEAD", "/v1/executions")
    assert details(api) == []
    api.get("/v1/executions?limit=1")
    assert details(api) == [pointing]
    api.get("/v1/executions")
    assert details(api) == [pointing, thrown]


def test_polls_and_lists_that_repeat_themselves_are_recorded_once_a_key(api: Api) -> None:
    api.host()
    dataset = b'[{"sesame": 9007199254740993}]'
    execution_id = api.submit(dataset)["id"]
    assert details(api) == []
    for _ in range(5):
        assert api.get(f"/v1/executions/{execution_id}").json()["warnings"][0]["first_pointer"] == "/0/sesame"
        api.get("/v1/executions")
    assert details(api) == [execution_id]
    _, bearer = api.key()
    for _ in range(2):
        api.get(f"/v1/executions/{execution_id}", headers=bearer)
    assert [one["key_id"] is None for one in trail(api, bearer, "?action=read_details")] == [True, False]


def test_an_execution_that_quotes_nothing_is_polled_without_a_record(api: Api) -> None:
    api.host()
    execution_id = api.submit()["id"]
    api.get(f"/v1/executions/{execution_id}")
    api.post(f"/v1/executions/{execution_id}/cancel")
    api.get(f"/v1/executions/{execution_id}")
    assert details(api) == []


def test_what_could_not_be_recorded_is_not_shown_and_nothing_is_changed_on_the_way() -> None:
    api = Api(reads=AuditReadBuffer(MemoryAudit(utc_now), utc_now, capacity=1))
    api.post("/v1/scripts?name=a", content=SOURCE.encode(), headers=FILE)
    path = "/v1/scripts/a/executions"
    first, second = (api.post(path, content=b"[1]", headers=JSON_TYPE).json()["id"] for _ in range(2))
    api.produce()
    assert api.get(f"/v1/executions/{first}/result").status_code == 200
    refused = [
        api.get(f"/v1/executions/{first}/result"),
        api.get(f"/v1/executions/{first}/input"),
        api.get(f"/v1/executions/{first}"),
        api.post(path, content=b"[1]", headers=JSON_TYPE),
        api.post(f"/v1/executions/{second}/cancel"),
    ]
    assert [(slug(one), one.headers["retry-after"]) for one in refused] == [((503, "unavailable"), "5")] * len(refused)
    assert api.get(f"/v1/executions/{second}").json()["status"] == "pending"
    assert len(api.get("/v1/executions").json()["items"]) == 2
    assert (api("HEAD", f"/v1/executions/{first}/result").status_code, api.deps.audit.reads.waiting) == (200, 1)
    api.run(api.deps.audit.reads.flush())
    assert api.get(f"/v1/executions/{first}/input").status_code == 200
