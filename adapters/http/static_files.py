"""The files that pages for browsers are made of. They are read once, at the start, and need no other host.

Each has a path that names its content, so whoever has fetched it never has to ask again, and after an upgrade nobody
gets an old one. They are no part of the API: the OpenAPI document does not list them.
"""

from collections.abc import Awaitable, Callable
from hashlib import sha256
from pathlib import Path
from typing import Final

from attrs import field, frozen
from returns.result import Success
from starlette.responses import Response

from adapters.http.operations import JAVASCRIPT, PUBLIC, TEXT, Answer, Answered, Call, Content, Operation, Resource
from adapters.http.schemas.queries import NoQuery

TAG: Final = "files"

_FOLDER: Final = Path(__file__).parent / "static"
_MEDIA_TYPES: Final = {".js": JAVASCRIPT, ".css": "text/css"}
_HEADERS: Final = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@frozen
class StaticFile:
    """A file, and the path at which it is served."""

    name: str
    data: bytes = field(repr=False)

    @property
    def media_type(self) -> str:
        """Its media type, by its suffix."""
        return _MEDIA_TYPES[Path(self.name).suffix]

    @property
    def href(self) -> str:
        """The path, which is another for another content."""
        return f"/static/{sha256(self.data).hexdigest()[:16]}/{Path(self.name).name}"


def _read(name: str) -> StaticFile:
    return StaticFile(name, (_FOLDER / name).read_bytes())


SWAGGER_UI: Final = _read("swagger-ui/swagger-ui-bundle.js")
SWAGGER_UI_STYLE: Final = _read("swagger-ui/swagger-ui.css")
DOCS: Final = _read("docs.js")
PAGES_STYLE: Final = _read("pages.css")


def _serving(file: StaticFile) -> Callable[[Call[NoQuery]], Awaitable[Answered]]:
    async def serve(_: Call[NoQuery]) -> Answered:
        return Success(Response(file.data, headers=_HEADERS, media_type=file.media_type))

    return serve


def _resource(file: StaticFile) -> Resource:
    read = Operation(
        handler=_serving(file),
        scope=PUBLIC,
        name=f"get {file.name}",
        summary="Read a file",
        description="Part of a page.",
        query=NoQuery,
        answers=(Answer(200, "The file.", Content(file.media_type, TEXT), ("Cache-Control",)),),
    )
    return Resource(file.href, TAG, {"GET": read})


RESOURCES: Final = tuple(_resource(one) for one in (SWAGGER_UI, SWAGGER_UI_STYLE, DOCS, PAGES_STYLE))
