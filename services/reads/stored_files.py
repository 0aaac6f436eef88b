"""Files for pages and plain routes: one opened, or the list of a matter."""

from __future__ import annotations

from dataclasses import dataclass

from models.file import StoredFile
from models.vocabulary import FileKind
from services import files
from services.actors import Actor
from services.db import reading


@dataclass(frozen=True)
class Shown:
    """A file as a page shows it: a link, and whether it is a picture."""

    id: str
    name: str
    picture: bool
    size: int

    @property
    def address(self) -> str:
        return f"/files/{self.id}"


def stored_file(actor: Actor, file_id: str) -> tuple[StoredFile, bytes]:
    """A file and its bytes. Raises NotFound for one that is absent or not this reader's."""
    with reading(actor.community_id) as db:
        return files.opened(db, actor, file_id)


def shown(rows: list[StoredFile]) -> tuple[Shown, ...]:
    """Files as pages show them."""
    return tuple(Shown(row.id, row.name, row.kind is FileKind.PICTURE, row.size) for row in rows)
