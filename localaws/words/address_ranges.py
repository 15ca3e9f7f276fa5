"""Ranges of IP addresses in filters: the operator `cidr`.

As Event Ruler reads them, the library that AWS filters with:
https://github.com/aws/event-ruler, `CIDR.java`.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

_SHAPE = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+|[0-9a-fA-F:]*:[0-9a-fA-F:]*")
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]+")


@dataclass(frozen=True)
class AddressRange:
    """From the address that is written to the last one with its leading bits.

    A range does not begin before the address that is written: 10.0.0.5/24 has no 10.0.0.4.
    """

    first: IPv4Address | IPv6Address
    last: int

    @classmethod
    def of_cidr(cls, text: str) -> "AddressRange":
        """Read `10.0.0.0/24` or an IPv6 range; raises ValueError with Event Ruler's words."""
        parts = text.rstrip("/").split("/")
        if len(parts) != 2:
            raise ValueError("Malformed CIDR, one '/' required")
        if not _WHOLE_NUMBER.fullmatch(parts[1]):
            raise ValueError("Malformed CIDR, mask bits must be an integer")
        mask_bits = int(parts[1])
        if mask_bits < 0:
            raise ValueError("Malformed CIDR, mask bits must not be negative")
        first = _address(parts[0])
        if mask_bits >= first.max_prefixlen:
            raise ValueError(f"IPv{first.version} mask bits must be < {first.max_prefixlen}")
        return cls(first, int(first) | ((1 << (first.max_prefixlen - mask_bits)) - 1))

    def holds(self, value: Any) -> bool:
        """Whether a value is an address within the range."""
        try:
            address = ip_address(value) if isinstance(value, str) else None
        except ValueError:
            return False
        return (
            address is not None
            and address.version == self.first.version
            and int(self.first) <= int(address) <= self.last
        )


def _address(text: str) -> IPv4Address | IPv6Address:
    if not _SHAPE.fullmatch(text):
        raise ValueError(f"Nonstandard IP address: {text}")
    try:
        return ip_address(text)
    except ValueError:
        raise ValueError(f"Invalid IP address: {text}") from None
