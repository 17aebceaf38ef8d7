"""Processes of the service one by one, as on several machines, and networks between them that can be cut."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Final, TypeAlias

from attrs import frozen

from tests.support.processes import clean_environment, free_port
from tests.support.proxy import a_proxy

_IP: Final = shutil.which("ip") or ""


@contextmanager
def a_process(command: Sequence[str], cwd: Path, log: Path, settings: Mapping[str, str]) -> Iterator[int]:
    """Run a process of the service for the block, end it with a TERM, and provide its id."""
    with log.open("ab") as output:
        env = clean_environment() | {"BATEIA_LEASE_SECONDS": "3"} | dict(settings)
        process = subprocess.Popen(command, cwd=cwd, env=env, stdout=output, stderr=output)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(60)


@frozen
class Network:
    """The network between a host and the database. `prefix` starts a program on that host, `url` is the database."""

    prefix: tuple[str, ...]
    url: str
    cut: Callable[[], None]
    mend: Callable[[], None]


Link: TypeAlias = Callable[[str], AbstractContextManager[Network]]
"""Makes a network to the database of that URL for the block."""


@contextmanager
def proxied(server_url: str) -> Iterator[Network]:
    """Use this machine, and a proxy that can hold back all bytes. Works everywhere."""
    with a_proxy(server_url) as proxy:
        yield Network((), proxy.url, proxy.cut, proxy.mend)


@contextmanager
def namespaced(server_url: str) -> Iterator[Network]:
    """Create a network namespace with one cable to this machine, which can be pulled: packets are lost in silence."""
    number = free_port()
    name, here, there = f"bateia{number}", f"bt{number}h", f"bt{number}n"
    subnet = f"10.{213 + number % 16}.{number // 256}.{number % 64 * 4}"
    own, other = (f"{subnet.rpartition('.')[0]}.{int(subnet.rpartition('.')[2]) + last}" for last in (1, 2))
    with ExitStack() as stack:
        _ip("netns", "add", name)
        stack.callback(_ip, "netns", "del", name)
        _ip("link", "add", here, "type", "veth", "peer", "name", there, "netns", name)
        stack.callback(_ip, "link", "del", here)
        _ip("addr", "add", f"{own}/30", "dev", here)
        _ip("link", "set", here, "up")
        for words in (["addr", "add", f"{other}/30", "dev", there], ["link", "set", there, "up"]):
            _ip("-n", name, *words)
        _ip("-n", name, "link", "set", "lo", "up")
        proxy = stack.enter_context(a_proxy(server_url, own))  # the server itself listens on the loopback alone
        yield Network(
            prefix=(_IP, "netns", "exec", name),
            url=proxy.url,
            cut=lambda: _ip("link", "set", here, "down"),
            mend=lambda: _ip("link", "set", here, "up"),
        )


def links() -> list[Link]:
    """List the kinds of network that can be made here: namespaces take root and iproute2."""
    return [proxied, namespaced] if os.geteuid() == 0 and _IP else [proxied]


def _ip(*words: str) -> None:
    subprocess.run([_IP, *words], check=True)
