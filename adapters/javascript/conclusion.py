"""The outcome of a check, derived from the engine's verdict and the analysis of a source. Pure.

The engine decides whether a source can run; the analysis explains why not, and predicts what would fail in a run.
"""

import re
from typing import Final

from attrs import evolve
from returns.result import Failure, Result, Success

from adapters.javascript.child_output import ClaimedResult
from adapters.javascript.findings import Finding
from adapters.javascript.source_lint import (
    NAMES,
    NOT_ANALYSED,
    SYNTAX,
    hint_for,
    name_detail,
    refusal,
    syntax_detail,
    warnings,
)
from application.ports.sandbox import NotRunnable, ScriptFault
from domain.advice import advise
from domain.hint import hint
from domain.outcome import ErrorKind, ScriptError
from domain.warnings import SourceWarning

_MOST_FAULTS: Final = 20
_UNDEFINED: Final = re.compile(r"ReferenceError: '?([^' ]+)'? is not defined")
_NO_PROCESS: Final = "TypeError: the script defines no function named process"


def conclude(
    findings: tuple[Finding, ...] | None, verdict: ClaimedResult | ScriptError, wall_ms: int
) -> Result[tuple[SourceWarning, ...], NotRunnable]:
    """Derive the warnings about a source that can run, or the faults of one that cannot.

    `findings` is None if the source was not analysed.
    """
    faults = _refusals(findings or ())
    if isinstance(verdict, ScriptError):
        faults = _merged(_explained(verdict, findings or (), wall_ms), faults)
    if faults:
        return Failure(NotRunnable(faults[:_MOST_FAULTS]))
    return Success((NOT_ANALYSED,) if findings is None else warnings(findings))


def _refusals(findings: tuple[Finding, ...]) -> tuple[ScriptFault, ...]:
    """Refuse each name once."""
    first: dict[str, ScriptFault] = {}
    for found in findings:
        if (detail := refusal(found)) is not None:
            first.setdefault(found.subject, _at(found, detail))
    return tuple(first.values())


def _explained(error: ScriptError, findings: tuple[Finding, ...], wall_ms: int) -> tuple[ScriptFault, ...]:
    """Explain the engine's error with the places and texts of the findings about it."""
    if error.message.startswith("SyntaxError: "):
        told = [one for one in findings if one.kind in SYNTAX]
        faults = tuple(_at(one, syntax_detail(one, findings)) for one in told)
    elif name := _UNDEFINED.match(error.message):
        faults = _of_name(name[1], error, findings)
    else:
        faults = _of_no_process(findings) if error.message.startswith(_NO_PROCESS) else ()
    return faults[:_MOST_FAULTS] or (_as_said(error, wall_ms),)


def _at(found: Finding, detail: str) -> ScriptFault:
    """Build a fault at the position of a finding, which is the parser's and so exact."""
    return ScriptFault(detail, found.line, found.column, position_is_exact=True, hint=hint_for(found))


def _of_name(name: str, error: ScriptError, findings: tuple[Finding, ...]) -> tuple[ScriptFault, ...]:
    """Find the use on the engine's line, or else the first one, which may be another."""
    uses = [one for one in findings if one.kind in NAMES and one.subject == name]
    uses.sort(key=lambda one: one.line != error.line)
    is_exact = len(uses) == 1 or bool(error.position_is_exact)
    return tuple(evolve(_at(one, name_detail(one)), position_is_exact=is_exact) for one in uses[:1])


def _of_no_process(findings: tuple[Finding, ...]) -> tuple[ScriptFault, ...]:
    """Explain the missing function: the source is JSON, or has another function that may be meant, or has none."""
    jsons = tuple(ScriptFault(syntax_detail(one, ()), hint=hint_for(one)) for one in findings if one.kind == "json")
    similar = tuple(
        evolve(_at(one, f"{_NO_PROCESS}; found: `{one.subject}`"), hint=hint("script-rename", name=one.subject))
        for one in findings
        if one.kind == "no-process" and one.subject
    )
    return jsons + similar or (ScriptFault(_NO_PROCESS, hint=hint("script-no-process")),)


def _merged(first: tuple[ScriptFault, ...], others: tuple[ScriptFault, ...]) -> tuple[ScriptFault, ...]:
    said = {one.detail for one in first}
    return (*first, *(one for one in others if one.detail not in said))


def _as_said(error: ScriptError, wall_ms: int) -> ScriptFault:
    if error.kind is ErrorKind.TIMEOUT:
        return ScriptFault(f"the top level did not end within {wall_ms} ms", hint=hint("script-slow-top-level"))
    return ScriptFault(error.message, error.line, error.column, error.position_is_exact, advise(error))
