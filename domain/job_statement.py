"""The statement of a job's receipt, as a verifier reads it. Unknown members are ignored as in `statement`."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from attrs import frozen

from domain.json_members import Members

_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@frozen(kw_only=True)
class JobStatement:
    """The members of a statement about a job that are checked or shown."""

    job: UUID
    installation: UUID
    script: str
    version: int
    input: str
    output: str
    manifest_sha256: str
    source_sha256: str
    partitions_root: str
    partitions: int
    engine: str
    clock: datetime
    seed: str
    merge: str
    started_on: datetime
    finished_on: datetime


@frozen
class Identity:
    """The members that statements of both kinds share: who ran it, what it is called, and the subject's digest."""

    id: UUID
    installation: UUID
    subject_sha256: str


def read_job_statement(build: Members, metadata: Members, identity: Identity, merkle: str) -> JobStatement:
    """Read the members that the build type of jobs defines. Raises `WrongMember`."""
    external, internal = build.object("externalParameters"), build.object("internalParameters")
    external.only("script", "version", "input", "output")
    dependencies = _dependencies(build)
    partitions = dependencies["partitions"]
    return JobStatement(
        job=identity.id,
        installation=identity.installation,
        script=external.text("script"),
        version=external.number("version"),
        input=external.text("input"),
        output=external.text("output"),
        manifest_sha256=identity.subject_sha256,
        source_sha256=dependencies["source"].object("digest").matching("sha256", _SHA256),
        partitions_root=partitions.object("digest").matching(merkle, _SHA256),
        partitions=partitions.object("annotations").number("count"),
        engine=internal.text("engine"),
        clock=internal.time("clock"),
        seed=internal.text("seed"),
        merge=internal.text("merge"),
        started_on=metadata.time("startedOn"),
        finished_on=metadata.time("finishedOn"),
    )


def _dependencies(build: Members) -> Mapping[str, Members]:
    resources = build.objects("resolvedDependencies")
    names = [one.text("name") for one in resources]
    if not all(names.count(name) == 1 for name in ("source", "partitions")):
        raise build.wrong("resolvedDependencies")
    return dict(zip(names, resources, strict=True))
