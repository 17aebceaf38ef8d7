"""The tests of a folder, run on its sources before anything is saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from bateia.command.folders import LocalScript, LocalTest
from bateia.command.local import Runner, Trial
from bateia.documents import without_none
from bateia.matching import ABSENT, Mismatch, exact_text, mismatches, tolerance_of
from bateia.texts import say

_MOST_DIFFERENCES = 10
_MOST_CHARACTERS = 200


@dataclass(frozen=True)
class CheckedTest:
    """A test with its verdict: the reason if it has not passed, and the first differences."""

    script: str
    test: str
    reason: str | None = None
    differences: tuple[str, ...] = field(default=(), repr=False)

    @property
    def passed(self) -> bool:
        """Tell whether the outcome was the expected one."""
        return self.reason is None

    @property
    def document(self) -> dict[str, Any]:
        """The verdict for programs."""
        return {
            "script": self.script,
            "test": self.test,
            "passed": self.passed,
            "reason": self.reason,
            "differences": list(self.differences),
        }


def checked(script: LocalScript, run: Runner) -> Iterator[CheckedTest]:
    """Run the tests of a script, one after another."""
    for test in script.tests:
        yield _checked(script, test, run)


def _checked(script: LocalScript, test: LocalTest, run: Runner) -> CheckedTest:
    wanted = test.document
    chosen = {"engine": script.settings.get("engine"), "limits": script.settings.get("limits")}
    chosen |= {name: wanted.get(name) for name in ("clock", "seed")}
    choices = without_none(chosen)
    outcome = run(Trial(script.source, exact_text(wanted["dataset"]).encode(), choices))
    return CheckedTest(script.name, test.name, *_verdict(wanted["expected"], outcome))


def _verdict(expected: dict[str, Any], outcome: dict[str, Any]) -> tuple[str | None, tuple[str, ...]]:
    error = outcome["error"]
    if "error" in expected:
        if error is None:
            return say("it succeeded, and a failure is expected"), ()
        wanted = expected["error"]
        is_same = error["kind"] == wanted["kind"] and wanted.get("message") in (None, error["message"])
        return (
            None if is_same else say("another failure: {kind}: {message}", kind=error["kind"], message=error["message"])
        ), ()
    if error is not None:
        return say("it failed: {kind}: {message}", kind=error["kind"], message=error["message"]), ()
    found = mismatches(expected["result"], outcome["result"], tolerance_of(expected), bool(expected.get("subset")))
    first = tuple(map(_shown, islice(found, _MOST_DIFFERENCES)))
    return (say("another result") if first else None), first


def _shown(one: Mismatch) -> str:
    expected, actual = (_short(value) for value in (one.expected, one.actual))
    place = one.pointer or "/"
    return say("{place}: expected {expected}, got {actual}", place=place, expected=expected, actual=actual)


def _short(value: Any) -> str:
    text = say("nothing") if value is ABSENT else exact_text(value)
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"
