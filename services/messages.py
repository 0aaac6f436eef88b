"""Notes to people: a line to one person about what concerns them, kept as a message id with values and shown in the reader's words."""

from __future__ import annotations

import importlib
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy import select as rows
from sqlmodel import col, select

from models import vocabulary
from models.account import Message
from models.people import Person
from services import i18n
from services.errors import Invalid
from services.i18n import N_
from services.work import Work

BEFORE = (N_("“{title}” on {day} is called off."), N_("Your objection to notice {number} has an answer."))
"""Lines that are written no more and stand in databases: they stay in the reader's language. Add what you replace."""
ERASED = N_("This person's data was erased.")
_PERSON = Person.__table__  # type: ignore[attr-defined]
_THEIRS = (_PERSON.c.id == bindparam("person")) & (_PERSON.c.community_id == bindparam("community"))
_ERASED = rows(_PERSON.c.erased_at).where(_THEIRS).with_for_update(read=True, key_share=True)


def tell(work: Work, person_id: str | None, message: str, address: str = "", about: str = "", **values: object) -> None:
    """Leave a line for a person. `address` is a page of ours; `values` may be days, moments, figures, enum members or text.

    Nobody is told for a `person_id` of None, or whose data was erased. The same unread line about the same thing is not written twice.
    Not audited.
    """
    if not person_id or erased(work, person_id):
        return
    if address and not address.startswith("/"):
        raise ValueError("an address of ours begins with a slash")
    kept = {name: _kept(value) for name, value in values.items()}
    if about:
        same = select(Message).where(
            Message.person_id == person_id, Message.message == message, Message.about == about, col(Message.read_at).is_(None)
        )
        if any(line.values_ == kept and line.address == address for line in work.db.exec(same)):
            return
    work.db.add(  # written with the next flush: whole estates are told in one go
        Message(
            id=work.new_id(), community_id=work.community_id, person_id=person_id, message=message,
            values_=kept, address=address, at=work.moment, about=about,
        )
    )  # fmt: skip


def erased(work: Work, person_id: str | None) -> bool:
    """Whether a person's data was erased: nothing is told or given to them any more.

    On PostgreSQL the person is locked as a row that names them does a moment later: an erasure under way is waited for, and one that
    comes later waits for this transaction. Without the mapper, which takes ten times as long: whole estates are asked about one by one. And
    so with its community named here: what only the mapper narrows would tell who was erased in another one.
    """
    whose = {"person": person_id, "community": work.community_id}
    return bool(person_id) and work.db.connection().execute(_ERASED, whose).scalar() is not None


def outdate(work: Work, person_id: str, about: str, *messages: str) -> None:
    """What these lines about a thing said to a person holds no longer: they are new no more, so that it can be said again."""
    work.db.flush()
    stale = select(Message).where(Message.person_id == person_id, Message.about == about, col(Message.message).in_(messages))
    for line in work.db.exec(stale.where(col(Message.read_at).is_(None))).all():
        line.read_at = work.moment


def read(work: Work, message_ids: list[str] | None = None) -> int:
    """Mark own lines as read, all of them or these; returns how many were new."""
    if work.actor.person_id is None:
        raise Invalid("Please sign in first.")
    unread = select(Message).where(Message.person_id == work.actor.person_id, col(Message.read_at).is_(None))
    if message_ids is not None:
        unread = unread.where(col(Message.id).in_(message_ids))
    lines = work.db.exec(unread).all()
    for line in lines:
        line.read_at = work.moment
    work.db.flush()
    return len(lines)


def shown(lang: str, message: str, values: dict[str, str]) -> str:
    """The line in `lang`."""
    again: dict[str, Any] = {name: _again(value) for name, value in values.items()}
    return i18n.text(lang, message, **again)


def _kept(value: object) -> str:
    match value:
        case bool() | None:
            raise ValueError("a value that can be read out is expected")
        case Enum():
            home = type(value)
            return f"@word {home.__module__} {home.__name__} {value.value}"
        case datetime():
            return f"@moment {value.isoformat()}"
        case date():
            return f"@day {value.isoformat()}"
        case Decimal():
            return f"@figure {value}"
        case int():
            return f"@figure {value}"
    text = str(value)
    return f"@text {text}" if text.startswith("@") else text


def _again(kept: str) -> object:
    kind, _, rest = kept.partition(" ")
    match kind:
        case "@word":
            module, name, value = rest.split(" ", 2)
            home = vocabulary if module == vocabulary.__name__ else importlib.import_module(module)
            return getattr(home, name)(value)
        case "@moment":
            return datetime.fromisoformat(rest)
        case "@day":
            return date.fromisoformat(rest)
        case "@figure":
            return Decimal(rest)
        case "@text":
            return rest
    return kept
