"""Every resource of the service: those of its API, and the files of its pages."""

from typing import Final

from adapters.http.operations import Resource
from adapters.http.resources import (
    aliases,
    audit,
    batch_results,
    batch_submissions,
    batches,
    checks,
    comparisons,
    console,
    contents,
    executions,
    gates,
    health,
    job_submissions,
    jobs,
    limits,
    pages,
    previews,
    problem_pages,
    receipts,
    replay_differences,
    reproductions,
    retention,
    script_tests,
    scripts,
    static_files,
    status,
    store_objects,
    stores,
    submissions,
    uploads,
    version_history,
    version_replays,
    versions,
    webhook_deliveries,
    webhooks,
)

RESOURCES: Final[tuple[Resource, ...]] = (
    *scripts.RESOURCES,
    *retention.RESOURCES,
    *versions.RESOURCES,
    *script_tests.RESOURCES,
    *checks.RESOURCES,
    *previews.RESOURCES,
    *version_replays.RESOURCES,
    *replay_differences.RESOURCES,
    *aliases.RESOURCES,
    *gates.RESOURCES,
    *version_history.RESOURCES,
    *submissions.RESOURCES,
    *executions.RESOURCES,
    *contents.RESOURCES,
    *receipts.RESOURCES,
    *reproductions.RESOURCES,
    *comparisons.RESOURCES,
    *batch_submissions.RESOURCES,
    *batches.RESOURCES,
    *batch_results.RESOURCES,
    *job_submissions.RESOURCES,
    *jobs.RESOURCES,
    *stores.RESOURCES,
    *store_objects.RESOURCES,
    *uploads.RESOURCES,
    *webhooks.RESOURCES,
    *webhook_deliveries.RESOURCES,
    *audit.RESOURCES,
    *limits.RESOURCES,
    *status.RESOURCES,
    *health.RESOURCES,
    *console.RESOURCES,
    *pages.RESOURCES,
    *problem_pages.RESOURCES,
)

FILES: Final = static_files.RESOURCES
"""Parts of pages, which the OpenAPI document does not list."""

_FREQUENT: Final = (*submissions.RESOURCES, *executions.RESOURCES)
MATCHED: Final = (*_FREQUENT, *(one for one in RESOURCES if one not in _FREQUENT), *FILES)
"""All of them in the order in which a request's path is compared with theirs: first those with the most requests."""
