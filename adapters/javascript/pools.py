"""The pools of a sandbox, one a kind of zygote.

The sandbox opens the pool of its default kind as it starts, which proves that scripts can be confined here; the zygotes
of any other kind start when runs first need them.
"""

import asyncio
from collections.abc import Callable, Mapping

from adapters.javascript.kinds import ZygoteKind
from adapters.javascript.pool import ZygotePool


class ZygotePools:
    """Pools by kind, each made by `make_pool` when it is first needed. `close` them in any case."""

    def __init__(self, make_pool: Callable[[ZygoteKind], ZygotePool]) -> None:
        self._make_pool = make_pool
        self._pools: dict[ZygoteKind, ZygotePool] = {}

    def pool(self, kind: ZygoteKind) -> ZygotePool:
        """The one pool of that kind, whose zygotes may be yet to start; `CannotConfine` if its engine is not there."""
        # There is no await between the look-up and the entry, so concurrent callers get the same pool.
        if kind not in self._pools:
            self._pools[kind] = self._make_pool(kind)
        return self._pools[kind]

    def troubles(self) -> Mapping[ZygoteKind, str]:
        """The kinds whose zygotes failed to start when that was last tried, and the reasons."""
        return {kind: pool.trouble for kind, pool in self._pools.items() if pool.trouble}

    async def close(self) -> None:
        """End every zygote and child."""
        await asyncio.gather(*(pool.close() for pool in self._pools.values()))
