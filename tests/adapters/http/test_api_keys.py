"""API keys over HTTP: the access of a request, and keys that are created, listed and revoked."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.http.responses.api_keys import created_api_key
from adapters.system import utc_now, uuid7
from application.access.use_cases import CreatedKey
from application.ports.access import AuditFilter
from domain.access import ROLES, SECRET_BYTES, Role, Scope, new_key, new_token, role_of
from domain.audit import Action
from tests.adapters.http.api import Api, slug

KEYS: Final = "/v1/keys"
TOKEN: Final = new_token(bytes(SECRET_BYTES))


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def path(key: Any) -> str:
    return f"{KEYS}/{key['id'] if isinstance(key, dict) else key}"


def create(api: Api, headers: dict[str, str] | None = None, **new: Any) -> Any:
    answer = api.post(KEYS, json={"name": "a new key", "role": "admin", **new}, headers=headers or {})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_an_anonymous_request_has_all_scopes_and_no_key(api: Api) -> None:
    answer = api.get("/v1/me")
    assert answer.json() == {"key": None, "anonymous": True, "scopes": sorted(Scope)}
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("scopes", [(Scope.READ,), (Scope.ADMIN,), tuple(ROLES[Role.RUNNER]), tuple(Scope)])
def test_a_key_sees_itself_whatever_its_scopes_are(api: Api, scopes: tuple[Scope, ...]) -> None:
    key_id, headers = api.key(*scopes)
    seen = api.get("/v1/me", headers=headers).json()
    assert (seen["anonymous"], seen["scopes"]) == (False, sorted(scopes))
    assert seen["key"] == {
        "id": str(key_id),
        "name": "a key",
        "scopes": sorted(scopes),
        "role": role_of(frozenset(scopes)),
        "created_at": seen["key"]["created_at"],
        "expires_at": None,
    }
    assert slug(api.get("/v1/me")) == (401, "unauthenticated")


def test_the_first_key_ends_anonymous_access_and_manages_keys(api: Api) -> None:
    refused = api.post(KEYS, json={"name": "a key", "role": "author"})
    assert slug(refused) == (422, "invalid-document")
    first = create(api)
    assert (first["ends_anonymous_access"], first["role"], first["expires_at"]) == (True, "admin", None)
    assert slug(api.post(KEYS, json={"name": "a key", "role": "admin"})) == (401, "unauthenticated")
    second = create(api, bearer(first["token"]), role="reader")
    assert (second["ends_anonymous_access"], second["scopes"]) == (False, ["read"])
    assert api.get("/v1/scripts", headers=bearer(second["token"])).status_code == 200


news: Final = st.fixed_dictionaries(
    {"name": st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=100)},
    optional={
        "role": st.none() | st.sampled_from([str(role) for role in Role]),
        "scopes": st.lists(st.sampled_from([str(scope) for scope in Scope]), unique=True),
        "expires_in_days": st.none() | st.integers(1, 3_650),
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(news)
def test_a_key_is_as_it_was_requested_and_its_text_is_shown_once(api: Api, new: dict[str, Any]) -> None:
    _, headers = api.key()
    scopes = frozenset(map(Scope, new.get("scopes", []))) | (
        ROLES[Role(new["role"])] if new.get("role") else frozenset()
    )
    answer = api.post(KEYS, json=new, headers=headers)
    if not scopes:
        assert [one["pointer"] for one in answer.json()["errors"]] == ["/scopes"]
        return
    created = answer.json()
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
    assert (created["name"], created["scopes"], created["role"]) == (new["name"], sorted(scopes), role_of(scopes))
    made, days = datetime.fromisoformat(created["created_at"]), new.get("expires_in_days")
    expires = None if created["expires_at"] is None else datetime.fromisoformat(created["expires_at"])
    assert expires == (None if days is None else made + timedelta(days=days))
    once = {name: created.pop(name) for name in ("token", "ends_anonymous_access")}
    assert api.get(answer.headers["location"], headers=headers).json() == created
    listed = api.get(f"{KEYS}?limit=1", headers=headers)
    assert listed.json()["items"] == [created]
    assert once["token"] not in listed.text
    assert api.get("/v1/me", headers=bearer(once["token"])).json()["key"]["id"] == created["id"]


@pytest.mark.parametrize(
    ("new", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": "x" * 101}, "/name"),
        ({"name": "a\u2028key"}, "/name"),
        ({"role": "owner"}, "/role"),
        ({"scopes": ["read", "read"]}, "/scopes"),
        ({"scopes": ["write"]}, "/scopes/0"),
        ({"expires_in_days": 0}, "/expires_in_days"),
        ({"expires_in_days": 3_651}, "/expires_in_days"),
        ({"secret": "x"}, "/secret"),
    ],
)
def test_a_fault_of_the_request_is_pointed_at(api: Api, new: dict[str, Any], pointer: str) -> None:
    answer = api.post(KEYS, json={"name": "a key", "role": "admin"} | new)
    assert slug(answer) == (422, "invalid-document")
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]


def test_a_key_creates_no_key_with_scopes_that_it_lacks(api: Api) -> None:
    _, headers = api.key(Scope.ADMIN, Scope.READ)
    refused = api.post(KEYS, json={"name": "a key", "role": "author"}, headers=headers)
    assert slug(refused) == (403, "forbidden")
    assert 'scope="executions:write scripts:write"' in refused.headers["www-authenticate"]
    assert create(api, headers, role=None, scopes=["admin"])["role"] is None


def test_the_pages_of_the_list_have_all_keys_newest_first(api: Api) -> None:
    first = create(api)
    headers = bearer(first["token"])
    ids = [first["id"], *(create(api, headers, role="reader")["id"] for _ in range(3))]
    assert api("DELETE", path(ids[2]), headers=headers).status_code == 204
    seen, cursor = [], None
    while True:
        page = api.get(KEYS, params={"limit": 3} | ({"cursor": cursor} if cursor else {}), headers=headers).json()
        seen += page["items"]
        if (cursor := page["next_cursor"]) is None:
            break
    assert [one["id"] for one in seen] == ids[::-1]
    assert [one["revoked_at"] is not None for one in seen] == [False, True, False, False]
    assert slug(api.get(f"{KEYS}?cursor=x", headers=headers)) == (400, "malformed-cursor")


def test_a_key_is_revoked_for_good_and_twice_is_once(api: Api) -> None:
    key_id, headers = api.key()
    other = create(api, headers)
    for _ in range(2):
        assert api("DELETE", path(other), headers=headers).status_code == 204
    assert api.get(path(other), headers=headers).json()["revoked_at"] is not None
    assert slug(api.get("/v1/me", headers=bearer(other["token"]))) == (401, "unauthenticated")
    events = [one.event for one in api.run(api.store.audit.page(AuditFilter(), None, 2))]
    assert [(one.action, one.actor.key_id, one.api_key_id) for one in events] == [
        (Action.REVOKED_KEY, key_id, UUID(other["id"])),
        (Action.CREATED_KEY, key_id, UUID(other["id"])),
    ]


def test_a_revoked_key_that_a_process_still_accepts_manages_no_keys(api: Api) -> None:
    first = create(api)
    second = create(api, bearer(first["token"]))
    stale = bearer(second["token"])
    assert api.get("/v1/me", headers=stale).status_code == 200  # and is cached
    assert api("DELETE", path(second), headers=bearer(first["token"])).status_code == 204
    assert api.get("/v1/me", headers=stale).status_code == 200
    assert slug(api.post(KEYS, json={"name": "a key", "role": "reader"}, headers=stale)) == (401, "unauthenticated")
    assert slug(api("DELETE", path(first), headers=stale)) == (401, "unauthenticated")


def test_the_last_key_that_manages_keys_stays(api: Api) -> None:
    first = create(api)
    headers = bearer(first["token"])
    create(api, headers, role="author")
    assert slug(api("DELETE", path(first), headers=headers)) == (409, "last-managing-api-key")
    create(api, headers)
    assert api("DELETE", path(first), headers=headers).status_code == 204


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_an_unknown_or_malformed_id_is_refused(api: Api, method: str) -> None:
    _, headers = api.key()
    assert slug(api(method, path(UUID(int=7)), headers=headers)) == (404, "unknown-api-key")
    refused = api(method, path(TOKEN.text), headers=headers)
    assert slug(refused) == (422, "malformed-id")


def test_the_last_use_is_shown(api: Api) -> None:
    key_id, headers = api.key()
    assert api.get(path(key_id), headers=headers).json()["last_used_at"] is None
    api.run(api.deps.access.flush_last_used())
    assert api.get(path(key_id), headers=headers).json()["last_used_at"] is not None


def test_the_representation_of_a_new_key_does_not_show_its_text_to_a_log() -> None:
    key = new_key(uuid7(), "a key", tuple(Scope), utc_now(), None).unwrap()
    created = CreatedKey(key, TOKEN, is_first=True)
    assert created_api_key(created).token == TOKEN.text
    assert TOKEN.text not in f"{created!r} {created_api_key(created)!r}"
