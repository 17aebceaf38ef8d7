"""The ports of submissions, reproductions, previews and webhooks in an API process, which share most of them."""

from collections.abc import Callable
from functools import partial
from secrets import token_bytes
from time import monotonic

from adapters.javascript.engines import installed_release
from adapters.json.bodies import JsonBodies
from adapters.system import utc_now, uuid7
from application.access.use_cases import ApiKeyUseCases
from application.batches.submit_batch import BatchPorts
from application.executions.admission import Admission
from application.executions.reproduce import ReproductionPorts
from application.executions.submit import SubmitPorts
from application.jobs.ports import JobPorts
from application.ports.access import ApiKeys
from application.ports.comparison import CompareResults
from application.ports.direct_start import DirectStart
from application.ports.executions import CompletionSignals
from application.ports.sandbox import CheckScript, CheckTrial, RunTrial
from application.ports.signing import Signer
from application.ports.stores import ObjectStores
from application.previews.preview import PreviewPorts
from application.replays.start import VersionReplayPorts
from application.script_tests.use_cases import ScriptTestUseCases
from application.scripts.known import KnownScripts
from application.webhooks.subscribe import WebhookPorts
from application.webhooks.use_cases import WebhookUseCases
from domain import access
from domain.audit import AuditEvent
from domain.webhooks import SECRET_BYTES
from entrypoints.composition.stores import Stores
from entrypoints.configuration.settings import Settings


def submission_ports(settings: Settings, stores: Stores, start_directly: DirectStart) -> SubmitPorts:
    """Provide the ports of submissions."""
    return SubmitPorts(
        known_scripts=KnownScripts(stores.scripts),
        executions=stores.executions,
        idempotency_keys=stores.idempotency_keys,
        admission=Admission(stores.executions.waiting, settings.queue_depth, monotonic),
        bodies=JsonBodies(),
        clock=utc_now,
        new_id=uuid7,
        inline_result_bytes=settings.inline_result_bytes,
        start_directly=start_directly,
    )


def batch_ports(stores: Stores, submission: SubmitPorts, completions: CompletionSignals) -> BatchPorts:
    """Provide the ports of batches, which wait for the same queue as single submissions."""
    return BatchPorts(
        known_scripts=submission.known_scripts,
        batches=stores.batches,
        executions=stores.executions,
        idempotency_keys=stores.idempotency_keys,
        admission=submission.admission,
        bodies=submission.bodies,
        completions=completions,
        clock=submission.clock,
        new_id=submission.new_id,
    )


def job_ports(
    stores: Stores,
    objects: ObjectStores,
    submission: SubmitPorts,
    completions: CompletionSignals,
    signer: Signer | None,
) -> JobPorts:
    """Provide the ports of jobs."""
    return JobPorts(
        known_scripts=submission.known_scripts,
        jobs=stores.jobs,
        stores=objects,
        completions=completions,
        installation=stores.installation,
        signer=signer,
        clock=submission.clock,
        new_id=submission.new_id,
    )


def requested_reproduction_ports(
    settings: Settings, submission: SubmitPorts, completions: CompletionSignals
) -> ReproductionPorts:
    """Provide the ports of the reproductions that clients request, whose replays have a queue of their own."""
    return ReproductionPorts(
        known_scripts=submission.known_scripts,
        executions=submission.executions,
        completions=completions,
        replay_admission=Admission(submission.executions.replays_waiting, settings.queue_depth, monotonic),
        bodies=submission.bodies,
        clock=submission.clock,
        new_id=submission.new_id,
        installed_engine=installed_release,
    )


def preview_ports(
    stores: Stores,
    check_trial: CheckTrial,
    run_trial: RunTrial,
    compare_results: CompareResults,
    record: Callable[[AuditEvent], None],
) -> PreviewPorts:
    """Provide the ports of previews."""
    return PreviewPorts(
        scripts=stores.scripts,
        check_trial=check_trial,
        run_trial=run_trial,
        bodies=JsonBodies(),
        compare_results=compare_results,
        record=record,
        clock=utc_now,
    )


def script_test_use_cases(stores: Stores, check_script: CheckScript, run_trial: RunTrial) -> ScriptTestUseCases:
    """Provide the use cases of tests, which run in the sandbox of trials."""
    return ScriptTestUseCases(
        scripts=stores.scripts,
        script_tests=stores.script_tests,
        executions=stores.executions,
        check_script=check_script,
        run_trial=run_trial,
        bodies=JsonBodies(),
        clock=utc_now,
        new_id=uuid7,
        monotonic=monotonic,
    )


def version_replay_ports(stores: Stores, submission: SubmitPorts, completions: CompletionSignals) -> VersionReplayPorts:
    """Provide the ports of replays on versions, which workers carry on."""
    return VersionReplayPorts(
        known_scripts=submission.known_scripts,
        replays=stores.replays,
        completions=completions,
        clock=submission.clock,
        new_id=submission.new_id,
    )


def api_key_use_cases(api_keys: ApiKeys) -> ApiKeyUseCases:
    """Provide the use cases of API keys."""
    return ApiKeyUseCases(api_keys, utc_now, uuid7, partial(token_bytes, access.SECRET_BYTES))


def webhook_use_cases(settings: Settings, stores: Stores) -> WebhookUseCases:
    """Provide the use cases of webhooks, whose events workers send."""
    ports = WebhookPorts(
        scripts=stores.scripts,
        webhooks=stores.webhooks,
        clock=utc_now,
        new_id=uuid7,
        new_secret=partial(token_bytes, SECRET_BYTES),
        allow_http=settings.webhook_http,
        root_path=settings.root_path,
    )
    return WebhookUseCases(ports)
