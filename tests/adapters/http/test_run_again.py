"""Submissions over HTTP that name the stored dataset of an execution."""

from typing import Any

import httpx
import pytest
from attrs import evolve

from adapters.http.transport.memory_budget import MemoryBudget, Use
from application.ports.access import AuditFilter
from application.ports.encryption import DecryptionFailed
from domain.access import Scope
from domain.audit import Action
from domain.limits import MIB
from tests.adapters.http.api import JSON_TYPE, Api, slug
from tests.adapters.http.test_reproductions import alter, done, row
from tests.support.values import a_body

PATH = "/v1/scripts/corporate-cards/executions"
REFERENCE = {"Content-Type": "application/vnd.bateia.reference+json"}
ID = "0199c5f3-10aa-7b02-8c11-5d6e7f8091a2"


@pytest.fixture(autouse=True)
def _script(api: Api) -> None:
    api.host()


def again(api: Api, execution: Any, path: str = PATH, **headers: str) -> httpx.Response:
    return api.post(path, json={"input_of": execution["id"]}, headers=REFERENCE | headers)


def count(api: Api) -> int:
    return len(api.get("/v1/executions").json()["items"])


def test_a_stored_dataset_is_run_again_whatever_the_state_of_its_execution(api: Api) -> None:
    original = api.submit(b" [9007199254740993, 1.0]")
    pending = again(api, original)
    assert (pending.status_code, pending.json()["input_of"]) == (202, original["id"])
    api.produce()
    for answer in (pending, again(api, original), again(api, pending.json())):
        shown = answer.json()
        assert shown["input"]["sha256"] == original["input"]["sha256"]
        assert shown["warnings"] == original["warnings"] != []
        assert api.get(shown["input"]["href"]).content == b" [9007199254740993, 1.0]"
        assert shown["replay_of"] is None
    assert again(api, pending.json()).json()["input_of"] == pending.json()["id"]


def test_it_runs_on_any_version_of_any_script_in_circumstances_of_its_own(api: Api) -> None:
    original = done(api)
    api.post("/v1/scripts/corporate-cards/versions", json={"source": "2"})
    api.host("other")
    one = again(api, original, "/v1/scripts/corporate-cards/versions/1/executions").json()
    other = again(api, original, "/v1/scripts/other/executions?clock=2020-02-02T00:00:00Z").json()
    assert (one["script"]["version"], other["script"]["name"]) == (1, "other")
    assert (other["clock"], one["clock"] != other["clock"]) == ("2020-02-02T00:00:00.000000Z", True)


def test_the_body_is_kept_in_its_stored_form(api: Api) -> None:
    original = done(api, dataset=b"[" + b"1," * 2_000 + b"1]")
    copy = again(api, original).json()
    before, after = (rows[key].dataset for rows, key in (row(api, original), row(api, copy)))
    assert before is not None
    assert before == after
    assert len(before.data) < before.digest.size_bytes


def test_the_removal_of_one_execution_s_content_leaves_that_of_another(api: Api) -> None:
    original = done(api)
    copy = again(api, original).json()
    assert api("DELETE", f"/v1/executions/{original['id']}/content").status_code == 204
    assert api.get(copy["input"]["href"]).content == b"[1]"
    assert slug(again(api, original)) == (410, "content-removed")
    api.produce()
    (found,) = api.get(f"/v1/executions?input_of={original['id']}").json()["items"]
    assert (found["id"], found["input_of"]) == (copy["id"], original["id"])
    assert api("DELETE", f"/v1/executions/{found['id']}/content").status_code == 204
    assert api.get(copy["input"]["href"]).status_code == 410


def test_a_repeated_request_is_recognised_by_its_dataset_even_if_that_was_removed_since(api: Api) -> None:
    original = done(api)
    first = again(api, original, **{"Idempotency-Key": "k"})
    sent = api.post(PATH, content=b"[1]", headers=JSON_TYPE | {"Idempotency-Key": "k"})
    assert (sent.json()["id"], sent.headers["idempotent-replayed"]) == (first.json()["id"], "true")
    api("DELETE", f"/v1/executions/{original['id']}/content")
    repeated = again(api, original, **{"Idempotency-Key": "k"})
    assert (repeated.json()["id"], repeated.headers["idempotent-replayed"]) == (first.json()["id"], "true")
    other = done(api, dataset=b"[2]")
    assert slug(again(api, other, **{"Idempotency-Key": "k"})) == (422, "idempotency-key-reused")


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (f'{{"input_of": "{ID}"}}'.encode(), 404, "unknown-execution"),
        (b'{"input_of": "corporate-cards"}', 422, "invalid-document"),
        (b"{}", 422, "invalid-document"),
        (b'{"input_of": null}', 422, "invalid-document"),
        (f'{{"input_of": "{ID}", "x": 1}}'.encode(), 422, "invalid-document"),
        (b"[1]", 422, "invalid-document"),
        (b"{", 400, "malformed-json"),
        (b'{"input_of": "' + b"a" * 5_000 + b'"}', 413, "document-too-large"),
    ],
)
def test_a_reference_that_names_no_execution_is_refused(api: Api, body: bytes, status: int, kind: str) -> None:
    assert slug(api.post(PATH, content=body, headers=REFERENCE)) == (status, kind)
    assert count(api) == 0


def test_it_is_read_with_the_byte_order_mark_and_the_case_that_others_are(api: Api) -> None:
    original = done(api)
    body = b"\xef\xbb\xbf" + f'{{"input_of": "{original["id"].upper()}"}}'.encode()
    media_type = {"Content-Type": "Application/vnd.Bateia.Reference+JSON; charset=utf-8"}
    assert api.post(PATH, content=body, headers=media_type).json()["input_of"] == original["id"]


def test_another_type_of_json_is_a_dataset_even_if_it_looks_like_a_reference(api: Api) -> None:
    original = done(api)
    for media_type in ("application/json", "application/vnd.acme.reference+json"):
        sent = api.post(PATH, json={"input_of": original["id"]}, headers={"Content-Type": media_type}).json()
        assert (sent["input_of"], sent["input"]["size_bytes"]) == (None, 51)


def test_both_scopes_are_needed_and_nothing_is_told_without_them(api: Api) -> None:
    original = done(api)
    _, writer = api.key(Scope.EXECUTIONS_WRITE)
    _, reader = api.key(Scope.READ)
    _, both = api.key(Scope.EXECUTIONS_WRITE, Scope.READ)
    for named in (original["id"], ID, "nonsense"):
        refused = again(api, {"id": named}, **writer)
        assert slug(refused) == (403, "forbidden")
        assert 'scope="read"' in refused.headers["www-authenticate"]
    assert 'scope="executions:write"' in again(api, original, **reader).headers["www-authenticate"]
    assert again(api, original, **both).status_code == 202


def test_the_use_of_a_dataset_is_audited_as_a_read_of_it(api: Api) -> None:
    original = done(api)
    key_id, key = api.key()
    again(api, original, **key | {"Idempotency-Key": "k"})
    again(api, original, **key | {"Idempotency-Key": "k"})
    api.run(api.reads.flush())
    found = [one.event for one in api.run(api.store.audit.page(AuditFilter(), None, 100))]
    reads = [one for one in found if one.action is Action.READ_INPUT]
    assert [(str(one.execution_id), one.actor.key_id) for one in reads] == [(original["id"], key_id)]


def test_a_dataset_that_was_altered_in_the_store_is_not_run(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    original = done(api)
    alter(api, original, dataset=evolve(a_body(b"[2]"), digest=a_body(b"[1]").digest))
    assert slug(again(api, original)) == (409, "not-reproducible")

    async def undecryptable(_: object) -> None:
        raise DecryptionFailed("no")

    monkeypatch.setattr(api.store.executions, "dataset", undecryptable)
    assert again(api, original).json()["code"] == "dataset-altered"
    assert count(api) == 1


def test_the_dataset_counts_in_the_memory_budget_while_it_is_stored() -> None:
    api = Api(memory=MemoryBudget(MIB))
    api.host()
    original = done(api, dataset=b'"' + b"x" * 100_000 + b'"')
    memory = api.deps.limits.memory
    with memory.reserve(Use.REQUEST) as others:
        assert others.resize(MIB - 150_000)
        assert slug(again(api, original)) == (503, "too-much-in-flight")
    assert again(api, original).status_code == 202
    assert memory.held_bytes == 0
