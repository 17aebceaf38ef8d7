"""The pools of a sandbox, one a kind of zygote.

The sandbox opens the pool of its default kind as it starts, which proves that scripts can be confined here; the zygotes
of any other kind start when runs first need them.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping

from adapters.javascript.kinds import ZygoteKind
from adapters.javascript.pool import ZygotePool


class ZygotePools:
    """Pools by kind, each made by `make_pool` when it is first needed. `close` them in any case."""

    def __init__(self, make_pool: Callable[[ZygoteKind], ZygotePool]) -> None:
        self._make_pool = make_pool
        self._pools: dict[ZygoteKind, ZygotePool] = {}

    def pool(self, kind: ZygoteKind) -> ZygotePool:
        """Return the pool of that kind, whose zygotes may be yet to start. Raises `EngineNotInstalled`."""
        # There is no await between the look-up and the entry, so concurrent callers get the same pool.
        if kind not in self._pools:
            self._pools[kind] = self._make_pool(kind)
        return self._pools[kind]

    def troubles(self) -> Mapping[ZygoteKind, str]:
        """Report the kinds whose zygotes failed to start on the last attempt, and the reasons."""
        return {kind: pool.trouble for kind, pool in self._pools.items() if pool.trouble}

    def resting(self) -> Collection[ZygoteKind]:
        """List the kinds for which a start failed so recently that none is attempted yet."""
        return [kind for kind, pool in self._pools.items() if pool.is_resting]

    def engines(self) -> Collection[str]:
        """List the engines of the zygotes that have started, as executions name them."""
        return set().union(*(pool.engines for pool in self._pools.values()))

    async def close(self) -> None:
        """End every zygote and child."""
        await asyncio.gather(*(pool.close() for pool in self._pools.values()))
