"""The whole application against a model of it, on every store. What fails is printed as a program of rules."""

import asyncio
from collections.abc import Callable

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.environments import OpenWorld, memory_world, postgres_worlds
from tests.model.machine import Service


def service(runner: asyncio.Runner, open_world: OpenWorld) -> type[Service]:
    class Opened(Service):
        def __init__(self) -> None:
            super().__init__(runner, open_world)

    return Opened


def test_the_store_in_memory_agrees_with_the_model() -> None:
    with asyncio.Runner() as runner:
        machine = service(runner, memory_world)
        run_state_machine_as_test(machine, settings=settings(max_examples=45, stateful_step_count=40))


def test_postgres_agrees_with_the_model(new_database: Callable[[], str]) -> None:
    with asyncio.Runner() as runner:
        worlds = postgres_worlds(new_database())
        machine = service(runner, runner.run(anext(worlds)))
        try:
            run_state_machine_as_test(machine, settings=settings(max_examples=8, stateful_step_count=40))
        finally:
            runner.run(worlds.aclose())
