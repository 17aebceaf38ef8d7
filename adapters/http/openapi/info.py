"""General information in the OpenAPI document: description, servers and tags."""

from collections.abc import Mapping
from typing import Any, Final

_DESCRIPTION: Final = """\
Hosts JavaScript scripts and runs them, asynchronously and in a sandbox, over JSON datasets.

Create a script that defines `process(data)`, submit datasets to it, and poll each execution until it has succeeded with
a result or failed with a reason. A failed execution is still a 200 response; check `status` and `error`.

**Script references.** `{script}` in a path accepts the script's id or its name.

**Lists** are paged, newest first. Follow `next_cursor` or the `Link` header to the next page.

**Errors** are problem details (RFC 9457), in the language of `Accept-Language` (English or Portuguese). Match on the
last segment of `type` or on `code`, never on texts. `type` is the URL of a page that explains the problem and how to
fix it; `/problems` lists all types and codes. Any operation can return 404 for an unknown path, and 405 with `Allow`
for an unsupported method. Every resource supports OPTIONS, and HEAD wherever it supports GET.

**Authentication.** If the service has API keys, send one as `Authorization: Bearer <key>`. Each operation documents the
scope that the key needs.

**Webhooks.** Instead of polling, subscribe an HTTP receiver to events (`POST /v1/webhooks`). The messages follow
Standard Webhooks and have ids, states, digests and links, never data; `webhooks` in this document describes each.

**Request ids.** Every response has an `X-Request-Id`. A request may supply its own (up to 64 letters, digits, `.`, `_`
and `-`), which is then used and logged.
"""

INFO: Final[Mapping[str, Any]] = {
    "description": _DESCRIPTION,
    "contact": {"name": "The maintainers of Bateia"},
    "license": {"name": "MIT", "identifier": "MIT"},
}

SERVERS: Final = ({"url": "/", "description": "The service that publishes this document."},)

TAGS: Final = (
    {"name": "scripts", "description": "Hosted scripts: a name, and JavaScript in immutable versions."},
    {"name": "versions", "description": "Immutable sources of a script, each with the limits of its runs."},
    {"name": "tests", "description": "Tests of a script: datasets with the outcome that its versions should have."},
    {"name": "aliases", "description": "Names that lead to a version of a script, and can be moved."},
    {"name": "gates", "description": "Requirements that a version must meet before an alias is moved to it."},
    {
        "name": "executions",
        "description": "Runs of a script version over a dataset, from submission to result or failure.",
    },
    {
        "name": "batches",
        "description": "Many datasets in one request, each with an execution of its own, and their results together.",
    },
    {"name": "jobs", "description": "Scripts over data in stores that may be larger than memory, by partitions."},
    {"name": "stores", "description": "Stores that the operator has defined: their objects, and uploads."},
    {"name": "webhooks", "description": "Subscriptions of HTTP receivers to events, and the deliveries to them."},
    {"name": "keys", "description": "API keys and their scopes."},
    {"name": "audit", "description": "Audit trail of all actions; never deleted."},
    {"name": "service", "description": "Health, metrics, documentation and problem types."},
)
