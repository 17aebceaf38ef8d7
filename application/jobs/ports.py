"""The ports of the use cases of jobs."""

from attrs import frozen

from application.ports.executions import CompletionSignals
from application.ports.installation import Installation
from application.ports.jobs import Jobs
from application.ports.signing import Signer
from application.ports.stores import ObjectStores
from application.ports.system import Clock, NewId
from application.scripts.known import KnownScripts


@frozen(kw_only=True)
class JobPorts:
    """The ports of jobs. Without a signer there are no receipts."""

    known_scripts: KnownScripts
    jobs: Jobs
    stores: ObjectStores
    completions: CompletionSignals
    installation: Installation
    signer: Signer | None
    clock: Clock
    new_id: NewId
