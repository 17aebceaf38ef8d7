"""Zygotes of a kind start when they are first needed, each once; a kind that cannot start is left alone for a while."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from adapters.javascript.breaker import CircuitBreaker
from adapters.javascript.engines import library_of
from adapters.javascript.kinds import ZygoteKind
from adapters.javascript.launch import Setup, ZygoteStartFailed
from adapters.javascript.pool import RECYCLE_POLICY, RecyclePolicy, ZygotePool
from adapters.javascript.pools import ZygotePools
from domain.engine import EngineName
from tests.adapters.javascript.test_pool import leaders
from tests.support.waiting import eventually_sees

KINDS = [ZygoteKind(engine) for engine in EngineName]
WARM = KINDS[1]
NOWHERE = Path("/nowhere")


def a_pool(kind: ZygoteKind, slots: int = 2, policy: RecyclePolicy = RECYCLE_POLICY) -> ZygotePool:
    setup = Setup(kind, library_of(kind.engine), allow_unconfined=False, analyses=False)
    return ZygotePool(setup, slots, policy, lambda was_lost: None)


class CountingPools(ZygotePools):
    """Pools that count how often they have looked for idle ones."""

    sweeps = 0

    def _sweep(self) -> None:
        self.sweeps += 1
        super()._sweep()

    async def pass_sweeps(self) -> None:
        """Wait until they have looked again, twice: the first time may have begun before."""
        until = self.sweeps + 2

        async def have_passed() -> bool:
            return self.sweeps >= until

        await eventually_sees(have_passed)


@asynccontextmanager
async def the_pools(make_pool: Callable[[ZygoteKind], ZygotePool] = a_pool) -> AsyncIterator["CountingPools"]:
    pools = CountingPools(make_pool, warm=WARM, sweep_seconds=0.005)
    try:
        yield pools
    finally:
        await pools.close()
    assert leaders() == set()


def test_zygotes_start_when_a_run_first_needs_them_and_an_idle_one_is_lent_before_another_starts() -> None:
    async def work() -> list[int]:
        counts = []
        async with the_pools() as pools:
            for kind in KINDS * 2:
                pool = pools.pool(kind)
                counts.append(len(leaders()))
                async with pool.acquire() as zygote:
                    assert zygote.engine.startswith(f"{kind.engine} ")
            async with pools.pool(KINDS[0]).acquire(), pools.pool(KINDS[0]).acquire():
                counts.append(len(leaders()))
        return counts

    assert asyncio.run(work()) == [0, 1, 2, 2, 3]


def test_concurrent_runs_share_one_pool_of_at_most_as_many_zygotes_as_slots() -> None:
    most = 0

    async def one(pools: ZygotePools) -> None:
        nonlocal most
        async with pools.pool(KINDS[0]).acquire():
            most = max(most, len(leaders()))
            await asyncio.sleep(0)

    async def work() -> None:
        async with the_pools() as pools:
            await asyncio.gather(*(one(pools) for _ in range(12)))

    asyncio.run(work())
    assert most == 2


def test_closing_ends_a_zygote_that_is_about_to_start() -> None:
    async def work() -> None:
        pool = a_pool(KINDS[0])

        async def run() -> None:
            async with pool.acquire():
                pass

        starting = asyncio.create_task(run())
        while not leaders():
            await asyncio.sleep(0)
        await pool.close()
        with pytest.raises(ZygoteStartFailed, match="closed"):
            await starting

    asyncio.run(work())
    assert leaders() == set()


def test_a_kind_that_cannot_start_reports_the_reason_affects_no_other_and_rests() -> None:
    async def work() -> None:
        async with the_pools() as pools:
            broken, whole = (pools.pool(kind) for kind in KINDS)
            setup, attempts = broken._setup, 0
            broken._setup = Setup(KINDS[0], NOWHERE, allow_unconfined=False, analyses=False)
            for _ in range(20):
                with pytest.raises(ZygoteStartFailed, match="nowhere"):
                    async with broken.acquire():
                        pass
            attempts = broken._breaker._failures
            assert attempts < 20
            assert "nowhere" in pools.troubles()[KINDS[0]]
            async with whole.acquire():
                assert pools.troubles().keys() == {KINDS[0]}
            broken._setup = setup
            while broken.is_resting:
                await asyncio.sleep(0.01)
            async with broken.acquire(), broken.acquire():  # no slot was lost
                assert not pools.troubles()

    asyncio.run(work())


async def lend(pool: ZygotePool, runs: int = 2) -> None:
    """Start that many zygotes and give them back."""
    async with AsyncExitStack() as lent:
        for _ in range(runs):
            await lent.enter_async_context(pool.acquire())


def test_an_idle_pool_ends_its_zygotes_and_the_next_run_starts_another() -> None:
    policy = RecyclePolicy(runs=1_000_000, seconds=1e6, idle_seconds=0)

    async def work() -> None:
        async with the_pools(lambda kind: a_pool(kind, policy=policy)) as pools:
            await pools.open()
            pool, warm, kept = pools.pool(KINDS[0]), pools.pool(WARM), leaders()

            async def is_ended() -> bool:
                return leaders() == kept and set(pools.engines()) == set(warm.engines)

            for _ in range(2):
                async with pool.acquire():
                    await lend(pool, runs=1)
                    await pools.pass_sweeps()
                    assert len(leaders() - kept) == 2  # a pool that a run uses is not idle
                await eventually_sees(is_ended)

    asyncio.run(work())


def test_a_pool_that_was_just_used_keeps_its_zygotes() -> None:
    async def work() -> None:
        async with the_pools() as pools:
            await pools.open()
            await lend(pools.pool(KINDS[0]))
            before = leaders()
            await pools.pass_sweeps()
            assert (leaders(), len(before)) == (before, 4)

    asyncio.run(work())


def test_a_lost_zygote_of_an_idle_pool_waits_for_its_successor() -> None:
    told: list[bool] = []
    setup = Setup(KINDS[0], library_of(KINDS[0].engine), allow_unconfined=False, analyses=False)

    async def work() -> None:
        pool = ZygotePool(setup, 1, RecyclePolicy(runs=1_000_000, seconds=1e6, idle_seconds=0), told.append)
        try:
            async with pool.acquire() as zygote:
                zygote._give_up()
            pool.end_idle()
            await lend(pool, runs=1)
        finally:
            await pool.close()

    asyncio.run(work())
    assert told == [True]


def test_a_breakers_pause_doubles_up_to_a_bound_and_a_success_ends_it() -> None:
    breaker, now, pauses = CircuitBreaker(), 100.0, []
    for _ in range(60):
        assert not breaker.is_open(now)
        breaker.record_failure("why", now)
        assert breaker.is_open(now)
        begun = now
        while breaker.is_open(now):
            now += 0.125
        pauses.append(now - begun)
    assert pauses == [0.25, 0.5, 1.0, 2.0, 4.0] + [8.0] * 55
    breaker.record_failure("why", now)
    breaker.record_success()
    assert (breaker.is_open(now), breaker.reason) == (False, "")
