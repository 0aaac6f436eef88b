"""Whose turn it is in a matter, and what that one should do next: one answer for the story, the lists and the first page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.vocabulary import MeetingState, PollState, Stage
from services.rules.sentences import N_, Sentence, say


class Holder(StrEnum):
    """Who has it now."""

    NEIGHBOURS = "neighbours"
    AUTHOR = "author"
    COMMITTEE = "committee"
    CHAIR = "chair"
    TABLE = "table"
    VOTERS = "voters"
    EXECUTOR = "executor"
    SUPERVISORS = "supervisors"
    HOMES = "homes"
    KEEPER = "keeper"
    NOBODY = "nobody"


HOLDER_WORDS = {
    Holder.NEIGHBOURS: N_("the neighbours"),
    Holder.AUTHOR: N_("its author"),
    Holder.COMMITTEE: N_("the committee"),
    Holder.CHAIR: N_("the chair"),
    Holder.TABLE: N_("those at the table"),
    Holder.VOTERS: N_("those on the roll"),
    Holder.EXECUTOR: N_("those who carry it out"),
    Holder.SUPERVISORS: N_("the supervisors"),
    Holder.HOMES: N_("the homes concerned"),
    Holder.KEEPER: N_("those who keep it up"),
    Holder.NOBODY: N_("nobody: it is finished"),
}


@dataclass(frozen=True)
class Facts:
    """What decides whose turn it is. `missing`: homes that still have to support it; `objections`: those without a ruling;
    `over`: the time of the notice or the evaluation has passed; `meeting`, `poll`: the last one that was not called off;
    `held`: whether any meeting on it was opened in this round."""

    stage: Stage
    missing: int = 0
    meeting: MeetingState | None = None
    poll: PollState | None = None
    objections: int = 0
    over: bool = False
    deed: str = ""
    held: bool = False


@dataclass(frozen=True)
class Turn:
    """Who, what to do in a sentence, and the action of the permission table that does it ("" where there is none)."""

    holder: Holder
    says: Sentence
    action: str = ""


def turn(facts: Facts) -> Turn:
    """Whose turn it is."""
    match facts.stage:
        case Stage.FILED:
            one = facts.missing == 1
            said = say("One home more, and it goes to review.") if one else say("{n} homes more, and it goes to review.", n=facts.missing)
            return Turn(Holder.NEIGHBOURS, said, "proposal.support")
        case Stage.ENDORSED:
            return Turn(Holder.COMMITTEE, say("Read it, then accept it, return it, or decline it with reasons."), "proposal.accept")
        case Stage.RETURNED:
            return Turn(Holder.AUTHOR, say("Add what is missing and file it again."), "proposal.resubmit")
        case Stage.ACCEPTED:
            return Turn(Holder.COMMITTEE, say("Call the parties to one table."), "meeting.convene")
        case Stage.DELIBERATING:
            return _deliberating(facts)
        case Stage.DECIDING:
            if facts.poll is PollState.OPEN:
                return Turn(Holder.VOTERS, say("Cast your vote. Nobody sees the result before the reveal."), "poll.cast")
            return Turn(Holder.CHAIR, say("Voting is over: show the result to everybody at once."), "poll.reveal")
        case Stage.ADOPTED:
            return Turn(Holder.COMMITTEE, say("Show the decision to everybody, so that whoever objects can say so."), "notice.publish")
        case Stage.NOTICE:
            return _notice(facts)
        case Stage.EXECUTING:
            return Turn(Holder.EXECUTOR, say("Carry it out and report how it goes."), "project.report")
        case Stage.INSPECTING:
            return Turn(Holder.SUPERVISORS, say("Go and look, then accept it or say what is missing."), "project.accept")
        case Stage.EVALUATING:
            if facts.over:
                return Turn(Holder.COMMITTEE, say("Close the evaluation and write down what was learned."), "evaluation.close")
            return Turn(Holder.HOMES, say("Say how it turned out; it takes a minute."), "evaluation.answer")
        case Stage.KEPT_UP:
            return Turn(Holder.KEEPER, say("{deed}", deed=facts.deed))
        case Stage.REJECTED:
            return Turn(Holder.NOBODY, say("It was not adopted. With new reasons the committee can open another round."), "proposal.reopen")
        case Stage.CLOSED:
            return Turn(Holder.NOBODY, say("Everything is done. If it comes up again, another round can be opened."), "proposal.reopen")
        case Stage.REOPENED:
            return Turn(Holder.NOBODY, say("It goes on in the next round."))
        case Stage.DECLINED:
            return Turn(Holder.NOBODY, say("It was declined; the reasons stand beside it."))
        case Stage.WITHDRAWN:
            return Turn(Holder.NOBODY, say("Its author has withdrawn it."))


def _deliberating(facts: Facts) -> Turn:
    if facts.meeting is MeetingState.CONVENED:
        return Turn(Holder.TABLE, say("Come to the meeting and say what speaks for it and what against."), "meeting.attend")
    if facts.meeting is MeetingState.HELD:
        return Turn(Holder.TABLE, say("The meeting is on."), "meeting.attend")
    if facts.poll is PollState.PREPARED:
        return Turn(Holder.CHAIR, say("The vote is prepared: open it."), "poll.open")
    if not facts.held:
        return Turn(Holder.COMMITTEE, say("No meeting on it has taken place yet: call one, then comes the vote."), "meeting.convene")
    return Turn(Holder.COMMITTEE, say("Prepare the vote, or call another meeting."), "poll.prepare")


def _notice(facts: Facts) -> Turn:
    if facts.objections:
        one = facts.objections == 1
        said = say("An objection waits for its ruling.") if one else say("{n} objections wait for their rulings.", n=facts.objections)
        return Turn(Holder.COMMITTEE, said, "objection.rule")
    if facts.over:
        return Turn(Holder.COMMITTEE, say("The notice has ended: start the works."), "project.start")
    return Turn(Holder.NEIGHBOURS, say("Whoever objects says so now."), "objection.lodge")
