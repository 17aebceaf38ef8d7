"""The statement of a receipt, as a verifier reads it: in-toto Statement v1 with SLSA Provenance v1.

Unknown members are ignored, as in-toto demands, except among the external parameters, where SLSA has verifiers refuse
them.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from attrs import frozen
from returns.result import Failure, Result, Success

from domain.job_statement import Identity, JobStatement, read_job_statement
from domain.json_members import Members, WrongMember
from domain.strict_json import read_object

PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE: Final = "https://slsa.dev/provenance/v1"
BUILD_TYPE: Final = "urn:uuid:6f1e9d0a-52c4-4b0e-9a3d-0c7f5d8b21e6"
"""The meaning of the parameters, version 1, described in docs/provenance.md. The project has no host of its own, so the
URI is a name that cannot collide, and no address."""
JOB_BUILD_TYPE: Final = "urn:uuid:b7f05c36-8f5e-4d2c-93b5-6c1f0a9d7e44"
"""The same for the parameters of jobs."""
MERKLE: Final = "rfc9162-sha256"
"""The name of the digest that is the root of a Merkle tree over SHA-256."""

_BUILDER: Final = "urn:uuid:"
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_OUTCOMES: Final = ("succeeded", "failed")


@frozen(kw_only=True)
class Statement:
    """The members of a statement that are checked or shown. `subject_sha256` is the result's digest, or the error's."""

    execution: UUID
    installation: UUID
    script: str
    version: int
    has_succeeded: bool
    subject_sha256: str
    source_sha256: str
    dataset_sha256: str
    engine: str
    clock: datetime
    seed: str
    started_on: datetime
    finished_on: datetime


class StatementFault(StrEnum):
    """Fault of a payload that should be a statement."""

    NOT_A_STATEMENT = "not-a-statement"
    OTHER_STATEMENT_TYPE = "other-statement-type"
    OTHER_PREDICATE_TYPE = "other-predicate-type"
    OTHER_BUILD_TYPE = "other-build-type"
    WRONG_MEMBER = "wrong-statement-member"


@frozen
class InvalidStatement:
    """The reason why a payload is no statement of ours; `detail` is a type, or the path of the member at fault."""

    fault: StatementFault
    detail: str = ""


def parse_statement(payload: bytes) -> Result[Statement | JobStatement, InvalidStatement]:
    """Parse the payload of a receipt. The caller bounds its length."""
    members = read_object(payload).alt(lambda _: InvalidStatement(StatementFault.NOT_A_STATEMENT))
    return members.bind(_parsed)


class _OtherType(Exception):
    """The arguments of `InvalidStatement`."""


def _parsed(members: Mapping[str, Any]) -> Result[Statement | JobStatement, InvalidStatement]:
    document = Members(members)
    try:
        _check_type(document, "_type", STATEMENT_TYPE, StatementFault.OTHER_STATEMENT_TYPE)
        _check_type(document, "predicateType", PREDICATE_TYPE, StatementFault.OTHER_PREDICATE_TYPE)
        build = document.object("predicate").object("buildDefinition")
        if build.text("buildType") == JOB_BUILD_TYPE:
            return Success(_job_statement(document, build))
        _check_type(build, "buildType", BUILD_TYPE, StatementFault.OTHER_BUILD_TYPE)
        return Success(_statement(document, build))
    except _OtherType as other:
        return Failure(InvalidStatement(*other.args))
    except WrongMember as wrong:
        return Failure(InvalidStatement(StatementFault.WRONG_MEMBER, wrong.path))


def _check_type(members: Members, name: str, expected: str, fault: StatementFault) -> None:
    if (actual := members.text(name)) != expected:
        raise _OtherType(fault, actual)


def _statement(document: Members, build: Members) -> Statement:
    run = document.object("predicate").object("runDetails")
    metadata = run.object("metadata")
    external, internal = build.object("externalParameters"), build.object("internalParameters")
    external.only("script", "version")
    execution, subject_sha256 = _subject(document, metadata)
    dependencies = _digests(build)
    return Statement(
        execution=execution,
        installation=_installation(run.object("builder")),
        script=external.text("script"),
        version=external.number("version"),
        has_succeeded=_has_succeeded(internal),
        subject_sha256=subject_sha256,
        source_sha256=dependencies["source"],
        dataset_sha256=dependencies["dataset"],
        engine=internal.text("engine"),
        clock=internal.time("clock"),
        seed=internal.text("seed"),
        started_on=metadata.time("startedOn"),
        finished_on=metadata.time("finishedOn"),
    )


def _job_statement(document: Members, build: Members) -> JobStatement:
    run = document.object("predicate").object("runDetails")
    metadata = run.object("metadata")
    job, manifest_sha256 = _subject(document, metadata)
    identity = Identity(job, _installation(run.object("builder")), manifest_sha256)
    return read_job_statement(build, metadata, identity, MERKLE)


def _subject(document: Members, metadata: Members) -> tuple[UUID, str]:
    """Return the id of the execution or the job, which both the subject and the invocation have, and the digest."""
    subjects = document.objects("subject")
    if len(subjects) != 1:
        raise document.wrong("subject")
    execution = metadata.matching("invocationId", _UUID)
    if subjects[0].text("name") != execution:
        raise subjects[0].wrong("name")
    return UUID(execution), _sha256(subjects[0])


def _installation(builder: Members) -> UUID:
    name = builder.text("id")
    if not name.startswith(_BUILDER) or not _UUID.fullmatch(name, len(_BUILDER)):
        raise builder.wrong("id")
    return UUID(name.removeprefix(_BUILDER))


def _has_succeeded(internal: Members) -> bool:
    if (outcome := internal.text("outcome")) not in _OUTCOMES:
        raise internal.wrong("outcome")
    return outcome == _OUTCOMES[0]


def _digests(build: Members) -> Mapping[str, str]:
    """Return the digests of source and dataset, each of which occurs once."""
    resources = build.objects("resolvedDependencies")
    names = [one.text("name") for one in resources]
    if not all(names.count(name) == 1 for name in ("source", "dataset")):
        raise build.wrong("resolvedDependencies")
    return {name: _sha256(one) for name, one in zip(names, resources, strict=True)}


def _sha256(resource: Members) -> str:
    return resource.object("digest").matching("sha256", _SHA256)
