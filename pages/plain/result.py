"""/result/{poll}: the result of a vote for paper: how it came out, why, every figure with what was needed, the digits of the log."""

from __future__ import annotations

from fractions import Fraction

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import Route

from models.vocabulary import PollState, VotesBy
from pages.kit import votes
from pages.kit.html import m
from pages.kit.results import threshold_words
from pages.kit.words import N_, area, moment, number, share, t
from pages.plain import fields, parts
from pages.plain.door import Asked, route
from pages.plain.page import page
from services import addresses
from services.errors import WrongStage
from services.exchange.docx_paper import Paper, Part
from services.reads import checkpoints, communities, polls
from services.reads.outcomes import Outcome

LATER = N_("Nobody sees the result before the reveal. It can be printed afterwards.")
Rows = tuple[tuple[str, ...], ...]


def show(asked: Asked) -> Markup:
    """The sheet for the notice board."""
    found, outcome = _result(asked)
    answers, conditions = _answers(found, outcome), _conditions(found, outcome)
    return page(
        t("Result of vote {number}", number=found.number),
        m('<div class="cd"><h2 style="padding-top:0">{said}</h2>{why}</div>', said=_said(found, outcome), why=_why(outcome)),
        parts.rows(_facts(found)),
        parts.heading(t("Votes by answer")),
        parts.rows([(name, _beside(rest)) for name, *rest in answers]),
        parts.heading(t("What the rule asks for")),
        parts.rows([(name, _beside(rest)) for name, *rest in conditions]),
        parts.as_files(asked.path),
        fields.end(fields.way(t("Back to the vote"), f"/poll?id={found.id}", quiet=True)),
        here=asked.here,
        heading=found.question,
        sub=_community(asked),
        foot=parts.say(" ".join(_record(asked, found)), small=True) + parts.say(_address(asked, found), small=True),
        paper=True,
    )


def docx(asked: Asked) -> Response:
    """The same as a text document."""
    found, outcome = _result(asked)
    paper = Paper(
        title=found.question,
        subject=found.number,
        state=_community(asked),
        facts=tuple(_facts(found)),
        parts=(
            Part(_said(found, outcome), tuple(votes.reasons(outcome))),
            Part(t("Votes by answer"), rows=_answers(found, outcome)),
            Part(t("What the rule asks for"), rows=_conditions(found, outcome)),
            Part(t("The record"), _record(asked, found)),
        ),
        link=_address(asked, found),
    )
    return parts.docx(f"result-{found.number}", paper)


def _address(asked: Asked, found: polls.Page) -> str:
    """Where whoever reads it on paper finds the vote."""
    return f"{addresses.home()}/c/{communities.slug_of(asked.actor.community_id)}?next=/poll?id={found.id}"


def _beside(cells: list[str]) -> str:
    """Figures of one row beside each other."""
    return t("; ").join(each for each in cells if each)


def _result(asked: Asked) -> tuple[polls.Page, Outcome]:
    found = polls.page(asked.actor, asked.params["poll"])
    if found.state is PollState.CANCELLED:
        raise WrongStage("This vote was called off.")
    if found.outcome is None:
        raise WrongStage(LATER)
    return found, found.outcome


def _community(asked: Asked) -> str:
    return next((each.name for each in communities.choices() if each.id == asked.actor.community_id), "")


def _said(found: polls.Page, outcome: Outcome) -> str:
    chosen = [votes.answer_word(each.code, each.title) for each in found.answers if each.code in outcome.winners]
    said = votes.outcome_said(outcome.outcome)
    return t("{outcome}: {question}", outcome=said, question=", ".join(chosen)) if chosen else said


def _why(outcome: Outcome) -> Markup:
    return Markup("").join(parts.say(each) for each in votes.reasons(outcome))


def _facts(found: polls.Page) -> list[tuple[str, str]]:
    when = {t("Opened"): found.opened_at, t("Closed"): found.closed_at, t("Result shown"): found.revealed_at}
    return [
        (t("Matter"), t("{title} ({number})", title=found.proposal, number=found.proposal_number)),
        (t("Who votes"), votes.voters_words(found.where, found.votes_by, found.received.roll)),
        (t("Rule"), votes.rule_sentence(found.rule, found.source, found.answers)),
        (t("Where the rule stands"), votes.source_line(found.source)),
        *((name, moment(at, found.zone, year=True)) for name, at in when.items() if at is not None),
        (t("Received"), votes.came_words(found.received)),
    ]


def _answers(found: polls.Page, outcome: Outcome) -> Rows:
    whole = outcome.took_part
    with_area = found.votes_by is VotesBy.OWNER
    rows = []
    for each in found.answers:
        n = outcome.totals.get(each.code, 0)
        row = [votes.answer_word(each.code, each.title), number(n), share(Fraction(n, whole)) if whole else "–"]
        rows.append((*row, area(outcome.areas[each.code])) if with_area else tuple(row))
    return tuple(rows)


def _conditions(found: polls.Page, outcome: Outcome) -> Rows:
    titles = {each.code: votes.answer_word(each.code, each.title) for each in found.answers}
    return tuple(
        (
            votes.condition_word(each, titles),
            f"{number(each.part)} / {number(each.whole)}",
            threshold_words(votes.threshold(each)),
            t("reached") if each.met else t("not reached"),
        )
        for each in outcome.conditions
    )


def _record(asked: Asked, found: polls.Page) -> tuple[str, ...]:
    digest = t("{name}: {value}", name=t("Digest in the log"), value=found.poll_digest)
    return (*parts.as_of(checkpoints.of(asked.actor.community_id), found.zone), digest)


routes: list[Route] = [route("/result/{poll}.docx", docx), route("/result/{poll}", show)]
