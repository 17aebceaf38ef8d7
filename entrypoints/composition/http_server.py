"""uvicorn, configured and extended: its protocol, its limits, and the listening sockets that it may inherit."""

import asyncio
import resource
import socket
from collections.abc import Callable, Sequence
from typing import Final, cast

import uvicorn
from attrs import frozen
from starlette.types import ASGIApp

from adapters.http.app import build_app
from adapters.http.dependencies import Dependencies
from adapters.http.server.connections import Bounds, protocol_within
from adapters.http.server.shared_address import Takeover
from entrypoints.configuration.settings import Settings

_OTHER_DESCRIPTORS: Final = 512
"""Files and sockets that are no client's connection, and connections that are refused because there are too many."""


@frozen
class Listeners:
    """Inherited listening sockets: those of this process, and those of other processes with the same address.

    Without any, the server listens by itself.
    """

    own: Sequence[socket.socket] = ()
    others: Sequence[socket.socket] = ()


class Server(uvicorn.Server):
    """uvicorn's server with inherited listening sockets.

    It calls `before_shutdown` on a signal to stop and before it waits for its answers.
    """

    def __init__(self, config: uvicorn.Config, before_shutdown: Callable[[], None], listeners: Listeners) -> None:
        super().__init__(config)
        self._before_shutdown, self._listeners = before_shutdown, listeners
        self._takeover = Takeover(listeners.others, self._new_protocol)

    async def serve_until_stopped(self) -> bool:
        """Serve until a signal to stop; return false if it could not listen."""
        await self.serve(list(self._listeners.own) or None)
        return self.started

    async def on_tick(self, counter: int) -> bool:
        """Look after the connections of other processes, which uvicorn does not know; it calls this every 0.1 s."""
        stopping = await super().on_tick(counter)
        if not stopping:
            self._takeover.look()
        return stopping

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close what listens first, so that clients are refused rather than left waiting."""
        self._before_shutdown()
        self._takeover.close()
        await super().shutdown(sockets)

    def _new_protocol(self) -> asyncio.Protocol:
        make = cast("Callable[..., asyncio.Protocol]", self.config.http_protocol_class)
        return make(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)


def connections_for(wanted: int) -> int:
    """Raise the descriptor limit as far as permitted, and return the number of connections that it allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    descriptors = wanted + _OTHER_DESCRIPTORS
    if soft < descriptors:
        soft = descriptors if hard == resource.RLIM_INFINITY else min(descriptors, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(1, min(wanted, soft - _OTHER_DESCRIPTORS))


def config_of(settings: Settings, dependencies: Dependencies, around: Callable[[ASGIApp], ASGIApp]) -> uvicorn.Config:
    """Configure the server of the application."""
    bounds = Bounds(
        new_id=dependencies.operations.new_id,
        root_path=settings.root_path,
        head_bytes=settings.head_bytes,
        head_seconds=settings.silence_seconds,
        unread_seconds=settings.pace_seconds,
        connections=connections_for(settings.connections),
    )
    return uvicorn.Config(
        around(build_app(dependencies)),
        host=settings.host,
        port=settings.port,
        http=protocol_within(bounds),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=settings.grace_seconds,
    )
