"""Commands for those who run the service: the audit trail, the queue, and the limits."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from bateia.command.arguments import File, Flag, Limit, Script
from bateia.command.exits import Exit, Unusable
from bateia.command.files import save_or_print_body
from bateia.command.options import DEFAULTS, All
from bateia.command.showing import show_document, show_items
from bateia.operations import receive
from bateia.resources import service
from bateia.resources.keys import list_audit_records
from bateia.texts import say


def audit(
    *,
    action: str | None = None,
    key: str | None = None,
    script: Script | None = None,
    execution: str | None = None,
    since: Annotated[str | None, Parameter(name="--from")] = None,
    until: Annotated[str | None, Parameter(name="--to")] = None,
    csv: Flag = False,
    limit: Limit = 50,
    output: File = None,
    common: All = DEFAULTS,
) -> int:
    """List audit records, the newest first.

    Parameters
    ----------
    action
        Only this action, such as submitted.
    key
        Only those of the API key with this id.
    execution
        Only those about this execution.
    since
        Earliest time, such as 2026-03-01T00:00:00Z.
    until
        Time before which they are.
    csv
        All records that match as CSV, without a limit.
    """
    listing = list_audit_records(action=action, key=key, script=script, execution=execution, at_from=since, at_to=until)
    if output is not None and not csv:
        raise Unusable(say("--output is for --csv: name both, or redirect --json"))
    if not csv:
        items = common.first(listing, limit)
        show_items(common, items, "at", "action", "key_name", "script_name", "version", "execution_id", "object_url")
        return Exit.OK
    save_or_print_body(common, common.do(receive(listing.path, listing.query, "text/csv")), output)
    return Exit.OK


def queue(*, common: All = DEFAULTS) -> int:
    """Show the state of the queue."""
    show_document(common, common.do(service.read_queue()).document)
    return Exit.OK


def limits(*, common: All = DEFAULTS) -> int:
    """Show the limits of the service."""
    show_document(common, common.do(service.read_limits()).document)
    return Exit.OK
