"""The report of a verification as lines for people, or as JSON for programs."""

import json
from collections.abc import Mapping
from typing import Any

from adapters.http.problems.quoting import quotable
from domain.job_statement import JobStatement
from domain.verification_report import CheckedPart, CheckResult, VerificationReport
from entrypoints.verification.texts import Texts


def lines(report: VerificationReport, texts: Texts) -> str:
    """Format a line for each part, and one for all of them."""
    width = max(map(len, texts.parts.values()))
    parts = [f"{texts.parts[one.part]:{width}}  {_judged(one, texts)}" for one in report.parts]
    return "\n".join([*parts, _conclusion(report, texts)])


def document(report: VerificationReport, texts: Texts) -> str:
    """Format the report as JSON. Its codes are stable, its texts are not."""
    parts = [
        {"part": one.part.value, "verdict": one.result.value, "reason": one.reason.value, "text": reason(one, texts)}
        for one in report.parts
    ]
    return json.dumps({"holds": report.holds, "parts": parts, "statement": _statement(report)}, indent=2)


def reason(checked: CheckedPart, texts: Texts) -> str:
    """Format the reason for a result."""
    facts = dict(checked.facts)
    words = {"form": texts.forms[facts.get("form", "raw")]}
    if "outcome" in facts:
        words["outcome"] = texts.outcomes[facts["outcome"]]
    return filled(texts.reasons[checked.reason], facts | words)


def filled(text: str, facts: Mapping[str, object]) -> str:
    """Fill a text's placeholders. Facts may be anyone's text, so they are shortened, and none moves the cursor."""
    return text.format_map({name: quotable(str(fact)) for name, fact in facts.items()})


def _judged(checked: CheckedPart, texts: Texts) -> str:
    return f"{texts.results[checked.result]}: {reason(checked, texts)}"


def _conclusion(report: VerificationReport, texts: Texts) -> str:
    results = [one.result for one in report.parts]
    counts = {"holds": results.count(CheckResult.HOLDS), "mismatches": results.count(CheckResult.MISMATCH)}
    return (texts.verified if report.holds else texts.refused).format(**counts, all=len(results))


def _statement(report: VerificationReport) -> Mapping[str, Any] | None:
    """List what the receipt states, if it is trusted."""
    if (stated := report.statement) is None:
        return None
    if isinstance(stated, JobStatement):
        return _job_statement(stated)
    return {
        "execution": str(stated.execution),
        "installation": str(stated.installation),
        "script": stated.script,
        "version": stated.version,
        "outcome": "succeeded" if stated.has_succeeded else "failed",
        "engine": stated.engine,
        "clock": stated.clock.isoformat(),
        "seed": stated.seed,
        "started_on": stated.started_on.isoformat(),
        "finished_on": stated.finished_on.isoformat(),
    }


def _job_statement(stated: JobStatement) -> Mapping[str, Any]:
    return {
        "job": str(stated.job),
        "installation": str(stated.installation),
        "script": stated.script,
        "version": stated.version,
        "input": stated.input,
        "output": stated.output,
        "manifest_sha256": stated.manifest_sha256,
        "partitions": stated.partitions,
        "partitions_root": stated.partitions_root,
        "engine": stated.engine,
        "clock": stated.clock.isoformat(),
        "seed": stated.seed,
        "merge": stated.merge,
        "started_on": stated.started_on.isoformat(),
        "finished_on": stated.finished_on.isoformat(),
    }
