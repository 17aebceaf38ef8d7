"""The exceptions of problem documents: those of `bateia.problems`, or `Refused` itself for a type that is not there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bateia.errors import Refused
from bateia.problems import PROBLEM_CLASSES


def refusal(status: int, problem: Mapping[str, Any], request_id: str | None = None) -> Refused:
    """Make the exception of a problem document, of its own class if this release knows the type."""
    slug = str(problem.get("type") or "").rstrip("/").rpartition("/")[2]
    return PROBLEM_CLASSES.get(slug, Refused)(status, problem, request_id)
