"""Writes the evidence bundle of one community or of all, from one consistent picture of the database."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import BinaryIO

from sqlalchemy import Engine
from sqlmodel import Session

from models.audit import LogHead
from services import checkpoints, clock, db, permission
from services.actors import Actor
from services.errors import Invalid, NotFound
from services.exchange import bundle
from services.reads import evidence
from services.settings import VERSION
from services.work import Work, do


def write(target: BinaryIO, community_id: str | None = None, *, on: Engine | None = None) -> dict[str, int]:
    """Write the bundle of one community, or of all; answers the counts of `bundle.write`.

    Where the log has grown since its last checkpoint, the bundle gets a fresh one. Raises Invalid where there is no community,
    KeyTrouble.
    """
    with db.session(db.EVERYWHERE, on=on, readonly=True) as picture:
        wanted = [each for each in evidence.communities(picture) if community_id in (None, each.id)]
        if not wanted:
            raise Invalid("There is no community yet. Start the server and open /first-run.")
        return bundle.write(target, [_part(picture, each.id) for each in wanted], f"yiqi {VERSION}")


def take(actor: Actor) -> BinaryIO:
    """The bundle of the actor's community for somebody who takes it away: the act stands in the log, and in the bundle itself.

    A file without a name, at its beginning: it is gone when it is closed. Raises NotAllowed, NotFound for a visitor of no community,
    KeyTrouble.
    """
    if actor.community_id is None:
        raise NotFound()
    do(actor, _note)
    target = TemporaryFile()
    try:
        write(target, actor.community_id)
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return target


def _note(work: Work) -> None:
    permission.require(work, "evidence.export")
    work.record("evidence.export", work.community)


def _part(picture: Session, community_id: str) -> bundle.Part:
    signed = evidence.notes(picture, community_id)
    texts = [text for _, _, text in signed]
    if not signed or signed[-1][0] != evidence.size(picture, community_id):
        texts.append(checkpoints.made(community_id, picture.get(LogHead, community_id), clock.now(), "export").note)
    return bundle.Part(
        origin=checkpoints.origin(community_id),
        public=checkpoints.public(),
        lines=evidence.lines(picture, community_id),
        notes=texts,
        rows=((each.table, each.id, each.digest) for each in evidence.standing(picture, community_id)),
        polls=evidence.polls(picture, community_id),
    )
