"""The service itself: its caller, state, queue, limits and public keys."""

from __future__ import annotations

from typing import cast

from bateia.access_records import Caller
from bateia.exchange import Flow, Request, Response, Send, refused
from bateia.requesting import read, read_text
from bateia.resources.groups import C, Group, Operation
from bateia.service_records import Queue, Readiness, ServiceLimits, Status


def read_caller() -> Flow[Caller]:
    """Read the caller's API key and its scopes."""
    return Caller.from_flow(read("/v1/me"))


def read_queue() -> Flow[Queue]:
    """Read the state of the queue."""
    return Queue.from_flow(read("/v1/queue"))


def read_limits() -> Flow[ServiceLimits]:
    """Read the limits of the service."""
    return ServiceLimits.from_flow(read("/v1/limits"))


def read_readiness() -> Flow[Readiness]:
    """Read whether the service is ready, and its parts. The answer that it is not is none to repeat the request for."""
    response = cast("Response", (yield Send(Request("GET", "/health/ready"))))
    document = response.json() if response.status in (200, 503) else None
    if not isinstance(document, dict) or "checks" not in document:
        raise refused(response)
    return Readiness.of(document)


def read_status() -> Flow[Status]:
    """Read the state of the service. Needs the scope admin."""
    return Status.from_flow(read("/v1/status"))


def read_receipt_keys() -> Flow[bytes]:
    """Read the document of the public keys that sign receipts, as `Client.verify` takes it."""
    return read_text("/v1/receipts/keys")


class Service(Group[C]):
    """The service itself."""

    caller = Operation(read_caller)
    queue = Operation(read_queue)
    limits = Operation(read_limits)
    readiness = Operation(read_readiness)
    status = Operation(read_status)
    receipt_keys = Operation(read_receipt_keys)
