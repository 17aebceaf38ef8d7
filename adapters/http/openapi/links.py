"""The links of the OpenAPI document: the operations that follow an answer, and the members that fill in their paths.

They are derived. Every answer with a script, a version, an alias, a test, an execution, a batch, a job, a webhook,
a delivery or an API key links to every operation on it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from adapters.http.operations import Resource, Shape
from adapters.http.wire.schemas.aliases import Alias
from adapters.http.wire.schemas.api_keys import ApiKey, CreatedApiKey
from adapters.http.wire.schemas.batches import Batch
from adapters.http.wire.schemas.checks import CheckedVersion
from adapters.http.wire.schemas.executions import Execution
from adapters.http.wire.schemas.jobs import Job
from adapters.http.wire.schemas.reproductions import Reproduction
from adapters.http.wire.schemas.script_tests import ScriptTest
from adapters.http.wire.schemas.scripts import Script, Version
from adapters.http.wire.schemas.version_replays import VersionReplay
from adapters.http.wire.schemas.webhook_deliveries import Delivery
from adapters.http.wire.schemas.webhooks import Webhook, WebhookWithSecret

_REQUEST: Final = "$request.path.{}"
_NAMES: Final[Mapping[type, tuple[Mapping[str, str], ...]]] = {
    Script: ({"script": "id"}, {"script": "id", "n": "latest_version"}),
    Version: ({"script": "script_id", "n": "number"},),
    Alias: ({"script": "script_id", "alias": "name"},),
    CheckedVersion: ({"script": "script_id", "n": "number"},),
    ScriptTest: ({"script": "script_id", "test": "name"},),
    Execution: ({"id": "id"},),
    Batch: ({"batch": "id"},),
    Job: ({"job": "id"},),
    VersionReplay: ({"script": "script_id", "n": "version", "replay": "id"},),
    Reproduction: ({"id": "execution_id"}, {"id": "execution_id", "reproduction": "id"}),
    Webhook: ({"webhook": "id"},),
    WebhookWithSecret: ({"webhook": "id"},),
    ApiKey: ({"key": "id"},),
    CreatedApiKey: ({"key": "id"},),
    Delivery: ({"webhook": _REQUEST.format("webhook"), "delivery": "id"},),
}
"""The members of a shape that name a resource: sets of path parameters, each with the member that is its value, or with
an expression if the value is in the request."""


def links(resources: Iterable[Resource]) -> dict[str, Any]:
    """Build all links, as components."""
    every = tuple(resources)
    return {_component(shape, name): link for shape in _NAMES for name, link in _links_from(shape, every)}


def link_references(shape: Shape, resources: Iterable[Resource]) -> dict[str, Any]:
    """Refer to the links of an answer of that shape."""
    if not isinstance(shape, type) or shape not in _NAMES:
        return {}
    return {
        name: {"$ref": f"#/components/links/{_component(shape, name)}"} for name, _ in _links_from(shape, resources)
    }


def _component(shape: type, operation: str) -> str:
    return f"{shape.__name__}.{operation}"


def _links_from(shape: type, resources: Iterable[Resource]) -> Iterator[tuple[str, dict[str, Any]]]:
    for resource in resources:
        for members in _NAMES[shape]:
            if members.keys() == set(re.findall(r"{(\w+)}", resource.path)):
                parameters = {name: _expression(member) for name, member in members.items()}
                for operation in resource.operations.values():
                    yield operation.name, {"operationId": operation.name, "parameters": parameters}


def _expression(member: str) -> str:
    return member if member.startswith("$") else f"$response.body#/{member}"
