"""The ports of submissions and reproductions in an API process, which share most of them."""

from time import monotonic

from adapters.javascript.engines import installed_release
from adapters.json.bodies import JsonBodies
from adapters.system import utc_now, uuid7
from application.executions.admission import Admission
from application.executions.reproduce import ReproductionPorts
from application.executions.submit import SubmitPorts
from application.ports.direct_start import DirectStart
from application.ports.executions import CompletionSignals
from application.replays.start import VersionReplayPorts
from application.scripts.known import KnownScripts
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


def version_replay_ports(stores: Stores, submission: SubmitPorts, completions: CompletionSignals) -> VersionReplayPorts:
    """Provide the ports of replays on versions, which workers carry on."""
    return VersionReplayPorts(
        known_scripts=submission.known_scripts,
        replays=stores.replays,
        completions=completions,
        clock=submission.clock,
        new_id=submission.new_id,
    )
