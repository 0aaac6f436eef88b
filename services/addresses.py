"""Under which addresses the house answers: origins that may speak to it, and the one that links and QR codes carry."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

from services.settings import settings

LOGIN, VISITOR, LANG, SIZE, PLACE = "yiqi", "yiqi-visitor", "yiqi-lang", "yiqi-size", "yiqi-place"
SIZES = {"1": 18, "2": 22, "3": 26}
YEAR = 365 * 24 * 3600
_port = 8501


def heard(port: int) -> None:
    """Remember the port that requests come in on, for links made where there is no request."""
    global _port
    _port = port


def origins(port: int | None = None) -> tuple[str, ...]:
    """Scheme, host and port of every address that is ours: the public ones, else this machine's two names with `port`."""
    return settings().public_url or tuple(f"http://{name}{'' if port == 80 else f':{port}'}" for name in ("localhost", "127.0.0.1"))


def hosts(port: int | None = None) -> frozenset[str]:
    """The values of the Host header that go with `origins`."""
    return frozenset(urlsplit(each).netloc.lower() for each in origins(port))


def names() -> list[str]:
    """Host names alone, without ports, for Streamlit's own check."""
    return sorted({urlsplit(each).hostname or "" for each in origins(_port)})


def secure(host: str) -> bool:
    """True when a reader who asked `host` (as in the Host header) stands on https."""
    return any(each.startswith("https://") and urlsplit(each).netloc.lower() == host.lower() for each in settings().public_url)


def home() -> str:
    """The address that links, letters and QR codes begin with, without a slash at its end."""
    return origins(_port)[0]


def reached() -> bool:
    """Whether a phone can open `home`: not where it names this very machine, as it does unless YIQI_PUBLIC_URL is set."""
    name = urlsplit(home()).hostname or ""
    return not (name == "localhost" or name.endswith(".localhost") or name == "::1" or name.startswith("127."))


def cookie(base: str, host: str) -> str:
    """The name of a private cookie (LOGIN, VISITOR): with `__Host-` on https, plain elsewhere."""
    return f"__Host-{base}" if secure(host) else base


def private_cookie(cookies: Mapping[str, str], base: str, host: str) -> str | None:
    """The value that a request to `host` carries in LOGIN or VISITOR."""
    return cookies.get(cookie(base, host)) or None


def set_cookie(name: str, value: str, host: str, *, seconds: int | None, hidden: bool = True) -> str:
    """A Set-Cookie line for the whole site. `seconds` 0 removes it, None lets it end with the browser; `hidden` from scripts."""
    parts = [f"{name}={value}", "Path=/", "SameSite=Lax"]
    parts += [f"Max-Age={seconds}"] if seconds is not None else []
    parts += ["HttpOnly"] if hidden else []
    parts += ["Secure"] if secure(host) else []
    return "; ".join(parts)


def new_secret() -> str:
    """256 random bits for a cookie."""
    return secrets.token_urlsafe(32)


def local(path: str | None) -> str:
    """`path` if it leads to a page of ours (a path, perhaps with a query), else "/"."""
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")) or len(path) > 1000:
        return "/"
    return path if path.isprintable() and "\\" not in path else "/"


def came_from(referer: str, host: str) -> str:
    """The page of ours that linked here, by what the browser says of it; "/" for another site's, or for what is no address."""
    try:
        came = urlsplit(referer)
    except ValueError:  # such as "http://[x"
        return "/"
    return local(came.path + (f"?{came.query}" if came.query else "")) if came.netloc.lower() == host.lower() else "/"


def type_px(cookies: Mapping[str, str]) -> int:
    """The reader's size of type in px: 18, 22 or 26."""
    return SIZES.get(cookies.get(SIZE, ""), SIZES["1"])
