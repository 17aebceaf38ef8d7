"""Minimum rate at which a client has to receive its responses, the counterpart of `minimum_rate` for requests.

Only the time counts in which the transport has more to send than it can. Bytes count as received once the client's TCP
has acknowledged them, by the kernel's count: bytes in this machine's buffers have not been received, and an occasional
successful write proves little. Over a network acknowledgements come as segments arrive. A client that reads slowly from
its own full buffer acknowledges in steps of a segment or of a fraction of that buffer, so it is judged over a window,
not by its silence.
"""

import asyncio
import os
import socket
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from adapters.http.transport.minimum_rate import BYTES_A_SECOND

_BYTES_ACKED: Final = 120
"""Offset of `tcpi_bytes_acked` in `struct tcp_info` (linux/tcp.h, since Linux 4.1)."""
_INFO_BYTES: Final = _BYTES_ACKED + 8
_NOT_SENT_LOW_WATER: Final = 25
"""TCP_NOTSENT_LOWAT (linux/tcp.h), which Python does not name."""
UNSENT_BYTES: Final = 128 * 1024


class ResponseRate:
    """One connection's rate. `give_up` is called when it is too low over `window_seconds` of waiting."""

    def __init__(self, taken_bytes: Callable[[], int], window_seconds: float, give_up: Callable[[], None]) -> None:
        self._taken_bytes, self._window, self._give_up = taken_bytes, window_seconds, give_up
        self._waited = 0.0
        self._waiting_since: float | None = None
        self._taken_before = 0
        self._judging: asyncio.TimerHandle | None = None

    def pause(self) -> None:
        """Start measuring: the client has to receive something before more can be sent."""
        loop = asyncio.get_running_loop()
        if self._waited == 0.0:
            self._taken_before = self._taken_bytes()
        self._waiting_since = loop.time()
        self._judging = loop.call_later(self._window - self._waited, self._judge)

    def resume(self) -> None:
        """Stop measuring: there is room again, or the connection has ended. The next shortage continues the window."""
        if self._judging is not None and self._waiting_since is not None:
            self._judging.cancel()
            self._judging = None
            self._waited += asyncio.get_running_loop().time() - self._waiting_since

    def _judge(self) -> None:
        self._judging, self._waited = None, 0.0
        if self._taken_bytes() - self._taken_before < self._window * BYTES_A_SECOND:
            self._give_up()
        else:
            self.pause()


class Peer:
    """The kernel's side of a connection."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def keep_little_unsent(self) -> None:
        """Let the kernel take no more than `UNSENT_BYTES` that it cannot send: by itself it takes megabytes."""
        with self._wire() as wire:
            wire.setsockopt(socket.IPPROTO_TCP, _NOT_SENT_LOW_WATER, UNSENT_BYTES)

    def taken_bytes(self) -> int:
        """Count the bytes that the client's TCP has acknowledged; 0 where the connection has gone."""
        info = bytes(_INFO_BYTES)
        with self._wire() as wire:
            info = wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_BYTES)
        return int.from_bytes(info[_BYTES_ACKED:], sys.byteorder)

    def reset(self) -> None:
        """Reset the connection and discard unsent bytes, which the kernel would go on offering for minutes."""
        with self._wire() as wire:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    @contextmanager
    def _wire(self) -> Iterator[socket.socket]:
        """Open a duplicate of the socket, as long as the connection has one."""
        with suppress(OSError), socket.socket(fileno=os.dup(self._transport.get_extra_info("socket").fileno())) as wire:
            yield wire
