"""The options that every command has, and what follows from them: the output, and the connection to the service."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Protocol, TypeAlias, TypeVar

from cyclopts import Group, Parameter

from bateia.client import Client
from bateia.command.local import Installation, Runner, Trial, installation, preview_text
from bateia.command.login import Login, current_login
from bateia.command.output import Output
from bateia.documents import Document
from bateia.errors import Unreachable
from bateia.exchange import Flow, RetryPolicy
from bateia.listing import Listing
from bateia.matching import exact_json
from bateia.texts import Language, say

T = TypeVar("T")
_RETRIES = RetryPolicy(attempts=3)
"""Of somebody who waits for the answer: a service that is not there is reported after some two seconds."""
_GROUP = Group("Options of all commands", sort_key=100)


class HasDocument(Protocol):
    """A value of the library, with the service's document."""

    @property
    def document(self) -> Document:
        """The whole document."""
        ...


D = TypeVar("D", bound=HasDocument)


def language() -> Language:
    """Choose the language of the texts, the service's and these, by the locale."""
    named = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "pt" if named.lower().startswith("pt") else "en"


@dataclass
class Options:
    """The options of all commands."""

    json: Annotated[bool, Parameter(group=_GROUP, negative="")] = False
    """Print one JSON value, for programs."""
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"], group=_GROUP, negative="")] = False
    """Print no progress and no notes."""
    url: Annotated[str | None, Parameter(group=_GROUP)] = None
    """Address of the service, in place of BATEIA_URL and the stored login."""

    @cached_property
    def output(self) -> Output:
        """The output."""
        return Output(self.json, self.quiet)

    @cached_property
    def login(self) -> Login:
        """The address of the service and the API key."""
        return current_login(self.url)

    @cached_property
    def client(self) -> Client:
        """The connection to the service."""
        return Client(self.login.url, self.login.key or "", language=language(), retries=_RETRIES)

    def close(self) -> None:
        """Close the connection, if there is one."""
        if "client" in self.__dict__:
            self.client.close()

    def do(self, flow: Flow[T]) -> T:
        """Perform an operation on the service."""
        return self.client.do(flow)

    def first(self, listing: Listing[D], limit: int) -> list[Document]:
        """Read the documents of the first items of a list."""
        return [one.document for one in self.do(listing.first(limit))]

    def runner(self, remote: bool) -> tuple[Runner, str]:
        """Choose where sources run that are not saved, and name the place."""
        found = None if remote else installation()
        if found is not None:
            return self._local(found), say("in the local sandbox")
        return self._preview, say("as a preview on {url}", url=self.login.url)

    def _local(self, found: Installation) -> Runner:
        return found.run

    def _preview(self, trial: Trial) -> dict[str, Any]:
        try:
            return exact_json(self.do(preview_text(trial)))  # type: ignore[no-any-return]
        except ValueError:
            raise Unreachable(say("the response is not JSON: is this the address of Bateia?")) from None


All: TypeAlias = Annotated[Options, Parameter(name="*")]
DatasetFile: TypeAlias = Annotated[Path, Parameter(allow_leading_hyphen=True)]
"""A file, or `-` for standard input, which would otherwise be an unknown option."""
DEFAULTS = Options()
