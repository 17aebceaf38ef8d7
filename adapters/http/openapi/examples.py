"""The examples of the OpenAPI document, which form one story: a script is hosted and run over card statistics.

They are the files in `examples/`, by name. Tests send the example requests and compare the responses of the service
with the example responses.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from adapters.http.operations import JAVASCRIPT, JAVASCRIPT_OLD, JSON, NDJSON, MediaType
from adapters.http.wire.schemas import audit, executions, health, scripts

FOLDER: Final = Path(__file__).parent.parent / "examples"

_BY_ANSWER: Final[Mapping[tuple[str, int, str], tuple[str, ...]]] = {
    ("submitToLatest", 202, JSON): ("pending",),
    ("submitToVersion", 202, JSON): ("pending",),
    ("setRetention", 200, JSON): ("retained-script",),
    ("cancelExecution", 200, JSON): ("cancelled",),
    ("getReadiness", 503, JSON): ("not-ready",),
    ("getResult", 200, JSON): ("result",),
    ("getResult", 200, NDJSON): ("result-lines",),
    ("getInput", 200, JSON): ("dataset",),
}
_BY_SHAPE: Final[Mapping[Any, tuple[str, ...]]] = {
    scripts.NewScript: ("new-script",),
    scripts.NewVersion: ("new-version",),
    scripts.NewRetention: ("new-retention",),
    scripts.Script: ("script",),
    scripts.ScriptList: ("scripts",),
    scripts.Version: ("version",),
    scripts.VersionList: ("versions",),
    executions.Execution: ("succeeded", "failed"),
    executions.ExecutionList: ("executions",),
    audit.AuditList: ("audit",),
    health.Liveness: ("live",),
    health.Readiness: ("ready",),
}
_BY_MEDIA_TYPE: Final[Mapping[str, tuple[str, ...]]] = {
    JAVASCRIPT: ("source",),
    JAVASCRIPT_OLD: ("source",),
    NDJSON: ("dataset-lines",),
}


def examples() -> dict[str, Any]:
    """Map each example's name to its value: JSON is parsed, anything else is a text."""
    texts = {path: path.read_text("utf-8") for path in sorted(FOLDER.iterdir())}
    return {path.stem: json.loads(text) if path.suffix == ".json" else text for path, text in texts.items()}


def request_examples(content: MediaType) -> dict[str, Any]:
    """Refer to the examples of a request's body."""
    names = _general(content)
    return _references(("dataset",) if not names and content.media_type == JSON else names)


def answer_examples(operation: str, status: int, content: MediaType) -> dict[str, Any]:
    """Refer to the examples of an answer."""
    return _references(_BY_ANSWER.get((operation, status, content.media_type)) or _general(content))


def _general(content: MediaType) -> tuple[str, ...]:
    if isinstance(content.shape, type):
        return _BY_SHAPE[content.shape]
    return _BY_MEDIA_TYPE.get(content.media_type, ())


def _references(names: tuple[str, ...]) -> dict[str, Any]:
    return {"examples": {name: {"$ref": f"#/components/examples/{name}"} for name in names}} if names else {}
