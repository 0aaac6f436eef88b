"""Uploaded files: checked by their first bytes, pictures re-encoded, served by a route that checks permission each time."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from models.base import Stored, key, maybe, maybe_moment, moment, one_of, ref, string
from models.vocabulary import FileKind


class StoredFile(Stored, table=True):
    """A file of one matter: `about` is "concern:<id>", "proposal:<id>", "report:<id>", "draft:<id>" …; bytes lie in the data folder."""

    id: str = key()
    community_id: str = ref("community.id")
    about: str = Field(max_length=60, index=True)
    kind: FileKind = Field(sa_type=one_of(FileKind))
    name: str = string(120)
    media_type: str = string(80)
    size: int
    sha256: str = string(64)
    public: bool = False
    by_id: str | None = maybe("person.id")
    visitor: str = string(80, "")
    at: datetime = moment()
    removed_at: datetime | None = maybe_moment()
