"""The groups of methods that both clients have: `client.keys`, `client.webhooks` and others."""

from __future__ import annotations

from typing import Generic

from bateia.resources.aliases import Aliases, Gates
from bateia.resources.executions import Batches, Executions
from bateia.resources.groups import C
from bateia.resources.jobs import Jobs
from bateia.resources.keys import Audit, Keys
from bateia.resources.replays import Replays
from bateia.resources.scripts import Scripts
from bateia.resources.service import Service
from bateia.resources.stores import Stores
from bateia.resources.tests import Tests
from bateia.resources.versions import Versions
from bateia.resources.webhooks import Webhooks


class Resources(Generic[C]):
    """The groups, with the caller that performs their methods."""

    def __init__(self, caller: C) -> None:
        self._caller: C = caller
        self.scripts: Scripts[C] = Scripts(caller)
        self.versions: Versions[C] = Versions(caller)
        self.tests: Tests[C] = Tests(caller)
        self.aliases: Aliases[C] = Aliases(caller)
        self.gates: Gates[C] = Gates(caller)
        self.replays: Replays[C] = Replays(caller)
        self.executions: Executions[C] = Executions(caller)
        self.batches: Batches[C] = Batches(caller)
        self.jobs: Jobs[C] = Jobs(caller)
        self.stores: Stores[C] = Stores(caller)
        self.keys: Keys[C] = Keys(caller)
        self.webhooks: Webhooks[C] = Webhooks(caller)
        self.audit: Audit[C] = Audit(caller)
        self.service: Service[C] = Service(caller)
