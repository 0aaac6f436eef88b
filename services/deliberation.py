"""What the table works out: options, reasons for and against them, and commitments (who does what by when)."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel import col, func, select

from models.meeting import AgendaItem, Argument, Attendance, Commitment, Meeting, MeetingParty, Option
from models.people import Person
from models.poll import Poll, PollOption
from models.proposal import Proposal
from models.vocabulary import MeetingState, Party, PollState, Role, Side
from services import i18n, once
from services.checks import Checks
from services.errors import Conflict, Invalid, NotAllowed, WrongStage
from services.messages import erased
from services.permission import require
from services.reads import table
from services.reads.seats import missed
from services.rules import access
from services.work import Work

LIVE = (MeetingState.CONVENED, MeetingState.HELD)


def table_of(work: Work, proposal_id: str) -> Meeting | None:
    """The meeting where this proposal lies on the table now: the one being held, else the next one convened; never one nobody opened."""
    meant = (
        select(Meeting)
        .join(AgendaItem, col(AgendaItem.meeting_id) == Meeting.id)
        .where(AgendaItem.proposal_id == proposal_id, col(Meeting.state).in_(LIVE), ~missed())
        .order_by(col(Meeting.state) != MeetingState.HELD, col(Meeting.starts_at), col(Meeting.id))
    )
    return work.db.exec(meant).first()


def add_option(
    work: Work,
    *,
    proposal_id: str,
    meeting_id: str | None = None,
    title: str,
    description: str = "",
    cost_fen: int | None = None,
    days: int | None = None,
) -> Option:
    """Put another way to settle a proposal on the table. `cost_fen` and `days` of work where they are known."""
    proposal = work.fetch(Proposal, proposal_id, lock=True)
    meeting = work.fetch(Meeting, meeting_id) if meeting_id else table_of(work, proposal_id)
    _on_agenda(work, meeting, proposal)
    option = Option(
        id=work.new_id(),
        community_id=work.community_id,
        proposal_id=proposal.id,
        meeting_id=meeting.id if meeting else None,
        title="",
        added_by=work.actor.person_id or "",
        at=work.moment,
    )
    require(work, "meeting.option", option)
    check = Checks()
    option.title = check.text("title", title, 40)
    option.description = check.text("description", description, 1000, least=0)
    option.cost_fen = check.money("cost_fen", cost_fen)
    option.days = None if days is None else check.whole("days", days, 1, 3650)
    same = work.db.exec(select(Option).where(Option.proposal_id == proposal.id, Option.title == option.title)).first()
    if option.title and same is not None and same.withdrawn_at is None:
        check.note("There is an option with this name already.", "title")
    elif option.title and same is not None and table.noted_in(work.db, same):  # new contents would change the minutes that name it
        check.note("An option of this name was talked about at an earlier meeting and taken back. Give this one another name.", "title")
    check.done()
    last = work.db.exec(select(func.max(Option.position)).where(Option.proposal_id == proposal.id)).one()
    if same is not None:  # it was withdrawn; names are unique, so it comes back with its new contents
        same.withdrawn_at, same.description, same.cost_fen, same.days = None, option.description, option.cost_fen, option.days
        same.meeting_id, same.added_by, same.at = option.meeting_id, option.added_by, work.moment
        option = same
    else:
        option.position = (last if last is not None else -1) + 1
        work.add(option)
    work.record("meeting.option", option)
    _wake(work, meeting)
    return option


def withdraw_option(work: Work, *, option_id: str) -> Option:
    """Take an option off the table, unless a ballot or confirmed minutes name it."""
    option = work.fetch(Option, option_id, lock=True)
    require(work, "meeting.option", option)
    _own_or_chair(work, option.added_by, option.meeting_id)
    if option.withdrawn_at is not None:
        raise Conflict("This has been taken back already.")
    on_ballot = (
        select(PollOption.id)
        .join(Poll, col(Poll.id) == PollOption.poll_id)
        .where(PollOption.option_id == option.id, Poll.state != PollState.CANCELLED)
    )
    if work.db.exec(on_ballot).first():
        raise Conflict("A vote is prepared with this option. Cancel the vote first.")
    if any(table.why_fixed(work.db, each) for each in table.noted_in(work.db, option)):
        raise WrongStage("This option stands in confirmed minutes and stays. A vote can be prepared without it.")
    option.withdrawn_at = work.moment
    work.record("meeting.withdraw_option", option)
    _wake(work, _meeting(work, option.meeting_id))
    return option


def look_over(*, option: bool, side: str, text: str) -> None:
    """Everything that a reason still lacks, at once; `option`: whether one was chosen. Raises Several or the one refusal."""
    check = Checks()
    if not option:
        check.note("Please choose one of the answers.", "option")
    check.choice("side", side, Side)
    check.text("text", text, 400, least=2)
    check.done()


def add_argument(work: Work, *, option_id: str, side: str, text: str, party: str | None = None) -> Argument:
    """Give a reason for (`pro`) or against (`con`) an option, in the name of one's party where one sits for one.

    `party`: whose reason it is, where the chair or the committee notes it for somebody at the table. Raises NotAllowed for anybody else.
    """
    option = work.fetch(Option, option_id)
    meeting = table_of(work, option.proposal_id)
    argument = Argument(
        id=work.new_id(),
        community_id=work.community_id,
        option_id=option.id,
        meeting_id=meeting.id if meeting else None,
        side=Side.PRO,
        text="",
        person_id=work.actor.person_id or "",
        at=work.moment,
    )
    require(work, "meeting.argument", argument)
    if option.withdrawn_at is not None:
        raise WrongStage("This option has been taken off the table.")
    if party is not None and not table.arranges(work.db, work.actor, meeting):
        raise NotAllowed(access.FOR_CHAIR)
    check = Checks()
    argument.party = _party_of(work, meeting) if party is None else check.choice("party", party, Party)
    argument.side = check.choice("side", side, Side)
    argument.text = check.text("text", text, 400, least=2)
    check.done()
    again = select(Argument.id).where(
        Argument.option_id == option.id,
        Argument.person_id == argument.person_id,
        Argument.party == argument.party,
        Argument.side == argument.side,
        Argument.text == argument.text,
        col(Argument.withdrawn_at).is_(None),
    )
    if work.db.exec(again).first():
        raise Conflict("You have said this already.", field="text")
    work.add(argument)
    work.record("meeting.argument", argument, side=argument.side.value)
    _wake(work, meeting)
    return argument


def withdraw_argument(work: Work, *, argument_id: str) -> Argument:
    """Take a reason back: its author, or the chair; until the minutes are confirmed."""
    argument = work.fetch(Argument, argument_id, lock=True)
    if refusal := table.why_stays(work.db, work.actor, argument):
        raise refusal
    if argument.withdrawn_at is not None:
        raise Conflict("This has been taken back already.")
    argument.withdrawn_at = work.moment
    work.record("meeting.withdraw_argument", argument)
    _wake(work, _meeting(work, argument.meeting_id))
    return argument


def commit(
    work: Work,
    *,
    meeting_id: str,
    proposal_id: str,
    party: str,
    deed: str,
    due_on: date,
    label: str = "",
    person_id: str | None = None,
    form: str = "",
) -> Commitment:
    """Note who does what by when; it becomes a task of the project. Possible until the minutes are confirmed or the works begin.

    `person_id`: who of the party has promised it, where that is known; the task is theirs, and they may tick it.
    `form` is the word of the form that was sent: the same form notes one commitment, however often it is sent.
    """
    meeting = work.fetch(Meeting, meeting_id, lock=True)
    proposal = work.fetch(Proposal, proposal_id, lock=True)  # as the start of the works does, which copies what is promised then
    require(work, "meeting.commitment", meeting)
    _on_agenda(work, meeting, proposal, over=True)
    made_id = once.name(work, form)
    if form and (noted := work.db.get(Commitment, made_id)):
        if noted.withdrawn_at is None:
            return noted
        made_id = work.new_id()  # struck meanwhile, and said again
    if refusal := table.why_settled(work.db, meeting.id, proposal.id):
        raise refusal
    check = Checks()
    kind = check.choice("party", party, Party)
    said = check.text("label", label, 40, least=0) or _label_of(work, meeting, kind)
    words = check.text("deed", deed, 200, least=2)
    day = check.not_before("due_on", due_on, work.moment.astimezone(ZoneInfo(work.community.time_zone)).date())
    if erased(work, person_id):
        check.note("This person's data was erased.", "person_id")
    check.done()
    made = Commitment(
        id=made_id,
        community_id=work.community_id,
        proposal_id=proposal.id,
        meeting_id=meeting.id,
        party=kind,
        label=said,
        person_id=work.fetch(Person, person_id).id if person_id else None,
        deed=words,
        due_on=day,
        at=work.moment,
        by_id=str(work.actor.person_id),
    )
    work.add(made)
    work.record("meeting.commitment", made, due_on=day.isoformat())
    _wake(work, meeting)
    return made


def withdraw_commitment(work: Work, *, commitment_id: str) -> Commitment:
    """Strike a commitment, until the minutes are confirmed or the works begin."""
    made = work.fetch(Commitment, commitment_id, lock=True)
    work.fetch(Proposal, made.proposal_id, lock=True)
    meeting = work.fetch(Meeting, made.meeting_id)
    require(work, "meeting.commitment", meeting)
    if made.withdrawn_at is not None:
        raise Conflict("This has been taken back already.")
    if refusal := table.why_settled(work.db, meeting.id, made.proposal_id):
        raise refusal
    made.withdrawn_at = work.moment
    work.record("meeting.withdraw_commitment", made)
    _wake(work, meeting)
    return made


# ---- shared


def _meeting(work: Work, meeting_id: str | None) -> Meeting | None:
    return work.db.get(Meeting, meeting_id) if meeting_id else None


def _wake(work: Work, meeting: Meeting | None) -> None:
    if meeting is not None:
        work.touch(f"meeting:{meeting.id}")


def _on_agenda(work: Work, meeting: Meeting | None, proposal: Proposal, *, over: bool = False) -> None:
    """The meeting, where there is one, must have the proposal on its agenda; `over` lets it be closed, as long as its minutes are open."""
    if meeting is None:
        return
    item = select(AgendaItem.id).where(AgendaItem.meeting_id == meeting.id, AgendaItem.proposal_id == proposal.id)
    if work.db.exec(item).first() is None:
        raise Invalid("This proposal is not on the agenda of this meeting.", field="proposal_id")
    if meeting.state is MeetingState.CANCELLED:
        raise WrongStage("This meeting has been called off.")
    if meeting.state is MeetingState.CLOSED and not over:
        raise WrongStage("This meeting is over.")
    if refusal := table.why_fixed(work.db, meeting.id):
        raise refusal


def _own_or_chair(work: Work, author_id: str, meeting_id: str | None) -> None:
    """At the table everybody takes back their own words only; the chair and the committee may tidy up."""
    if work.actor.person_id != author_id and not table.arranges(work.db, work.actor, _meeting(work, meeting_id)):
        raise Conflict("Only the one who wrote this, or the chair, can take it back.")


def _party_of(work: Work, meeting: Meeting | None) -> Party | None:
    if meeting is not None and work.actor.person_id:
        seat = (
            select(MeetingParty.party)
            .join(Attendance, col(Attendance.party_id) == MeetingParty.id)
            .where(Attendance.meeting_id == meeting.id, Attendance.person_id == work.actor.person_id)
        )
        if (party := work.db.exec(seat).first()) is not None:
            return Party(party)
    return Party.COMMUNITY if work.actor.holds(Role.COMMITTEE, Role.CHAIR) else None


def _label_of(work: Work, meeting: Meeting, party: Party) -> str:
    """What this meeting calls the party, else the community's word for it."""
    named = select(MeetingParty.label).where(MeetingParty.meeting_id == meeting.id, MeetingParty.party == party)
    return work.db.exec(named.order_by(col(MeetingParty.position))).first() or i18n.word(work.community.language, party)
