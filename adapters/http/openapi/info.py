"""What the OpenAPI document says about the service as a whole."""

from collections.abc import Mapping
from typing import Any, Final

_DESCRIPTION: Final = """\
Hosts JavaScript scripts and runs them, asynchronously and in a sandbox, over JSON datasets.

Host a script that defines `process(data)`, submit datasets to it, and read each execution until it has succeeded with a
result or failed with the reason. A failed run is a successful answer: its `status` and `error` tell.

**Names.** A script is named by its id or its name wherever a path has `{script}`.

**Lists** come in pages, newest first. `next_cursor` leads to the next one, and so does the `Link` header.

**Refusals** are problem details (RFC 9457). The `type` of each is the path of a page that says what it means and what
to do; `/problems` lists them. Whatever the operation, a path that does not exist is answered with 404, a method that
the resource does not have with 405 and `Allow`. HEAD and OPTIONS work on every resource.

**Keys.** Where the service has API keys, a request brings one as `Authorization: Bearer <key>`, and the key needs the
scope that the operation names.

**Every answer** has an `X-Request-Id`. A request may bring its own (up to 64 letters, digits, `.`, `_` and `-`), which
is then used and logged.
"""

INFO: Final[Mapping[str, Any]] = {
    "description": _DESCRIPTION,
    "contact": {"name": "The maintainers of Bateia"},
    "license": {"name": "MIT", "identifier": "MIT"},
}

SERVERS: Final = ({"url": "/", "description": "The service that this document comes from."},)

TAGS: Final = (
    {"name": "scripts", "description": "What is hosted: a name, and JavaScript in immutable versions."},
    {"name": "versions", "description": "The sources of a script, each with the limits that its runs have."},
    {"name": "executions", "description": "Runs of a version over a dataset, from submission to result or failure."},
    {"name": "audit", "description": "Who did what: kept as long as the service is."},
    {"name": "service", "description": "The service about itself: its health, its documents, its problems."},
)
