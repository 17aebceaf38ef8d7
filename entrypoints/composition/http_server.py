"""uvicorn, configured and extended: its protocol, its limits, and the listening sockets that it may inherit."""

import asyncio
import resource
import socket
from collections.abc import Callable, Sequence
from typing import Final, cast

import uvicorn
from starlette.types import ASGIApp

from adapters.http.app import build_app
from adapters.http.dependencies import Dependencies
from adapters.http.server.connections import Bounds, protocol_within
from adapters.http.server.shared_address import LOOK_SECONDS, Takeover
from application.maintenance.periodic import BackgroundTask, TaskMonitor, periodic
from entrypoints.configuration.settings import Settings

_OTHER_DESCRIPTORS: Final = 512
"""Files and sockets that are no client's connection, and connections that are refused because there are too many."""


class Server(uvicorn.Server):
    """uvicorn's server, which calls `before_shutdown` on a signal to stop and before it waits for its answers.

    It listens on the first of inherited `listeners`, if there are any; the others are those of other processes.
    """

    def __init__(
        self, config: uvicorn.Config, before_shutdown: Callable[[], None], listeners: Sequence[socket.socket] = ()
    ) -> None:
        super().__init__(config)
        self._before_shutdown, self._listeners = before_shutdown, listeners
        self._taking_over: asyncio.Task[None] | None = None

    async def serve_shared(self) -> None:
        """Serve until a signal to stop."""
        await self.serve(list(self._listeners[:1]) or None)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and len(self._listeners) > 1:
            takeover = Takeover(self._listeners[1:], self._new_protocol)
            looks = periodic(BackgroundTask.TAKE_OVER_CONNECTIONS, LOOK_SECONDS, takeover.look, TaskMonitor())
            self._taking_over = asyncio.create_task(looks)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._before_shutdown()
        if self._taking_over is not None:
            self._taking_over.cancel()
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
