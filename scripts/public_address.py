"""What YIQI_PUBLIC_URL is to hold for `make run HOST=… PORT=…`, so that phones in the network get in; nothing for this machine alone."""

from __future__ import annotations

import ipaddress
import socket
import sys


def own_address() -> str:
    """This machine's address in its network, "" where it has none. Connecting a datagram socket sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address for examples only (RFC 5737): it stands for "outside"
            found = str(probe.getsockname()[0])
        except OSError:
            return ""
    return "" if ipaddress.ip_address(found).is_loopback else found


def public_url(host: str, port: int) -> str:
    """Addresses with commas, that of the phones first: links and QR codes carry it. "" for a server that this machine alone reaches."""
    try:
        given = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return "" if host == "localhost" else f"http://{host}:{port}"
    if given.is_loopback:
        return ""
    if not given.is_unspecified:
        return f"http://[{given}]:{port}" if given.version == 6 else f"http://{given}:{port}"
    own = own_address()
    return ",".join(f"http://{name}:{port}" for name in (own, "localhost", "127.0.0.1")) if own else ""


if __name__ == "__main__":
    print(public_url(sys.argv[1], int(sys.argv[2])))
