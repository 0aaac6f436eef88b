"""/notice/{id}: a decision as it hangs at the door, for paper; /feeds/decisions.atom: what was decided, for feed readers."""

from __future__ import annotations

from fractions import Fraction

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import Route

from models.vocabulary import NoticeState
from pages.kit import votes
from pages.kit.html import m, user_text
from pages.kit.marks import qr
from pages.kit.told import in_a_row
from pages.kit.words import deadline, lang, moment, near, number, share, t, word
from pages.plain import fields, parts
from pages.plain.door import Asked, route
from pages.plain.page import page
from services import addresses
from services.errors import NotFound
from services.exchange import atom
from services.exchange.docx_paper import Paper, Part
from services.reads import communities
from services.reads import notices as reads
from services.reads.notices import Decision, Sheet
from services.reads.story_entries import Objected


def show(asked: Asked) -> Markup:
    """The sheet: what was decided, why, until when one can object and where, the objections, the check digits of the log."""
    found = reads.sheet(asked.actor, asked.params["id"])
    given = found.notice
    body = [parts.card(m('<p style="white-space:pre-line">{text}</p>', text=user_text(given.text))), parts.rows(_facts(found)),
            _count(found), _objections(found)]  # fmt: skip
    if given.shown:
        body.append(parts.heading(t("Whoever objects")))
        said = t("Until {when}: scan this, or write to the committee. Every objection is answered with reasons.",
                 when=deadline(given.ends_at, given.zone))  # fmt: skip
        phone = t("Questions: {phone}", phone=found.office_phone) if found.office_phone else ""
        body.append(m('<div class="rn"><div>{said}{phone}</div>{code}</div>', said=parts.say(said), phone=parts.say(phone, small=True),
                      code=qr(_address(found), t("Scan to see this matter and to object"))))  # fmt: skip
    body.append(parts.as_files(asked.path))
    body.append(fields.end(fields.way(t("To the matter"), f"/proposal?id={given.proposal_id}", quiet=True)))
    return page(
        t("Notice {number}", number=given.number), *body, here=asked.here, heading=given.title, sub=found.community, foot=_foot(found),
        paper=True,
    )  # fmt: skip


def docx(asked: Asked) -> Response:
    """The same as a text document."""
    found = reads.sheet(asked.actor, asked.params["id"])
    given = found.notice
    whole = [Part(t("Notice {number}", number=given.number), tuple(given.text.split("\n")))]
    if found.outcome is not None and found.received is not None:
        whole.append(Part(t("How it was decided"), (in_a_row(votes.reasons(found.outcome)),), tuple(_counted(found))))
    if live := _live(found):
        whole.append(Part(t("Objections"), rows=tuple((_ruled(each), f"{each.text}\n{each.reply}".strip()) for each in live)))
    whole.append(Part(t("The record"), _as_of(found)))
    paper = Paper(given.title, given.number, found.community, tuple(_facts(found)), tuple(whole), _address(found))
    return parts.docx(f"notice-{given.number}", paper)


def _facts(found: Sheet) -> list[tuple[str, str]]:
    given = found.notice
    first, last = moment(given.starts_at, given.zone), deadline(given.ends_at, given.zone)
    return [
        (t("Decision"), given.decided or given.title),
        (t("Matter"), t("{title} ({number})", title=given.title, number=given.proposal_number)),
        (t("Where"), given.estate),
        (t("Shown"), t("{first} to {last}", context="moments", first=first, last=last)),
        (t("State"), _state(found)),
    ]


def _address(found: Sheet) -> str:
    return f"{addresses.home()}/c/{found.slug}?next=/proposal?id={found.notice.proposal_id}"


def _state(found: Sheet) -> str:
    given = found.notice
    if given.state is not NoticeState.SHOWN or given.shown:
        return word(given.state)
    waits = any(each.ruling is None for each in _live(found))
    return t("its days are over; an objection is being ruled on") if waits else t("its days are over")


def _count(found: Sheet) -> Markup:
    """How the vote came out, in a table, and why."""
    if found.outcome is None or found.received is None:
        return Markup("")
    return parts.heading(t("How it was decided")) + parts.say(in_a_row(votes.reasons(found.outcome))) + parts.rows(_counted(found))


def _counted(found: Sheet) -> list[tuple[str, str]]:
    if found.outcome is None or found.received is None:
        return []
    took = found.outcome.took_part
    rows = [
        (votes.answer_word(each.code, each.title), _votes(found.outcome.totals.get(each.code, 0), took)) for each in found.answers
    ]
    return [*rows, (t("Took part"), votes.came_words(found.received))]


def _votes(n: int, whole: int) -> str:
    return f"{number(n)} ({share(Fraction(n, whole))})" if whole else number(n)


def _objections(found: Sheet) -> Markup:
    rows = [(_ruled(each), m("{text}<br>{reply}", text=each.text, reply=each.reply)) for each in _live(found)]
    return parts.heading(t("Objections")) + parts.rows(rows) if rows else Markup("")


def _live(found: Sheet) -> list[Objected]:
    return [each for each in found.notice.objections if not each.withdrawn]


def _ruled(each: Objected) -> str:
    return word(each.ruling) if each.ruling else t("waits")


def _foot(found: Sheet) -> Markup:
    """When it was printed, the digits with which anybody can check the log, and where the matter is found."""
    return parts.say(" ".join(_as_of(found)), small=True) + parts.say(_address(found), small=True)


def _as_of(found: Sheet) -> tuple[str, ...]:
    return parts.as_of(found.checkpoint, found.notice.zone)


def feed(asked: Asked) -> Response:
    """The newest decisions; `?c=` names the community, because a feed reader keeps no cookies."""
    slug = asked.query.get("c", "")
    community = next((each.id for each in communities.choices() if each.slug == slug), None) if slug else asked.actor.community_id
    if community is None:
        raise NotFound()
    found = reads.feed(community)
    home = addresses.home()
    start = f"{home}/c/{found.slug}?next="
    items = [
        atom.Item(f"urn:yiqi:{each.kind}:{each.id}", _title(each), start + _page(each), each.at, _summary(each, found.zone))
        for each in found.decisions
    ]
    body = atom.feed(
        t("{community}: decisions", community=found.community), f"urn:yiqi:decisions:{community}", f"{home}/c/{found.slug}?next=/notices",
        f"{home}/feeds/decisions.atom?c={found.slug}", found.community, lang(), items,
    )  # fmt: skip
    return Response(body, media_type=atom.MEDIA_TYPE, headers={"cache-control": "max-age=300"})


def _title(each: Decision) -> str:
    if each.outcome:
        return t("{outcome}: {question}", outcome=votes.outcome_said(each.outcome.outcome), question=each.title)
    if each.state is NoticeState.SENT_BACK:
        return t("Taken back, to be talked about again: {title}", title=each.title)
    return t("Notice ended: {title}", title=each.title) if each.state is NoticeState.ENDED else t("On notice: {title}", title=each.title)


def _page(each: Decision) -> str:
    return f"/poll?id={each.id}" if each.kind == "vote" else f"/notice/{each.id}"


def _summary(each: Decision, zone: str) -> str:
    if each.outcome:
        return in_a_row(votes.reasons(each.outcome))
    if each.state is NoticeState.SENT_BACK:
        return t("An objection was upheld on {when}; the decision does not take effect.", when=near(each.at, zone))
    until = t("until {when}", when=deadline(each.ends_at, zone)) if each.ends_at else ""
    return f"{each.text} ({until})" if until else each.text


routes: list[Route] = [route("/notice/{id}.docx", docx), route("/notice/{id}", show), route("/feeds/decisions.atom", feed)]
