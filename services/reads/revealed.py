"""The outcome of a revealed vote as a room sees it: what was chosen, the bars that show why, the text it was decided under."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlmodel import Session, col, select

from models.community import Community
from models.notice import Notice
from models.poll import Poll
from models.vocabulary import VotesBy
from services.reads.outcomes import Condition, Outcome, answers, outcome_of
from services.rules.community_figures import figure
from services.rules.poll import ABSTAIN
from services.rules.sentences import english, spoken


@dataclass(frozen=True)
class Bar:
    """One line of a result: what was counted of what, the share it needs (None: none), whether it is the chosen one or reached it."""

    label: str
    measure: str
    figure: Decimal
    base: Decimal
    share: Fraction | None
    at_least: bool
    good: bool


@dataclass(frozen=True)
class Result:
    """A revealed outcome: what was asked, what the count said, the bars that show it, the text it was decided under; `abstained`: how many
    did, where the bars are those of options."""

    said: Outcome
    votes_by: VotesBy
    chosen: str
    bars: tuple[Bar, ...]
    source: str
    article: str
    notice_days: int
    question: str
    abstained: int = 0
    own_rule: bool = False
    """The text is none that is in force now: somebody has confirmed it as the community's own rule."""
    checked: tuple[str, str] | None = None
    """(article, figure) of the law in force against which somebody has checked it."""


def result(db: Session, poll: Poll, community: Community) -> Result | None:
    """The outcome of a revealed poll as the wall shows it; None before the reveal, whatever the ballots say."""
    said = outcome_of(poll)
    if said is None:
        return None
    titles = {each.code: each.title for each in answers(db, poll)}
    vouched = poll.rule_source.get("confirmation") or {}
    winners = [titles[code] for code in said.winners if titles.get(code)]
    return Result(
        said=said,
        votes_by=poll.votes_by,
        chosen=winners[0] if len(winners) == 1 else "",
        bars=_bars(said, titles),
        source=str(poll.rule_source.get("source") or ""),
        article=str(poll.rule_source.get("article") or ""),
        notice_days=notice_days(db, poll, community),
        question=poll.question,
        abstained=said.totals.get(ABSTAIN, 0) if any(titles.values()) and said.outcome != "no_quorum" else 0,
        own_rule=bool(vouched.get("own_rule")),
        checked=(vouched["article"], vouched["figure"]) if vouched.get("article") and not vouched.get("own_rule") else None,
    )


def notice_days(db: Session, poll: Poll, community: Community) -> int:
    """How long the decision is shown: by its notice, before there is one by the community's figure."""
    shown = db.exec(select(Notice.days).where(Notice.poll_id == poll.id).order_by(col(Notice.starts_at).desc())).first()
    return shown if shown is not None else figure(community.figures, "notice_days")


def _bars(said: Outcome, titles: Mapping[str, str]) -> tuple[Bar, ...]:
    """What decided: turnout where too few took part, else a bar a condition of the majority, or a bar an option."""
    if said.outcome == "no_quorum" or not any(titles.values()):
        kind = "turnout" if said.outcome == "no_quorum" else "approve"
        return tuple(_bar("", each) for each in said.conditions if each.kind == kind)
    made = []
    for code, title in titles.items():
        if not title:
            continue
        need = next((each for each in said.conditions if each.kind == "approve" and each.option == code and each.of == "persons"), None)
        made.append(
            Bar(
                title,
                "persons",
                Decimal(said.totals.get(code, 0)),
                need.whole if need else Decimal(said.took_part),
                need.share if need else None,
                need is not None and need.op == ">=",
                said.outcome == "elected" and code in said.winners,
            )
        )
    return tuple(sorted(made, key=lambda bar: -bar.figure))


def _bar(label: str, each: Condition) -> Bar:
    return Bar(label, each.of, each.part, each.whole, each.share, each.op == ">=", each.met)


def explained(said: Outcome, words: Callable[..., str] = english) -> list[str]:
    """Why it came out so, each reason put into words by `words` (such as `t`)."""
    return [spoken(each, words) for each in said.sentences]
