"""Receipts over HTTP: signed, cacheable, refused with a reason, and read without a trace in the audit trail."""

import base64
import json
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve
from cryptography.exceptions import InvalidSignature

from adapters.http.openapi.story import answer_values
from adapters.signing.signer import Ed25519Signer
from adapters.signing.signing_keys import new_signing_key, rotated
from application.ports.executions import ExecutionDetails
from domain.access import Scope
from domain.body import digest
from domain.execution import Claim, Execution, Failed
from domain.outcome import Logs, error_sha256
from domain.redaction import remove_content
from domain.statement import BUILD_TYPE
from domain.transitions import finish, start
from tests.adapters.http.api import Api, slug
from tests.support.provenance_page import PAGE, with_examples
from tests.support.signing import INSTALLATION, SIGNING_KEYS, verified_statement
from tests.support.values import NOON, a_failure, a_pending, a_run, a_script, an_id

KEYS = "/v1/receipts/keys"
EXAMPLES = answer_values()


def receipt_of(execution: str) -> str:
    return f"/v1/executions/{execution}/receipt"


def ran(api: Api) -> str:
    api.host()
    execution: str = api.submit()["id"]
    api.produce(b"2")
    return execution


def verified(api: Api, execution: str) -> Any:
    answer = api.get(receipt_of(execution))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/vnd.dsse.envelope.v1+json")
    return verified_statement(answer.json(), api.get(KEYS).json())


def test_a_receipt_states_the_execution_that_the_api_shows(api: Api) -> None:
    execution = ran(api)
    stated, shown = verified(api, execution), api.get(f"/v1/executions/{execution}").json()
    definition = stated["predicate"]["buildDefinition"]
    assert stated["subject"] == [{"name": execution, "digest": {"sha256": digest(b"2").sha256}}]
    assert stated["predicate"]["runDetails"]["builder"]["id"] == f"urn:uuid:{INSTALLATION}"
    internal = definition["internalParameters"]
    assert {name: internal[name] for name in ("engine", "isolation", "seed", "limits")} == {
        name: shown[name] for name in ("engine", "isolation", "seed", "limits")
    }
    assert internal["outcome"] == shown["status"]
    dependencies = {one["name"]: one["digest"]["sha256"] for one in definition["resolvedDependencies"]}
    assert dependencies == {"source": shown["script"]["sha256"], "dataset": shown["input"]["sha256"]}


def test_a_failed_execution_has_a_receipt_of_its_error_also_after_the_removal(api: Api) -> None:
    api.host()
    execution, failure = api.submit()["id"], a_failure()
    api.fail(failure)
    before = api.get(receipt_of(execution))
    assert verified(api, execution)["subject"][0]["digest"]["sha256"] == error_sha256(failure.error)
    assert api("DELETE", f"/v1/executions/{execution}/content").status_code == 204
    assert api.get(receipt_of(execution)).content == before.content


def test_a_receipt_is_the_same_until_the_key_is_rotated(api: Api) -> None:
    execution = ran(api)
    first = api.get(receipt_of(execution))
    again = api.get(receipt_of(execution), headers={"If-None-Match": first.headers["etag"]})
    head = api("HEAD", receipt_of(execution))
    assert (again.status_code, again.content) == (304, b"")
    assert (head.headers["etag"], head.headers["content-length"]) == (first.headers["etag"], str(len(first.content)))
    assert first.headers["cache-control"] == "private, no-cache"
    keys = rotated(SIGNING_KEYS, new_signing_key(bytes(32), SIGNING_KEYS.current.created_at))
    later = Api(signer=Ed25519Signer(keys), executions=api.store.executions)
    anew = later.get(receipt_of(execution), headers={"If-None-Match": first.headers["etag"]})
    assert anew.status_code == 200
    published = later.get(KEYS).json()
    assert verified_statement(first.json(), published) == verified_statement(anew.json(), published)
    assert [one["retired_at"] is None for one in published["keys"]] == [True, False]


@pytest.mark.parametrize("part", ["payload", "payloadType", "sig"])
def test_a_changed_receipt_is_not_verified(api: Api, part: str) -> None:
    receipt = api.get(receipt_of(ran(api))).json()
    holder = receipt["signatures"][0] if part == "sig" else receipt
    if part == "payloadType":
        holder[part] = holder[part].replace("in-toto", "in_toto")
    else:
        changed = bytearray(base64.b64decode(holder[part]))
        changed[3] ^= 1
        holder[part] = base64.b64encode(changed).decode()
    with pytest.raises(InvalidSignature):
        verified_statement(receipt, api.get(KEYS).json())


def test_an_execution_without_a_receipt_says_why(api: Api) -> None:
    api.host()
    pending, cancelled = api.submit()["id"], api.submit()["id"]
    api.post(f"/v1/executions/{cancelled}/cancel")
    assert slug(api.get(receipt_of(pending))) == (409, "not-finished")
    assert slug(api.get(receipt_of(cancelled))) == (409, "no-run")
    assert slug(api.get(receipt_of(str(INSTALLATION)))) == (404, "unknown-execution")
    assert slug(api.get(receipt_of("x"))) == (422, "malformed-id")
    assert slug(api.post(receipt_of(pending))) == (405, "method-not-allowed")
    assert slug(api.get(f"{receipt_of(pending)}?key=a")) == (422, "invalid-query")


class OneExecution:
    """The port `Executions`, as far as a receipt needs it, with one execution."""

    def __init__(self, execution: Execution) -> None:
        self._execution = execution

    async def report(self, _id: UUID, _result_up_to: int) -> ExecutionDetails:
        return ExecutionDetails(self._execution, Logs(), None)


def test_an_error_of_an_earlier_release_has_a_receipt_until_that_release_removes_its_text() -> None:
    running = start(a_pending(a_script()[1]), Claim(an_id(), "w"), NOON)
    failed = finish(running, a_run(a_failure()), timedelta(seconds=1))
    assert isinstance(failed, Failed)
    earlier = evolve(failed, error_sha256=None)
    path = receipt_of(str(failed.submission.id))
    assert Api(executions=OneExecution(earlier)).get(path).status_code == 200
    removed = remove_content(earlier, NOON)
    assert isinstance(removed, Failed)
    assert Api(executions=OneExecution(removed)).get(path).status_code == 200
    lost = Api(executions=OneExecution(evolve(removed, error_sha256=None)))  # as an earlier release removed it
    assert slug(lost.get(path)) == (410, "digest-not-retained")


def test_without_a_key_the_operator_is_told_which_setting_to_give() -> None:
    api = Api(signer=None)
    execution = ran(api)
    for path in (receipt_of(execution), KEYS):
        answer = api.get(path)
        assert slug(answer) == (409, "receipts-not-configured")
        assert "BATEIA_SIGNING_KEYS_FILE" in answer.json()["hint"]


def test_keys_are_public_receipts_are_not_and_neither_is_audited(api: Api) -> None:
    execution = ran(api)
    closed = Api(executions=api.store.executions)
    _, reader = closed.key(Scope.READ)
    _, writer = closed.key(Scope.EXECUTIONS_WRITE)
    assert closed.get(KEYS).status_code == 200
    assert slug(closed.get(receipt_of(execution))) == (401, "unauthenticated")
    assert slug(closed.get(receipt_of(execution), headers=writer)) == (403, "forbidden")
    assert closed.get(receipt_of(execution), headers=reader).status_code == 200
    assert closed.reads.waiting == 0


def test_the_examples_of_the_document_are_made_by_the_code() -> None:
    stated = verified_statement(EXAMPLES["receipt"], EXAMPLES["receipt-keys"])
    signer = Ed25519Signer(SIGNING_KEYS)
    assert stated["predicate"]["runDetails"]["builder"]["id"] == f"urn:uuid:{INSTALLATION}"
    (key,) = EXAMPLES["receipt-keys"]["keys"]
    assert (key["keyid"], key["public_key"]) == (signer.public_keys()[0].keyid, signer.public_keys()[0].pem)
    assert json.dumps(stated, separators=(",", ":")).encode() == base64.b64decode(EXAMPLES["receipt"]["payload"])


def test_the_page_shows_what_the_code_makes() -> None:
    page = PAGE.read_text("utf-8")
    assert page == with_examples(page), "run `python -m tests.support.provenance_page`"
    receipt, statement, keys = (json.loads(one) for one in re.findall(r"```json\n(.*?)```", page, re.DOTALL)[:3])
    assert statement == verified_statement(receipt, keys)
    assert BUILD_TYPE in page
