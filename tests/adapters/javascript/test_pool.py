"""Zygotes are replaced after enough runs, and only the kernel notices."""

import asyncio
import os
from pathlib import Path

import pytest
from attrs import evolve

from adapters.javascript.pool import RecyclePolicy
from domain.engine import EngineName
from tests.adapters.javascript.sandboxes import Bench, a_bench, a_claimed, is_alive, processes_under, wait_until
from tests.support.waiting import eventually_sees

HONEST = "const process = d => d + 1"
NEVER = RecyclePolicy(runs=1_000_000, seconds=1e6)


def zygotes_and_children() -> set[int]:
    """List this process's zygotes and their children. It may have other descendants, such as a PostgreSQL server."""
    return {pid for pid, line in processes_under(os.getpid()).items() if "zygote.py" in line}


def leaders() -> set[int]:
    """List this process's zygotes."""
    return set(filter(leads_its_session, zygotes_and_children()))


def leads_its_session(pid: int) -> bool:
    """Tell whether a process leads a session; one that has ended since it was seen does not."""
    try:
        return os.getsid(pid) == pid
    except ProcessLookupError:
        return False


def settled(bench: Bench, slots: int) -> set[int]:
    """List the zygotes, once as many are idle as there are slots."""

    async def are_idle() -> bool:
        return bench.pool._idle.qsize() >= slots

    bench.do(eventually_sees(are_idle))
    return leaders()


def test_a_zygote_that_serves_stays() -> None:
    with a_bench(service=NEVER) as bench:
        first = leaders()
        for _ in range(5):
            assert bench.result(HONEST, b"1") == 2
        assert settled(bench, 1) == first


@pytest.mark.parametrize("service", [RecyclePolicy(runs=1, seconds=1e6), RecyclePolicy(runs=1_000_000, seconds=0)])
def test_one_that_has_served_is_replaced(service: RecyclePolicy) -> None:
    with a_bench(service=service) as bench:
        seen = [settled(bench, 1)]
        for _ in range(3):
            assert bench.result(HONEST, b"1") == 2
            seen.append(settled(bench, 1))
        assert [len(one) for one in seen] == [1, 1, 1, 1]
        assert len(set().union(*seen)) == 4


def test_runs_go_on_while_zygotes_are_replaced() -> None:
    with a_bench(slots=2, service=RecyclePolicy(runs=3, seconds=1e6)) as bench:

        async def many() -> list[bool]:
            runs = [bench.sandbox.run(a_claimed(HONEST, b"1")) for _ in range(30)]
            return ["Produced" in repr(one.unwrap().outcome) for one in await asyncio.gather(*runs)]

        assert bench.do(many()) == [True] * 30
        assert len(settled(bench, 2)) == 2


def test_where_no_replacement_can_be_had_the_next_run_tries_again() -> None:
    with a_bench(service=RecyclePolicy(runs=1, seconds=1e6)) as bench:

        async def rested() -> bool:
            return not bench.pool.is_resting

        setup = bench.pool._setup
        bench.pool._setup = evolve(setup, library=Path("/nowhere"))
        assert bench.result(HONEST, b"1") == 2
        assert settled(bench, 1) == set()
        bench.pool._setup = setup
        bench.do(eventually_sees(rested))
        assert bench.result(HONEST, b"1") == 2


def test_closing_ends_a_replacement_that_is_under_way() -> None:
    others = zygotes_and_children()
    with a_bench(service=RecyclePolicy(runs=1, seconds=1e6)) as bench:
        assert bench.result(HONEST, b"1") == 2
        made = zygotes_and_children() - others
    wait_until(lambda: not any(map(is_alive, made)))
    assert leaders() == set()


@pytest.mark.parametrize("engine", EngineName)
def test_an_engine_is_found_and_named(engine: EngineName) -> None:
    with a_bench(engine=engine) as bench:
        assert bench.sandbox.engine.startswith(f"{engine.value} ")
