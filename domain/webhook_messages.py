"""Messages of webhooks: the JSON text that is sent for a delivery, and the text form of the secrets that sign it.

A message is thin: it has ids, states, digests and links, never data. The text of a delivery's message is always the
same, so each attempt sends the same bytes.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, assert_never

from domain.deliveries import Delivery
from domain.script import ScriptName
from domain.webhooks import EventType


def secret_text(secret: bytes) -> str:
    """Write a secret as Standard Webhooks have it, for the receiver's settings."""
    return f"whsec_{b64encode(secret).decode()}"


def message(delivery: Delivery, script: ScriptName | None, root_path: str = "") -> bytes:
    """Compose the message of a delivery. Its links are paths below `root_path`, the path prefix of the service."""
    facts: dict[str, Any] = json.loads(delivery.facts)
    links = {name: f"{root_path}/v1/{path}" for name, path in _links(delivery, script, facts).items()}
    data = {**_script(delivery, script), **facts, "links": links}
    body = {"type": delivery.event.value, "timestamp": _timestamp(delivery.created_at), "data": data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _script(delivery: Delivery, script: ScriptName | None) -> Mapping[str, Any]:
    if delivery.script_id is None:
        return {}
    return {"script": {"id": str(delivery.script_id), "name": script and script.value}}


def _links(delivery: Delivery, script: ScriptName | None, facts: Mapping[str, Any]) -> Mapping[str, str]:
    of_script = f"scripts/{script.value if script else delivery.script_id}"
    match delivery.event:
        case EventType.EXECUTION_SUCCEEDED | EventType.EXECUTION_FAILED:
            return {"execution": f"executions/{facts['execution']}"}
        case EventType.BATCH_FINISHED:
            batch = f"batches/{facts['batch']}"
            return {"batch": batch, "results": f"{batch}/results"}
        case EventType.REPLAY_FINISHED:
            return {"replay": f"{of_script}/versions/{facts['version']}/replays/{facts['replay']}"}
        case EventType.ALIAS_MOVED:
            return {"alias": f"{of_script}/aliases/{facts['alias']}"}
        case EventType.JOB_FINISHED:
            return {"job": f"jobs/{facts['job']}"}
        case EventType.TEST:
            return {"webhook": f"webhooks/{facts['webhook']}"}
        case _:
            assert_never(delivery.event)


def _timestamp(at: datetime) -> str:
    """Format a time in UTC (RFC 3339)."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
