"""The two ways on from a `Result` that the HTTP side needs beside its own methods."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from returns.pipeline import is_successful
from returns.result import Failure, Result

_A = TypeVar("_A")
_B = TypeVar("_B")
_E = TypeVar("_E")
_F = TypeVar("_F")


def fold(result: Result[_A, _E], on_success: Callable[[_A], _B], on_failure: Callable[[_E], _B]) -> _B:
    """Fold both cases into one value."""
    return on_success(result.unwrap()) if is_successful(result) else on_failure(result.failure())


async def then(result: Result[_A, _E], step: Callable[[_A], Awaitable[Result[_B, _F]]]) -> Result[_B, _E | _F]:
    """Bind a step that has to be awaited."""
    return await step(result.unwrap()) if is_successful(result) else Failure(result.failure())
