"""Versions of a list as the shapes of the wire."""

from attrs import fields

from adapters.http.wire.schemas.checks import CheckCounts
from adapters.http.wire.schemas.scripts import Version
from adapters.http.wire.schemas.version_list import ListedVersion, VersionUsage
from domain.version_usage import VersionUsage as Usage


def listed(version: Version, usage: Usage | None = None) -> ListedVersion:
    """Represent a version in a list, with its use if that was read."""
    members = {one.name: getattr(version, one.name) for one in fields(Version)}
    return ListedVersion(**members, usage=None if usage is None else _usage(usage))


def _usage(found: Usage) -> VersionUsage:
    return VersionUsage(
        executions=found.executions,
        failed=found.failed,
        cancelled=found.cancelled,
        complete=found.is_complete,
        tests=CheckCounts(passed=found.tests_passed, failed=found.tests_failed, not_run=found.tests_not_run),
    )
