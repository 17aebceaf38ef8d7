"""Reads a request's path parameters, query, media type and preferences: all but its body."""

import re
from collections import Counter
from functools import cache
from typing import Any, Final, TypeVar
from uuid import UUID

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success
from starlette.requests import Request

from adapters.http.problems.refusals import InvalidQuery, MalformedId, UnsupportedCharset, UnsupportedMediaType
from adapters.http.transport.media_types import canonical
from adapters.http.wire.converter import UUID_FORM, structure_query
from adapters.http.wire.validation_errors import MAX_FAULTS, Fault, pointer_to
from application.ports.scripts import ScriptRef
from domain.aliases import AliasName, VersionRef, alias_name
from domain.hint import hint
from domain.script import script_name
from domain.trace import TraceContext, trace_context

MAX_WAIT_SECONDS: Final = 60

_T = TypeVar("_T")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_WAIT: Final = re.compile(r'(?:^|,)\s*wait\s*=\s*"?([0-9]{1,1000})"?\s*(?=$|[,;])', re.IGNORECASE | re.ASCII)
_UTF_8: Final = ("utf-8", "utf8")
_CHARSET: Final = re.compile(r';\s*charset\s*=\s*"?([^\s";]+)"?', re.IGNORECASE)


def script_ref(request: Request) -> Result[ScriptRef, MalformedId]:
    """Read `{script}`: an id or a name."""
    return parse_script_ref(request.path_params["script"])


def parse_script_ref(text: str) -> Result[ScriptRef, MalformedId]:
    """Parse a script's id or name."""
    if UUID_FORM.fullmatch(text):
        return Success(UUID(text))
    name: Result[ScriptRef, MalformedId] = script_name(text).alt(
        lambda _: MalformedId("malformed-script-reference", text)
    )
    return name


def version_ref(request: Request) -> Result[VersionRef, MalformedId]:
    """Read `{n}`: the number of a version, or an alias."""
    text = request.path_params["n"]
    if _NUMBER.fullmatch(text):
        return Success(int(text))
    code = "latest-as-version" if text == "latest" else "malformed-version-number"
    named: Result[VersionRef, MalformedId] = alias_name(text).alt(lambda _: MalformedId(code, text))
    return named


def path_alias(request: Request) -> Result[AliasName, MalformedId]:
    """Read `{alias}`: the name of an alias."""
    return alias_name(request.path_params["alias"]).alt(lambda invalid: _malformed_alias(invalid.name))


def _malformed_alias(text: str) -> MalformedId:
    """Explain why the text is not the name of an alias."""
    if text == "latest":
        return MalformedId("alias-is-reserved", text)
    if _NUMBER.fullmatch(text):
        return MalformedId("alias-is-a-number", text)
    if is_successful(alias_name(text.lower())):
        return MalformedId("alias-in-upper-case", text, text.lower())
    return MalformedId("malformed-alias", text)


def execution_id(request: Request) -> Result[UUID, MalformedId]:
    """Read `{id}`: an execution's id."""
    return _execution_id(request.path_params["id"])


def reproduction_id(request: Request) -> Result[UUID, MalformedId]:
    """Read `{reproduction}`: the id of a reproduction, which is that of an execution."""
    return _execution_id(request.path_params["reproduction"])


def replay_id(request: Request) -> Result[UUID, MalformedId]:
    """Read `{replay}`: the id of a replay on a version."""
    return _uuid(request.path_params["replay"], "malformed-replay-id")


def webhook_id(request: Request) -> Result[UUID, MalformedId]:
    """Read `{webhook}`: the id of a webhook."""
    return _uuid(request.path_params["webhook"], "malformed-webhook-id")


def delivery_id(request: Request) -> Result[UUID, MalformedId]:
    """Read `{delivery}`: the id of a delivery."""
    return _uuid(request.path_params["delivery"], "malformed-delivery-id")


def job_id(request: Request) -> Result[UUID, MalformedId]:
    """Read `{job}`: the id of a job."""
    return _uuid(request.path_params["job"], "malformed-job-id")


def api_key_id(request: Request) -> Result[UUID, MalformedId]:
    """Read `{key}`: the id of an API key."""
    return _uuid(request.path_params["key"], "malformed-api-key-id")


def batch_id(request: Request) -> Result[UUID, MalformedId]:
    """Read `{batch}`: the id of a batch."""
    text = request.path_params["batch"]
    return Success(UUID(text)) if UUID_FORM.fullmatch(text) else Failure(MalformedId("malformed-batch-id", text))


def _execution_id(text: str) -> Result[UUID, MalformedId]:
    return _uuid(text, "malformed-execution-id")


def _uuid(text: str, code: str) -> Result[UUID, MalformedId]:
    """Parse an id; `code` is that of the refusal."""
    return Success(UUID(text)) if UUID_FORM.fullmatch(text) else Failure(MalformedId(code, text))


def read_query(request: Request, shape: type[_T]) -> Result[_T, InvalidQuery]:
    """Parse the query string as the shape."""
    if not request.scope["query_string"]:
        return _without_parameters(shape)  # type: ignore[arg-type]  # mypy takes no class for hashable
    pairs = request.query_params.multi_items()
    repeated = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]
    if repeated:
        return Failure(InvalidQuery(tuple(Fault(pointer_to(name), hint("repeated")) for name in repeated[:MAX_FAULTS])))
    return structure_query(dict(pairs), shape).alt(InvalidQuery)


@cache  # of one value for each shape
def _without_parameters(shape: type[Any]) -> Result[Any, InvalidQuery]:
    return structure_query({}, shape).alt(InvalidQuery)


def media_type(request: Request, accepted: tuple[str, ...]) -> Result[str, UnsupportedMediaType | UnsupportedCharset]:
    """Check that the body's media type is an accepted one, and its charset, if it names one, UTF-8.

    Returned is its usual name.
    """
    named = request.headers.get("content-type", "")
    charset = _CHARSET.search(named)
    sent = named.partition(";")[0].strip().lower()
    essence = sent if sent in accepted else canonical(sent)
    if essence not in accepted:
        return Failure(UnsupportedMediaType(accepted, essence))
    if charset is not None and charset[1].lower() not in _UTF_8:
        return Failure(UnsupportedCharset(accepted, essence, charset[1]))
    return Success(essence)


def preferred_wait(request: Request) -> int | None:
    """Read the seconds of `Prefer: wait` (RFC 7240, section 4.3), at most `MAX_WAIT_SECONDS`; None without that
    preference.

    The first of several counts, and a malformed one is ignored, as the RFC says.
    """
    wished = _WAIT.search(",".join(request.headers.getlist("prefer")))
    return None if wished is None else min(int(wished[1]), MAX_WAIT_SECONDS)


def sent_trace(request: Request) -> TraceContext | None:
    """Read the trace that the request belongs to; several `traceparent` lines count as none."""
    lines = request.headers.getlist("traceparent")
    return trace_context(lines[0].strip(" \t")) if len(lines) == 1 else None


def header_tokens(request: Request, name: str) -> list[str]:
    """Split a header that is a list of tokens (RFC 9110, section 5.6.1) into its items, in lower case."""
    return [item.strip().lower() for line in request.headers.getlist(name) for item in line.split(",") if item.strip()]


def has_body(headers: Any) -> bool:
    """Tell whether the request announces a body (RFC 9112, section 6.3)."""
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"
