"""提案: submit, support, complete, withdraw, review, reopen as the next round."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlmodel import col, func, select

from models.community import Estate, Unit
from models.people import Person
from models.proposal import Proposal, ProposalSupport
from models.vocabulary import Category, Move, Stage
from services import concerns, drafts, evaluations, files, filing, once
from services.checks import Checks
from services.errors import Conflict, Refusal
from services.i18n import N_
from services.messages import tell
from services.numbers import next_number
from services.permission import require
from services.reads import filing as ground
from services.rules.community_figures import figure
from services.stages import move
from services.work import Work

FIELDS = ("title", "problem", "plan", "place", "estate_id", "category", "cost_fen", "beneficiaries", "carried_out_by")


def look_over(given: dict[str, Any], only: Collection[str] = FIELDS) -> dict[str, Any]:
    """The fields of a proposal as they would be filed, those of `only` checked. Raises all reasons at once.

    In place of `cost_fen` it takes `cost`, an amount in yuan as typed.
    """
    check, values = _looked_over(given)
    check.reasons = [reason for reason in check.reasons if reason.field in only]
    check.done()
    return values


def missing(given: dict[str, Any]) -> tuple[Refusal, ...]:
    """Why it cannot be filed as it stands, field by field; nothing when it can."""
    return tuple(_looked_over(given)[0].reasons)


def _looked_over(given: dict[str, Any]) -> tuple[Checks, dict[str, Any]]:
    check = Checks()
    values: dict[str, Any] = {
        "title": check.text("title", given.get("title"), 60, least=4),
        "problem": check.text("problem", given.get("problem"), 2000, least=10),
        "plan": check.text("plan", given.get("plan"), 2000, least=10),
        "place": check.text("place", given.get("place"), 120),
        "estate_id": given.get("estate_id") or "",
        "cost_fen": check.amount("cost_fen", given["cost"]) if "cost" in given else check.money("cost_fen", given.get("cost_fen")),
        "beneficiaries": check.text("beneficiaries", given.get("beneficiaries"), 400, least=0),
        "carried_out_by": check.text("carried_out_by", given.get("carried_out_by"), 200, least=0),
        "category": check.choice("category", given.get("category"), Category),
    }
    if not values["estate_id"]:
        check.note("Please choose one of the answers.", "estate_id")
    if values["category"] is Category.HAZARD:
        check.note("A hazard is reported as a concern, so that somebody looks at it at once.", "category")
    return check, values


def word_of(given: dict[str, Any]) -> str:
    """The word (`once.word`) of a form as typed; "" for one that cannot be filed as it stands, or has no word."""
    check, values = _looked_over(given)
    return "" if check.reasons else _word(given.get("form") or "", values)


def _word(form: str, values: dict[str, Any]) -> str:
    return once.word(form, *(values[name] for name in FIELDS))


def _checked(work: Work, given: dict[str, Any]) -> dict[str, Any]:
    check, values = _looked_over(given)
    if values["estate_id"] and work.db.get(Estate, values["estate_id"]) is None:
        check.note("Please choose one of the answers.", "estate_id")
    check.done()
    return values


def submit(
    work: Work,
    *,
    title: str,
    problem: str,
    plan: str,
    place: str,
    estate_id: str,
    category: str,
    cost_fen: int | None = None,
    beneficiaries: str = "",
    carried_out_by: str = "",
    concern_id: str | None = None,
    form: str = "",
) -> Proposal:
    """File a proposal; its author's home is the first that supports it. The author's draft and its files go over to it.

    `form` is the word of the form that was sent: the same form makes one proposal, however often it is sent with the same words.
    Nor does another form make a second one with the very answers of a proposal of the same author, of the same concern, that goes its way.
    """
    require(work, "proposal.submit")
    number = next_number(work, "T", Proposal)  # locks the community: of two presses at once the second finds what the first has made
    given = {name: value for name, value in locals().items() if name in FIELDS}
    values = _checked(work, given)
    word = _word(form, values)
    proposal_id = once.name(work, word)
    if word and (made := work.db.get(Proposal, proposal_id)):
        filing.forget_sent(work, "proposal", word, word_of)
        return made
    earlier = ground.in_these_words(work.db, work.actor, values, concern_id)
    if earlier is not None and not files.of_draft(work, "draft:proposal"):  # from another window: one proposal, not a second like it
        filing.forget_sent(work, "proposal", word, word_of)
        return earlier
    proposal = Proposal(
        id=proposal_id,
        community_id=work.community_id,
        number=number,
        author_id=str(work.actor.person_id),
        concern_id=concerns.proposed(work, concern_id).id if concern_id else None,
        stage=Stage.FILED,
        stage_since=work.moment,
        filed_at=work.moment,
        supporters_needed=figure(work.community.figures, "supporters_needed"),
        **values,
    )
    work.add(proposal)
    move(work, proposal, Move.SUBMIT, begins=True)
    _add_support(work, proposal)
    attached = files.adopt(work, kind="proposal", about=f"proposal:{proposal.id}")
    drafts.discard(work, "proposal")
    work.record("proposal.submit", proposal, files=attached)
    _endorse_when_enough(work, proposal)
    return proposal


def support(work: Work, *, proposal_id: str) -> int:
    """Support a proposal for one's home; returns how many homes support it now. Endorsed at the number it needs."""
    proposal = work.fetch(Proposal, proposal_id, lock=True)
    require(work, "proposal.support", proposal)
    _add_support(work, proposal)
    work.record("proposal.support", proposal)
    return _endorse_when_enough(work, proposal)


def unsupport(work: Work, *, proposal_id: str) -> int:
    """Take one's support back, as long as the proposal waits for supporters; returns how many homes are left."""
    proposal = work.fetch(Proposal, proposal_id, lock=True)
    require(work, "proposal.support", proposal)
    row = _own_support(work, proposal)
    if row is None or row.withdrawn_at is not None:
        raise Conflict("You do not support this proposal.")
    if proposal.stage is not Stage.FILED:
        raise Conflict("It has all the supporters it needs and has gone to review.")
    row.withdrawn_at = work.moment
    work.record("proposal.unsupport", proposal)
    return supporters(work, proposal)


def resubmit(work: Work, /, *, proposal_id: str, seen: int | None = None, **changes: Any) -> Proposal:
    """Complete a returned proposal and file it again. `changes`: any of the fields of `submit`; `concern_id` does not change.

    `seen` is the version that was completed: a second press finds the next one there and changes nothing. Raises Conflict where
    that one is in other words, or has come back meanwhile as well.
    """
    proposal = work.fetch(Proposal, proposal_id, lock=True)
    back = proposal.stage is Stage.RETURNED
    if seen is not None and proposal.version == seen + 1 and not back and proposal.author_id == work.actor.person_id:
        values = _checked(work, {name: getattr(proposal, name) for name in FIELDS} | changes)
        if any(getattr(proposal, name) != value for name, value in values.items()):
            raise Conflict("It was filed again from another window meanwhile, in other words. Copy what you need from here.")
        filing.throw_away(work, f"proposal:{proposal.id}")
        return proposal
    require(work, "proposal.resubmit", proposal)
    if seen is not None and proposal.version != seen:
        raise Conflict("It was filed again since you opened this page, and came back once more. Compare, then file it again.")
    values = _checked(work, {name: getattr(proposal, name) for name in FIELDS} | changes)
    was = {name: getattr(proposal, name) for name in ("title", "problem", "plan") if getattr(proposal, name) != values[name]}
    for name, value in values.items():
        setattr(proposal, name, value)
    proposal.version += 1
    move(work, proposal, Move.RESUBMIT, was=was)  # the story tells each version where it was filed
    attached = files.adopt(work, kind=f"proposal:{proposal.id}", about=f"proposal:{proposal.id}")
    drafts.discard(work, f"proposal:{proposal.id}")
    work.record("proposal.resubmit", proposal, version=proposal.version, files=attached)
    _endorse_when_enough(work, proposal)
    return proposal


def withdraw(work: Work, *, proposal_id: str, reason: str = "") -> Proposal:
    """Take one's own proposal back before the review has accepted it."""
    proposal = work.fetch(Proposal, proposal_id, lock=True)
    require(work, "proposal.withdraw", proposal)
    check = Checks()
    words = check.text("reason", reason, 1000, least=0)
    check.done()
    move(work, proposal, Move.WITHDRAW, reason=words)
    work.record("proposal.withdraw", proposal)
    return proposal


def accept(work: Work, *, proposal_id: str, reason: str = "") -> Proposal:
    """Accept an endorsed proposal: it can be deliberated."""
    message = N_("Your proposal {number} was accepted. Next: a meeting.")
    return _review(work, proposal_id, "proposal.accept", Move.ACCEPT, reason, 0, message)


def send_back(work: Work, *, proposal_id: str, reason: str) -> Proposal:
    """Return a proposal to its author, saying what is missing."""
    message = N_("Your proposal {number} came back to be completed. The reasons stand beside it.")
    work.fetch(Person, work.fetch(Proposal, proposal_id).author_id, share=True)  # whoever erases them waits, or has done so
    return _review(work, proposal_id, "proposal.return", Move.RETURN, reason, 4, message)


def decline(work: Work, *, proposal_id: str, reason: str) -> Proposal:
    """Decline a proposal, with reasons."""
    message = N_("Your proposal {number} was declined. The reasons stand beside it.")
    return _review(work, proposal_id, "proposal.decline", Move.DECLINE, reason, 4, message)


def _review(work: Work, proposal_id: str, action: str, step: Move, reason: str, least: int, message: str) -> Proposal:
    proposal = work.fetch(Proposal, proposal_id, lock=True)
    require(work, action, proposal)
    check = Checks()
    words = check.text("reason", reason, 2000, least=least)
    check.done()
    move(work, proposal, step, reason=words)
    work.record(action, proposal)
    tell(work, proposal.author_id, message, f"/proposal?id={proposal.id}", about=f"proposal:{proposal.id}", number=proposal.number)
    return proposal


def reopen(work: Work, *, proposal_id: str, title: str, problem: str, plan: str, reason: str, place: str | None = None) -> Proposal:
    """Open the next round of a matter, with reasons. It begins accepted and builds on what the last round settled.

    While the homes are asked about the last round, its evaluation ends with it; the answers stay.
    """
    last = work.fetch(Proposal, proposal_id, lock=True)
    require(work, "proposal.reopen", last)
    if work.db.exec(select(Proposal.id).where(Proposal.previous_id == last.id)).first():
        raise Conflict("The next round of this matter is open already.")
    given = {name: getattr(last, name) for name in FIELDS} | {"title": title, "problem": problem, "plan": plan}
    if place:
        given["place"] = place
    given["cost_fen"] = None
    values = _checked(work, given)
    check = Checks()
    words = check.text("reason", reason, 2000, least=4)
    check.done()
    if last.stage is Stage.EVALUATING:
        evaluations.overtake(work, last)
    proposal = Proposal(
        id=work.new_id(),
        community_id=work.community_id,
        number=next_number(work, "T", Proposal),
        author_id=last.author_id,
        previous_id=last.id,
        concern_id=last.concern_id,
        round=last.round + 1,
        stage=Stage.ACCEPTED,
        stage_since=work.moment,
        filed_at=work.moment,
        supporters_needed=last.supporters_needed,
        **values,
    )
    work.add(proposal)
    move(work, proposal, Move.NEXT_ROUND, begins=True, reason=words, previous=last.id)
    move(work, last, Move.REOPEN, reason=words, next=proposal.id)
    work.record("proposal.reopen", proposal, previous=f"proposal:{last.id}", round=proposal.round)
    tell(
        work,
        last.author_id,
        N_("Round {round} of {number} is open."),
        f"/proposal?id={proposal.id}",
        about=f"proposal:{last.id}",
        number=last.number,
        round=proposal.round,
    )
    return proposal


def supporters(work: Work, proposal: Proposal) -> int:
    """Homes that support it now; supporters without a home here count one each."""
    live = (ProposalSupport.proposal_id == proposal.id, col(ProposalSupport.withdrawn_at).is_(None))
    homes = work.db.exec(select(func.count(func.distinct(ProposalSupport.unit_id))).where(*live)).one()
    without = work.db.exec(select(func.count()).select_from(ProposalSupport).where(*live, col(ProposalSupport.unit_id).is_(None))).one()
    return homes + without


def _own_support(work: Work, proposal: Proposal) -> ProposalSupport | None:
    mine = select(ProposalSupport).where(ProposalSupport.proposal_id == proposal.id, ProposalSupport.person_id == work.actor.person_id)
    return work.db.exec(mine).first()


def _add_support(work: Work, proposal: Proposal) -> None:
    row = _own_support(work, proposal)
    if row is not None:
        if row.withdrawn_at is None:
            raise Conflict("You support this proposal already.")
        row.withdrawn_at, row.at = None, work.moment
        return
    home = work.db.exec(select(Unit.id).where(col(Unit.id).in_(work.actor.units), Unit.estate_id == proposal.estate_id)).first()
    unit_id = home or (work.actor.units[0] if work.actor.units else None)
    row = ProposalSupport(
        id=work.new_id(),
        community_id=work.community_id,
        proposal_id=proposal.id,
        person_id=str(work.actor.person_id),
        unit_id=unit_id,
        at=work.moment,
    )
    work.add(row)


def _endorse_when_enough(work: Work, proposal: Proposal) -> int:
    count = supporters(work, proposal)
    if proposal.stage is Stage.FILED and count >= proposal.supporters_needed:
        move(work, proposal, Move.ENDORSE, homes=count)
        work.record("proposal.endorse", proposal, homes=count)
        tell(
            work,
            proposal.author_id,
            N_("{number} has its {count} homes and goes to review."),
            f"/proposal?id={proposal.id}",
            about=f"proposal:{proposal.id}",
            number=proposal.number,
            count=count,
        )
    return count
