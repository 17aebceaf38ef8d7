"""An operator is told why a database cannot be reached, and never what is in it, nor its password."""

import psycopg
import pytest

from entrypoints.reaching import refuse_unreachable, unreachable


@pytest.mark.parametrize(
    ("place", "why"), [("127.0.0.1:1", "Connection refused"), ("nowhere.invalid:1", "failed to resolve host")]
)
def test_why_it_cannot_be_reached_is_one_line_without_the_password(place: str, why: str) -> None:
    with pytest.raises(psycopg.OperationalError) as refused:
        refuse_unreachable(f"postgresql://user:canary@{place}/none")
    said = unreachable(refused.value)
    assert said.startswith("the database does not answer: ")
    assert why in said
    assert "\n" not in said
    assert "canary" not in said


def test_a_wrong_password_is_named_as_such(postgres_server: str) -> None:
    user, _, place = postgres_server.partition("@")
    with pytest.raises(psycopg.OperationalError) as refused:
        refuse_unreachable(f"{user.rpartition(':')[0]}:canary@{place}")
    said = unreachable(refused.value)
    assert "password authentication failed" in said
    assert "canary" not in said


def test_what_a_server_says_to_a_statement_is_not_repeated() -> None:
    assert unreachable(psycopg.errors.UniqueViolation("row canary")) == "the database failed (UniqueViolation)"
