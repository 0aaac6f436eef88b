"""Who asks and from where: the login or the browser behind a request, and its address behind a proxy."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Iterable
from functools import cache

from starlette.types import Scope

from services import addresses, logins
from services.settings import settings

HERE = "127.0.0.1"
SLUG = re.compile("[a-z0-9-]{1,40}")


def who(cookies: dict[str, str], host: str, newcomer: str) -> str:
    """The id of the login that the cookies carry, else a name for this browser alone, with the community it looks at."""
    token = addresses.private_cookie(cookies, addresses.LOGIN, host)
    if token and (found := logins.resolve(token)):
        return found
    mark = addresses.private_cookie(cookies, addresses.VISITOR, host) or newcomer
    place = cookies.get(addresses.PLACE, "")
    where = f"@{place}" if SLUG.fullmatch(place) else ""
    return "visitor:" + hashlib.sha256(mark.encode()).hexdigest()[:32] + where


def client(scope: Scope) -> tuple[str, int] | None:
    """Where the request comes from: its socket, or what a trusted proxy (YIQI_TRUSTED_PROXY) says of it.

    Uvicorn trusts X-Forwarded-For from this machine by itself and marks that with port 0; without the setting it is undone.
    """
    seen = scope.get("client")
    if not seen:
        return None
    chain = [part.strip() for k, v in scope["headers"] if k == b"x-forwarded-for" for part in v.decode("latin-1").split(",")]
    if seen[1] and f"{seen[0]}:{seen[1]}" in chain:
        return HERE, 0
    peer = HERE if seen[1] == 0 else str(seen[0])
    trusted = networks(settings().trusted_proxy)
    for hop in reversed(chain):
        if not _within(peer, trusted):
            break
        peer = hop
    return peer, int(seen[1])


@cache
def networks(named: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """The setting as networks: addresses or ranges with commas. Raises ValueError for anything else."""
    return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in named.split(",") if part.strip())


def _within(address: str, networks: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in network for network in networks)


def port(scope: Scope) -> int | None:
    """The port that a request came in on."""
    server = scope.get("server")
    return int(server[1]) if server and server[1] else None
