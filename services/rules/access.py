"""The one permission table: action → who may, who never may, at which stages. Deny by default; docs/actions.md shows it."""

from __future__ import annotations

from dataclasses import dataclass

from models.vocabulary import Role, Stage
from services.errors import NotAllowed, Refusal, WrongStage

S, R = Stage, Role

# Words for standing towards a matter; services/permission.py finds which of them hold.
ANYONE, SIGNED_IN, RESIDENT = "anyone", "signed_in", "resident"
AUTHOR, HOLDER, CHAIR_OF, INVITED, ATTENDING, ON_ROLL = "author", "holder", "chair_of", "invited", "attending", "on_roll"
EXECUTOR_OF, SUPERVISOR_OF, ROLL_KEEPER, ASKED, KEEPER = "executor_of", "supervisor_of", "roll_keeper", "asked", "keeper"
# Words that only ever forbid: whose proposal it is about; who has carried it out, now or before; who belongs to their firm or body; who has
# a task of it; that its author was erased.
PROPOSER, EXECUTED, FELLOW, TASKED, ORPHANED = "proposer", "executed", "fellow", "tasked", "orphaned"
SYSTEM = "system"


@dataclass(frozen=True)
class Rule:
    """`who`: one of these suffices; `never`: one of these forbids; `at`: stages of the proposal, None for any; `says`: the refusal."""

    who: frozenset[str]
    says: str
    never: frozenset[str] = frozenset()
    at: frozenset[Stage] | None = None


def _rule(*who: str, says: str, never: tuple[str, ...] = (), at: tuple[Stage, ...] | None = None) -> Rule:
    return Rule(frozenset(who) | {SYSTEM}, says, frozenset(never), None if at is None else frozenset(at))


SIGN_IN = "Please sign in first."
FOR_RESIDENTS = "This is for confirmed residents. Ask your grid worker to confirm where you live."
FOR_COMMITTEE = "This is for the community committee."
FOR_CHAIR = "This is for the chair of this meeting."
FOR_CHAIRS = "This is for those who chair meetings."
FOR_ADMINISTRATOR = "This is for the administrator."
FOR_GRID = "This is for grid workers and the committee."

AT_TABLE = (S.ACCEPTED, S.DELIBERATING)
AT_WORKS = (S.EXECUTING, S.INSPECTING)
BEFORE_REVIEW_ENDS = (S.FILED, S.ENDORSED)

ONLY_ATTENDING = "Only those at the table can add this."
ONLY_WORKS = "Only those who carry it out or supervise it can report."
ONLY_EXECUTOR = "Only those who carry it out can tick this."
ONLY_SUPERVISOR = "Only the supervisors of this project can do this."
ONLY_RECOUNT = "Only those on the roll and those who watch over the count can see the ballots."
NOT_INVITED = "You are not on the list of this meeting. Ask the committee for an invitation."

TABLE: dict[str, Rule] = {
    # the community and its people
    "community.found": _rule(says=FOR_ADMINISTRATOR),
    "community.change": _rule(R.ADMINISTRATOR, says=FOR_ADMINISTRATOR),
    "clock.advance": _rule(ANYONE, says="The clock moves in a demo only."),
    "register.change": _rule(R.ADMINISTRATOR, R.COMMITTEE, says=FOR_COMMITTEE),
    "register.see": _rule(R.ADMINISTRATOR, R.COMMITTEE, R.GRID_WORKER, says=FOR_GRID),
    "register.export": _rule(R.ADMINISTRATOR, R.COMMITTEE, R.GRID_WORKER, says=FOR_GRID),
    "person.register": _rule(ANYONE, says=SIGN_IN),
    "person.sign_in": _rule(says=SIGN_IN),
    "person.sign_out": _rule("self", says=SIGN_IN),
    "person.confirm": _rule(R.GRID_WORKER, R.COMMITTEE, says=FOR_GRID, never=("self",)),
    "person.erase": _rule("self", R.ADMINISTRATOR, says=FOR_ADMINISTRATOR),
    "person.export": _rule("self", R.ADMINISTRATOR, says=FOR_ADMINISTRATOR),
    "role.grant": _rule(R.ADMINISTRATOR, says=FOR_ADMINISTRATOR, never=("self",)),
    "role.end": _rule(R.ADMINISTRATOR, "self", says=FOR_ADMINISTRATOR),
    "letter.issue": _rule(R.GRID_WORKER, R.COMMITTEE, says=FOR_GRID),
    "letter.renew": _rule(R.GRID_WORKER, R.COMMITTEE, R.ADMINISTRATOR, says=FOR_GRID, never=("self",)),
    "log.see": _rule(ANYONE, says=SIGN_IN),
    "evidence.export": _rule(R.COMMITTEE, R.SUPERVISOR, R.ADMINISTRATOR, says=FOR_COMMITTEE),
    # concerns
    "concern.file": _rule(ANYONE, says=SIGN_IN),
    "concern.support": _rule(SIGNED_IN, says=SIGN_IN, never=(AUTHOR,)),
    "concern.see_inbox": _rule(R.GRID_WORKER, R.COMMITTEE, says=FOR_GRID),
    "concern.answer": _rule(R.GRID_WORKER, R.COMMITTEE, says=FOR_GRID),
    "concern.pass_on": _rule(R.GRID_WORKER, R.COMMITTEE, says=FOR_GRID),
    "concern.close": _rule(R.GRID_WORKER, R.COMMITTEE, says=FOR_GRID),
    "concern.forget": _rule(R.GRID_WORKER, R.COMMITTEE, says=FOR_GRID),
    # proposals
    "proposal.submit": _rule(RESIDENT, R.COMMITTEE, R.GRID_WORKER, R.OWNERS_COMMITTEE, says=FOR_RESIDENTS),
    "proposal.resubmit": _rule(AUTHOR, says="Only its author can complete this proposal.", at=(S.RETURNED,)),
    "proposal.withdraw": _rule(AUTHOR, says="Only its author can withdraw this proposal.", at=(S.FILED, S.RETURNED, S.ENDORSED)),
    "proposal.support": _rule(RESIDENT, says=FOR_RESIDENTS, never=(AUTHOR,), at=BEFORE_REVIEW_ENDS),
    "proposal.accept": _rule(R.COMMITTEE, says=FOR_COMMITTEE, never=(AUTHOR,), at=(S.ENDORSED,)),
    "proposal.return": _rule(R.COMMITTEE, says=FOR_COMMITTEE, never=(AUTHOR, ORPHANED), at=BEFORE_REVIEW_ENDS),
    "proposal.decline": _rule(R.COMMITTEE, says=FOR_COMMITTEE, never=(AUTHOR,), at=BEFORE_REVIEW_ENDS),
    # the next round begins accepted: that is a decision on the proposal
    "proposal.reopen": _rule(
        R.COMMITTEE,
        R.CHAIR,
        says=FOR_COMMITTEE,
        never=(AUTHOR,),
        at=(S.EXECUTING, S.INSPECTING, S.EVALUATING, S.CLOSED, S.KEPT_UP, S.REJECTED),
    ),
    # meetings
    "meeting.convene": _rule(R.COMMITTEE, R.CHAIR, says=FOR_COMMITTEE, at=AT_TABLE),
    "meeting.invite": _rule(R.COMMITTEE, CHAIR_OF, says=FOR_COMMITTEE),
    "meeting.change": _rule(R.COMMITTEE, CHAIR_OF, says=FOR_COMMITTEE),
    "meeting.cancel": _rule(R.COMMITTEE, CHAIR_OF, says=FOR_COMMITTEE),
    "meeting.hand_over": _rule(R.COMMITTEE, CHAIR_OF, says=FOR_COMMITTEE),
    "meeting.steer": _rule(CHAIR_OF, says=FOR_CHAIR),
    "meeting.attend": _rule(INVITED, says=NOT_INVITED),
    "meeting.attend_for": _rule(R.COMMITTEE, CHAIR_OF, says=FOR_CHAIR),
    "meeting.exchange_code": _rule(ANYONE, says=SIGN_IN),
    "meeting.option": _rule(CHAIR_OF, ATTENDING, R.COMMITTEE, says=ONLY_ATTENDING, at=AT_TABLE),
    "meeting.argument": _rule(CHAIR_OF, ATTENDING, R.COMMITTEE, says=ONLY_ATTENDING, at=AT_TABLE),
    "meeting.commitment": _rule(CHAIR_OF, R.COMMITTEE, says=FOR_CHAIR),
    "meeting.minutes": _rule(CHAIR_OF, R.COMMITTEE, says=FOR_CHAIR),
    "meeting.confirm_minutes": _rule(CHAIR_OF, says=FOR_CHAIR),
    # polls: who keeps the roll does not count
    "poll.prepare": _rule(R.COMMITTEE, says=FOR_COMMITTEE, at=(S.DELIBERATING,)),
    "poll.renew_roll": _rule(R.COMMITTEE, says=FOR_COMMITTEE, never=(CHAIR_OF,), at=(S.DELIBERATING,)),
    "poll.codes": _rule(R.COMMITTEE, says=FOR_COMMITTEE, never=(CHAIR_OF,), at=(S.DELIBERATING, S.DECIDING)),
    "poll.open": _rule(R.COMMITTEE, R.CHAIR, CHAIR_OF, says=FOR_COMMITTEE, at=(S.DELIBERATING,)),
    "poll.cast": _rule(ON_ROLL, says="You are not on the roll of this vote.", at=(S.DECIDING,)),
    "poll.exchange": _rule(ANYONE, says=SIGN_IN),
    "poll.take_back": _rule(R.CHAIR, CHAIR_OF, says=FOR_CHAIRS, at=(S.DECIDING,)),
    "poll.extend": _rule(R.CHAIR, CHAIR_OF, says=FOR_CHAIRS, at=(S.DECIDING,)),
    "poll.close": _rule(R.CHAIR, CHAIR_OF, says=FOR_CHAIRS, never=(ROLL_KEEPER,), at=(S.DECIDING,)),
    "poll.reveal": _rule(R.CHAIR, CHAIR_OF, says=FOR_CHAIRS, never=(ROLL_KEEPER,), at=(S.DECIDING,)),
    "poll.cancel": _rule(R.COMMITTEE, R.CHAIR, says=FOR_COMMITTEE, at=(S.DELIBERATING, S.DECIDING)),
    "poll.recount": _rule(ON_ROLL, R.COMMITTEE, R.CHAIR, R.SUPERVISOR, R.ADMINISTRATOR, says=ONLY_RECOUNT),
    # notice
    "notice.publish": _rule(R.COMMITTEE, says=FOR_COMMITTEE, at=(S.ADOPTED,)),
    "objection.lodge": _rule(RESIDENT, says=FOR_RESIDENTS, at=(S.NOTICE,)),
    "objection.withdraw": _rule(AUTHOR, says="Only its author can withdraw this objection.", at=(S.NOTICE,)),
    "objection.rule": _rule(R.COMMITTEE, says=FOR_COMMITTEE, never=(AUTHOR, PROPOSER), at=(S.NOTICE,)),
    # project: nobody accepts or supervises what they carry out
    "project.start": _rule(R.COMMITTEE, says=FOR_COMMITTEE, at=(S.NOTICE,)),
    "project.change": _rule(R.COMMITTEE, says=FOR_COMMITTEE, at=AT_WORKS),
    "project.report": _rule(
        EXECUTOR_OF,
        SUPERVISOR_OF,
        R.COMMITTEE,
        says=ONLY_WORKS,
        at=AT_WORKS,
    ),
    "project.task_done": _rule(EXECUTOR_OF, R.COMMITTEE, "assignee", says=ONLY_EXECUTOR, at=AT_WORKS),
    "project.milestone_done": _rule(EXECUTOR_OF, R.COMMITTEE, says=ONLY_EXECUTOR, at=(S.EXECUTING,)),
    "project.complete": _rule(EXECUTOR_OF, says="Only the one who carries it out can report it finished.", at=(S.EXECUTING,)),
    "project.accept": _rule(SUPERVISOR_OF, says=ONLY_SUPERVISOR, never=(EXECUTED, FELLOW, TASKED), at=(S.INSPECTING,)),
    "project.refuse": _rule(SUPERVISOR_OF, says=ONLY_SUPERVISOR, never=(EXECUTED, FELLOW, TASKED), at=(S.INSPECTING,)),
    # evaluation
    "evaluation.answer": _rule(ASKED, says="This evaluation asks the homes it concerns.", at=(S.EVALUATING,)),
    "evaluation.close": _rule(R.COMMITTEE, says=FOR_COMMITTEE, never=(EXECUTED,), at=(S.EVALUATING,)),
    "evaluation.overtake": _rule(R.COMMITTEE, R.CHAIR, says=FOR_COMMITTEE, never=(EXECUTED,), at=(S.EVALUATING,)),
    "upkeep.plan": _rule(R.COMMITTEE, says=FOR_COMMITTEE, never=(EXECUTED,), at=(S.EVALUATING, S.CLOSED)),
    "upkeep.kept": _rule(KEEPER, R.COMMITTEE, says="Only the one who keeps it up can note this."),
    "upkeep.end": _rule(R.COMMITTEE, says=FOR_COMMITTEE),
    # files
    "file.add": _rule(ANYONE, says=SIGN_IN),
    "file.add_to_matter": _rule(AUTHOR, R.COMMITTEE, R.GRID_WORKER, says=FOR_COMMITTEE),
    "file.remove": _rule("owner", says="Only the one who added this file can remove it."),
}

NEVER_SAYS = {
    AUTHOR: "Nobody decides on their own matter here. Ask a colleague; the administrator can name one.",
    PROPOSER: "Nobody rules on objections to their own proposal. Ask a colleague.",
    ORPHANED: "Its author’s data was erased, so nobody could complete it. Decide on it as it stands.",
    EXECUTED: "Nobody approves what they carry out or have carried out. Ask somebody who had no hand in it.",
    FELLOW: "Nobody approves what their own firm or body carries out. Ask somebody from elsewhere.",
    TASKED: "You have promised a task of these works, so another supervisor accepts them.",
    ROLL_KEEPER: "Who made the roll or its codes does not count the votes. Another chair does it; the committee can name one.",
    CHAIR_OF: "You chair this meeting and show its result, and who makes the roll or its codes does not count. Ask a colleague to do it.",
    "self": "Nobody does this for themselves here. Ask a colleague.",
}


def why_not(action: str, standing: frozenset[str], stage: Stage | None = None) -> Refusal | None:
    """The refusal, or None when `standing` (roles and relations that hold) may do `action` at `stage`. KeyError for an unknown action."""
    rule = TABLE[action]
    if SYSTEM in standing:
        return None
    if not rule.who & standing:
        return NotAllowed(rule.says if SIGNED_IN in standing else SIGN_IN)
    if forbidden := sorted(rule.never & standing):
        return NotAllowed(NEVER_SAYS[forbidden[0]])
    if rule.at is not None and stage not in rule.at:
        return WrongStage("This matter is at another stage now. Open it again to see where it stands.")
    return None
