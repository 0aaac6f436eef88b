"""/export/evidence.zip: the evidence bundle of the community, the same that `manage.py export` writes, for whoever may see the log."""

from __future__ import annotations

from collections.abc import Iterator
from io import SEEK_END
from typing import BinaryIO

from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from pages.plain.door import Asked, route
from services import evidence

PIECE = 256 * 1024


def take(asked: Asked) -> Response:
    """The bundle, from a file that is gone when it has been sent."""
    file = evidence.take(asked.actor)
    size = file.seek(0, SEEK_END)
    headers = {"content-disposition": 'attachment; filename="evidence.zip"', "cache-control": "no-store", "content-length": str(size)}
    return StreamingResponse(_pieces(file), media_type="application/zip", headers=headers)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


routes: list[Route] = [route("/export/evidence.zip", take)]
