"""Jobs over HTTP: submissions with their faults, reads, changes, and what each refusal says."""

import json
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.http.language import Language
from adapters.http.responses.comparisons import comparison_json
from adapters.system import utc_now
from domain.access import Scope
from domain.comparison.report import ValueComparison
from domain.jobs import Job, JobErrorKind, JobOutcome, JobPhase, JobPlan, fail, job_error, succeed
from domain.outcome import ErrorKind, Measures
from domain.partitions import (
    InputFault,
    ObjectVersion,
    Partition,
    PartitionRange,
    PartitionResult,
    RangeUnit,
    complete,
    partition_error,
    reject,
)
from domain.warnings import NumberWarningKind, number_warning
from tests.adapters.http.api import JSON_TYPE, Api, slug

WANTED: Final[dict[str, Any]] = {
    "input": {"url": "files://in/*.ndjson"},
    "output": {"url": "files://out/", "format": "json"},
    "merge": "script",
}
SHA: Final = "ab" * 32
SPAN: Final = PartitionRange(0, RangeUnit.BYTES, 0, 99)


@pytest.fixture
def api() -> Api:
    made = Api()
    source = {"name": "cards", "source": "function process(d) { return d }"}
    assert made.post("/v1/scripts", json=source).status_code == 201
    return made


def submit(api: Api, **others: Any) -> httpx.Response:
    """Submit a job with other members."""
    return api.post("/v1/scripts/cards/jobs", json={**WANTED, **others})


def accepted(api: Api, **others: Any) -> dict[str, Any]:
    answer = submit(api, **others)
    assert answer.status_code == 202, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def taken(api: Api) -> Job:
    """Take the job that waits, as a runner."""
    found = api.run(api.store.job_work.take())
    assert found is not None
    return found.job


def finish(api: Api, job: Job, differences: bytes | None = None, **how: Any) -> None:
    outcome = JobOutcome(SHA, 1, 5, SHA)
    ended = fail(job, job_error(**how), utc_now()) if how else succeed(job, outcome, utc_now())
    assert api.run(api.store.job_work.finish(ended.unwrap(), differences))


def faults(answer: httpx.Response) -> list[str]:
    assert slug(answer) == (422, "invalid-document"), answer.text
    return [one["pointer"] for one in answer.json()["errors"]]


def test_a_job_is_accepted_with_its_defaults_and_read_again(api: Api) -> None:
    answer = submit(api)
    shown = answer.json()
    assert answer.headers["Location"] == f"/v1/jobs/{shown['id']}"
    assert (shown["status"], shown["phase"], shown["verification"]) == ("pending", None, "pending")
    assert shown["partition"] == {"bytes": 33_554_432}
    assert shown["verify"] == {"rows": 2000, "tolerance": {"absolute": 0, "relative": 1e-9}}
    assert shown["input"]["csv"]["delimiter"] == ","
    assert shown["links"]["output"] == "/v1/stores/files?prefix=out%2F"
    assert shown["links"]["retry"] is None
    assert api.get(answer.headers["Location"]).json() == shown
    assert [one["id"] for one in api.get("/v1/jobs?script=cards&status=pending").json()["items"]] == [shown["id"]]
    assert api.get("/v1/jobs?status=failed").json()["items"] == []


def test_a_job_s_wishes_are_kept(api: Api) -> None:
    csv = {
        "delimiter": ";",
        "encoding": "windows-1252",
        "decimal": ",",
        "header": False,
        "newlines_in_fields": True,
        "types": {"column_1": "string"},
    }
    given = {"url": "files://in/a.csv", "format": "csv", "csv": csv, "columns": ["column_1"], "integers": "strings"}
    shown = accepted(api, input=given, merge="none", output={"url": "files://o", "format": "csv"}, verify="skip")
    assert shown["input"] == given
    assert shown["output"] == {"url": "files://o/", "format": "csv"}
    assert (shown["verify"], shown["verification"]) == ("skip", "skipped")


def test_a_version_alias_clock_and_seed_may_be_chosen(api: Api) -> None:
    moved = api(
        "PUT", "/v1/scripts/cards/aliases/live", json={"version": 1, "note": "n"}, headers={"If-None-Match": "*"}
    )
    assert moved.status_code in {200, 201}, moved.text
    query = "clock=2024-01-01T00:00:00Z&seed=" + "1" * 32
    shown = api.post(f"/v1/scripts/cards/versions/live/jobs?{query}", json=WANTED).json()
    assert (shown["alias"], shown["clock"], shown["seed"]) == ("live", "2024-01-01T00:00:00.000000Z", "1" * 32)
    assert slug(api.post("/v1/scripts/cards/versions/7/jobs", json=WANTED)) == (404, "unknown-version")


@pytest.mark.parametrize(
    ("others", "pointers"),
    [
        ({"input": {"url": "s3:/bucket"}}, ["/input/url"]),
        (
            {"input": {"url": "files://a/../b.csv"}, "output": {"url": "x", "format": "json"}},
            ["/input/url", "/output/url"],
        ),
        ({"input": {"url": "files://"}}, ["/input/url"]),
        ({"input": {"url": "files://a/x**/b"}}, ["/input/url"]),
        ({"input": {"url": "files://.bateia/jobs/x"}}, ["/input/url"]),
        ({"input": {"url": "files://" + "a" * 1001}}, ["/input/url"]),
        ({"input": {"url": "files://a\\b"}}, ["/input/url"]),
        ({"input": {"url": "files://rows"}}, ["/input/format"]),
        ({"input": {"url": "files://a.csv", "columns": []}}, ["/input/columns"]),
        ({"input": {"url": "files://a.csv", "csv": {"delimiter": "::"}}}, ["/input/csv/delimiter"]),
        ({"input": {"url": "files://a.csv", "csv": {"decimal": ","}}}, ["/input/csv/decimal"]),
        ({"input": {"url": "files://a.csv", "csv": {"encoding": "utf-7"}}}, ["/input/csv/encoding"]),
        ({"input": {"url": "files://a.csv", "csv": {"types": {"n": "money"}}}}, ["/input/csv/types/n"]),
        ({"input": {"url": "files://a.csv", "csv": {"types": {"a/b~": None}}}}, ["/input/csv/types/a~1b~0"]),
        ({"input": {"url": "files://a.csv", "csv": {"types": ["n"]}}}, ["/input/csv/types"]),
        ({"input": {"url": "files://a.csv", "csv": {"types": None}}}, ["/input/csv/types"]),
        ({"output": {"url": "files://o*/", "format": "json"}}, ["/output/url"]),
        ({"output": {"url": "files://o/", "format": "arrow"}}, ["/output/format"]),
        ({"merge": "none"}, ["/merge"]),
        ({"partition": {"bytes": 1}}, ["/partition/bytes"]),
        ({"verify": "no"}, ["/verify"]),
        ({"verify": {"rows": 0}}, ["/verify/rows"]),
        ({"verify": {"tolerance": {"relative": -1}}}, ["/verify/tolerance/relative"]),
        ({"more": 1}, ["/more"]),
    ],
)
@pytest.mark.parametrize("language", Language)
def test_a_faulty_member_is_pointed_at(
    api: Api, others: dict[str, Any], pointers: list[str], language: Language
) -> None:
    answer = api.post("/v1/scripts/cards/jobs", json={**WANTED, **others}, headers={"Accept-Language": language.value})
    assert faults(answer) == pointers


def test_the_limits_of_jobs_are_those_that_refuse(api: Api) -> None:
    limits = api.get("/v1/limits").json()
    sizes, rows = limits["partition_bytes"], limits["verified_rows"]
    assert accepted(api)["partition"] == {"bytes": sizes["default"]}
    for size, status in [
        (sizes["least"] - 1, 422),
        (sizes["least"], 202),
        (sizes["most"], 202),
        (sizes["most"] + 1, 422),
    ]:
        assert submit(api, partition={"bytes": size}).status_code == status
    for count, status in [(rows, 202), (rows + 1, 422)]:
        assert submit(api, verify={"rows": count}).status_code == status


def test_a_column_s_name_is_whole_characters(api: Api) -> None:
    given = b'{"url": "files://a.csv", "columns": ["a", "b\\udc00"], "csv": {"types": {"\\ud800": "string"}}}'
    document = b'{"input": %b, "output": {"url": "files://o", "format": "json"}, "merge": "script"}' % given
    answer = api.post("/v1/scripts/cards/jobs", content=document, headers=JSON_TYPE)
    assert faults(answer) == ["/input/columns/1", "/input/csv/types/\ufffd"]


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("nowhere://a.csv", (404, "unknown-store")),
        ("archive://out/", (403, "store-not-allowed")),
        ("lake://out/", (403, "store-not-allowed")),
    ],
)
def test_a_store_that_may_not_be_used_is_refused(api: Api, url: str, problem: tuple[int, str]) -> None:
    assert slug(submit(api, output={"url": url, "format": "json"})) == problem


def test_a_store_is_for_the_keys_and_scripts_that_it_names(api: Api) -> None:
    _, header = api.key()
    wanted = {**WANTED, "input": {"url": "lake://a.ndjson"}}
    other = {"name": "others", "source": "function process(d) { return d }"}
    assert api.post("/v1/scripts", json=other, headers=header).status_code == 201
    assert api.post("/v1/scripts/cards/jobs", json=wanted, headers=header).status_code == 202
    refused = api.post("/v1/scripts/others/jobs", json=wanted, headers=header)
    assert slug(refused) == (403, "store-not-allowed")
    assert "others" in refused.json()["detail"]


def test_a_key_repeats_a_job_and_no_other(api: Api) -> None:
    header = {"Idempotency-Key": "k"}

    def once(**others: Any) -> httpx.Response:
        return api.post("/v1/scripts/cards/jobs", json={**WANTED, **others}, headers=header)

    first, second = once(), once()
    assert first.json()["id"] == second.json()["id"]
    assert second.headers["Idempotent-Replayed"] == "true"
    assert slug(once(merge="concatenate")) == (422, "idempotency-key-reused")
    assert len(api.get("/v1/jobs").json()["items"]) == 1


def test_progress_partitions_and_the_end_are_shown(api: Api) -> None:
    shown = accepted(api)
    path, job = f"/v1/jobs/{shown['id']}", taken(api)
    parts = [Partition(number=at, range=evolve(SPAN, start=100 * at, end=100 * at + 100)) for at in range(3)]
    plan = JobPlan((ObjectVersion("in/a.ndjson", 300, '"1"'),), None, 3)
    planned = evolve(job, plan=plan)
    assert api.run(api.store.job_work.plan(planned, parts))
    assert api.run(api.store.job_work.advance(evolve(planned, phase=JobPhase.PROCESSING, is_verified=True)))
    warning = number_warning(NumberWarningKind.INTEGER_PRECISION, "d", "/0/n")
    result = PartitionResult(
        range=SPAN,
        rows=7,
        input_bytes=99,
        input_sha256=SHA,
        result_sha256=SHA,
        result_bytes=5,
        measures=Measures(1.0, 2.0, 3),
        read_ms=0.5,
        warnings=(warning,),
    )
    failed = reject(parts[1], partition_error(InputFault.INPUT_MALFORMED, "line 3 is no JSON", 3, "n"))
    assert api.run(api.store.job_work.settle(job.id, [complete(parts[0], result), failed]))
    running = api.get(path).json()
    assert (running["status"], running["phase"], running["verification"]) == ("running", "processing", "passed")
    assert running["partitions"] == {"total": 3, "waiting": 1, "done": 1, "failed": 1}
    assert running["plan"]["objects"][0]["path"] == "in/a.ndjson"
    assert running["rows"] == 7
    first = api.get(f"{path}/partitions?limit=2").json()
    assert [one["state"] for one in first["items"]] == ["done", "failed"]
    assert first["items"][0]["measures"]["cpu_ms"] == 2.0
    assert first["items"][0]["warnings"][0]["kind"] == "integer-precision"
    assert first["items"][1]["error"] == {
        "kind": "input_malformed",
        "message": "line 3 is no JSON",
        "line": 3,
        "column": "n",
    }
    rest = api.get(f"{path}/partitions?limit=2&cursor={first['next_cursor']}").json()
    assert [one["number"] for one in rest["items"]] == [2]
    assert rest["next_cursor"] is None
    only = api.get(f"{path}/partitions?state=failed").json()["items"]
    assert [one["number"] for one in only] == [1]


def test_a_failed_job_is_tried_again_as_long_as_that_may_help(api: Api) -> None:
    shown = accepted(api)
    path = f"/v1/jobs/{shown['id']}"
    assert slug(api.post(f"{path}/retry")) == (409, "job-not-retryable")
    finish(api, taken(api), kind=JobErrorKind.PARTITIONS_FAILED, message="1 of 3", partition=1)
    failed = api.get(path).json()
    assert failed["error"] == {"kind": "partitions_failed", "message": "1 of 3", "partition": 1}
    assert failed["links"]["retry"] == f"{path}/retry"
    again = api.post(f"{path}/retry")
    assert again.status_code == 202
    assert (again.json()["status"], again.json()["attempt"]) == ("pending", 2)
    finish(api, taken(api))
    done = api.get(path).json()
    assert (done["status"], done["progress"], done["result"]["objects"]) == ("succeeded", 1, 1)
    assert slug(api.post(f"{path}/cancel")) == (409, "already-finished")


def test_differences_are_shown_until_they_are_removed(api: Api) -> None:
    path = f"/v1/jobs/{accepted(api)['id']}"
    assert slug(api("DELETE", f"{path}/content")) == (409, "job-not-finished")
    differences = comparison_json(ValueComparison(1, ()))
    finish(api, taken(api), differences, kind=JobErrorKind.VERIFICATION_FAILED, message="they differ")
    shown = api.get(path).json()
    assert (shown["verification"], shown["differences"]["count"]) == ("failed", 1)
    assert api.get("/v1/jobs").json()["items"][0]["differences"] is None
    assert [api("DELETE", f"{path}/content").status_code for _ in range(2)] == [204, 204]
    bare = api.get(path).json()
    assert (bare["differences"], bare["error"]["message"]) == (None, "")
    assert bare["content_removed_at"] is not None


def test_a_waiting_job_is_cancelled(api: Api) -> None:
    path = f"/v1/jobs/{accepted(api)['id']}"
    cancelled = api.post(f"{path}/cancel").json()
    assert (cancelled["status"], cancelled["error"]["kind"]) == ("failed", "cancelled")
    assert api.run(api.store.job_work.take()) is None


@pytest.mark.parametrize(
    ("method", "below"),
    [("GET", ""), ("GET", "/partitions"), ("POST", "/cancel"), ("POST", "/retry"), ("DELETE", "/content")],
)
def test_an_unknown_job_is_not_found(api: Api, method: str, below: str) -> None:
    assert slug(api(method, f"/v1/jobs/{UUID(int=1)}{below}")) == (404, "unknown-job")
    assert slug(api(method, f"/v1/jobs/x{below}")) == (422, "malformed-id")


def test_reading_and_changing_take_their_scopes(api: Api) -> None:
    _, reader = api.key(Scope.READ)
    _, runner = api.key(Scope.EXECUTIONS_WRITE)
    assert slug(api.post("/v1/scripts/cards/jobs", json=WANTED, headers=reader)) == (403, "forbidden")
    accepted_job = api.post("/v1/scripts/cards/jobs", json=WANTED, headers=runner)
    assert accepted_job.json()["submitted_by"] == "a key"
    path = accepted_job.headers["Location"]
    assert slug(api.get(path, headers=runner)) == (403, "forbidden")
    assert api.get(path, headers=reader).status_code == 200
    assert slug(api.post(f"{path}/cancel", headers=reader)) == (403, "forbidden")


_MEMBERS: Final = st.sampled_from(["input", "url", "csv", "types", "output", "merge", "verify", "format"])
_DOCUMENTS: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_MEMBERS, inner, max_size=4),
    max_leaves=9,
)


@settings(max_examples=30, deadline=None)
@given(_DOCUMENTS)
def test_no_document_is_an_error_of_the_service(document: Any) -> None:
    made = Api()
    made.post("/v1/scripts", json={"name": "cards", "source": "function process(d) { return d }"})
    sent = {"content": json.dumps(document).encode(), "headers": JSON_TYPE}
    assert made.post("/v1/scripts/cards/jobs", **sent).status_code in {202, 404, 422}


@pytest.mark.parametrize("page", ["jobs.md", "trabalhos.md"])
def test_the_page_explains_every_kind_of_failure(page: str, repository: Path) -> None:
    text = (repository / "docs" / page).read_text("utf-8")
    of_jobs, of_partitions = (table.partition("\n\n")[0] for table in text.split("kind` |")[1:])
    assert [kind for kind in JobErrorKind if f"\n| `{kind}` |" not in of_jobs] == []
    kinds = {*ErrorKind, *InputFault} - {ErrorKind.CANCELLED}  # the job ends then, and its partitions wait
    assert [kind for kind in kinds if f"`{kind}`" not in of_partitions] == []


def test_kinds_of_partition_errors_are_those_of_runs_and_inputs() -> None:
    assert not {one.value for one in ErrorKind} & {one.value for one in InputFault}
