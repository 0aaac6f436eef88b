"""/files/{id}: an uploaded file, its permission checked each time, always as an attachment."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from pages.plain.door import Asked, route
from services.reads.stored_files import stored_file


def show(asked: Asked) -> Response:
    row, content = stored_file(asked.actor, asked.params["id"])
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(row.name)}",
        "cache-control": "private, max-age=3600",
    }
    return Response(content, media_type=row.media_type, headers=headers)


routes = [route("/files/{id:str}", show)]
