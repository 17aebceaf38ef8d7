"""Bearer tokens: how they are read, and that each wrong one is answered like every other."""

from datetime import timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Success

from adapters.http.problems.refusals import Unauthenticated
from adapters.http.requests.authorization import read_token
from adapters.memory.api_keys import MemoryApiKeys
from adapters.memory.audit import MemoryAudit
from adapters.system import utc_now, uuid7
from application.access.authorise import Authorizer
from application.ports.errors import Unavailable
from domain.access import Scope, Token, new_key, new_token, revoke, token
from tests.adapters.http.api import JSON_TYPE, Api, slug

WRONG = Unauthenticated(given=True)
tokens = st.binary(min_size=32, max_size=32).map(new_token)


@given(tokens, st.sampled_from(["Bearer", "bearer", "BEARER", "bEaReR"]), st.sampled_from([" ", "   "]))
def test_a_token_is_read_with_any_case_of_its_scheme(sent: Token, scheme: str, space: str) -> None:
    assert read_token([f"{scheme}{space}{sent.text}"]) == Success(sent)


def test_no_header_is_no_token() -> None:
    assert read_token([]) == Success(None)


@given(tokens, tokens)
def test_a_header_that_comes_twice_is_wrong_though_both_be_right(one: Token, other: Token) -> None:
    for lines in ([one, one], [one, other]):
        assert read_token([f"Bearer {each.text}" for each in lines]).failure() == WRONG
    assert read_token([f"Bearer {one.text}, Bearer {other.text}"]).failure() == WRONG


@given(tokens, st.text(max_size=60), st.sampled_from(["{text}", "Bearer {text}", "Basic {token}", "Bearer{token}"]))
def test_anything_else_is_wrong_and_reading_it_never_fails(sent: Token, text: str, form: str) -> None:
    line = form.format(text=text, token=sent.text)
    known = token(text.strip(" \t")) if form == "Bearer {text}" else None
    read = read_token([line])
    assert read == Success(known) if known is not None else read.failure() == WRONG


@given(tokens, st.integers(0, 57), st.characters())
def test_a_token_with_a_character_more_is_wrong(sent: Token, at: int, more: str) -> None:
    line = f"Bearer {sent.text}"
    spoilt = line[:at] + more + line[at:]
    read = read_token([spoilt])
    alike = spoilt.strip(" \t") == line or (more == " " and at in (6, 7))
    assert read == Success(sent) if alike else read.failure() == WRONG


def told(answer: httpx.Response) -> tuple[object, ...]:
    """Return the whole answer, but for the id of the request."""
    others = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status_code, others, answer.content


def test_every_wrong_key_is_answered_alike_for_every_request(api: Api) -> None:
    _, right = api.key()
    now = utc_now()
    expired, revoked = new_token(b"e" * 32), new_token(b"r" * 32)
    past = new_key(uuid7(), "expired", [Scope.READ], now - timedelta(days=2), 1).unwrap()
    taken = revoke(new_key(uuid7(), "revoked", [Scope.READ], now, None).unwrap(), now)
    api.run(api.store.api_keys.add(past, expired.digest))
    api.run(api.store.api_keys.add(taken, revoked.digest))
    almost = right["Authorization"][:-2] + "__"
    wrong = [expired.text, revoked.text, new_token(bytes(32)).text, almost.removeprefix("Bearer "), "x", ""]
    answers = [api.get("/v1/scripts?nonsense=1", headers={"Authorization": f"Bearer {one}"}) for one in wrong]
    answers.append(api.get("/v1/scripts", headers={"Authorization": "Basic eDp5"}))
    answers.append(api.get("/v1/scripts", headers=[("Authorization", right["Authorization"])] * 2))
    assert len({repr(told(one)) for one in answers}) == 1
    assert slug(answers[0]) == (401, "unauthenticated")
    assert answers[0].headers["www-authenticate"] == 'Bearer realm="bateia", error="invalid_token"'


def test_a_request_without_a_key_gets_a_challenge_without_an_error(api: Api) -> None:
    api.key()
    answer = api.get("/v1/scripts")
    assert slug(answer) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"] == 'Bearer realm="bateia"'


def test_a_missing_scope_is_named(api: Api) -> None:
    _, reader = api.key(Scope.READ)
    answer = api.post("/v1/scripts", json={}, headers=reader)
    assert slug(answer) == (403, "forbidden")
    assert answer.json()["detail"] == "The API key lacks the scope scripts:write."
    challenge = 'Bearer realm="bateia", error="insufficient_scope", scope="scripts:write"'
    assert answer.headers["www-authenticate"] == challenge


def test_a_wrong_key_is_refused_where_none_would_be_needed(api: Api) -> None:
    """The client believes itself identified, so its actions must not count as anonymous."""
    assert api.get("/v1/scripts").status_code == 200
    assert slug(api.get("/v1/scripts", headers={"Authorization": "Bearer x"})) == (401, "unauthenticated")


@pytest.mark.parametrize(
    "path", ["/v1/limits", "/favicon.ico", "/health/live", "/health/ready", "/openapi.json", "/problems/forbidden"]
)
def test_public_operations_check_no_key(path: str) -> None:
    api = Api()
    closed = Api(access=Authorizer(api.store.api_keys, utc_now, lambda: 0.0, allow_anonymous=False))
    for headers in ({}, {"Authorization": "Bearer x"}):
        assert closed.get(path, headers=headers).status_code == 200
    assert slug(closed.get("/v1/scripts")) == (401, "unauthenticated")


def test_readiness_shows_whether_a_key_is_needed() -> None:
    api = Api()
    assert api.get("/health/ready").json()["needs_key"] is False
    closed = Api(access=Authorizer(api.store.api_keys, utc_now, lambda: 0.0, allow_anonymous=False))
    assert closed.get("/health/ready").json()["needs_key"] is True


def test_readiness_is_reported_during_an_outage_of_the_key_store() -> None:
    class Gone(MemoryApiKeys):
        async def any_unrevoked(self) -> bool:
            raise Unavailable("gone")

    gone = Gone(MemoryAudit(utc_now))
    api = Api(access=Authorizer(gone, utc_now, lambda: 0.0, allow_anonymous=True))
    answer = api.get("/health/ready")
    assert (answer.status_code, answer.json()["needs_key"]) == (200, None)
    assert slug(api.get("/v1/scripts")) == (503, "unavailable")


def test_two_callers_never_meet_under_one_idempotency_key(api: Api) -> None:
    _, one = api.key()
    _, other = api.key()
    api.post("/v1/scripts?name=a", content=b"function process(d) { return d; }", headers=FILE | one)
    path, keyed = "/v1/scripts/a/executions", JSON_TYPE | {"Idempotency-Key": "k"}
    first, second = (api.post(path, content=b"[1]", headers=keyed | who) for who in (one, other))
    assert first.json()["id"] != second.json()["id"]
    assert slug(api.post(path, content=b"[2]", headers=keyed | one)) == (422, "idempotency-key-reused")
    again = api.post(path, content=b"[1]", headers=keyed | other)
    assert (again.json()["id"], again.headers["idempotent-replayed"]) == (second.json()["id"], "true")


FILE = {"Content-Type": "text/javascript"}
