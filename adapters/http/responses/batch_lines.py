"""Lines of a batch's results: the facts of an execution, and its result as the last member, if it has one.

A result is written as it was produced, without the line breaks between its tokens: in a string of JSON they are
escaped, so none is lost that means anything.
"""

from collections.abc import AsyncIterator
from typing import Final

from msgspec import Raw

from adapters.http.language import Language
from adapters.http.responses.executions import run_error
from adapters.http.wire.json import json_bytes
from adapters.http.wire.schemas.batches import BatchResult
from domain.batch_lines import BatchPlace
from domain.execution import Execution, Failed, Succeeded, state_of

_END: Final = b"}\n"


def whole_line(execution: Execution, result: bytes | None, language: Language) -> bytes:
    """Write the line of an execution with the text of its result, if it is to be shown."""
    line = _line(execution, language) if result is None else _line(execution, language, Raw(on_one_line(result)))
    return json_bytes(line) + b"\n"


async def line_pieces(execution: Execution, result: AsyncIterator[bytes], language: Language) -> AsyncIterator[bytes]:
    """Write the line of an execution whose result comes in pieces."""
    yield json_bytes(_line(execution, language)).removesuffix(b"}") + b',"result":'
    async for piece in result:
        yield on_one_line(piece)
    yield _END


def on_one_line(text: bytes) -> bytes:
    """Drop the line breaks of a JSON text, or of a piece of one."""
    return text.replace(b"\n", b"").replace(b"\r", b"")


def _line(execution: Execution, language: Language, result: Raw | None = None) -> BatchResult:
    place = execution.submission.attribution.batch
    assert isinstance(place, BatchPlace), "executions of a batch have a place in it"
    return BatchResult(
        line=place.line,
        ref=place.reference,
        execution=execution.submission.id,
        status=state_of(execution),
        error=run_error(execution.error, language) if isinstance(execution, Failed) else None,
        content_removed_at=execution.content_removed_at if isinstance(execution, Succeeded | Failed) else None,
        result=result,
    )
