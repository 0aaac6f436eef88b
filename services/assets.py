"""Our own static files: scripts, sheets, marks. Each is named with a digest, so browsers may keep it for a year."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache

from services.settings import HOME

FOLDERS = [HOME / "pages" / "plain" / "assets", HOME / "pages" / "kit" / "art", HOME / "pages" / "kit"]
KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon"}


@dataclass(frozen=True)
class Asset:
    """One file: its bytes, media type and digest."""

    body: bytes
    kind: str
    digest: str


@cache
def all_assets() -> dict[str, Asset]:
    """Every file that may be served, by name."""
    return {
        path.name: Asset(body, KINDS.get(path.suffix) or mimetypes.types_map[path.suffix], hashlib.sha256(body).hexdigest()[:12])
        for folder in FOLDERS
        for path in sorted(folder.iterdir())
        if path.suffix in KINDS
        for body in [path.read_bytes()]
    }


def address(name: str) -> str:
    """Where `name` is served, changing when its content does. Raises KeyError for a file that is not there."""
    return f"/assets/{name}?v={all_assets()[name].digest}"
