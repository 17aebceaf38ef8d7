"""Every operation with every kind of key. The table of `docs/access.md` is what this test finds.

With `WRITE_ACCESS_TABLE=1` in the environment it writes the table instead of comparing it.
"""

import os
import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from adapters.http.problems.rendering import PROBLEM_JSON
from adapters.http.routes import RESOURCES
from adapters.system import utc_now, uuid7
from domain.access import ROLES, AnyScope, Role, Scope, new_key, new_token, revoke
from tests.adapters.http.api import Api

SAMPLES = {
    "script": "nobody",
    "n": "1",
    "alias": "live",
    "test": "no-rows",
    "id": str(UUID(int=7)),
    "slug": "forbidden",
    "page": "start",
    "section": "executions",
    "reproduction": str(UUID(int=8)),
    "replay": str(UUID(int=9)),
    "batch": str(UUID(int=10)),
    "job": str(UUID(int=14)),
    "webhook": str(UUID(int=11)),
    "delivery": str(UUID(int=12)),
    "key": str(UUID(int=15)),
    "store": "files",
    "path": "in/rows.ndjson",
    "upload": str(UUID(int=13)),
}
BLOCK = re.compile(r"<!-- access -->\n(.*)<!-- /access -->", re.DOTALL)
NO_KEY, WRONG, EXPIRED, REVOKED = "no key", "wrong", "expired", "revoked"


@pytest.fixture
def bearers(api: Api) -> dict[str, dict[str, str]]:
    """Create a header for each kind of key, by its name in the table. The service has keys, so it is closed."""
    now, everything = utc_now(), tuple(Scope)
    past = new_key(uuid7(), EXPIRED, everything, now - timedelta(days=2), 1).unwrap()
    taken = revoke(new_key(uuid7(), REVOKED, everything, now, None).unwrap(), now)
    gone = {EXPIRED: (past, new_token(b"e" * 32)), REVOKED: (taken, new_token(b"r" * 32))}
    for key, token in gone.values():
        api.run(api.store.api_keys.add(key, token.digest))
    wrong = {NO_KEY: {}, WRONG: {"Authorization": f"Bearer {new_token(bytes(32)).text}"}}
    over = {name: {"Authorization": f"Bearer {token.text}"} for name, (_, token) in gone.items()}
    return wrong | over | {f"`{scope}`": api.key(scope)[1] for scope in Scope}


def outcome(answer: httpx.Response) -> str:
    """Tell whether the request was refused because of its key."""
    return str(answer.status_code) if answer.status_code in (401, 403) else "yes"


def row_of(scope: Scope | AnyScope | None) -> str:
    """Name the row of the table for operations with that scope."""
    return "none" if scope is None else "any" if isinstance(scope, AnyScope) else f"`{scope}`"


def test_every_operation_with_every_kind_of_key_is_as_the_documentation_says(
    api: Api, bearers: dict[str, dict[str, str]], repository: Path
) -> None:
    found: dict[str, list[str]] = {}
    for resource in RESOURCES:
        for method, operation in resource.operations.items():
            at, scope = resource.template.format(**SAMPLES), operation.scope
            outcomes = [outcome(api(method, at, headers=bearer)) for bearer in bearers.values()]
            assert outcomes == found.setdefault(row_of(scope), outcomes), (method, resource.path)
            right = [name for name, one in zip(bearers, outcomes, strict=True) if one == "yes"]
            valid = [f"`{one}`" for one in Scope]
            assert right == {"none": [*bearers], "any": valid}.get(row_of(scope), [row_of(scope)])
    rows = [[row, *found[row]] for row in (*(f"`{scope}`" for scope in Scope), "any", "none")]
    lines = [["scope of the operation", *bearers], ["---"] * (len(bearers) + 1), *rows]
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    page = repository / "docs" / "access.md"
    documented = BLOCK.search(page.read_text())
    assert documented is not None
    if os.environ.get("WRITE_ACCESS_TABLE"):
        page.write_text(page.read_text().replace(documented[0], f"<!-- access -->\n{table}<!-- /access -->"))
        return
    assert documented[1] == table


def test_the_roles_are_as_the_documentation_says(repository: Path) -> None:
    rows = [[f"`{role}`", *("yes" if one in ROLES[role] else "" for one in Scope)] for role in Role]
    head = [["role", *(f"`{one}`" for one in Scope)], ["---"] * (1 + len(Scope))]
    table = "".join(f"| {' | '.join(row)} |\n" for row in [*head, *rows])
    assert f"<!-- roles -->\n{table}<!-- /roles -->" in (repository / "docs" / "access.md").read_text()


def test_access_is_checked_before_query_and_body(api: Api, bearers: dict[str, dict[str, str]]) -> None:
    for bearer, status in ((bearers[NO_KEY], 401), (bearers["`read`"], 403)):
        answer = api.post("/v1/scripts?nonsense=1&nonsense=2", content=b"{", headers=bearer)
        assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM_JSON)


def test_without_any_key_all_of_it_is_open_where_it_may_be(api: Api) -> None:
    for resource in RESOURCES:
        for method in resource.operations:
            assert outcome(api(method, resource.template.format(**SAMPLES))) == "yes"


def test_unknown_methods_and_paths_are_reported_without_a_key(api: Api, bearers: dict[str, dict[str, str]]) -> None:
    assert api("OPTIONS", "/v1/scripts", headers=bearers[NO_KEY]).status_code == 204
    assert api("DELETE", "/v1/scripts", headers=bearers[NO_KEY]).status_code == 405
    assert api.get("/v1/nothing", headers=bearers[NO_KEY]).status_code == 404


def test_head_needs_the_scope_of_get(api: Api, bearers: dict[str, dict[str, str]]) -> None:
    statuses = [api("HEAD", "/v1/scripts", headers=bearers[name]).status_code for name in (NO_KEY, "`admin`", "`read`")]
    assert statuses == [401, 403, 200]
