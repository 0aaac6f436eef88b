"""The headers of every answer: what a browser may load and do on our pages."""

from __future__ import annotations

from functools import cache
from typing import Literal

from services import shell

Kind = Literal["rich", "still", "live"]
Fields = list[tuple[bytes, bytes]]
_COMMON: Fields = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(self), geolocation=()"),
]


@cache
def policy(kind: Kind) -> bytes:
    """The content security policy: "rich" for Streamlit's pages, "still" for plain ones, "live" for plain ones with a script file."""
    tail = "frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    if kind == "still":  # nothing but its own style and pictures; short, because a phone pays for it with every answer
        return (
            b"default-src 'none'; script-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
            b"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        )
    if kind == "rich":
        # `blob:` because components of the second kind load so; styles inline because Streamlit writes them so.
        return (
            f"default-src 'self'; script-src 'self' blob: {' '.join(shell.script_hashes())} 'wasm-unsafe-eval'; "
            "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
            f"media-src 'self' blob:; worker-src 'self' blob:; {tail}"
        ).encode()
    return (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        f"font-src 'self' data:; connect-src 'self'; worker-src 'none'; {tail}"
    ).encode()


def dressed(fields: Fields, kind: Kind, *, https: bool) -> Fields:
    """The headers of an answer with ours: they replace what a layer below set under the same names."""
    ours = [(b"content-security-policy", policy(kind)), *_COMMON]
    if https:
        ours.append((b"strict-transport-security", b"max-age=31536000"))
    names = {name for name, _ in ours} | {b"server"}
    return [(k, v) for k, v in fields if k not in names] + ours
