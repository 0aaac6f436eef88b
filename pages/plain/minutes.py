"""Minutes on paper: `/minutes/{meeting}` as a print page with the checkpoint that seals it, and as a DOCX; `/feeds/meetings.ics`."""

from __future__ import annotations

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import Route

from models.vocabulary import AgendaKind, MeetingState
from pages.kit.html import m, user_line, user_text
from pages.kit.marks import Tone, qr
from pages.kit.room_words import argument_words, checkpoint_link, measure_words, outcome_words, source_words
from pages.kit.told import in_a_row
from pages.kit.words import N_, day, joined, moment, money, number, party_name, t, tn, word
from pages.plain import parts, room
from pages.plain.door import Asked, route
from pages.plain.page import page
from services import addresses, attendance
from services.errors import NotFound, WrongStage
from services.exchange import ics
from services.exchange.docx_paper import Paper, Part
from services.noted import LOST
from services.reads import board, communities, protocol
from services.reads.called_off import Lost
from services.reads.checkpoints import Shown
from services.reads.protocol import Protocol
from services.reads.revealed import explained
from services.reads.table import Way
from services.rules.plain_text import one_line

NOT_YET = N_("The chair has not confirmed these minutes yet. From then on everybody can read them here.")


def _protocol(asked: Asked) -> Protocol:
    found = board.by_id(asked.params["meeting"])
    if found is None:
        raise NotFound()
    guest = attendance.guest(room.ticket(asked), found.meeting_id)
    return protocol.protocol(found, asked.actor, *([guest] if guest else []))


def show(asked: Asked) -> Markup:
    """Who came by party, options with what speaks for and against, outcomes with their reasons, commitments, the checkpoint."""
    found = _protocol(asked)
    if not found.open:
        return _closed(asked, found)
    zone = found.board.zone
    when = moment(found.board.opened_at or found.board.starts_at, zone, year=True)
    state = _state(found)
    return page(
        t("Minutes: {title}", title=found.board.title),
        _checked(asked, found),
        state,
        parts.rows(
            [
                (t("When"), when),
                (t("Where"), user_line(found.board.place)),
                *([(t("Ended"), moment(found.board.closed_at, zone))] if found.board.closed_at else []),
            ]
        ),
        parts.heading(t("Who came")),
        parts.rows([(party_name(row.party, row.label), _came(row.came, row.need)) for row in found.board.seats]),
        *(_item(place, item) for place, item in enumerate(found.items, 1)),
        *_promises(found),
        parts.heading(t("In the chair’s words")) + m('<div class="cd">{text}</div>', text=user_text(found.text)) if found.text else "",
        _seal(found),
        parts.as_files(asked.path),
        here=asked.here,
        paper=True,
        foot=m(
            '{community} <a href="/j/{code}">{code}</a><br>{address}',
            community=user_line(found.board.community),
            code=found.board.code,
            address=f"{addresses.home()}/minutes/{found.board.meeting_id}",
        ),
    )


def _closed(asked: Asked, found: Protocol) -> Markup:
    """For somebody of another community before the minutes are confirmed: only whether the record holds what a scanned code said."""
    return page(t("The minutes"), _checked(asked, found), parts.say(t(NOT_YET)), here=asked.here)


def _standing(found: Protocol) -> tuple[str, str, Tone]:
    """How these minutes stand: a sentence, the reason of a calling off, and its tone."""
    if found.board.state is MeetingState.CANCELLED:
        return t("This meeting has been called off."), found.board.why_cancelled, Tone.NO
    if found.confirmed_at is not None:
        return t("Confirmed by the chair on {day}.", day=moment(found.confirmed_at, found.board.zone, year=True)), "", Tone.OK
    if found.board.closed:
        return t("A draft: the chair has not confirmed it yet."), "", Tone.WAIT
    return t("The meeting is not over. This is what has been noted so far."), "", Tone.WAIT


def _state(found: Protocol) -> Markup:
    said, why, tone = _standing(found)
    return parts.note(said, user_line(why) if why else "", tone)


def _came(came: int, need: int) -> str:
    return t("{have} came, {need} needed", have=tn("{n} person", "{n} people", came), need=need)


def _item(place: int, item: protocol.Item) -> Markup:
    title = parts.heading(m("{place}. {title}", place=place, title=user_line(item.title)))
    kind = m('<p class="s">{kind}</p>', kind=word(item.kind))
    if item.kind is AgendaKind.VOTE:
        return title + kind + _outcome(item)
    return title + kind + Markup("").join(map(_way, item.ways))


def _way(way: Way) -> Markup:
    facts = joined(money(way.cost_fen) if way.cost_fen is not None else "", tn("{n} day", "{n} days", way.days) if way.days else "")
    rows = [(t("For"), argument_words(*each)) for each in way.pros] + [(t("Against"), argument_words(*each)) for each in way.cons]
    return parts.card(
        m(
            '<b>{title}</b> <span class="s n">{facts}</span>{about}',
            title=user_line(way.title),
            facts=facts,
            about=m("<p>{text}</p>", text=user_text(way.description)) if way.description else "",
        ),
        parts.rows(rows) if rows else Markup(""),
    )


def _lost_words(lost: Lost) -> str:
    return tn(*LOST, lost.received, reason=lost.reason)


def _lost(lost: Lost) -> Markup:
    head = m('<p class="s">{number} {question}</p>', number=lost.number, question=user_line(lost.question))
    return parts.card(head, m("<p>{said}</p>", said=user_line(_lost_words(lost))))


def _outcome(item: protocol.Item) -> Markup:
    lost = Markup("").join(_lost(each) for each in item.lost)
    if item.result is None:
        return lost or parts.say(t("No vote was taken."))
    result = item.result
    source = source_words(result)
    rows = [
        (
            bar.label or measure_words(bar.measure, result.votes_by),
            f"{number(bar.figure)} / {number(bar.base)}",
        )
        for bar in result.bars
    ]
    return lost + parts.card(
        m(
            '<p class="s">{number} {question}</p><h2>{word}</h2>',
            number=item.poll_number,
            question=user_line(item.question),
            word=outcome_words(result),
        ),
        parts.rows(rows),
        *(parts.say(each) for each in explained(result.said, t)),
        parts.say(source, small=True) if source else Markup(""),
    )


def _promises(found: Protocol) -> list[Markup]:
    if not found.board.promises:
        return []
    rows = [
        (day(each.due_on), t("{who}: {deed}", who=one_line(party_name(each.party, each.label)), deed=one_line(each.deed)))
        for each in found.board.promises
    ]
    return [parts.heading(t("Who does what, by when")), parts.rows(rows)]


def _seal(found: Protocol) -> Markup:
    """The newest checkpoint: who keeps this page can show later that the record was not changed behind it."""
    if found.mark is None:
        return Markup("")
    link = checkpoint_link(found.board.meeting_id, found.mark)
    return m(
        '<div class="cd rn"><div><span class="s">{name}</span><b class="n" style="font-size:1.333rem">{digits}</b>'
        '<p class="s n">{about}<br>{key}</p></div>{code}</div>',
        name=t("Check digits of the record"),
        digits=found.mark.digits,
        about=t("{n} acts, {when}", n=number(found.mark.size), when=moment(found.mark.at, found.board.zone, year=True)),
        key=t("Key {fingerprint}", fingerprint=found.mark.fingerprint),
        code=qr(link, t("QR code: {text}", text=link)),
    )


def _checked(asked: Asked, found: Protocol) -> Markup:
    """Whether the record still holds what a scanned code said."""
    size, root = asked.query.get("size", ""), asked.query.get("root", "")
    if not root:
        return Markup("")
    held = size.isascii() and size.isdigit() and len(size) < 10 and board.kept(found.found, int(size), root)
    if held:
        return parts.note(
            t("The record still holds what this code said."),
            t("It then had {n} acts; nothing before them was changed.", n=number(int(size))),
            Tone.OK,
        )
    return parts.note(
        t("The record does not fit this code."), t("Keep the code and ask the supervision committee to look into it."), Tone.RED
    )


def docx(asked: Asked) -> Response:
    """The same as a text document."""
    found = _protocol(asked)
    if not found.open:
        raise WrongStage(NOT_YET)
    return parts.docx(f"minutes-{found.board.code}", _paper(found))


def _paper(found: Protocol) -> Paper:
    view, mark = found.board, found.mark
    promises = tuple((day(each.due_on), party_name(each.party, each.label), each.deed) for each in view.promises)
    return Paper(
        title=t("Minutes: {title}", title=view.title),
        subject=view.code,
        facts=(
            (t("When"), moment(view.opened_at or view.starts_at, view.zone, year=True)),
            (t("Where"), view.place),
            (t("Community"), view.community),
        ),
        state=in_a_row([each for each in _standing(found)[:2] if each]),
        parts=(
            Part(t("Who came"), rows=tuple((party_name(row.party, row.label), _came(row.came, row.need)) for row in view.seats)),
            *(_paper_item(place, item) for place, item in enumerate(found.items, 1)),
            *([Part(t("Who does what, by when"), rows=promises)] if promises else []),
            *([Part(t("In the chair’s words"), tuple(found.text.split("\n")))] if found.text else []),
            *([_seal_words(mark, view.zone)] if mark else []),
        ),
        link=checkpoint_link(view.meeting_id, mark) if mark else "",
    )


def _paper_item(place: int, item: protocol.Item) -> Part:
    lines: list[str] = []
    if item.kind is AgendaKind.VOTE:
        for lost in item.lost:
            lines += [t("Vote {number}: {question}", number=lost.number, question=lost.question), _lost_words(lost)]
        if item.result is None and not item.lost:
            lines.append(t("No vote was taken."))
        elif item.result is not None:
            lines += [t("Vote {number}: {question}", number=item.poll_number, question=item.question), outcome_words(item.result)]
            lines += [*explained(item.result.said, t), *([source] if (source := source_words(item.result)) else [])]
    for way in item.ways:
        lines.append(t("– Option “{title}”", title=way.title))
        for side, reasons in ((t("For"), way.pros), (t("Against"), way.cons)):
            said = [(" · ".join([side, word(party)] if party else [side]), text) for text, party in reasons]
            lines += ["   " + t("{name}: {value}", name=name, value=text) for name, text in said]
    return Part(f"{place}. {item.title}", tuple(lines))


def _seal_words(mark: Shown, zone: str) -> Part:
    acts = t("{n} acts, {when}", n=number(mark.size), when=moment(mark.at, zone, year=True))
    return Part(t("Check digits of the record"), (mark.digits, acts, t("Key {fingerprint}", fingerprint=mark.fingerprint)))


def calendar(asked: Asked) -> Response:
    """`/feeds/meetings.ics`: the community's meetings for anybody's calendar; `?id=` one of them, `?c=` those of another community."""
    slug = asked.query.get("c", "")
    community = next((each.id for each in communities.choices() if each.slug == slug), None) if slug else asked.actor.community_id
    wanted = asked.query.get("id", "")
    if wanted and (one := board.by_id(wanted)):  # a calendar on a phone asks without any cookie
        community = one.community_id
    rows = protocol.calendar(community, wanted)
    called_off = t("called off")
    body = ics.calendar(t("Meetings of {community}", community=rows.community), rows.rows, rows.zone, called_off)
    headers = {"content-disposition": 'inline; filename="meetings.ics"', "cache-control": "max-age=300"}
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)


routes: list[Route] = [
    route("/minutes/{meeting}.docx", docx),
    route("/minutes/{meeting}", show),
    route("/feeds/meetings.ics", calendar),
]
