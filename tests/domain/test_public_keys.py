"""Documents of public keys: read as the API returns them, or refused by the number of the key at fault."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from returns.result import Failure, Success

from domain.public_keys import MAX_KEYS, MAX_KEYS_BYTES, KeysFault, NotKeys, TrustedKey, parse_public_keys
from domain.strict_json import JsonFault, Unreadable

GOOD: dict[str, Any] = {"keyid": "a", "public_key": "PEM", "created_at": "2026-01-01T00:00:00Z", "retired_at": None}


def is_key(pem: str) -> bool:
    return pem == "PEM"


def parsed(*entries: Any) -> Any:
    return parse_public_keys(json.dumps({"keys": entries, "x": 1}).encode(), is_key)


def test_keys_are_read_in_order_and_may_share_an_id() -> None:
    retired = {**GOOD, "retired_at": "2026-02-01T00:00:00-03:00", "x": 1}
    first, second = parsed(GOOD, retired).unwrap()
    created_at = datetime(2026, 1, 1, tzinfo=UTC)
    assert first == TrustedKey(keyid="a", pem="PEM", created_at=created_at, retired_at=None)
    assert second.retired_at == datetime(2026, 2, 1, 3, tzinfo=UTC)


def test_times_may_be_missing_and_so_may_keys() -> None:
    bare = {name: GOOD[name] for name in ("keyid", "public_key")}
    assert parsed(bare) == Success((TrustedKey(keyid="a", pem="PEM", created_at=None, retired_at=None),))
    assert parsed() == Success(())


@pytest.mark.parametrize(
    ("wrong", "fault", "member"),
    [
        ("a", KeysFault.NOT_AN_ENTRY, ""),
        ({**GOOD, "public_key": "other"}, KeysFault.NOT_A_KEY, ""),
        ({**GOOD, "public_key": 1}, KeysFault.WRONG_MEMBER, "public_key"),
        ({**GOOD, "keyid": None}, KeysFault.WRONG_MEMBER, "keyid"),
        ({**GOOD, "keyid": ""}, KeysFault.WRONG_MEMBER, "keyid"),
        ({**GOOD, "created_at": "2026-01-01T00:00:00"}, KeysFault.WRONG_MEMBER, "created_at"),
        ({**GOOD, "retired_at": 1}, KeysFault.WRONG_MEMBER, "retired_at"),
    ],
)
def test_a_wrong_key_is_named_by_its_number(wrong: Any, fault: KeysFault, member: str) -> None:
    assert parsed(GOOD, wrong) == Failure(NotKeys(fault, 2, member))


def test_other_documents_are_refused() -> None:
    assert parse_public_keys(b'{"keys":{}}', is_key) == Failure(NotKeys(KeysFault.NO_LIST))
    assert parse_public_keys(b"[]", is_key) == Failure(Unreadable(JsonFault.NOT_AN_OBJECT))
    assert parsed(*[GOOD] * MAX_KEYS, GOOD) == Failure(NotKeys(KeysFault.TOO_MANY))
    assert len(parsed(*[GOOD] * MAX_KEYS).unwrap()) == MAX_KEYS


def test_a_document_may_have_its_greatest_length_and_no_more() -> None:
    text = b'{"keys":[]}'.ljust(MAX_KEYS_BYTES)
    assert parse_public_keys(text, is_key) == Success(())
    assert parse_public_keys(text + b" ", is_key) == Failure(NotKeys(KeysFault.TOO_LONG))
