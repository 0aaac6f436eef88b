"""Writes the evidence bundle of one community or of all, from one consistent picture of the database."""

from __future__ import annotations

from typing import BinaryIO

from sqlalchemy import Engine
from sqlmodel import Session

from models.audit import LogHead
from services import checkpoints, clock, db
from services.errors import Invalid
from services.exchange import bundle
from services.reads import evidence
from services.settings import VERSION


def write(target: BinaryIO, named: str | None = None, *, on: Engine | None = None) -> dict[str, int]:
    """Write the bundle of the community `named` by id, slug or name, or of all; answers the counts of `bundle.write`.

    Where the log has grown since its last checkpoint, the bundle gets a fresh one. Raises Invalid for an unknown community or none
    at all, KeyTrouble.
    """
    with db.session(db.EVERYWHERE, on=on, readonly=True) as picture:
        known = evidence.communities(picture)
        wanted = [each for each in known if named is None or named in (each.id, each.slug, each.name)]
        if not wanted:
            raise Invalid("There is no such community. Known are: {known}.", known=", ".join(each.slug for each in known) or "-")
        return bundle.write(target, [_part(picture, each.id) for each in wanted], f"yiqi {VERSION}")


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
