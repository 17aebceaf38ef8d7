"""The policy of addresses: messages go to public addresses, and to networks that the operator allows.

The lists follow IANA's registries of special-purpose addresses, and are written out so that they do not depend on the
release of Python. A prefix of NAT64 that an operator has chosen cannot be known here; block it on the network.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

FORBIDDEN_V4: Final = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network, and the unspecified address, which reaches this machine
            "10.0.0.0/8",
            "100.64.0.0/10",  # between a provider and its customers, and a cloud's metadata
            "127.0.0.0/8",
            "168.63.129.16/32",  # a cloud's metadata, at an address that is public otherwise
            "169.254.0.0/16",  # link-local, and the metadata of most clouds
            "172.16.0.0/12",
            "192.0.0.0/24",  # of protocols, and a cloud's metadata
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # relays of 6to4
            "192.168.0.0/16",
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
GLOBAL_V6: Final = IPv6Network("2000::/3")
"""The only part of IPv6 from which public addresses are given out: loopback, link-local, unique local and multicast
addresses lie outside, as do the IPv4-compatible, the translated ones, and those of NAT64 within a site."""
FORBIDDEN_V6: Final = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # of protocols, among them Teredo, which leads to an IPv4 address
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4, which leads to an IPv4 address
            "3ffe::/16",  # returned
            "3fff::/20",  # documentation
        ),
    )
)
_NAT64: Final = IPv6Network("64:ff9b::/96")
"""Public IPv4 addresses as a network without IPv4 reaches them."""


def is_allowed(address: Address, networks: Sequence[Network] = ()) -> bool:
    """Tell whether a message may go to that address: it is public, or in one of the operator's networks."""
    plain = _without_mapping(address)
    return any(plain in network or address in network for network in networks) or is_public(plain)


def is_public(address: Address) -> bool:
    """Tell whether the address is one of the public internet's, as is any IPv4 address that it leads to."""
    plain = _without_mapping(address)
    if isinstance(plain, IPv4Address):
        return not any(plain in network for network in FORBIDDEN_V4)
    if plain in _NAT64:
        return is_public(IPv4Address(int(plain) & 0xFFFF_FFFF))
    return plain in GLOBAL_V6 and not any(plain in network for network in FORBIDDEN_V6)


def _without_mapping(address: Address) -> Address:
    """Return the IPv4 address to which the kernel connects for an IPv4-mapped one; any other address as it is."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
