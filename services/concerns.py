"""诉求: file a concern, support it, pass it on, answer it, close it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from models.community import Estate, Grid
from models.concern import Concern, ConcernHolding, ConcernSupport
from models.people import Person, RoleHeld
from models.vocabulary import Category, ConcernStage, Role
from services import drafts, files, filing, once
from services.checks import Checks
from services.errors import Conflict, Invalid, NotFound, Refusal, WrongStage, gathering
from services.i18n import N_
from services.messages import tell
from services.numbers import next_number
from services.permission import require, why_not
from services.reads import duties
from services.rules import codes
from services.rules.community_figures import figure
from services.work import Work, random_bytes

UNDO = timedelta(minutes=10)
ANSWER, CLOSING = 2000, 1000
"""The longest answer and the longest closing word, in characters."""
PHONE = re.compile(r"\+?\d[\d -]{4,18}\d", re.ASCII)


def file(
    work: Work,
    *,
    category: str,
    text: str,
    place: str = "",
    estate_id: str | None = None,
    visitor_name: str = "",
    visitor_phone: str = "",
    form: str = "",
) -> Concern:
    """File a concern; the first answer is due within the community's hours (24 by default). The estate's grid worker holds it,
    as long as they hold that role; else it waits in the inbox for the desk as a whole, and the committee is told.

    The sender's draft and its photos go over to it. `form` is the word of the form that was sent: the same form makes one concern,
    however often it is sent with the same words.
    """
    require(work, "concern.file")
    number = next_number(work, "C", Concern)  # locks the community: of two presses at once the second finds what the first has made
    kind, words, where, name, phone = look_over(
        category=category, text=text, place=place, visitor_name=visitor_name, visitor_phone=visitor_phone
    )
    word = once.word(form, kind, words, where, name, phone, estate_id or "")
    receipt = once.receipt_of(work.actor, word) if word else codes.make(codes.ONE_TIME, random_bytes(codes.ONE_TIME.bytes))
    if word and (made := work.db.exec(select(Concern).where(Concern.receipt == receipt)).first()):
        filing.forget_sent(work, "concern", word, word_of)
        return made
    if estate_id:
        work.fetch(Estate, estate_id)
    holder = _first_holder(work, estate_id)
    concern = Concern(
        id=work.new_id(),
        community_id=work.community_id,
        number=number,
        author_id=work.actor.person_id,
        visitor_name="" if work.actor.person_id else name,
        visitor_phone="" if work.actor.person_id else phone,
        receipt=receipt,
        category=kind,
        text=words,
        place=where,
        estate_id=estate_id or None,
        stage=ConcernStage.OPEN,
        filed_at=work.moment,
        due_at=work.moment + timedelta(hours=figure(work.community.figures, "first_answer_hours")),
        holder_id=holder,
    )
    work.add(concern)
    _hold(work, concern, holder, "")
    photos = files.adopt(work, kind="concern", about=f"concern:{concern.id}")
    drafts.discard(work, "concern")
    work.record("concern.file", concern, category=kind.value, photos=photos)
    for person_id in [holder] if holder else duties.committee(work.db):
        tell(
            work,
            person_id,
            N_("A new concern is with you: {number}.") if holder else N_("A new concern waits in the inbox: {number}."),
            f"/inbox?id={concern.id}",
            about=f"concern:{concern.id}",
            number=concern.number,
        )
    return concern


def _first_holder(work: Work, estate_id: str | None) -> str | None:
    """The first grid worker of the estate who holds the role now."""
    workers = select(Grid.worker_id).where(Grid.estate_id == estate_id, col(Grid.worker_id).in_(duties.grid_workers()))
    return work.db.exec(workers.order_by(Grid.name)).first()


def look_over(
    *, category: str, text: str, place: str = "", visitor_name: str = "", visitor_phone: str = ""
) -> tuple[Category, str, str, str, str]:
    """The fields of a concern as they would be filed. Raises all reasons at once."""
    check = Checks()
    words = check.text("text", text, 2000, least=4)
    where = check.text("place", place, 120, least=0)
    kind = check.choice("category", category, Category)
    name = check.text("visitor_name", visitor_name, 40, least=0)
    phone = check.text("visitor_phone", visitor_phone, 20, least=0)
    if phone and not PHONE.fullmatch(phone):
        check.note("A phone number has digits, perhaps spaces and dashes: 138 0000 0000, 021-5555 0170.", "visitor_phone")
    check.done()
    return kind, words, where, name, phone


def word_of(given: dict[str, Any]) -> str:
    """The word (`once.word`) of a form as typed; "" for one that cannot be filed as it stands, or has no word."""
    names = ("category", "text", "place", "visitor_name", "visitor_phone")
    wrong: list[Refusal] = []
    said: tuple[str, ...] = ()
    with gathering(wrong):
        said = look_over(**{name: str(given.get(name) or "") for name in names})
    return "" if wrong else once.word(given.get("form") or "", *said, given.get("estate_id") or "")


def support(work: Work, *, concern_id: str) -> None:
    """Say "me too", once."""
    concern = work.fetch(Concern, concern_id, lock=True)
    require(work, "concern.support", concern)
    if concern.stage is ConcernStage.CLOSED:
        raise WrongStage("This concern is closed. File it again if it has come back.")
    mine = select(ConcernSupport).where(ConcernSupport.concern_id == concern.id, ConcernSupport.person_id == work.actor.person_id)
    if work.db.exec(mine).first():
        raise Conflict("You support this already.")
    row = ConcernSupport(
        id=work.new_id(), community_id=work.community_id, concern_id=concern.id, person_id=str(work.actor.person_id), at=work.moment
    )
    work.add(row)
    work.record("concern.support", concern)


def answer(work: Work, *, concern_id: str, text: str) -> Concern:
    """Give the first answer, or a better one; its author is told."""
    concern = work.fetch(Concern, concern_id, lock=True)
    require(work, "concern.answer", concern)
    if concern.stage is ConcernStage.CLOSED:
        raise WrongStage("This concern is closed. File it again if it has come back.")
    check = Checks()
    words = check.text("text", text, ANSWER, least=4)
    check.done()
    concern.answer = words
    if concern.answered_at is None:
        concern.answered_at, concern.answered_by = work.moment, work.actor.person_id
    if concern.stage is ConcernStage.OPEN:
        concern.stage = ConcernStage.ANSWERED
    work.record("concern.answer", concern)
    if concern.author_id:
        tell(
            work,
            concern.author_id,
            N_("Your concern {number} has an answer."),
            f"/concern?id={concern.id}",
            about=f"concern:{concern.id}",
            number=concern.number,
        )
    return concern


def pass_on(work: Work, *, concern_id: str, holder_id: str, note: str = "") -> Concern:
    """Hand a concern to another grid worker or committee member, with a note; who held it for how long stays visible."""
    concern = work.fetch(Concern, concern_id, lock=True)
    require(work, "concern.pass_on", concern)
    if concern.stage is ConcernStage.CLOSED:
        raise WrongStage("This concern is closed. File it again if it has come back.")
    check = Checks()
    words = check.text("note", note, 400, least=0)
    if not holder_id:
        check.note("Please choose one of the answers.", "holder_id")
        check.done()
    person = work.fetch(Person, holder_id)
    held = select(RoleHeld.id).where(
        RoleHeld.person_id == person.id, col(RoleHeld.role).in_((Role.GRID_WORKER, Role.COMMITTEE)), col(RoleHeld.until).is_(None)
    )
    if work.db.exec(held).first() is None:
        check.note("Only grid workers and committee members can hold a concern.", "holder_id")
    check.done()
    last = work.db.exec(select(ConcernHolding).where(ConcernHolding.concern_id == concern.id, col(ConcernHolding.until).is_(None))).first()
    if last is not None:
        if last.holder_id == person.id:
            raise Conflict("It is with this person already.")
        last.until = work.moment
    concern.holder_id = person.id
    _hold(work, concern, person.id, words)
    work.record("concern.pass_on", concern)
    tell(
        work,
        person.id,
        N_("A new concern is with you: {number}."),
        f"/inbox?id={concern.id}",
        about=f"concern:{concern.id}",
        number=concern.number,
    )
    return concern


def pass_on_all(work: Work, *, concern_ids: list[str], holder_id: str, note: str = "") -> int:
    """Hand several concerns to one person, all or none; those that this person holds already stay as they are. Returns how many moved."""
    if not concern_ids:
        raise Invalid("Tick at least one row first.", field="rows")
    moved = 0
    for concern_id in sorted(set(concern_ids)):
        if work.fetch(Concern, concern_id, lock=True).holder_id != holder_id:
            pass_on(work, concern_id=concern_id, holder_id=holder_id, note=note)
            moved += 1
    return moved


def take_back(work: Work, *, concern_ids: list[str], holder_id: str = "") -> int:
    """Undo the last passing on of these concerns, within ten minutes: each goes back to who held it before. Returns how many.

    `holder_id`: to whom they were passed on; one that somebody else holds by now is left alone, so that a double press undoes once.
    """
    moved = 0
    for concern_id in sorted(set(concern_ids)):
        concern = work.fetch(Concern, concern_id, lock=True)
        require(work, "concern.pass_on", concern)
        if holder_id and concern.holder_id != holder_id:
            continue
        held = work.db.exec(select(ConcernHolding).where(ConcernHolding.concern_id == concern.id)).all()
        now = next((each for each in held if each.until is None), None)
        before = max((each for each in held if each.until), key=lambda each: (each.until, each.since), default=None)
        if now is None or before is None or work.moment - now.since > UNDO or concern.stage is ConcernStage.CLOSED:
            raise Conflict("It is too late to take this back. Pass it on again.")
        now.until, concern.holder_id = work.moment, before.holder_id
        _hold(work, concern, before.holder_id, "")
        work.record("concern.pass_on", concern, undone=True)
        moved += 1
    return moved


def close(work: Work, *, concern_id: str, text: str = "") -> Concern:
    """Close a concern that has an answer; a closing word may be given, of which the answer and it together take ANSWER characters."""
    concern = work.fetch(Concern, concern_id, lock=True)
    require(work, "concern.close", concern)
    if concern.stage is ConcernStage.OPEN:
        raise WrongStage("Every concern ends in an answer. Please answer it first.")
    if concern.stage is ConcernStage.CLOSED:
        raise Conflict("This concern is closed already.")
    check = Checks()
    words = check.text("text", text, CLOSING, least=0)
    whole = f"{concern.answer}\n{words}" if words else concern.answer
    if not check.reasons and len(whole) > ANSWER:
        over = "{over} characters too many: the answer and this word stand together, and there is room for {limit}."
        check.note(over, "text", over=len(whole) - ANSWER, limit=ANSWER)
    check.done()
    concern.answer = whole
    concern.stage = ConcernStage.CLOSED
    work.record("concern.close", concern)
    return concern


def proposed(work: Work, concern_id: str) -> Concern:
    """Mark that a proposal has come of it; part of filing the proposal.

    For the concern's author and the desk alone: with the proposal its words are public. Raises NotFound for anybody else.
    """
    concern = work.fetch(Concern, concern_id, lock=True)
    if concern.author_id != work.actor.person_id and why_not(work.db, work.actor, "concern.see_inbox"):
        raise NotFound()
    if concern.stage is ConcernStage.CLOSED:
        raise WrongStage("This concern is closed. File it again if it has come back.")
    concern.stage = ConcernStage.PROPOSED
    return concern


def _hold(work: Work, concern: Concern, holder: str | None, note: str) -> None:
    work.add(
        ConcernHolding(
            id=work.new_id(), community_id=work.community_id, concern_id=concern.id, holder_id=holder, since=work.moment, note=note
        )
    )
