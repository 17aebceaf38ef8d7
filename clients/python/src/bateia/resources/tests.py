"""Tests of scripts on the service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bateia import hosting
from bateia.documents import Document
from bateia.exchange import Flow
from bateia.hosting import path_of
from bateia.json_values import encoded
from bateia.listing import Listing
from bateia.requesting import read
from bateia.resources.groups import C, Group, ItemsOf, Operation
from bateia.script_records import ScriptTest


def list_tests(script: str) -> Listing[ScriptTest]:
    """List the tests of a script, without their datasets."""
    return Listing(path_of(script, "tests"), ScriptTest.of, has_pages=False)


def read_test(script: str, test: str) -> Flow[ScriptTest]:
    """Read a test with its dataset and its expected outcome."""
    return ScriptTest.from_flow(read(path_of(script, "tests", test)))


def write_test(script: str, test: str, document: Mapping[str, Any]) -> Flow[ScriptTest]:
    """Write a test, in place of the one with its name.

    The document is one such as `{"dataset": [], "expected": {"result": []}}` or `{"from_execution": id}`.
    """
    written: Flow[Document] = hosting.write_test(script, test, encoded(document).encode())
    return ScriptTest.from_flow(written)


class Tests(Group[C]):
    """Tests of scripts."""

    list = ItemsOf(list_tests)
    get = Operation(read_test)
    write = Operation(write_test)
    remove = Operation(hosting.remove_test)
