"""The static files of pages for browsers. They are read once, at the start, and need no other host.

All have paths under one digest of all of them. So a browser never fetches a file twice, gets no old file after an
upgrade, and a file refers to its neighbours by relative paths. They are no part of the API: the OpenAPI document does
not list them.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from returns.result import Failure, Success

from adapters.http.operations import JAVASCRIPT, JSON, PUBLIC, HandlerResult, Operation, RequestContext, Resource
from adapters.http.problems import types
from adapters.http.problems.refusals import UnknownPath
from adapters.http.resources.module_graph import needed_modules
from adapters.http.responses.delivery import SharedResponse
from adapters.http.transport.path_segments import local_reference
from adapters.http.wire.schemas.queries import NoQuery

_STATIC: Final = Path(__file__).parents[1] / "static"
_CONSOLE: Final = Path(__file__).parents[3] / "console"
_MEDIA_TYPES: Final = {".js": JAVASCRIPT, ".css": "text/css", ".json": JSON, ".svg": "image/svg+xml"}
_ICON: Final = "icon.svg"
_HEADERS: Final = {
    "Cache-Control": "public, max-age=31536000, immutable",
    # A script that runs as a worker has the policy that it came with, not that of its page.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'",
}
_ICON_HEADERS: Final = _HEADERS | {"Cache-Control": "public, max-age=86400"}  # its path stays after an upgrade


def files_in(folder: Path, prefix: str = "") -> Mapping[str, bytes]:
    """Read the files of a folder that are served, by `prefix` and their paths inside it; licences and notes are not."""
    found = sorted(one for one in folder.rglob("*") if one.suffix in _MEDIA_TYPES)
    return {prefix + one.relative_to(folder).as_posix(): one.read_bytes() for one in found}


def digest_of(files: Mapping[str, bytes]) -> str:
    """Compute sixteen hexadecimal digits, which change with the name or the content of any file."""
    parts = (f"{name} {sha256(data).hexdigest()}" for name, data in files.items())
    return sha256("\n".join(parts).encode()).hexdigest()[:16]


_FILES: Final = {**files_in(_STATIC), **files_in(_CONSOLE, "console/")}
_DIGEST: Final = digest_of(_FILES)


def href(name: str) -> str:
    """Return a file's path from the service's root, given its path inside the folder."""
    if name not in _FILES:
        raise KeyError(name)
    return f"/static/{_DIGEST}/{name}"


def imported_by(name: str) -> tuple[str, ...]:
    """List the modules that a module needs before it runs, by their paths inside the folder."""
    return needed_modules(_FILES, name)


async def read(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with a file, by the digest of all of them and its own path."""
    name = call.request.path_params["file"]
    data = _FILES.get(name) if call.request.path_params["digest"] == _DIGEST else None
    if data is None:
        return Failure(UnknownPath(local_reference(call.request.scope)))
    return Success(SharedResponse(data, headers=_HEADERS, media_type=_MEDIA_TYPES[Path(name).suffix]))


async def read_icon(_: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with the icon at the path where browsers look for it when a page links none, such as one of JSON."""
    return Success(SharedResponse(_FILES[_ICON], headers=_ICON_HEADERS, media_type=_MEDIA_TYPES[".svg"]))


def _resource(path: str, operation: Operation[NoQuery]) -> Resource:
    return Resource(path, "files", {"GET": operation}, is_routine=True)


RESOURCES: Final = (
    _resource(
        "/static/{digest}/{file:path}",
        Operation(
            handler=read,
            scope=PUBLIC,
            name="getFile",
            summary="Get a file",
            description="Part of a page.",
            query=NoQuery,
            answers=(),  # this one is not in the document
            refusals=(types.NOT_FOUND,),
        ),
    ),
    _resource(
        "/favicon.ico",
        Operation(
            handler=read_icon,
            scope=PUBLIC,
            name="getIcon",
            summary="Get the icon",
            description="The icon of all pages.",
            query=NoQuery,
            answers=(),  # nor is this one
        ),
    ),
)
