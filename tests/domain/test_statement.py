"""Statements of other types, and members that are missing or wrong, are refused by name."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from returns.result import Failure

from domain.statement import InvalidStatement, Statement, StatementFault, parse_statement
from tests.support.signed_receipts import (
    DATASET,
    EXECUTION,
    INSTALLATION,
    RESULT,
    SOURCE,
    changed,
    payload_of,
    sha256,
    statement,
)

BUILD = ("predicate", "buildDefinition")
RUN = ("predicate", "runDetails")


def read(document: Mapping[str, Any]) -> Statement:
    stated = parse_statement(payload_of(document)).unwrap()
    assert isinstance(stated, Statement)
    return stated


def test_the_members_of_a_statement_are_read() -> None:
    stated = read(statement())
    assert (stated.execution, stated.installation) == (UUID(EXECUTION), UUID(INSTALLATION))
    assert (stated.script, stated.version, stated.has_succeeded) == ("cards", 3, True)
    digests = (stated.subject_sha256, stated.source_sha256, stated.dataset_sha256)
    assert digests == (sha256(RESULT), sha256(SOURCE), sha256(DATASET))
    assert stated.finished_on.isoformat() == "2026-11-27T18:00:01.250000+00:00"
    assert not read(statement(outcome="failed")).has_succeeded


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        (("_type",), StatementFault.OTHER_STATEMENT_TYPE),
        (("predicateType",), StatementFault.OTHER_PREDICATE_TYPE),
        ((*BUILD, "buildType"), StatementFault.OTHER_BUILD_TYPE),
    ],
)
def test_another_type_is_named(path: Any, fault: StatementFault) -> None:
    payload = payload_of(changed(statement(), path, "https://example.com/other/v1"))
    assert parse_statement(payload) == Failure(InvalidStatement(fault, "https://example.com/other/v1"))


def test_a_payload_that_is_no_object_is_no_statement() -> None:
    for payload in (b"", b"[]", b"\x08\x01", b'{"_type":1,"_type":2}'):
        assert parse_statement(payload) == Failure(InvalidStatement(StatementFault.NOT_A_STATEMENT))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("_type",), None),
        (("_type",), 1),
        (("predicateType",), None),
        (("predicate",), []),
        (("subject",), None),
        (("subject",), {}),
        (("subject",), []),
        (("subject",), ["x"]),
        (("subject",), statement()["subject"] * 2),
        (("subject", 0, "name"), INSTALLATION),
        (("subject", 0, "digest"), "x"),
        (("subject", 0, "digest", "sha256"), sha256(b"").upper()),
        (("subject", 0, "digest", "sha256"), sha256(b"") + "\n"),
        (("subject", 0, "digest", "sha256"), None),
        (BUILD, None),
        ((*BUILD, "buildType"), None),
        ((*BUILD, "externalParameters", "script"), 1),
        ((*BUILD, "externalParameters", "version"), True),
        ((*BUILD, "externalParameters", "version"), 1.0),
        ((*BUILD, "externalParameters", "more"), 1),
        ((*BUILD, "internalParameters", "outcome"), "cancelled"),
        ((*BUILD, "internalParameters", "engine"), None),
        ((*BUILD, "internalParameters", "clock"), "2026-11-27T18:00:00.000"),
        ((*BUILD, "internalParameters", "seed"), 1),
        ((*BUILD, "resolvedDependencies"), statement()["predicate"]["buildDefinition"]["resolvedDependencies"][:1]),
        ((*BUILD, "resolvedDependencies"), statement()["predicate"]["buildDefinition"]["resolvedDependencies"] * 2),
        ((*BUILD, "resolvedDependencies", 1, "digest", "sha256"), "00"),
        ((*RUN, "builder", "id"), INSTALLATION),
        ((*RUN, "builder", "id"), "urn:uuid:1"),
        ((*RUN, "builder", "id"), f"urn:uuid:{INSTALLATION} "),
        ((*RUN, "metadata", "invocationId"), EXECUTION.upper()),
        ((*RUN, "metadata", "startedOn"), None),
        ((*RUN, "metadata", "finishedOn"), "yesterday"),
    ],
)
def test_a_member_that_is_missing_or_wrong_is_named_by_its_path(path: Any, value: Any) -> None:
    wrong = parse_statement(payload_of(changed(statement(), path, value))).failure()
    assert wrong == InvalidStatement(StatementFault.WRONG_MEMBER, ".".join(map(str, path)))


def test_unknown_members_are_ignored_elsewhere() -> None:
    known = parse_statement(payload_of(statement()))
    for path in (("x",), (*BUILD, "internalParameters", "replay_of"), (*RUN, "byproducts"), ("subject", 0, "uri")):
        assert parse_statement(payload_of(changed(statement(), path, EXECUTION))) == known
