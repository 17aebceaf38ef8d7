"""The pools of a sandbox, one a kind of zygote.

A sandbox may open the pool of its default kind as it starts, which proves that scripts can be confined here; the
zygotes of any other kind start when runs first need them, and end when none has for a while, which returns their
memory.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping

from adapters.javascript.kinds import ZygoteKind
from adapters.javascript.pool import ZygotePool
from adapters.javascript.process_reuse import IdleProcesses


class ZygotePools:
    """Pools by kind, each made by `make_pool` when it is first needed. `close` them in any case.

    All but that of the kind `warm`, if one is given, end their zygotes when they are idle, which is looked into every
    `sweep_seconds`.
    """

    def __init__(
        self, make_pool: Callable[[ZygoteKind], ZygotePool], warm: ZygoteKind | None, sweep_seconds: float = 60
    ) -> None:
        self._make_pool, self._warm, self._sweep_seconds = make_pool, warm, sweep_seconds
        self._pools: dict[ZygoteKind, ZygotePool] = {}
        self._next_sweep: asyncio.TimerHandle | None = None

    async def open(self) -> None:
        """Start the zygotes of the warm kind, and look for idle pools from then on. Raises `ZygoteStartFailed`."""
        if self._warm is not None:
            await self.pool(self._warm).open()
        self._schedule_sweep()

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

    def idle_processes(self) -> IdleProcesses:
        """Count the idle processes of all kinds."""
        idle = [pool.reuse.idle for pool in self._pools.values()]
        return IdleProcesses(sum(one.count for one in idle), sum(one.held_bytes for one in idle))

    async def close(self) -> None:
        """End every zygote and child."""
        if self._next_sweep is not None:
            self._next_sweep.cancel()
        await asyncio.gather(*(pool.close() for pool in self._pools.values()))

    def _schedule_sweep(self) -> None:
        self._next_sweep = asyncio.get_running_loop().call_later(self._sweep_seconds, self._sweep)

    def _sweep(self) -> None:
        for kind, pool in self._pools.items():
            if kind != self._warm:
                pool.end_idle()
        self._schedule_sweep()
