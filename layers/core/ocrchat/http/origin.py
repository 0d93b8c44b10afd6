"""Where a request comes from: the address that pages are counted against, and the site that a browser was on.

What a client says of itself proves nothing. The edge (CloudFront, or the front of one machine) adds a secret header to
what it passes; with it, and only then, its own headers are believed.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

PROOF = "x-origin-verify"
VIEWER_ADDRESS = "x-viewer-address"
"""The address that the edge was called from, and nothing else. Not `CloudFront-Viewer-Address`: CloudFront passes on as
its own only what an origin request policy names, and none of those leaves out Host, which the gateway needs."""

VIEWER_ORIGIN = "x-viewer-origin"
"""The browser's Origin, where the edge cannot pass it under its own name."""

HOME_BITS = 64
"""Of an IPv6 address: what a household or a host is given (RFC 6177)."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """`address` is an IP address as text, `origin` the Origin that a browser named, if any."""

    address: str
    origin: str | None


def provenance(headers: Mapping[str, str], peer: str, secret: str) -> Provenance:
    """`peer` is the address that the gateway saw. `headers` have lower-case names."""
    if secret and hmac.compare_digest(headers.get(PROOF, "").encode(), secret.encode()):
        return Provenance(headers.get(VIEWER_ADDRESS) or peer, headers.get("origin") or headers.get(VIEWER_ORIGIN))
    return Provenance(peer, headers.get("origin"))


def network_of(address: str) -> str:
    """What stands for a caller: an IPv4 address, or the /64 of an IPv6 one, unless that holds an IPv4 one. Text that is
    no address stands for itself."""
    try:
        parsed = ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ip_network((parsed, HOME_BITS), strict=False))
    return str(parsed)


def digest_of(address: str, secret: str) -> str:
    """24 hexadecimal digits in place of an address, so that none is stored: without the secret it cannot be found."""
    mac = hmac.new(secret.encode(), f"address|{network_of(address)}".encode(), hashlib.sha256)
    return mac.hexdigest()[:24]
