"""The submission of a job: its request identified by a digest, from which clock and seed derive."""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from attrs import AttrsInstance, fields, has

from domain.aliases import VersionRef
from domain.body import Digest, digest
from domain.circumstances import Circumstances, RequestedCircumstances, completed
from domain.idempotency import IdempotencyKey, RequestFingerprint, request_fingerprint
from domain.job_requests import JobRequest


def request_digest(request: JobRequest) -> Digest:
    """Identify a request. Members with their defaults do not count, so that one that a later release adds does not
    change the digest of earlier requests."""
    return digest(json.dumps(_document(request), sort_keys=True, separators=(",", ":")).encode())


def job_fingerprint(
    key: IdempotencyKey,
    script_id: UUID,
    version: VersionRef | None,
    request: JobRequest,
    requested: RequestedCircumstances | None = None,
) -> RequestFingerprint:
    """Fingerprint the submission of a job on a script's version. No execution and no batch has the same."""
    one = request_fingerprint(key, script_id, version, request_digest(request), requested)
    return RequestFingerprint(key, digest(f"job {one.sha256}".encode()).sha256)


def job_circumstances(
    request: JobRequest, requested: RequestedCircumstances | None, submitted_at: datetime
) -> Circumstances:
    """Derive the clock and the seed of a job's runs, or the part of them that its submission does not set."""
    return completed(requested, request_digest(request), submitted_at)


def _document(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value.normalize())
    if isinstance(value, Mapping):
        return {name: _document(one) for name, one in value.items()}
    return _members(value) if has(type(value)) else value


def _members(value: AttrsInstance) -> Mapping[str, Any]:
    named = ((one, getattr(value, one.name)) for one in fields(type(value)))
    return {one.name: _document(member) for one, member in named if member != one.default}
