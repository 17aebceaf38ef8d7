"""The changes that would make the service's scripts those of a folder: values, compared before anything is changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bateia import hosting
from bateia.command.folders import LocalScript, LocalTest
from bateia.documents import Document, without_none
from bateia.exchange import Flow
from bateia.matching import exact_json
from bateia.problems import UnknownGate, UnknownScript
from bateia.texts import say


@dataclass(frozen=True)
class HostedScript:
    """A script as the service has it: its latest version, its tests by name, and its gate."""

    script: Document
    version: Document
    tests: Mapping[str, bytes] = field(repr=False)
    gate: Document | None = None


@dataclass(frozen=True)
class Change:
    """A pending change, for people: the sign of what happens, the thing, and its name."""

    sign: str
    what: str
    name: str

    def __str__(self) -> str:
        return f"{self.sign} {say(self.what)} {self.name}"


@dataclass(frozen=True)
class Plan:
    """The changes of one script. `version` is the document of the version to save, None if there is none."""

    local: LocalScript
    hosted: HostedScript | None
    version: Mapping[str, Any] | None
    written_tests: tuple[LocalTest, ...]
    surplus_tests: tuple[str, ...]
    settings: Mapping[str, Any]

    @property
    def changes(self) -> list[Change]:
        """List the changes, but for tests that only the service has."""
        name = self.local.name
        found = [] if self.hosted else [Change("+", "script", name)]
        if self.hosted and self.version:
            found.append(Change("~", "version", f"{name} {self.hosted.script['latest_version'] + 1}"))
        known = self.hosted.tests if self.hosted else {}
        found += [Change("~" if one.name in known else "+", "test", f"{name}/{one.name}") for one in self.written_tests]
        return found + [Change("~", one, name) for one in self.settings]


def read_hosted(name: str) -> Flow[HostedScript | None]:
    """Read a script as the service has it; None if it has none."""
    try:
        script = yield from hosting.read_script(name)
    except UnknownScript:
        return None
    version = yield from hosting.read_version(name, script["latest_version"])
    tests = {}
    for one in (yield from hosting.list_tests(name)):
        tests[one["name"]] = yield from hosting.read_test(name, one["name"])
    try:
        gate = yield from hosting.read_gate(name)
    except UnknownGate:
        gate = None
    return HostedScript(script, version, tests, gate)


def plan_of(local: LocalScript, hosted: HostedScript | None) -> Plan:
    """Compare a script with the service's. Limits and engine that the manifest does not name stay as they are."""
    wanted = local.settings
    if hosted is None:
        document = _version(local, wanted.get("engine"), wanted.get("limits") or {})
        settings = {name: wanted[name] for name in ("description", "retention", "gate") if name in wanted}
        return Plan(local, None, document, local.tests, (), settings)
    version = hosted.version
    engine = wanted.get("engine", version["engine"])
    limits = {**version["limits"], **(wanted.get("limits") or {})}
    is_same = (
        hashlib.sha256(local.source.encode()).hexdigest() == version["sha256"]
        and engine == version["engine"]
        and limits == version["limits"]
    )
    return Plan(
        local,
        hosted,
        None if is_same else _version(local, engine, limits),
        tuple(one for one in local.tests if not _is_same_test(one, hosted.tests.get(one.name))),
        tuple(sorted(hosted.tests.keys() - {one.name for one in local.tests})),
        _changed_settings(wanted, hosted),
    )


def _version(local: LocalScript, engine: str | None, limits: Mapping[str, Any]) -> Mapping[str, Any]:
    named = {"engine": engine, "limits": limits or None}
    return {"source": local.source, **without_none(named)}


def _changed_settings(wanted: Mapping[str, Any], hosted: HostedScript) -> Mapping[str, Any]:
    current = {
        "description": hosted.script["description"],
        "retention": hosted.script["retention"],
        "gate": hosted.gate,
    }
    complete: dict[str, dict[str, Any]] = {
        "retention": {"content_days": None, "rows_days": None},
        "gate": {"tests": False, "replay": None},
    }
    sent = {
        name: {**complete[name], **wanted[name]} if name in complete else wanted[name]
        for name in current
        if name in wanted
    }
    return {name: value for name, value in sent.items() if value != current[name]}


def _is_same_test(local: LocalTest, hosted: bytes | None) -> bool:
    """Tell whether the service has the same test. A clock or seed that the file leaves open is any."""
    if hosted is None:
        return False
    one, other = local.document, exact_json(hosted)
    pairs = [(one[name], other.get(name)) for name in ("clock", "seed") if one.get(name) is not None]
    return (
        _typed(one["dataset"]) == _typed(other["dataset"])
        and _expectation(one["expected"]) == _expectation(other["expected"])
        and all(_instant(a) == _instant(b) for a, b in pairs)
    )


def _instant(text: Any) -> Any:
    """Compare clocks as times, and seeds without regard to case."""
    try:
        return datetime.fromisoformat(str(text).upper().replace("Z", "+00:00"))
    except ValueError:
        return str(text).lower()


def _expectation(expected: Mapping[str, Any]) -> Any:
    tolerance = {name: value for name, value in (expected.get("tolerance") or {}).items() if value}
    error = without_none(expected.get("error") or {})
    return _typed([expected.get("result"), "result" in expected, tolerance, bool(expected.get("subset")), error])


def _typed(value: Any) -> Any:
    """Make values comparable in which true is not 1, and null is not a missing member."""
    if isinstance(value, bool):
        return (bool, value)
    if isinstance(value, Mapping):
        return {name: _typed(member) for name, member in value.items()}
    return [_typed(one) for one in value] if isinstance(value, list) else value
