"""Operations on scripts: versions, tests, aliases, gates and retention, as flows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bateia.bodies import BytesBody
from bateia.datasets import JSON
from bateia.documents import Document
from bateia.exchange import Flow, Request, exchange
from bateia.requesting import document_of, json_request, path_to, read, read_text

MERGE_PATCH = "application/merge-patch+json"


def path_of(script: str, *more: object) -> str:
    """Make the path of a script, or of what belongs to it."""
    return path_to("scripts", script, *more)


def read_script(script: str) -> Flow[Document]:
    """Read a script."""
    return read(path_of(script))


def create_script(name: str, version: Mapping[str, Any]) -> Flow[Document]:
    """Create a script with its first version."""
    return document_of(json_request("POST", "/v1/scripts", {"name": name, **version}))


def read_version(script: str, version: int | str) -> Flow[Document]:
    """Read a version, without its source."""
    return read(path_of(script, "versions", version))


def read_source(script: str, version: int | str) -> Flow[str]:
    """Read the source of a version."""
    return (yield from read_text(path_of(script, "versions", version, "source"))).decode()


def save_version(script: str, version: Mapping[str, Any], tests_required: bool = True) -> Flow[Document]:
    """Save a version; with required tests, only if it passes all of them. An unchanged one makes no version."""
    query = {"tests": "required"} if tests_required else {}
    request = json_request("POST", path_of(script, "versions"), version, query=query, repeatable=True, seconds=180)
    return document_of(request)


def list_tests(script: str) -> Flow[list[Document]]:
    """List the tests of a script, without their datasets and results."""
    tests: list[Document] = (yield from read(path_of(script, "tests")))["items"]
    return tests


def read_test(script: str, test: str) -> Flow[bytes]:
    """Read a test with its dataset and its expected result, as JSON text."""
    return (yield from read_text(path_of(script, "tests", test)))


def write_test(script: str, test: str, document: bytes) -> Flow[Document]:
    """Write a test, in place of the one with its name."""
    headers = {"Content-Type": JSON}
    request = Request("PUT", path_of(script, "tests", test), headers=headers, body=BytesBody(document))
    return document_of(request)


def remove_test(script: str, test: str) -> Flow[None]:
    """Remove a test."""
    yield from exchange(Request("DELETE", path_of(script, "tests", test)))


def check_version(script: str, version: int | str) -> Flow[Document]:
    """Run all tests of a script on a version."""
    request = Request("POST", path_of(script, "versions", version, "checks"), repeatable=True, seconds=180)
    return document_of(request)


def promote(script: str, alias: str, version: int, note: str = "", force: bool = False) -> Flow[Document]:
    """Point an alias to a version."""
    wanted = {"version": version, "note": note, **({"force": True} if force else {})}
    return document_of(json_request("PUT", path_of(script, "aliases", alias), wanted))


def roll_back(script: str, alias: str, note: str = "") -> Flow[Document]:
    """Undo the latest promotion. It is not sent twice: that would undo another."""
    return document_of(json_request("POST", path_of(script, "aliases", alias, "rollback"), {"note": note}))


def read_gate(script: str) -> Flow[Document]:
    """Read the gate of a script."""
    return read(path_of(script, "gate"))


def set_gate(script: str, gate: Mapping[str, Any]) -> Flow[Document]:
    """Set the gate of a script."""
    return document_of(json_request("PUT", path_of(script, "gate"), gate))


def set_retention(script: str, retention: Mapping[str, Any]) -> Flow[Document]:
    """Set the retention of a script's executions."""
    return document_of(json_request("PUT", path_of(script, "retention"), retention))


def describe(script: str, description: str) -> Flow[Document]:
    """Change the description of a script."""
    headers = {"Content-Type": MERGE_PATCH}
    request = json_request("PATCH", path_of(script), {"description": description}, headers=headers, repeatable=True)
    return document_of(request)
