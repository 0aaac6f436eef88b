"""What the workspace noted of a meeting, in words: the draft that its minutes begin with, and which of them the chair wrote beside it.

Nothing here writes a row; reads ask it, so that what stands beside the record is not the record once more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from functools import partial
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from models.community import Community
from models.meeting import AgendaItem, Meeting, Minutes
from models.poll import Poll
from models.vocabulary import AgendaKind
from services import i18n
from services.i18n import N_
from services.reads.called_off import Lost, votes_lost
from services.reads.outcomes import outcome_of
from services.reads.revealed import explained
from services.reads.seats import quorum
from services.reads.table import Way, promises, vote_of, ways
from services.rules.plain_text import plain_text

LOST = (
    N_("Called off with {n} ballot in; it is not counted. Reason: {reason}"),
    N_("Called off with {n} ballots in; they are not counted. Reason: {reason}"),
)
MOST = 8000
"""Characters of minutes."""


def own_words(db: Session, meeting: Meeting, written: Minutes | None, text: str) -> str:
    """Of the text of minutes what stands beside the record of the meeting: the lines that are not in the draft they began with.

    The draft is made anew from what was there at the close; in every language, for the community may have changed its own since.
    """
    if not text or written is None or written.written_at == meeting.closed_at:  # nobody has changed a word
        return ""
    zone = db.get_one(Community, meeting.community_id).time_zone
    return min((_beside(draft(db, meeting, lang, zone)[:MOST], text) for lang in i18n.LANGS), key=len)


def _beside(begun: str, text: str) -> str:
    """The lines of `text` that were added to `begun` or stand in place of others."""
    lines = text.split("\n")
    old, new = ([each.strip() for each in rows] for rows in (plain_text(begun).split("\n"), lines))
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return plain_text("\n".join(line for kind, _, _, first, end in steps if kind != "equal" for line in lines[first:end]))


def draft(db: Session, meeting: Meeting, lang: str, zone: str) -> str:
    """What the workspace noted, as text: when and where, who came by party, each item with its options and outcome, commitments."""

    t = partial(i18n.text, lang)

    opened = meeting.opened_at or meeting.starts_at
    seats = [t("{party} {n}", party=i18n.party_label(lang, row.label), n=row.came) for row in quorum(db, meeting.id) if row.came]
    lines = [
        t("{day}, {place}.", day=opened.astimezone(ZoneInfo(zone)), place=meeting.place),
        t("There were: {parties}.", parties=seats) if seats else "",
    ]
    told: set[str] = set()
    voted: set[str | None] = set()
    items = db.exec(select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(col(AgendaItem.position))).all()
    for place, item in enumerate(items, 1):
        lines += ["", f"{place}. {item.title}"]
        if item.kind is AgendaKind.VOTE:
            lost = votes_lost(db, meeting.id, item.proposal_id, meeting.closed_at) if item.proposal_id not in voted else ()
            voted.add(item.proposal_id)
            lines += _outcome(vote_of(db, item, meeting), lost, t, partial(i18n.text_n, lang))
        elif item.kind is AgendaKind.DISCUSSION and item.proposal_id and item.proposal_id not in told:
            told.add(item.proposal_id)
            lines += _options(ways(db, item.proposal_id, meeting.closed_at), t, partial(i18n.word, lang))
    if made := promises(db, meeting.id, meeting.closed_at):
        lines += ["", t("Who does what by when:")]
        lines += [t("– {who}: {deed}, by {day}", who=i18n.party_label(lang, each.label), deed=each.deed, day=each.due_on) for each in made]
    return "\n".join(lines).strip()


def _options(weighed: Sequence[Way], t: Callable[..., str], word: Callable[..., str]) -> list[str]:
    lines = []
    for way in weighed:
        lines.append(t("– Option “{title}”", title=way.title))
        for said, message in ((way.pros, N_("  For: {reasons}")), (way.cons, N_("  Against: {reasons}"))):
            if said:
                reasons = [t("{reason} ({party})", reason=text, party=word(party)) if party else text for text, party in said]
                lines.append(t(message, reasons=t("; ").join(reasons)))
    return lines


def _outcome(poll: Poll | None, lost: Sequence[Lost], t: Callable[..., str], tn: Callable[..., str]) -> list[str]:
    lines = []
    for each in lost:
        lines.append(t("Vote {number}: {question}", number=each.number, question=each.question))
        lines.append(tn(*LOST, each.received, reason=each.reason))
    said = outcome_of(poll) if poll is not None else None
    if poll is None or said is None:
        return lines or [t("No vote was taken.")]
    return [*lines, t("Vote {number}: {question}", number=poll.number, question=poll.question), *explained(said, t)]
