"""The way in: accounts, logins, letters, failed attempts, notes to a person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field

from models.base import Stored, key, maybe, maybe_moment, moment, one_of, ref, string
from models.vocabulary import LetterKind


class Account(Stored, table=True):
    """What a person signs in with. The phone is unique in the installation; the password is an Argon2id hash."""

    id: str = key()
    community_id: str = ref("community.id")
    person_id: str = Field(foreign_key="person.id", unique=True, max_length=16)
    phone: str = Field(max_length=20, unique=True)
    password_hash: str = string(200)
    created_at: datetime = moment()
    disabled_at: datetime | None = maybe_moment()


class Login(Stored, table=True):
    """One signed-in browser. The database keeps only the SHA-256 of the cookie's 256 random bits."""

    id: str = key()
    community_id: str = ref("community.id")
    account_id: str = ref("account.id")
    token_sha256: str = Field(max_length=64, unique=True)
    form_token: str = string(64)
    device: str = string(80, "")
    since: datetime = moment()
    seen_at: datetime = moment()
    ends_at: datetime = moment()
    ended_at: datetime | None = maybe_moment()


class Letter(Stored, table=True):
    """A sheet with a QR code and a one-time code (SHA-256 kept), handed to a home, or in person to renew a password."""

    id: str = key()
    community_id: str = ref("community.id")
    kind: LetterKind = Field(sa_type=one_of(LetterKind))
    unit_id: str | None = maybe("unit.id")
    person_id: str | None = maybe("person.id")
    code_sha256: str = Field(max_length=64, unique=True)
    issued_by: str = ref("person.id")
    issued_at: datetime = moment()
    second_by: str | None = maybe("person.id")
    ends_at: datetime = moment()
    uses_left: int = 1
    used_at: datetime | None = maybe_moment()
    withdrawn_at: datetime | None = maybe_moment()


class Attempt(Stored, table=True):
    """Failures at a door, so that guessing is slowed: `door` names it, `mark` is a digest of who tried."""

    id: str = key()
    door: str = Field(max_length=20, index=True)
    mark: str = Field(max_length=64, index=True)
    at: datetime = moment(index=True)


class Message(Stored, table=True):
    """A line to one person about something that concerns them: a message id with values, and where to look."""

    id: str = key()
    community_id: str = ref("community.id")
    person_id: str = ref("person.id")
    message: str = string(200)
    values_: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    address: str = string(200, "")
    at: datetime = moment(index=True)
    read_at: datetime | None = maybe_moment()
    about: str = string(80, "")
