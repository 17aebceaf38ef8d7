"""API keys: their facts, scopes and lifetime."""

from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Success

from domain.access import (
    ANY_SCOPE,
    MANAGES_KEYS,
    MAX_DAYS,
    ROLES,
    ApiKey,
    FirstKeyCannotManage,
    InsufficientScope,
    KeyExpired,
    KeyRevoked,
    Role,
    Scope,
    ScopesNotHeld,
    Token,
    check_access,
    check_grant,
    expiring,
    holds,
    needs_successor,
    new_key,
    new_token,
    revoke,
    role_of,
    token,
)
from tests.support.values import NOON, an_id, times

secrets = st.binary(min_size=32, max_size=32)
scopes = st.frozensets(st.sampled_from(Scope))
keys = st.builds(
    ApiKey,
    id=st.uuids(),
    name=st.just("a key"),
    scopes=scopes,
    created_at=times,
    expires_at=st.none() | times,
    revoked_at=st.none() | times,
)


@given(st.lists(secrets, unique=True, max_size=5))
def test_a_token_is_recognised_by_its_form_and_differs_for_every_secret(some: list[bytes]) -> None:
    tokens = [new_token(secret) for secret in some]
    assert [token(one.text) for one in tokens] == tokens
    assert len({one.text for one in tokens}) == len({one.digest for one in tokens}) == len(some)
    assert [one.digest for one in tokens] == [sha256(one.text.encode()).hexdigest() for one in tokens]


def test_a_secret_has_256_bits() -> None:
    with pytest.raises(AssertionError, match=r"^256 bits$"):
        new_token(b"x" * 31)


@given(secrets, st.integers(0, 49), st.characters())
def test_text_of_another_form_is_no_token(secret: bytes, at: int, other: str) -> None:
    text = new_token(secret).text
    assert token(text[:at]) is token(text + other) is token(other + text) is None
    changed = text[:at] + other + text[at + 1 :]
    found = token(changed)
    assert found is None or found.digest != new_token(secret).digest or changed == text


def test_a_token_does_not_show_itself() -> None:
    secret = new_token(bytes(32))
    assert secret.text not in f"{secret} {secret!r} {[secret]}"


@given(keys, st.sampled_from(Scope), times)
def test_a_key_allows_its_scopes_until_it_expires_or_is_revoked(key: ApiKey, scope: Scope, now: datetime) -> None:
    allowed = check_access(key, scope, now)
    if key.revoked_at is not None:
        assert allowed.failure() == KeyRevoked(key)
    elif key.expires_at is not None and now >= key.expires_at:
        assert allowed.failure() == KeyExpired(key)
    elif scope in key.scopes:
        assert allowed == Success(key)
    else:
        assert allowed.failure() == InsufficientScope(key, scope)


@given(keys, times)
def test_a_key_holds_while_it_is_neither_expired_nor_revoked(key: ApiKey, now: datetime) -> None:
    assert holds(key, now) is check_access(evolve(key, scopes=frozenset(Scope)), Scope.READ, now).map(
        lambda _: True
    ).value_or(False)


@given(keys, times)
def test_an_operation_for_any_scope_asks_only_that_the_key_holds(key: ApiKey, now: datetime) -> None:
    assert (check_access(key, ANY_SCOPE, now) == Success(key)) == holds(key, now)


@given(keys, times)
def test_a_key_needs_a_successor_while_it_can_manage_keys(key: ApiKey, now: datetime) -> None:
    assert needs_successor(key, now) == (check_access(key, MANAGES_KEYS, now) == Success(key))


@given(scopes, scopes, st.booleans())
def test_a_key_gets_no_scope_that_its_creator_lacks_and_the_first_one_can_manage_keys(
    granted: frozenset[Scope], held: frozenset[Scope], is_first: bool
) -> None:
    key = ApiKey(id=an_id(), name="a key", scopes=granted, created_at=NOON)
    checked = check_grant(key, held, is_first)
    if excess := granted - held:
        assert checked == Failure(ScopesNotHeld(excess))
    elif is_first and MANAGES_KEYS not in granted:
        assert checked == Failure(FirstKeyCannotManage())
    else:
        assert checked == Success(key)


@given(scopes)
def test_a_role_is_named_only_for_exactly_its_scopes(some: frozenset[Scope]) -> None:
    role = role_of(some)
    assert ROLES[role] == some if role else some not in ROLES.values()


def test_each_role_has_the_scopes_of_the_one_before_it() -> None:
    reader, runner, author, admin = (ROLES[role] for role in Role)
    assert {Scope.READ} == reader < runner < author < admin == set(Scope)
    assert {Scope.EXECUTIONS_WRITE, Scope.SCRIPTS_WRITE} <= author


@given(st.sampled_from(Scope), st.sampled_from(Scope))
def test_no_scope_includes_another(held: Scope, asked: Scope) -> None:
    key = new_key(an_id(), "a key", [held], NOON, None).unwrap()
    assert (check_access(key, asked, NOON) == Success(key)) == (held is asked)


@given(keys, times, times)
def test_a_key_is_revoked_once_for_good_and_not_before_it_was_made(key: ApiKey, one: datetime, other: datetime) -> None:
    revoked = revoke(key, one)
    assert revoked.revoked_at is not None
    assert revoke(revoked, other) == revoked
    if key.revoked_at is None:
        assert revoked == evolve(key, revoked_at=max(one, key.created_at))


@pytest.mark.parametrize("days", [1, 90, MAX_DAYS])
def test_a_key_lasts_the_requested_number_of_days(days: int) -> None:
    key = new_key(an_id(), "a key", [Scope.READ, Scope.READ], NOON, days).unwrap()
    assert (key.expires_at, key.scopes) == (NOON + timedelta(days=days), frozenset([Scope.READ]))
    assert new_key(key.id, "a key", [Scope.READ], NOON, None).unwrap() == evolve(key, expires_at=None)


NEEDS_SCOPE = "a key needs a scope"
NEEDS_NAME = "a name must have 1 to 100 characters and no control characters"
NEEDS_DAYS = "a key must be valid for 1 to 3650 days"


@pytest.mark.parametrize(
    ("name", "granted", "days", "reason"),
    [
        ("a key", [], None, NEEDS_SCOPE),
        ("", [Scope.READ], None, NEEDS_NAME),
        ("k" * 101, [Scope.READ], None, NEEDS_NAME),
        ("a\nkey", [Scope.READ], None, NEEDS_NAME),
        ("a\x9bkey", [Scope.READ], None, NEEDS_NAME),
        ("a\ud800key", [Scope.READ], None, NEEDS_NAME),
        ("a key", [Scope.READ], 0, NEEDS_DAYS),
        ("a key", [Scope.READ], -1, NEEDS_DAYS),
        ("a key", [Scope.READ], MAX_DAYS + 1, NEEDS_DAYS),
    ],
)
def test_an_invalid_key_is_refused_with_the_reason(
    name: str, granted: list[Scope], days: int | None, reason: str
) -> None:
    assert new_key(an_id(), name, granted, NOON, days).failure().reason == reason


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), min_size=1, max_size=100), scopes)
def test_a_new_key_has_what_was_asked_for(name: str, granted: frozenset[Scope]) -> None:
    key_id = an_id()
    expected = ApiKey(id=key_id, name=name, scopes=granted | {Scope.READ}, created_at=NOON)
    assert new_key(key_id, name, [*granted, Scope.READ], NOON, None) == Success(expected)


def test_the_facts_of_a_key_hold_nothing_of_its_token() -> None:
    assert Token("x").digest not in repr(new_key(an_id(), "a key", [Scope.READ], NOON, None))


@given(st.lists(keys, max_size=6), times, st.timedeltas(timedelta(0), timedelta(days=40)))
def test_expiring_keys_are_the_valid_ones_whose_end_is_near(
    some: list[ApiKey], now: datetime, within: timedelta
) -> None:
    found = expiring(some, now, within)
    ends = [one.expires_at for one in found if one.expires_at is not None]
    assert len(ends) == len(found)
    assert ends == sorted(ends)
    near = [one for one in some if one.expires_at is not None and now < one.expires_at <= now + within]
    assert sorted(one.id for one in found) == sorted(one.id for one in near if one.revoked_at is None)
