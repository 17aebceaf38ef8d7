"""Reads the body of a request that creates an API key."""

from typing import Any, Final

from returns.result import Result

from adapters.http.operations import RequestContext
from adapters.http.problems.refusals import Refusal
from adapters.http.requests.short_documents import read_short_document
from adapters.http.wire.schemas.api_keys import NewApiKey
from application.access.manage_api_keys import CreateKey
from domain.access import ROLES
from domain.audit import Actor

_MOST_BYTES: Final = 4 * 1024
"""Room for the longest name when each of its characters is escaped, and for all scopes."""


async def read_new_key(call: RequestContext[Any]) -> Result[CreateKey, Refusal]:
    """Read the key that is to be created."""
    new = await read_short_document(call, NewApiKey, _MOST_BYTES)
    return new.map(lambda one: _command(one, call.actor))


def _command(new: NewApiKey, actor: Actor) -> CreateKey:
    scopes = frozenset(new.scopes) | (frozenset() if new.role is None else ROLES[new.role])
    return CreateKey(name=new.name, scopes=scopes, days=new.expires_in_days, actor=actor)
