"""Lines of a batch's results: the facts of an execution, and its result as the last member, if it has one.

A result is written as it was produced, without the line breaks between its tokens: in a string of JSON they are
escaped, so none is lost that means anything.

There may be many thousands of lines, so their members are put together here: a shape and its conversion take seven
times as long.
"""

from collections.abc import AsyncIterator
from typing import Any, Final

import msgspec

from adapters.http.language import Language
from adapters.http.responses.executions import run_error
from adapters.http.wire.converter import unstructure
from application.ports.batches import BatchLine

_RESULT: Final = b',"result":'
_END: Final = b"}\n"


def whole_line(line: BatchLine, result: bytes | None, language: Language) -> bytes:
    """Write a line with the text of its result, if it is to be shown."""
    facts = _facts(line, language)
    return facts + _END if result is None else b"".join((facts, _RESULT, on_one_line(result), _END))


async def line_pieces(line: BatchLine, result: AsyncIterator[bytes], language: Language) -> AsyncIterator[bytes]:
    """Write a line whose result comes in pieces."""
    yield _facts(line, language) + _RESULT
    async for piece in result:
        yield on_one_line(piece)
    yield _END


def on_one_line(text: bytes) -> bytes:
    """Drop the line breaks of a JSON text, or of a piece of one."""
    return text.replace(b"\n", b"").replace(b"\r", b"")


def _facts(line: BatchLine, language: Language) -> bytes:
    """Write the members before the result, without the end of the object. Those that do not apply are absent."""
    members: dict[str, Any] = {"line": line.number}
    if line.reference is not None:
        members["ref"] = line.reference
    members |= {"execution": line.execution_id, "status": line.state}
    if line.error is not None:
        members["error"] = unstructure(run_error(line.error, language))
    if line.content_removed_at is not None:
        members["content_removed_at"] = unstructure(line.content_removed_at)
    return msgspec.json.encode(members)[:-1]
