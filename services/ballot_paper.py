"""What stands on a ballot paper before it is printed: rule and its source, answers, scope, its place on an agenda, each checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from models.meeting import AgendaItem, Meeting, Option
from models.proposal import Proposal
from models.vocabulary import AgendaKind, PollMethod, VotesBy
from services.checks import Checks
from services.errors import Conflict, Invalid, NotAllowed, Refusal, WrongStage
from services.exchange import poll_json
from services.rules import poll as rules
from services.rules import roll
from services.rules.board import OVER
from services.rules.rule_texts import Confirmation, rule_text, why_not_usable
from services.work import Work

LETTERS = "abcdefghi"
"""Options of a choice are called a, b, c … in a ballot; an abstention always stands last."""
VOTERS = {"owners": VotesBy.OWNER, "households": VotesBy.HOUSEHOLD, "residents": VotesBy.HOUSEHOLD}
"""Who has one voice under a rule text. Residents vote by home: the law lets one adult of each home come for it."""


def at_a_meeting(work: Work, proposal: Proposal, meeting_id: str | None, item_id: str | None) -> tuple[Meeting | None, AgendaItem | None]:
    """The meeting and the item of its agenda that a vote belongs to, where it belongs to one; without an item, the first that fits."""
    item = work.fetch(AgendaItem, item_id) if item_id else None
    meeting = work.fetch(Meeting, meeting_id or (item.meeting_id if item else None)) if meeting_id or item else None
    if meeting is not None and meeting.chair_id == work.actor.person_id:
        raise NotAllowed(
            "You chair this meeting and show its result, and who makes the roll does not count. Ask a colleague to prepare this vote.",
            field="meeting_id",
        )
    if meeting is not None and meeting.state in OVER:
        raise WrongStage("This meeting is over.")
    if meeting is not None and item is None:
        waiting = select(AgendaItem).where(
            AgendaItem.meeting_id == meeting.id, AgendaItem.kind == AgendaKind.VOTE, AgendaItem.proposal_id == proposal.id,
            col(AgendaItem.poll_id).is_(None),
        )  # fmt: skip
        item = work.db.exec(waiting.order_by(col(AgendaItem.position))).first()
    if item is None:
        return meeting, None
    if item.kind is not AgendaKind.VOTE or (meeting and item.meeting_id != meeting.id) or item.proposal_id not in (None, proposal.id):
        raise Invalid("This item of the agenda is not a vote on this matter.", field="agenda_item_id")
    if item.poll_id:
        raise Conflict("This item of the agenda has its vote already.", field="agenda_item_id")
    return meeting, item


def rule(
    work: Work,
    check: Checks,
    wanted: str | Mapping[str, Any],
    kind: PollMethod,
    votes_by: str | None,
    given: Mapping[str, Any] | Confirmation | None,
    meeting: Meeting | None,
) -> tuple[VotesBy, dict[str, Any], dict[str, Any]]:
    """Who votes, the poll/1 rule, and what is kept of its source."""
    own = dict(wanted) if isinstance(wanted, Mapping) else None
    try:
        text = rule_text(str(own.pop("key", "custom")) if own is not None else str(wanted))
        vouched = confirmation(check, given)
    except Refusal as no:
        check.reasons.append(no)
        return VotesBy.HOUSEHOLD, {}, {}
    by = VotesBy(votes_by) if votes_by in set(VotesBy) else VOTERS.get(text.voters)
    figures = text.poll_rule()
    if text.key == "custom":
        by = by or VotesBy.HOUSEHOLD
        _own_figures(check, figures, own or {}, by)
    elif own:
        check.note("The figures of this rule cannot be changed. Choose “a rule of our own” for other figures.", "rule")
    elif by is None or by is not VOTERS.get(text.voters):
        check.note("This rule counts other voters than this roll. Choose another rule.", "rule")
    if by is VotesBy.HOUSEHOLD and figures and "household" not in str(figures["name"]):
        figures["name"] = f"household_{figures['name']}"  # a meeting of residents is held by homes here: the reasons speak of homes
    if ("yes_no" if kind is PollMethod.YES_NO else "approval") not in text.methods:
        check.note("This rule does not fit this kind of question.", "method")
    if figures.get("base") == "present" and meeting is None:
        check.note("This rule counts those present. It needs a meeting.", "rule")
    if kind is PollMethod.CHOOSE_ONE:
        figures["max_choices"] = 1
    today = work.moment.astimezone(ZoneInfo(work.community.time_zone)).date()
    check.reasons += why_not_usable(text, today, vouched)
    source = text.source_json() | {"title": text.title, "summary": text.summary}
    if vouched is not None:
        source["confirmation"] = vouched.as_json()
    return by or VotesBy.HOUSEHOLD, figures, source


def _own_figures(check: Checks, figures: dict[str, Any], own: Mapping[str, Any], by: VotesBy) -> None:
    """Own figures in place of the sample's, read as strictly as a poll/1 file."""
    figures.update({name: own[name] for name in ("turnout", "approve", "base") if name in own})
    figures["name"] = "household_custom" if by is VotesBy.HOUSEHOLD else "owners_custom"
    try:
        read = poll_json.rule(figures)
    except Refusal:
        check.note("These figures cannot be used. A share is a fraction such as 2/3, held by “at least” or “more than”.", "rule")
        return
    if set(own) - {"turnout", "approve", "base"} or not read.approve:
        check.note("A rule of your own names who must take part and who must agree.", "rule")
    if by is VotesBy.HOUSEHOLD and any(each.of != "persons" for each in (*read.turnout, *read.approve)):
        check.note("Homes are counted one by one; only owners are counted by area.", "rule")
    if any(not 0 < each.share <= 1 or (each.share == 1 and each.op == ">") for each in (*read.turnout, *read.approve)):
        check.note("A share lies above nothing and not above everyone.", "rule")


def confirmation(check: Checks, given: Mapping[str, Any] | Confirmation | None) -> Confirmation | None:
    """Who vouches for a rule, as it comes from a form or a file."""
    if given is None or isinstance(given, Confirmation):
        return given
    day = given.get("date")
    try:
        when = date.fromisoformat(day) if isinstance(day, str) and day else day
    except ValueError:
        raise Invalid("The date is missing. Enter the day from which the article is in force.", field="date") from None
    words = {name: check.text(name, str(given.get(name) or ""), 120, least=0) for name in ("confirmed_by", "article", "figure")}
    return Confirmation(date=when or None, own_rule=bool(given.get("own_rule")), **words)


def answers(work: Work, check: Checks, proposal: Proposal, kind: PollMethod, given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The answers in their order, as columns of `PollOption`."""
    if kind is PollMethod.YES_NO:
        said = {str(each.get("code")): str(each.get("consequence") or "") for each in given}
        if set(said) - {rules.YES, rules.NO, rules.ABSTAIN}:
            check.note("A yes/no vote has the answers yes, no and abstain.", "options")
        return [
            {"code": code, "title": "", "consequence": check.text("options", said.get(code), 200, least=0)}
            for code in (rules.YES, rules.NO, rules.ABSTAIN)
        ]
    if not 2 <= len(given) <= len(LETTERS):
        check.note("A choice has {least} to {most} options.", "options", least=2, most=len(LETTERS))
    made: list[dict[str, Any]] = []
    for code, each in zip(LETTERS, given, strict=False):
        option = work.db.get(Option, each["option"]) if each.get("option") else None
        if each.get("option") and (option is None or option.proposal_id != proposal.id or option.withdrawn_at is not None):
            check.note("One of these options is no longer on the table.", "options")
        title = check.text("options", each.get("title") or (option.title if option else ""), 60)
        made.append(
            {
                "code": code, "title": title, "consequence": check.text("options", each.get("consequence"), 200, least=0),
                "option_id": option.id if option else None,
            }  # fmt: skip
        )
    if len({answer["title"].casefold() for answer in made}) != len(made):
        check.note("Two options have the same name. Give each its own.", "options")
    return [*made, {"code": rules.ABSTAIN, "title": "", "consequence": ""}]


def scope(check: Checks, text: str) -> roll.Scope:
    """The scope, or a note."""
    try:
        return roll.scope(text)
    except Refusal as no:
        check.reasons.append(no)
        return roll.Scope("units")
