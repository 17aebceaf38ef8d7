"""Versions of scripts: sources, differences, and the outcomes of tests and of the gate."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bateia import hosting
from bateia.documents import without_none
from bateia.exchange import Flow
from bateia.hosting import path_of
from bateia.listing import Listing, query_of
from bateia.requesting import change, read, read_text
from bateia.resources.groups import C, Group, ItemsOf, Operation
from bateia.resources.scripts import source_text
from bateia.script_records import CheckReport, GateReport, TestStandings, Version


def list_versions(script: str, *, usage: bool | None = None) -> Listing[Version]:
    """List the versions of a script, the newest first; perhaps with their executions."""
    return Listing(path_of(script, "versions"), Version.of, query_of(usage=usage))


def read_version(script: str, version: int | str) -> Flow[Version]:
    """Read a version, which is a number or an alias."""
    return Version.from_flow(hosting.read_version(script, version))


def save_version(
    script: str,
    source: str | Path,
    *,
    engine: str | None = None,
    limits: Mapping[str, Any] | None = None,
    note: str | None = None,
    tests_required: bool = True,
) -> Flow[Version]:
    """Save a version, only if it passes all tests unless they are not required. An unchanged one makes no version."""
    more = without_none({"engine": engine, "limits": limits, "note": note})
    return Version.from_flow(hosting.save_version(script, {"source": source_text(source), **more}, tests_required))


def restore_version(script: str, version: int | str, note: str = "") -> Flow[Version]:
    """Make a new version with the source, the engine and the limits of an earlier one."""
    path = path_of(script, "versions", version, "restoration")
    return Version.from_flow(change("POST", path, {"note": note}, repeatable=True))


def read_diff(script: str, version: int | str, against: int | str | None = None) -> Flow[str]:
    """Read the changes of a version's source as a unified diff, against the version before unless one is named."""
    return (yield from read_text(path_of(script, "versions", version, "diff"), query_of(against=against))).decode()


def check_version(script: str, version: int | str) -> Flow[CheckReport]:
    """Run all tests of the script on a version."""
    return CheckReport.from_flow(hosting.check_version(script, version))


def read_checks(script: str, version: int | str) -> Flow[TestStandings]:
    """Read the latest outcome of each test on a version."""
    return TestStandings.from_flow(read(path_of(script, "versions", version, "checks")))


def read_gate_report(script: str, version: int | str) -> Flow[GateReport]:
    """Read what a version lacks to pass the gate."""
    return GateReport.from_flow(read(path_of(script, "versions", version, "gate")))


class Versions(Group[C]):
    """Versions of scripts."""

    list = ItemsOf(list_versions)
    get = Operation(read_version)
    save = Operation(save_version)
    restore = Operation(restore_version)
    source = Operation(hosting.read_source)
    diff = Operation(read_diff)
    check = Operation(check_version)
    checks = Operation(read_checks)
    gate = Operation(read_gate_report)
