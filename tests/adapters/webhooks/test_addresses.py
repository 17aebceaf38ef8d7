"""Only public addresses, or those that the operator allows, get messages, in whatever form they are written."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.webhooks.addresses import FORBIDDEN_V4, FORBIDDEN_V6, Address, is_allowed, is_public
from adapters.webhooks.resolver import system_addresses

PUBLIC_V4: Final = tuple(
    map(ip_network, ("1.0.0.0/24", "8.8.8.0/24", "93.184.0.0/16", "151.101.0.0/16", "223.0.0.0/8"))
)
PUBLIC_V6: Final = tuple(map(ip_network, ("2400::/12", "2600::/12", "2606:4700::/32", "2a00::/12")))
EMBEDDING: Final[dict[str, Callable[[int], IPv6Address]]] = {
    "mapped": lambda v4: IPv6Address(0xFFFF << 32 | v4),
    "NAT64": lambda v4: IPv6Address(0x64_FF9B << 96 | v4),
}
"""The forms in which an IPv4 address is what it leads to."""
TUNNELS: Final[dict[str, Callable[[int], IPv6Address]]] = {
    "compatible": lambda v4: IPv6Address(v4),
    "translated": lambda v4: IPv6Address(0xFFFF << 48 | v4),
    "NAT64 of a site": lambda v4: IPv6Address(0x64_FF9B_0001 << 80 | v4),
    "6to4": lambda v4: IPv6Address(0x2002 << 112 | v4 << 80 | 1),
    "Teredo's server": lambda v4: IPv6Address(0x2001_0000 << 96 | v4 << 64 | 0xA0A0_A0A0),
    "Teredo's client": lambda v4: IPv6Address(0x2001_0000 << 96 | 0x0808_0808 << 64 | (v4 ^ 0xFFFF_FFFF)),
}
"""The forms that are refused, whatever is in them."""
UNPUBLIC_V6: Final = tuple(
    map(
        ip_network,
        ("::/128", "::1/128", "fc00::/7", "fd00:ec2::254/128", "fe80::/10", "fec0::/10", "ff00::/8", "100::/64"),
    )
)
V4: Final = st.integers(0, 2**32 - 1)


def drawn_from(networks: tuple[object, ...]) -> st.SearchStrategy[Address]:
    """Draw an address of one of the networks, the first and the last ones often."""
    return st.sampled_from([ip_network(str(one)) for one in networks]).flatmap(
        lambda network: st.one_of(
            st.sampled_from([network.network_address, network.broadcast_address]),
            st.integers(int(network.network_address), int(network.broadcast_address)).map(
                IPv4Address if network.version == 4 else IPv6Address
            ),
        )
    )


@given(drawn_from((*FORBIDDEN_V4, *FORBIDDEN_V6, *UNPUBLIC_V6)))
def test_special_addresses_are_refused(address: Address) -> None:
    assert not is_allowed(address)


@given(drawn_from((*PUBLIC_V4, *PUBLIC_V6)))
def test_public_addresses_are_allowed(address: Address) -> None:
    assert is_allowed(address)


@given(V4, st.sampled_from(sorted(EMBEDDING)))
def test_an_address_that_leads_to_another_is_as_public_as_that(v4: int, form: str) -> None:
    assert is_public(EMBEDDING[form](v4)) is is_public(IPv4Address(v4))


@given(V4, st.sampled_from(sorted(TUNNELS)))
def test_forms_that_lead_through_relays_are_refused_whatever_is_in_them(v4: int, form: str) -> None:
    assert not is_allowed(TUNNELS[form](v4))


@given(
    st.one_of(V4.map(IPv4Address), st.integers(0, 2**128 - 1).map(IPv6Address), drawn_from((*FORBIDDEN_V4, "2000::/3")))
)
def test_no_address_is_public_that_the_standard_library_has_as_special(address: Address) -> None:
    """Its lists are older than some reservations and have other exceptions, so the reverse does not hold."""
    if is_public(address):
        assert address.is_global or any(address in ip_network(one) for one in ("64:ff9b::/96", "::ffff:0:0/96"))
        assert not address.is_multicast


@pytest.mark.parametrize(
    "metadata", ["169.254.169.254", "168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254"]
)
def test_metadata_of_clouds_are_refused(metadata: str) -> None:
    assert not is_allowed(ip_address(metadata))


@given(drawn_from((*FORBIDDEN_V4, *UNPUBLIC_V6)))
def test_a_network_of_the_operator_s_allows_its_addresses_and_no_others(address: Address) -> None:
    allowed = [ip_network("127.0.0.0/8"), ip_network("fd00::/8")]
    assert is_allowed(address, allowed) is any(address in network for network in allowed)


@given(V4)
def test_a_network_allows_the_mapped_form_of_its_addresses_but_no_tunnels_to_them(v4: int) -> None:
    everything = [ip_network("0.0.0.0/0")]
    assert is_allowed(EMBEDDING["mapped"](v4), everything)
    assert not any(is_allowed(tunnel(v4), everything) for tunnel in TUNNELS.values())


SPELLINGS: Final[dict[str, Callable[[IPv4Address], str]]] = {
    "dotted": str,
    "decimal": lambda v4: str(int(v4)),
    "hexadecimal": lambda v4: hex(int(v4)),
    "octal": lambda v4: "0" + oct(int(v4))[2:],
    "octal parts": lambda v4: ".".join(f"0{part:o}" for part in v4.packed),
    "hexadecimal parts": lambda v4: ".".join(f"0x{part:X}" for part in v4.packed),
    "two parts": lambda v4: f"{int(v4) >> 24}.{int(v4) & 0xFF_FFFF}",
    "three parts": lambda v4: f"{int(v4) >> 24}.{int(v4) >> 16 & 0xFF}.{int(v4) & 0xFFFF}",
    "mapped": lambda v4: f"::ffff:{v4}",
}


@given(V4.map(IPv4Address), st.sampled_from(sorted(SPELLINGS)))
def test_every_spelling_of_an_address_is_checked_as_what_it_connects_to(v4: IPv4Address, spelling: str) -> None:
    """No name server is asked: these are addresses to the system's resolver."""
    (address,) = system_addresses(SPELLINGS[spelling](v4))
    assert (getattr(address, "ipv4_mapped", None) or address) == v4
    assert is_allowed(address) is is_public(v4)
