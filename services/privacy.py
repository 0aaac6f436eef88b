"""A person's own data: taken away in one zip, and erased, with a list of what stays and why."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from sqlmodel import col, select

from models.account import Account, Letter, Login, Message
from models.concern import Concern
from models.evaluation import EvaluationAnswer
from models.file import StoredFile
from models.meeting import Attendance, Commitment, Invitation
from models.people import Person, Residence, RoleHeld
from models.project import Task, Upkeep
from models.proposal import Proposal, ProposalDraft
from models.vocabulary import Move, Stage
from services import audit, log_words, permission
from services.actors import Actor
from services.db import reading
from services.errors import Conflict, Invalid
from services.i18n import N_, text
from services.reads import own, stored_files
from services.stages import move
from services.work import Work, do

ANSWERS = N_("Works or a meeting still wait for this person. First the committee names somebody else there, or the meeting ends.")
NAMELESS = "—"
UNCOMPLETED = N_("Whoever was to complete it had their data erased.")
"""What stands where an erased person's name stood."""
WORDS: Mapping[str, str] = {
    "account": N_("Your account"),
    "login": N_("Where you are signed in"),
    "message": N_("Notes to you"),
    "residence": N_("Your homes"),
    "unit": N_("The homes themselves"),
    "role_held": N_("Your roles"),
    "concern": N_("Concerns"),
    "proposal": N_("Proposals"),
    "proposal_support": N_("Proposals you support"),
    "proposal_draft": N_("Drafts"),
    "ballot": N_("Votes"),
    "evaluation_answer": N_("Evaluations"),
    "attendance": N_("Meetings you came to"),
    "stored_file": N_("Files"),
}


@dataclass(frozen=True)
class Export:
    """A zip and what it should be called."""

    name: str
    content: bytes


def export(actor: Actor, person_id: str, lang: str) -> Export:
    """Everything that is a person's: data.json, files/, and index.html for reading. The act is recorded.

    Somebody else than the person is told in the zip what was left out (`own.kept`).
    """
    do(actor, _note_export, person_id)
    with reading(actor.community_id) as db:
        kept = own.kept(db, person_id, actor.person_id)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        whole = {
            "format": "person/1",
            "person": kept.person,
            "tables": kept.tables,
            "acts": list(kept.acts),
            "left_out": [text(lang, each) for each in kept.left_out],
        }
        pack.writestr("data.json", json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True))
        pack.writestr("index.html", _page(kept, lang))
        for file_id, name, content in _files(actor, kept):
            pack.writestr(f"files/{file_id}-{name}", content)
    return Export(f"yiqi-{person_id}.zip", out.getvalue())


def _note_export(work: Work, person_id: str) -> None:
    person = work.fetch(Person, person_id)
    permission.require(work, "person.export", person)
    work.record("person.export", person)


def _files(actor: Actor, kept: own.Kept) -> list[tuple[str, str, bytes]]:
    found = []
    for file_id, name in kept.files:
        with reading(actor.community_id) as db:
            content = stored_files.content(db, file_id)
        found.append((file_id, "".join(sign if sign.isalnum() or sign in ".-_ " else "_" for sign in name)[-80:], content))
    return found


def _page(kept: own.Kept, lang: str) -> str:
    """The same for reading: one table a heading, columns and acts in words."""

    def table(name: str, rows: list[dict[str, Any]]) -> str:
        heads = list(dict.fromkeys(head for row in rows for head in row))
        cells = ([escape(log_words.value(lang, head, row.get(head))) for head in heads] for row in rows)
        lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in each) + "</tr>" for each in cells)
        title = escape(text(lang, WORDS[name])) if name in WORDS else escape(log_words.table(lang, name))
        top = "".join(f"<th>{escape(log_words.field(lang, head))}</th>" for head in heads)
        return f"<h2>{title}</h2><table><tr>{top}</tr>{lines}</table>"

    acts = "".join(f"<li>{escape(act['at'])} {escape(log_words.act(lang, act['action']))}</li>" for act in kept.acts)
    left_out = "".join(f"<p><b>{escape(text(lang, each))}</b></p>" for each in kept.left_out)
    title = escape(text(lang, N_("What is kept about you")))
    return (
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8">'
        f"<title>{title}</title>"
        "<style>body{font:16px/1.6 sans-serif;margin:2rem;max-width:70rem}table{border-collapse:collapse;font-size:.85rem}"
        "td,th{border:1px solid #999;padding:.2rem .5rem;text-align:left;vertical-align:top}</style>"
        f"<h1>{title}</h1>{left_out}{table('person', [kept.person])}{''.join(table(name, rows) for name, rows in kept.tables.items())}"
        f"<h2>{escape(text(lang, N_('What you did here')))}</h2><ul>{acts}</ul></html>"
    )


# ---- erasure


def erase(work: Work, person_id: str, *, sure: bool = False) -> Person:
    """Erase a person: name, phone, account, logins, notes, drafts, what they were still to do, and the salts of all these rows' digests,
    for good.

    What others have built on stays without the name (`reads/own.stays` lists it); the log's chain still verifies. Raises
    Conflict for somebody who holds a role, or whom works or a meeting still wait for: that has to end first, so that nobody's
    duties vanish.
    """
    person = work.fetch(Person, person_id, lock=True)
    permission.require(work, "person.erase", person)
    if not sure:
        raise Invalid("Tick the box first: what is erased cannot be brought back.", field="sure")
    if person.erased_at is not None:
        return person
    if work.db.exec(select(RoleHeld.id).where(RoleHeld.person_id == person.id, col(RoleHeld.until).is_(None))).first():
        raise Conflict("This person holds a role. It has to end first; an administrator can do that.")
    if own.answers_for(work.db, person.id):
        raise Conflict(ANSWERS)
    account = work.db.exec(select(Account).where(Account.person_id == person.id)).first()
    if account is not None:
        for login in work.db.exec(select(Login).where(Login.account_id == account.id)).all():
            work.db.delete(login)
        work.db.flush()
        work.db.delete(account)
    for message in work.db.exec(select(Message).where(Message.person_id == person.id)).all():
        work.db.delete(message)
    for draft in work.db.exec(select(ProposalDraft).where(ProposalDraft.owner == f"person:{person.id}")).all():
        work.db.delete(draft)
    mine = select(StoredFile).where(StoredFile.visitor == f"person:{person.id}", col(StoredFile.removed_at).is_(None))
    for file in work.db.exec(mine).all():  # of drafts that nobody else has seen
        file.removed_at = work.moment
        stored_files.place(file).unlink(missing_ok=True)
    for letter in work.db.exec(select(Letter).where(Letter.person_id == person.id, col(Letter.withdrawn_at).is_(None))).all():
        letter.withdrawn_at = work.moment
    came = set(work.db.exec(select(Attendance.meeting_id).where(Attendance.person_id == person.id)).all())
    asked = select(Invitation).where(Invitation.person_id == person.id, col(Invitation.withdrawn_at).is_(None))
    for invitation in work.db.exec(asked).all():  # no printed code and no phone of theirs opens a table any more
        invitation.code_sha256, invitation.ticket_sha256, invitation.form_token = None, None, ""
        if invitation.meeting_id not in came:
            invitation.withdrawn_at = work.moment
    for residence in work.db.exec(select(Residence).where(Residence.person_id == person.id, col(Residence.ended_at).is_(None))).all():
        residence.ended_at = work.moment
    for task in work.db.exec(select(Task).where(Task.person_id == person.id, col(Task.done_at).is_(None))).all():
        task.person_id = None  # whoever carries the works out answers for it again
    kept = select(Task.commitment_id).where(col(Task.commitment_id).is_not(None), col(Task.done_at).is_not(None))
    open_ = select(Commitment).where(
        Commitment.person_id == person.id, col(Commitment.withdrawn_at).is_(None), col(Commitment.id).not_in(kept)
    )
    for promise in work.db.exec(open_).all():
        promise.person_id = None  # the party still stands behind it
    for upkeep in work.db.exec(select(Upkeep).where(Upkeep.keeper_id == person.id, col(Upkeep.ended_at).is_(None))).all():
        upkeep.keeper_id = None  # the committee is reminded of it now
    waiting = select(Proposal).where(Proposal.author_id == person.id, Proposal.stage == Stage.RETURNED).with_for_update()
    for proposal in work.db.exec(waiting.order_by(Proposal.id)).all():  # it waits for its author alone, who can be asked no more
        move(work, proposal, Move.WITHDRAW, reason=text(work.community.language, UNCOMPLETED))
    for answer in work.db.exec(select(EvaluationAnswer).where(EvaluationAnswer.person_id == person.id)).all():
        answer.person_id = None
    person.name, person.phone, person.organisation_id, person.erased_at = NAMELESS, "", None, work.moment
    audit.forget(work.db, work.community_id)
    work.record("person.erase", person)
    return person


def forget_visitor(work: Work, *, concern_id: str) -> Concern:
    """Take the name and number off a concern that somebody left who had not signed in; what was said stays. Nothing where none is left."""
    concern = work.fetch(Concern, concern_id, lock=True)
    permission.require(work, "concern.forget", concern)
    if not concern.visitor_name and not concern.visitor_phone:
        return concern
    concern.visitor_name = concern.visitor_phone = ""
    audit.forget(work.db, work.community_id)
    work.record("concern.forget", concern)
    return concern
