"""Verification of receipts of jobs: the statement, the root over all partitions, the manifest and the objects in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bateia.errors import BateiaError
from bateia.texts import say
from bateia.verification import (
    CheckedPart,
    Verification,
    checked,
    compared_facts,
    installation_of,
    is_of_type,
    retirement,
)

JOB_BUILD_TYPE = "urn:uuid:b7f05c36-8f5e-4d2c-93b5-6c1f0a9d7e44"
_MERKLE = "rfc9162-sha256"


class NotAManifest(BateiaError, ValueError):
    """The text is no manifest of a job's output."""


@dataclass(frozen=True)
class OutputObject:
    """An object that a manifest lists, and the SHA-256 of what is there; None if nothing is."""

    name: str
    listed_sha256: str
    sha256: str | None


@dataclass(frozen=True)
class ExpectedJob:
    """Facts that the receipt of a job has to state: ids, the root of its partitions, and the SHA-256 of its manifest.

    What is None is not checked. `objects` are those of the manifest.
    """

    job: str | None = None
    installation: str | None = None
    partitions: str | None = None
    manifest: str | None = None
    source: str | None = None
    objects: Sequence[OutputObject] = ()


def verified_job(receipt: bytes, keys: bytes, expected: ExpectedJob) -> Verification:
    """Verify the receipt of a job with a document of trusted keys."""
    return checked(receipt, keys, lambda statement, key: _compared(statement, expected, key))


def is_about_a_job(verification: Verification) -> bool:
    """Tell whether a receipt, whose signature holds, is that of a job."""
    try:
        return is_of_type(verification.statement or {}, JOB_BUILD_TYPE)
    except (KeyError, TypeError):
        return False


def listed_objects(manifest: bytes) -> list[tuple[str, str]]:
    """Read the URLs of the objects of a manifest, each with its SHA-256. Raises `NotAManifest`."""
    try:
        document = json.loads(manifest)
        return [(_text(one["path"]), _text(one["sha256"])) for one in document["objects"]]
    except (KeyError, TypeError, ValueError, RecursionError):
        raise NotAManifest("this is no manifest of a job's output") from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _compared(statement: Mapping[str, Any], expected: ExpectedJob, key: Mapping[str, Any]) -> Iterator[CheckedPart]:
    definition, details = (statement["predicate"][name] for name in ("buildDefinition", "runDetails"))
    if not is_of_type(statement, JOB_BUILD_TYPE):
        yield CheckedPart("statement", False, say("is of another type than a receipt of a job"))
        return
    outer = definition["externalParameters"]
    made = f"version {outer['version']} of {outer['script']} made {outer['output']} from {outer['input']}"
    yield CheckedPart("statement", True, made)
    yield from retirement(details, key)
    (subject,) = statement["subject"]
    dependencies = {one["name"]: one for one in definition["resolvedDependencies"]}
    yield from compared_facts(
        job=(expected.job, subject["name"]),
        installation=(expected.installation, installation_of(details)),
        partitions=(expected.partitions, dependencies["partitions"]["digest"][_MERKLE]),
        manifest=(expected.manifest, subject["digest"]["sha256"]),
        source=(expected.source, dependencies["source"]["digest"]["sha256"]),
    )
    if expected.objects and expected.manifest == subject["digest"]["sha256"]:
        yield _output(expected.objects)


def _output(objects: Sequence[OutputObject]) -> CheckedPart:
    """Compare the objects of an output with its manifest, which is the one of the receipt."""
    for one in objects:
        if one.sha256 is None:
            return CheckedPart("output", False, say("{name} is in the manifest, but is not there", name=one.name))
        if one.sha256 != one.listed_sha256:
            return CheckedPart(
                "output",
                False,
                say(
                    "{name} has the SHA-256 {sha256}, not {listed_sha256}",
                    name=one.name,
                    sha256=one.sha256,
                    listed_sha256=one.listed_sha256,
                ),
            )
    return CheckedPart("output", True, say("{value} objects as the manifest lists them", value=len(objects)))
