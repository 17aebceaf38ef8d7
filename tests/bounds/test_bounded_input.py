"""Reading of what clients and scripts wrote takes time and memory in proportion to its length.

Each reader in the register is measured on generated texts and parts of them, in a process under the kernel's limits.
`BOUNDS_BYTES` in the environment makes the texts longer.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.bounds.readers import EXEMPT, READERS, cases
from tests.support.limited_process import measure_cases

READING: Final = (
    "adapters/http/*.py",
    "adapters/http/problems/*.py",
    "adapters/http/requests/*.py",
    "adapters/http/responses/*.py",
    "adapters/http/server/*.py",
    "adapters/http/transport/**/*.py",
    "adapters/http/wire/*.py",
    "adapters/json/*.py",
    "adapters/javascript/*.py",
    "adapters/comparison/*.py",
    "adapters/encryption/*.py",
    "adapters/postgres/execution_rows.py",
    "adapters/webhooks/*.py",
    "domain/*.py",
    "domain/comparison/*.py",
)
"""Modules that read text of clients and scripts; resources pass it to these."""
TEXT: Final = {"bytes", "bytearray", "memoryview", "str", "Text", "Headers", "Request"}


@pytest.mark.parametrize("group", sorted({one.group for one in READERS}))
def test_time_and_memory_are_proportional_to_the_length_of_the_input(group: str) -> None:
    by_name = {one.name: one for one in cases(group)}
    measured = {one.case: one for one in measure_cases(group)}
    assert set(measured) == set(by_name)
    assert [one for name, one in measured.items() if not by_name[name].is_bounded(one)] == []


def test_every_function_that_takes_text_is_measured_or_exempt(repository: Path) -> None:
    covered = {name for one in READERS for name in one.covers}
    exempt = {name for names in EXEMPT.values() for name in names}
    assert covered & exempt == set()
    assert set(_readers(repository)) - covered - exempt == set()


def _readers(repository: Path) -> Iterator[str]:
    for pattern in READING:
        for path in repository.glob(pattern):
            module = ".".join(path.relative_to(repository).with_suffix("").parts).removeprefix("adapters.")
            yield from _functions(ast.parse(path.read_text()), module)


def _functions(of: ast.Module | ast.ClassDef, within: str) -> Iterator[str]:
    """List the public functions and methods with a parameter that is text."""
    for one in of.body:
        match one:
            case ast.ClassDef(name=name) if not name.startswith("_"):
                yield from _functions(one, f"{within}.{name}")
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if not name.startswith("_"):
                if TEXT & set(_named(one)):
                    yield f"{within}.{name}"


def _named(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    for argument in (*function.args.args, *function.args.kwonlyargs):
        for node in ast.walk(argument.annotation) if argument.annotation else ():
            if isinstance(node, ast.Name):
                yield node.id
