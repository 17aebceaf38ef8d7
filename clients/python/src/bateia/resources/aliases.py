"""Aliases of scripts, and the gates before them."""

from __future__ import annotations

from collections.abc import Iterable

from bateia import hosting
from bateia.exchange import Flow
from bateia.hosting import path_of
from bateia.listing import Listing
from bateia.requesting import change, read
from bateia.resources.groups import C, Group, ItemsOf, Operation
from bateia.script_records import Alias, Gate, Move


def list_aliases(script: str) -> Listing[Alias]:
    """List the aliases of a script."""
    return Listing(path_of(script, "aliases"), Alias.of, has_pages=False)


def read_alias(script: str, alias: str) -> Flow[Alias]:
    """Read an alias."""
    return Alias.from_flow(read(path_of(script, "aliases", alias)))


def promote(script: str, version: int, alias: str = "live", *, note: str = "", force: bool = False) -> Flow[Alias]:
    """Point an alias to a version. `force` does so in spite of the gate; it needs the scope admin, and a note."""
    return Alias.from_flow(hosting.promote(script, alias, version, note, force))


def roll_back(script: str, alias: str = "live", *, note: str = "") -> Flow[Alias]:
    """Undo the latest promotion. It is not sent twice: that would undo another."""
    return Alias.from_flow(hosting.roll_back(script, alias, note))


def list_moves(script: str, alias: str) -> Listing[Move]:
    """List the moves of an alias, the newest first."""
    return Listing(path_of(script, "aliases", alias, "history"), Move.of)


def remove_alias(script: str, alias: str) -> Flow[None]:
    """Remove an alias."""
    yield from change("DELETE", path_of(script, "aliases", alias))


class Aliases(Group[C]):
    """Aliases of scripts."""

    list = ItemsOf(list_aliases)
    get = Operation(read_alias)
    promote = Operation(promote)
    roll_back = Operation(roll_back)
    history = ItemsOf(list_moves)
    remove = Operation(remove_alias)


def read_gate(script: str) -> Flow[Gate]:
    """Read the gate of a script."""
    return Gate.from_flow(hosting.read_gate(script))


def set_gate(
    script: str, aliases: Iterable[str] = ("live",), *, tests: bool = True, replay_last: int | None = None
) -> Flow[Gate]:
    """Set the gate of a script, in place of the former one. `replay_last` executions have to be replayed."""
    replay = None if replay_last is None else {"last": replay_last}
    return Gate.from_flow(hosting.set_gate(script, {"aliases": list(aliases), "tests": tests, "replay": replay}))


def remove_gate(script: str) -> Flow[None]:
    """Remove the gate of a script: every version may be promoted."""
    yield from change("DELETE", path_of(script, "gate"))


class Gates(Group[C]):
    """Gates of scripts."""

    get = Operation(read_gate)
    set = Operation(set_gate)
    remove = Operation(remove_gate)
