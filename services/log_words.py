"""Words for what the log and a person's own copy name: acts, tables and their columns; a column without one says its own name."""

from __future__ import annotations

from enum import StrEnum

from models.vocabulary import (
    Category,
    Channel,
    ConcernStage,
    FileKind,
    LetterKind,
    Party,
    PollMethod,
    ProjectState,
    Role,
    Ruling,
    Side,
    Stage,
    Tie,
    UnitKind,
    Verdict,
)
from services.i18n import N_, text, word

ACTS: dict[str, str] = {
    "community.found": N_("found the community"),
    "community.change": N_("change the community's settings"),
    "clock.advance": N_("move the demo's clock"),
    "register.change": N_("change the register"),
    "register.see": N_("see the register"),
    "register.export": N_("take the register away as a file"),
    "person.register": N_("register with a letter"),
    "person.sign_in": N_("sign in"),
    "person.sign_out": N_("sign out"),
    "person.confirm": N_("confirm who lives where"),
    "person.erase": N_("erase a person's data"),
    "person.export": N_("take a person's data away"),
    "role.grant": N_("grant a role"),
    "role.end": N_("end a role"),
    "letter.issue": N_("issue letters for homes"),
    "letter.renew": N_("issue a letter for a password"),
    "log.see": N_("see the check digits"),
    "evidence.export": N_("take the evidence away, see the log"),
    "concern.file": N_("report a concern"),
    "concern.support": N_("add one's voice to a concern"),
    "concern.see_inbox": N_("see the inbox"),
    "concern.answer": N_("answer a concern"),
    "concern.pass_on": N_("pass a concern on"),
    "concern.close": N_("close a concern"),
    "concern.forget": N_("take name and number off a concern"),
    "proposal.submit": N_("file a proposal"),
    "proposal.resubmit": N_("complete a proposal"),
    "proposal.withdraw": N_("withdraw a proposal"),
    "proposal.support": N_("support a proposal"),
    "proposal.unsupport": N_("take support back"),
    "proposal.endorse": N_("enough homes support a proposal"),
    "proposal.accept": N_("accept a proposal"),
    "proposal.return": N_("return a proposal for completion"),
    "proposal.decline": N_("decline a proposal"),
    "proposal.reopen": N_("open another round"),
    "meeting.convene": N_("convene a meeting"),
    "meeting.invite": N_("invite to a meeting"),
    "meeting.uninvite": N_("take an invitation back"),
    "meeting.exchange_code": N_("use the code of an invitation"),
    "meeting.change": N_("change a meeting"),
    "meeting.hand_over": N_("name another chair"),
    "meeting.cancel": N_("call a meeting off"),
    "meeting.steer": N_("steer the wall"),
    "meeting.attend": N_("come to a meeting"),
    "meeting.attend_for": N_("note that somebody came"),
    "meeting.option": N_("put an option on the table"),
    "meeting.withdraw_option": N_("take an option off the table"),
    "meeting.argument": N_("say a reason for or against"),
    "meeting.withdraw_argument": N_("take a reason back"),
    "meeting.commitment": N_("note a commitment"),
    "meeting.withdraw_commitment": N_("take a commitment back"),
    "meeting.minutes": N_("write the minutes"),
    "meeting.confirm_minutes": N_("confirm the minutes"),
    "poll.prepare": N_("prepare a vote"),
    "poll.renew_roll": N_("make the roll anew"),
    "poll.codes": N_("print one-time codes"),
    "poll.open": N_("open a vote"),
    "poll.cast": N_("vote"),
    "poll.voters": N_("note who could answer in earlier votes"),
    "poll.exchange": N_("use a ballot code"),
    "poll.take_back": N_("take back the opening of a vote"),
    "poll.extend": N_("extend a vote"),
    "poll.close": N_("close a vote"),
    "poll.reveal": N_("reveal a vote"),
    "poll.cancel": N_("call a vote off"),
    "poll.recount": N_("recount a vote"),
    "notice.publish": N_("publish a notice"),
    "notice.end": N_("a notice ends"),
    "objection.lodge": N_("lodge an objection"),
    "objection.withdraw": N_("withdraw an objection"),
    "objection.rule": N_("rule on an objection"),
    "project.start": N_("start a project"),
    "project.change": N_("change a project"),
    "project.report": N_("report progress"),
    "project.task_done": N_("tick a task"),
    "project.task_undo": N_("take a tick back"),
    "project.milestone_done": N_("reach a milestone"),
    "project.complete": N_("report the works finished"),
    "project.accept": N_("accept the works"),
    "project.refuse": N_("refuse the works"),
    "evaluation.answer": N_("judge the outcome"),
    "evaluation.close": N_("close the evaluation"),
    "evaluation.overtake": N_("open another round while the homes are asked"),
    "upkeep.plan": N_("plan the upkeep"),
    "upkeep.kept": N_("note that upkeep was done"),
    "upkeep.end": N_("end the upkeep"),
    "file.add": N_("add a file"),
    "file.add_to_matter": N_("add a file to somebody's matter"),
    "file.remove": N_("remove a file"),
}
TABLES: dict[str, str] = {
    "acceptance": N_("acceptance"), "account": N_("account"), "agenda_item": N_("item of the agenda"), "argument": N_("argument"),
    "attendance": N_("coming to a meeting"), "ballot": N_("ballot"), "ballot_code": N_("ballot code"), "body": N_("body"),
    "commitment": N_("promise"), "community": N_("community"), "concern": N_("concern"), "concern_support": N_("voice for a concern"),
    "estate": N_("estate"), "evaluation": N_("evaluation"), "evaluation_answer": N_("answer to an evaluation"), "grid": N_("grid"),
    "invitation": N_("invitation"), "letter": N_("letter"), "login": N_("sign-in"), "meeting": N_("meeting"), "message": N_("note"),
    "milestone": N_("milestone"), "minutes": N_("minutes"), "notice": N_("notice"), "objection": N_("objection"), "option": N_("option"),
    "organisation": N_("organisation"), "person": N_("person"), "poll": N_("vote"), "progress_report": N_("report of the works"),
    "project": N_("project"), "project_change": N_("change of the works"), "proposal": N_("proposal"), "proposal_draft": N_("draft"),
    "proposal_support": N_("support for a proposal"), "residence": N_("living in a home"), "role_held": N_("role"),
    "roll_entry": N_("place on a roll"), "roll_voter": N_("voice for a place on a roll"), "stored_file": N_("file"),
    "supervision": N_("supervision"), "task": N_("task"), "unit": N_("home"), "upkeep": N_("upkeep"),
}  # fmt: skip
FIELDS: dict[str, str] = {
    "first_answer_hours": N_("hours until a first answer"), "review_days": N_("days for the review"), "notice_days": N_("days of a notice"),
    "evaluation_days": N_("days of an evaluation"), "letter_days": N_("days that a letter is good for"),
    "about": N_("about"), "accepted_at": N_("accepted on"), "account_id": N_("account"), "act": N_("step"), "added_by": N_("added by"),
    "address": N_("address"), "adult": N_("of age"), "again": N_("cast again"), "answer": N_("answer"), "answered": N_("answers"),
    "answered_at": N_("answered on"), "answered_by": N_("answered by"), "area": N_("area"), "area_source": N_("source of the area"),
    "asked": N_("homes asked"), "at": N_("when"), "author_id": N_("author"), "ballots": N_("ballots"),
    "beneficiaries": N_("whom it helps"), "body_id": N_("body"), "browsers": N_("browsers signed out"), "budget_fen": N_("budget in fen"),
    "building": N_("building"), "by_id": N_("by"), "carried_out_by": N_("who could carry it out"), "cast_at": N_("cast on"),
    "cast_by": N_("cast by"), "category": N_("category"), "channel": N_("by what way"), "choice": N_("answer chosen"),
    "claimed_at": N_("claimed on"), "codes": N_("codes"), "commitment_id": N_("promise"), "community_id": N_("community"),
    "completed_at": N_("finished on"), "concern_id": N_("concern"), "confirmed": N_("confirmed"), "confirmed_at": N_("confirmed on"),
    "confirmed_by": N_("confirmed by"), "content": N_("content"), "cost_fen": N_("cost in fen"), "created_at": N_("made on"),
    "days": N_("days"), "days_early": N_("days before its time"), "deed": N_("what is done"), "description": N_("description"),
    "device": N_("device"), "disabled_at": N_("closed on"), "done_at": N_("done on"), "done_by": N_("done by"), "due_at": N_("due on"),
    "due_before": N_("last day before"), "due_on": N_("last day"), "ended_at": N_("ended on"), "ended_by": N_("ended by"),
    "ends_at": N_("holds until"), "entry_id": N_("place on the roll"), "erased_at": N_("erased on"), "estate_id": N_("estate"),
    "evaluation_id": N_("evaluation"), "every_days": N_("every how many days"), "exchanged_at": N_("first used on"),
    "executor_before": N_("carried out before by"), "executor_id": N_("carried out by"), "filed_at": N_("filed on"),
    "files": N_("files"), "form": N_("form sent"),
    "floor": N_("floor"), "granted_by": N_("granted by"), "grid_id": N_("grid"), "handed_over": N_("handed over"),
    "holder_id": N_("who has it"), "homes": N_("homes"), "hours": N_("hours"), "id": N_("number inside"), "issued": N_("issued"),
    "issued_at": N_("issued on"), "issued_by": N_("issued by"), "keeper_id": N_("keeper"), "kind": N_("kind"),
    "elsewhere": N_("place changed"),
    "label": N_("name on the list"), "language": N_("language"), "left": N_("seconds left"), "left_at": N_("left at"),
    "letters": N_("letters"),
    "media_type": N_("kind of file"), "meeting_id": N_("meeting"), "message": N_("message"), "method": N_("method"),
    "milestone_id": N_("milestone"), "milestones": N_("milestones"), "minutes": N_("minutes"), "moved": N_("day moved"),
    "name": N_("name"), "needs_second": N_("needs a second person"), "next_on": N_("next on"), "note": N_("note"),
    "notice_id": N_("notice"), "number": N_("number"), "objection_id": N_("objection"), "opened": N_("opened"), "option": N_("option"),
    "option_id": N_("option"), "organisation_id": N_("organisation"), "outcome": N_("outcome"), "owner": N_("owner"),
    "party": N_("party"), "party_id": N_("party"), "paused": N_("paused"), "people": N_("people"), "person_id": N_("person"),
    "phone": N_("phone"), "photos": N_("photos"), "place": N_("place"), "plan": N_("plan"), "poll_digest": N_("check digits of the vote"),
    "poll_id": N_("vote"), "position": N_("place in the order"), "present": N_("present"), "previous": N_("round before"),
    "previous_id": N_("round before"), "problem": N_("problem"), "project_id": N_("project"), "proposal_id": N_("proposal"),
    "proposals": N_("proposals"), "public": N_("open to everybody"), "read_at": N_("read on"), "reason": N_("reason"),
    "receipt": N_("receipt"), "removed_at": N_("removed on"), "reply": N_("reply"), "role": N_("role"),
    "roll_digest": N_("check digits of the roll"), "round": N_("round"), "rule": N_("rule"), "ruled_at": N_("ruled on"),
    "ruled_by": N_("ruled by"), "ruling": N_("ruling"), "saved_at": N_("saved on"), "score": N_("points"), "seat": N_("seat"),
    "second": N_("confirmed by a second person"), "second_by": N_("second person"), "seen_at": N_("last used"),
    "sha256": N_("check digits of the file"), "sheet": N_("which table"),
    "side": N_("for or against"), "since": N_("since"), "size": N_("size"),
    "solved": N_("problem gone"), "spent_fen": N_("spent in fen"), "stage": N_("stage"), "stage_since": N_("at this stage since"),
    "stairwell": N_("stairwell"), "started_at": N_("started on"), "started_by": N_("started by"), "starts_on": N_("first day"),
    "state": N_("state"), "step": N_("step"), "supervisors": N_("supervisors"), "supporters_needed": N_("supporters needed"),
    "tasks": N_("tasks"), "terminal": N_("from the terminal"), "text": N_("text"), "there": N_("there"), "tie": N_("tie to the home"),
    "time_zone": N_("time zone"), "title": N_("title"), "undone": N_("taken back"), "unit_id": N_("home"), "units": N_("homes"),
    "until": N_("until"), "used": N_("used"), "used_at": N_("used on"), "uses_left": N_("uses left"), "values_": N_("details"),
    "verdict": N_("verdict"), "version": N_("version"), "visitor": N_("browser"), "visitor_name": N_("name given"),
    "visitor_phone": N_("phone given"), "voters": N_("voters"), "was_at": N_("time before"),
    "weight": N_("weight"), "withdrawn": N_("withdrawn"),
    "withdrawn_at": N_("withdrawn on"), "written_at": N_("written on"), "written_by": N_("written by"),
}  # fmt: skip
VALUES: dict[str, tuple[type[StrEnum], ...]] = {
    "category": (Category,), "channel": (Channel,), "kind": (UnitKind, FileKind, LetterKind), "method": (PollMethod,), "party": (Party,),
    "role": (Role,), "ruling": (Ruling,), "side": (Side,), "stage": (Stage, ConcernStage), "state": (ProjectState,), "tie": (Tie,),
    "verdict": (Verdict,),
}  # fmt: skip
"""Columns whose values are words of the vocabulary."""


def act(lang: str, name: str) -> str:
    """The words for an act, its name where it has none."""
    return text(lang, ACTS[name]) if name in ACTS else name


def table(lang: str, name: str) -> str:
    """The word for one row of a table."""
    return text(lang, TABLES[name], context="Table") if name in TABLES else name.replace("_", " ")


def field(lang: str, name: str) -> str:
    """The word for a column or a fact."""
    return text(lang, FIELDS[name], context="Field") if name in FIELDS else name.replace("_", " ").strip()


def value(lang: str, name: str, given: object) -> str:
    """What stands in a column: yes and no, words of the vocabulary, "" for nothing; everything else as it is kept."""
    if given is None:
        return ""
    if str(given) in ("True", "False"):
        return text(lang, "yes") if str(given) == "True" else text(lang, "no")
    for kind in VALUES.get(name, ()):
        if str(given) in set(kind):
            return word(lang, kind(str(given)))
    return str(given)
