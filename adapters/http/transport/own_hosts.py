"""The hosts under which clients reach this service: what `Host` and `Origin` are compared with."""

from ipaddress import ip_address
from typing import Final

from attrs import frozen

from adapters.http.transport.authorities import DEFAULT_PORTS, Authority, is_loopback_literal

_LOCALHOST: Final = "localhost"


@frozen(kw_only=True)
class OwnHosts:
    """The service listens on `port` of `listens_on`, an address or a name; `added` are the operator's further hosts.

    An added host without a port is one with any port.
    """

    port: int
    listens_on: str = "127.0.0.1"
    added: tuple[Authority, ...] = ()

    def has(self, host: Authority) -> bool:
        """Tell whether a host is this service's: an address of this machine, the one it listens on, or an added one."""
        return self.listens_at(host) or any(_is(one, host) for one in self.added)

    def listens_at(self, host: Authority) -> bool:
        """Tell whether a host is the address and port on which the service itself listens, or this machine's own."""
        is_own = is_loopback_literal(host.host) or host.host in (_LOCALHOST, own_name(self.listens_on))
        return is_own and host.port_for("http") == self.port

    def has_origin(self, scheme: str, host: Authority) -> bool:
        """Tell whether an origin is the service's because its host was added. Any port is not meant here."""
        port = host.port_for(scheme)
        return any(
            one.host == host.host and port == (DEFAULT_PORTS[scheme] if one.port is None else one.port)
            for one in self.added
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The hosts, as a client can write them."""
        own = dict.fromkeys(("127.0.0.1", _LOCALHOST, own_name(self.listens_on)))
        port = None if self.port == DEFAULT_PORTS["http"] else self.port
        return (*(str(Authority(host, port)) for host in own if host), *map(str, self.added))


def own_name(listens_on: str) -> str:
    """Return the host at which a listener on that address is reached; empty for all addresses, which is no name."""
    try:
        address = ip_address(listens_on.partition("%")[0])
    except ValueError:
        return listens_on.lower().removesuffix(".")
    return "" if address.is_unspecified else str(address)


def _is(added: Authority, host: Authority) -> bool:
    """Compare hosts. Behind a proxy that encrypts, a host without a port may mean either default."""
    ports = {host.port} if host.port is not None else set(DEFAULT_PORTS.values())
    return added.host == host.host and (added.port is None or added.port in ports)
