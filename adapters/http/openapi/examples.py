"""The examples of the OpenAPI document, which form one story: a script is hosted and run over card statistics.

Tests send the example requests, compare the responses of the service with the example responses, and validate both.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from attrs import fields

from adapters.http.openapi.batch_examples import batch_values
from adapters.http.openapi.example_files import file_values
from adapters.http.openapi.job_examples import job_values
from adapters.http.openapi.replay_examples import replay_values
from adapters.http.openapi.story import answer_values
from adapters.http.openapi.webhook_examples import webhook_values
from adapters.http.operations import CSV, DIFF, JAVASCRIPT, JAVASCRIPT_OLD, JSON, NDJSON, OCTETS, MediaType, Resource
from adapters.http.wire.schemas import (
    aliases,
    api_keys,
    audit,
    batches,
    checks,
    comparisons,
    datasets,
    executions,
    gates,
    health,
    jobs,
    previews,
    receipts,
    reproductions,
    script_tests,
    scripts,
    stores,
    version_list,
    version_replays,
    webhook_deliveries,
    webhooks,
)
from adapters.http.wire.schemas.metadata import EXAMPLE

_BY_ANSWER: Final[Mapping[tuple[str, int, str], tuple[str, ...]]] = {
    ("submitToLatest", 202, JSON): ("pending",),
    ("submitToVersion", 202, JSON): ("pending",),
    ("describeScript", 200, JSON): ("described-script",),
    ("setRetention", 200, JSON): ("retained-script",),
    ("cancelExecution", 200, JSON): ("cancelled",),
    ("reproduceExecution", 202, JSON): ("pending-reproduction",),
    ("reproduceExecution", 200, JSON): ("reproduced",),
    ("startReplay", 202, JSON): ("pending-replay",),
    ("acceptReplay", 200, JSON): ("accepted-replay",),
    ("listReplayDifferences", 200, NDJSON): ("replay-differences",),
    ("submitBatchToLatest", 202, JSON): ("pending-batch",),
    ("submitBatchToVersion", 202, JSON): ("pending-batch",),
    ("cancelBatch", 200, JSON): ("cancelled-batch",),
    ("submitJobToLatest", 202, JSON): ("pending-job",),
    ("submitJobToVersion", 202, JSON): ("pending-job",),
    ("cancelJob", 200, JSON): ("cancelled-job",),
    ("retryJob", 202, JSON): ("retried-job",),
    ("listDeeds", 200, CSV): ("audit-records",),
    ("listBatchResults", 200, NDJSON): ("batch-results",),
    ("changeWebhook", 200, JSON): ("changed-webhook",),
    ("rotateSecret", 200, JSON): ("rotated-webhook",),
    ("testWebhook", 202, JSON): ("test-delivery",),
    ("redeliver", 202, JSON): ("redelivery",),
    ("getReadiness", 503, JSON): ("not-ready",),
    ("getResult", 200, JSON): ("result",),
    ("getResult", 200, NDJSON): ("result-lines",),
    ("getInput", 200, JSON): ("dataset",),
    ("getReceipt", 200, receipts.DSSE): ("receipt",),
    ("getJobReceipt", 200, receipts.DSSE): ("job-receipt",),
}
_BY_REQUEST: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("submitBatchToLatest", NDJSON): ("batch-lines",),
    ("submitBatchToVersion", NDJSON): ("batch-lines",),
}
_BY_SHAPE: Final[Mapping[Any, tuple[str, ...]]] = {
    scripts.NewScript: ("new-script",),
    scripts.NewVersion: ("new-version",),
    scripts.NewRetention: ("new-retention",),
    aliases.NewPromotion: ("new-promotion",),
    aliases.NewRollback: ("new-rollback",),
    aliases.Alias: ("alias",),
    aliases.AliasList: ("aliases",),
    aliases.MoveList: ("moves",),
    gates.NewGate: ("new-gate",),
    gates.Gate: ("gate",),
    gates.GateReport: ("gate-report",),
    scripts.NewRestoration: ("new-restoration",),
    scripts.ScriptChanges: ("new-description",),
    scripts.Script: ("script",),
    scripts.ScriptList: ("scripts",),
    scripts.Version: ("version",),
    version_list.VersionList: ("versions",),
    script_tests.NewTest: ("new-test",),
    script_tests.ScriptTest: ("test",),
    script_tests.ScriptTestList: ("tests",),
    checks.CheckReport: ("checks",),
    checks.TestStandings: ("latest-checks",),
    checks.CheckedVersion: ("checked-version",),
    datasets.DatasetReference: ("dataset-reference",),
    previews.NewPreview: ("new-preview",),
    previews.Preview: ("preview",),
    executions.Execution: ("succeeded", "failed"),
    executions.ExecutionList: ("executions",),
    batches.Batch: ("batch",),
    batches.BatchList: ("batches",),
    jobs.NewJob: ("new-job",),
    jobs.Job: ("job",),
    jobs.JobList: ("jobs",),
    jobs.JobPartitionList: ("job-partitions",),
    reproductions.Reproduction: ("reproduced", "different"),
    comparisons.Comparison: ("compared-rows", "compared-values"),
    version_replays.NewReplay: ("new-replay",),
    version_replays.NewAcceptance: ("new-acceptance",),
    version_replays.VersionReplay: ("replay",),
    version_replays.VersionReplayList: ("replays",),
    version_replays.ReplayedExecutionList: ("replayed-executions",),
    stores.NewUpload: ("new-upload",),
    webhooks.NewWebhook: ("new-webhook",),
    webhooks.WebhookChanges: ("webhook-changes",),
    webhooks.NewRotation: ("new-rotation",),
    webhooks.WebhookWithSecret: ("created-webhook",),
    webhooks.Webhook: ("webhook",),
    webhooks.WebhookList: ("webhooks",),
    webhook_deliveries.Delivery: ("delivery",),
    webhook_deliveries.DeliveryList: ("deliveries",),
    api_keys.NewApiKey: ("new-api-key",),
    audit.AuditList: ("audit",),
    receipts.ReceiptKeys: ("receipt-keys",),
    health.Readiness: ("ready",),
}
_BY_MEDIA_TYPE: Final[Mapping[str, tuple[str, ...]]] = {
    JAVASCRIPT: ("source",),
    JAVASCRIPT_OLD: ("source",),
    NDJSON: ("dataset-lines",),
    OCTETS: ("dataset-lines",),
    DIFF: ("diff",),
}


def examples(resources: Iterable[Resource]) -> dict[str, Any]:
    """Map the names of the examples to their values."""
    operations = (operation for resource in resources for operation in resource.operations.values())
    contents = (answer.content for operation in operations for answer in operation.answers)
    shapes = [content.shape for content in contents if content is not None]
    described = {one.__name__: _described(one) for one in shapes if isinstance(one, type) and one not in _BY_SHAPE}
    told = file_values() | answer_values() | replay_values() | batch_values() | job_values() | webhook_values()
    return dict(sorted((told | described).items()))


def _described(shape: type[Any]) -> dict[str, Any]:
    """Build the example of an answer that is in no story, from the examples of its members."""
    return {one.name: one.metadata[EXAMPLE] for one in fields(shape)}


def request_examples(operation: str, content: MediaType) -> dict[str, Any]:
    """Refer to the examples of a request's body."""
    names = _BY_REQUEST.get((operation, content.media_type)) or _general(content)
    return _references(("dataset",) if not names and content.media_type == JSON else names)


def answer_examples(operation: str, status: int, content: MediaType) -> dict[str, Any]:
    """Refer to the examples of an answer."""
    return _references(_BY_ANSWER.get((operation, status, content.media_type)) or _general(content))


def _general(content: MediaType) -> tuple[str, ...]:
    if isinstance(content.shape, type):
        return _BY_SHAPE.get(content.shape, (content.shape.__name__,))
    return _BY_MEDIA_TYPE.get(content.media_type, ())


def _references(names: tuple[str, ...]) -> dict[str, Any]:
    return {"examples": {name: {"$ref": f"#/components/examples/{name}"} for name in names}} if names else {}
