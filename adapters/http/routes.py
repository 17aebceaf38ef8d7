"""Every resource that the service has."""

from typing import Final

from adapters.http import audit, contents, executions, meta, scripts, submissions, versions
from adapters.http.operations import Resource

RESOURCES: Final[tuple[Resource, ...]] = (
    *scripts.RESOURCES,
    *versions.RESOURCES,
    *submissions.RESOURCES,
    *executions.RESOURCES,
    *contents.RESOURCES,
    *audit.RESOURCES,
    *meta.RESOURCES,
)
