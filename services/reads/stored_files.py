"""Files: where they lie, who may see one, one opened, the list of a matter."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, col, select

from models.file import StoredFile
from models.vocabulary import FileKind, Role
from services.actors import Actor
from services.db import reading
from services.errors import NotFound
from services.settings import settings

DESK = (Role.COMMITTEE, Role.GRID_WORKER, Role.ADMINISTRATOR, Role.CHAIR, Role.SUPERVISOR)


def place(row: StoredFile) -> Path:
    """Where the bytes of a file lie: named by its id, never by what somebody typed."""
    return settings().data_dir / "files" / row.community_id / row.id


def opened(db: Session, actor: Actor, file_id: str) -> tuple[StoredFile, bytes]:
    """A file for somebody who may see it. Raises NotFound for anything else, so that nothing leaks.

    Public ones for everybody; others for whoever added them, the desk, and signed-in people of the community where the matter itself
    is open to them (proposals, reports, notices). A photo of a concern is for its author and the desk.
    """
    row = db.get(StoredFile, file_id)
    if row is None or row.removed_at is not None or not _may_see(row, actor):
        raise NotFound()
    try:
        return row, place(row).read_bytes()
    except FileNotFoundError:
        raise NotFound() from None


def _may_see(row: StoredFile, actor: Actor) -> bool:
    if row.community_id != actor.community_id:
        return False
    if row.public or actor.system or (row.by_id and row.by_id == actor.person_id) or (row.visitor and row.visitor == actor.owner):
        return True
    if row.about.startswith("draft:"):
        return False
    if actor.holds(*DESK):
        return True
    return actor.person_id is not None and not row.about.startswith("concern:")


def content(db: Session, file_id: str) -> bytes:
    """The bytes of a file for its own person's copy of their data; empty where they are gone. The caller has checked who asks."""
    row = db.get(StoredFile, file_id)
    path = place(row) if row is not None else None
    return path.read_bytes() if path is not None and path.exists() else b""


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
        return opened(db, actor, file_id)


def shown(rows: list[StoredFile]) -> tuple[Shown, ...]:
    """Files as pages show them."""
    return tuple(Shown(row.id, row.name, row.kind is FileKind.PICTURE, row.size) for row in rows)


def files_of(db: Session, about: str) -> tuple[Shown, ...]:
    """The files of one matter, oldest first. The caller has checked who asks."""
    wanted = select(StoredFile).where(StoredFile.about == about, col(StoredFile.removed_at).is_(None))
    return shown(list(db.exec(wanted.order_by(col(StoredFile.at))).all()))
