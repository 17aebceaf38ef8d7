"""Groups of methods, such as `client.keys`: each method is defined once, for both clients.

A method is an operation, which is a function that returns a flow, or a list, which is one that returns a `Listing`.
In a group of `Client` it blocks, and the list is an iterator; in one of `AsyncClient` it is awaited, and the list is
iterated with `async for`.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any, Generic, ParamSpec, TypeVar, overload

from bateia.callers import Asynchronous, Blocking
from bateia.exchange import Flow
from bateia.listing import Listing

P = ParamSpec("P")
T = TypeVar("T")
C = TypeVar("C", Blocking, Asynchronous)
_RETURNED = re.compile(r"(?:Flow|Listing)\[(.*)\]")


class Group(Generic[C]):
    """The methods for one kind of resource."""

    def __init__(self, caller: C) -> None:
        self._caller: C = caller

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self._caller.http.base_url)!r})"


class Operation(Generic[P, T]):
    """A function that returns a flow, as a method that performs it."""

    def __init__(self, flow: Callable[P, Flow[T]]) -> None:
        self._flow = flow
        self.__doc__ = flow.__doc__

    @overload
    def __get__(self, group: None, owner: type) -> Callable[P, Flow[T]]: ...
    @overload
    def __get__(self, group: Group[Blocking], owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, group: Group[Asynchronous], owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, group: Group[Any] | None, owner: type) -> Callable[P, Any]:
        """Bind the method to the caller of a group. That of the class, which `help` shows, is the function itself."""
        if group is None:
            return self._flow
        caller = group._caller

        def method(*words: P.args, **choices: P.kwargs) -> Any:
            return caller.do(self._flow(*words, **choices))

        return _described(method, self._flow)


class ItemsOf(Generic[P, T]):
    """A function that returns a `Listing`, as a method that yields the items of all pages."""

    def __init__(self, listing: Callable[P, Listing[T]]) -> None:
        self._listing = listing
        self.__doc__ = listing.__doc__

    @overload
    def __get__(self, group: None, owner: type) -> Callable[P, Listing[T]]: ...
    @overload
    def __get__(self, group: Group[Blocking], owner: type) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, group: Group[Asynchronous], owner: type) -> Callable[P, AsyncIterator[T]]: ...
    def __get__(self, group: Group[Any] | None, owner: type) -> Callable[P, Any]:
        """Bind the method to the caller of a group. That of the class, which `help` shows, is the function itself."""
        if group is None:
            return self._listing
        caller = group._caller

        def method(*words: P.args, **choices: P.kwargs) -> Any:
            return caller.items(self._listing(*words, **choices))

        return _described(method, self._listing)


def _described(method: Callable[P, Any], function: Callable[P, Any]) -> Callable[P, Any]:
    """Give a method the name, the text and the parameters of its function, and the type that it returns."""
    functools.update_wrapper(method, function)
    signature = inspect.signature(function)
    returned = _RETURNED.sub(r"\1", str(signature.return_annotation))
    vars(method)["__signature__"] = signature.replace(return_annotation=returned)
    return method
