"""A meeting in the hand: `/j` for its code, `/j/{code}` to sign in and follow, `/i/{code}` for an invitation."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote, urlsplit

from markupsafe import Markup
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from models.vocabulary import AgendaKind, MeetingState, Screen
from pages.kit.html import m, user_line
from pages.kit.marks import Tone
from pages.kit.room_words import (
    after_words,
    first_planned,
    measure_words,
    outcome_words,
    quorum_words,
    voice_words,
    votes_words,
)  # fmt: skip
from pages.kit.words import N_, day, hour, joined, near, number, opening, party_name, t, word
from pages.plain import fields, parts
from pages.plain.door import Asked, go, route
from pages.plain.page import live_part, page
from pages.plain.room_table import all_sheets, on_table
from services import addresses, attendance, clock, meetings
from services.actors import Actor
from services.errors import Invalid, NotFound
from services.reads import attending, board, communities
from services.reads.attending import Seat
from services.reads.board import Board, Found
from services.reads.revealed import Result, explained
from services.rules import codes
from services.rules.board import OVER
from services.rules.plain_text import one_line
from services.work import do

TICKET = "yiqi-seat"
FEW = 5
"""Results and commitments named where all of them would make the page too heavy."""
LOST = N_("No meeting has this code. Compare it with the wall, letter by letter.")


# ---- the way in


def ask(asked: Asked) -> Markup:
    """`/j`: a field for the code on the wall."""
    hint = t("Four letters and figures on the wall, or the code of your own on the invitation")
    code = fields.field("code", t("Code of the meeting"), hint=hint, required=True, maxlength=40)
    form = fields.form("/j", asked.token, code, fields.end(fields.button(t("To the meeting"))))
    return page(t("Join a meeting"), form, here="/j", sub=t("Or scan the QR code on the wall."))


def asked_for(asked: Asked) -> Response:
    """The code that was typed: a meeting's, or the long one of a personal invitation."""
    typed = codes.normal(asked.get("code"))
    if len(typed) == codes.ONE_TIME.length:
        return _exchange(asked, typed)
    code = codes.read_meeting(asked.get("code"))
    if board.find(code) is None:
        raise Invalid(LOST, field="code")
    return go(f"/j/{quote(code)}")


def invited(asked: Asked) -> Response:
    """`/i/{code}`: a personal code becomes a ticket in a cookie, at once; the address that follows has no code in it."""
    return Response(status_code=204) if asked.method == "HEAD" else _exchange(asked, asked.params["code"])


def _exchange(asked: Asked, code: str) -> Response:
    held = ticket(asked)
    if held and (meeting := attendance.fits(held, code)):
        return go(f"/j/{meeting}")
    given = attendance.enter(code, asked.user, asked.client)
    answer = go(f"/j/{given.meeting_code}")
    host = urlsplit(asked.base_url).netloc
    seconds = int(timedelta(days=7).total_seconds())
    answer.headers.append("set-cookie", addresses.set_cookie(addresses.cookie(TICKET, host), given.secret, host, seconds=seconds))
    return answer


def ticket(asked: Asked) -> str:
    """The ticket of a personal invitation in this browser, "" without one."""
    return addresses.private_cookie(asked.cookies, TICKET, urlsplit(asked.base_url).netloc) or ""


def meeting_of(asked: Asked) -> Found:
    """The meeting whose code the address names. Raises NotFound for an unknown one."""
    found = board.find(asked.params["code"])
    if found is None:
        raise NotFound(LOST, field="code")
    return found


def holder(asked: Asked, found: Found, poll_id: str = "") -> tuple[Actor, Seat]:
    """Who holds the phone: somebody signed in, else the guest of a personal invitation, else one who looks on."""
    seat = attending.seat(asked.actor, found, poll_id)
    if seat.invited or seat.chairs:
        return asked.actor, seat
    guest = attendance.guest(ticket(asked), found.meeting_id)
    if guest is None:
        return asked.actor, seat
    there = attending.seat(guest, found, poll_id)  # whose sheet opens this table, and no ballot: those take a login or a slip
    return guest, replace(there, on_roll=seat.on_roll, absent=seat.absent if seat.on_roll else there.absent)


# ---- the meeting


def show(asked: Asked) -> Markup:
    """`/j/{code}`: what the room sees, and what this person can do now."""
    found = meeting_of(asked)
    view = board.look(found)
    actor, seat = holder(asked, found, view.vote.poll_id if view.vote else "")
    here = f"/j/{found.code}"
    before = "" if view.missed else first_planned(view.planned, view.zone)
    moved = [parts.note(t("This meeting has moved."), before, Tone.WAIT)] if before else []
    facts = joined(opening(near(view.starts_at, view.zone)), one_line(view.place))

    def whole(brief: bool) -> Markup:
        inside = [_standing(asked, view, actor, seat), _now(view, seat), *_decided(view, found, brief), *on_table(view, found, brief)]
        room = live_part("room", f"{here}/head", str(view.head), *moved, *inside, *_promises(view, brief), _links(asked, view))
        return page(view.title, room, here=here, sub=facts, live=True)

    made = whole(brief=False)
    return made if parts.light(made) else whole(brief=True)


def table(asked: Asked) -> Markup:
    """`/j/{code}/table`: every option with every reason."""
    return all_sheets(asked, meeting_of(asked))


def act(asked: Asked) -> Response:
    """Sign in, or leave."""
    found = meeting_of(asked)
    actor, _ = holder(asked, found)
    do(actor, meetings.leave if asked.get("act") == "leave" else meetings.attend, meeting_id=found.meeting_id)
    return go(f"/j/{found.code}")


def head(asked: Asked) -> Response:
    """What the script of the page asks every other second: a number that grows with every change."""
    return PlainTextResponse(str(board.head_of(meeting_of(asked))), headers={"cache-control": "no-store"})


def _standing(asked: Asked, view: Board, actor: Actor, seat: Seat) -> Markup:
    """Where this person stands, and the one button: to sign in."""
    if seat.chairs:
        return parts.note(
            t("You chair this meeting."), m('<a href="/chair?m={code}">{word}</a>', code=view.code, word=t("To the chair’s table")), Tone.OK
        )
    if seat.seat is not None:
        leave = fields.form(asked.path, asked.token, fields.hidden("act", "leave"), fields.button(t("I have to leave"), quiet=True))
        said = parts.note(t("You sit at seat {n}.", n=seat.seat), user_line(seat.party), Tone.OK)
        return said if view.state in OVER else said + _folded(t("Leaving early?"), leave)
    if seat.attend is None:
        sub = t("You are invited for: {party}", party=seat.party)
        way = fields.form(asked.path, asked.token, m('<p class="q">{sub}</p>', sub=sub), fields.button(t("I am here: sign in")))
        return _folded(t("Does it begin after all?"), way) if view.missed else way
    if view.state in OVER:
        return Markup("")
    if seat.invited:
        return parts.note(t("You are invited for: {party}", party=seat.party), fields.sentence(seat.attend), Tone.WAIT)
    way = Markup("")
    if actor.person_id is None:
        to = f"/auth/login?next={quote(asked.path, safe='')}"
        way = m('{said} <a href="{to}">{word}</a>', said=t("Are you invited?"), to=to, word=t("Sign in"))
    return parts.note(t("You look on. Everybody may."), way)


def _folded(title: str, inside: Markup) -> Markup:
    return m("<details class=mo><summary>{title}</summary>{inside}</details>", title=title, inside=inside)


def _now(view: Board, seat: Seat) -> Markup:
    """The screen of the room, as this phone needs it."""
    if view.state is MeetingState.CANCELLED:
        return parts.note(t("This meeting has been called off."), user_line(view.why_cancelled), Tone.RED)
    if view.closed:
        return Markup("")
    if view.missed:
        return parts.note(t("This meeting did not take place."), t("Its time has passed, and nobody opened it."), Tone.NO)
    match view.screen:
        case Screen.LOBBY:
            return (
                parts.heading(t("Before we start"))
                + parts.say(quorum_words(view.seats) or t("Enough are there. We can start."))
                + _seats(view)
            )
        case Screen.ITEM:
            return _item(view)
        case Screen.VOTE:
            return _vote(view, seat)
        case Screen.RESULT:
            return _result(view)
    return Markup("")


def _seats(view: Board) -> Markup:
    return parts.rows(
        [(one_line(party_name(row.party, row.label)), t("{have} there, {need} needed", have=row.have, need=row.need)) for row in view.seats]
    )


def _item(view: Board) -> Markup:
    until = t("A short break. The clock stands still.") if view.paused_at else ""
    if not until and view.ends_at is not None:
        until = (
            t("until {time}", time=hour(view.ends_at, view.zone)) if view.ends_at > clock.now() else t("The time for this item is over.")
        )
    top = t("Item {n} / {of}", n=(view.item or 0) + 1, of=view.items)
    return parts.card(
        m(
            '<p class="s">{top}</p><h2>{title}</h2><p class="q n">{until}</p>',
            top=joined(top, word(view.item_kind or AgendaKind.DISCUSSION)),
            title=user_line(view.item_title),
            until=until,
        )
    )


def _vote(view: Board, seat: Seat) -> Markup:
    vote = view.vote
    if vote is None:
        return parts.say(t("This vote was called off. The meeting goes on."))
    running = vote.state.value == "open" and (vote.closes_at is None or vote.closes_at > clock.now())
    until = t("until {when}", when=near(vote.closes_at, view.zone)) if running and vote.closes_at else ""
    head = m(
        '<p class="s">{top}</p><h2>{question}</h2><p class="q n">{got}</p>',
        top=voice_words(vote.votes_by),
        question=user_line(vote.question),
        got=joined(votes_words(vote), until),
    )
    if not running:
        return parts.card(head, parts.say(t("Voting has ended")))
    if seat.absent is not None:
        return parts.card(head, parts.say(fields.sentence(seat.absent)))
    way = fields.way(t("Vote now"), f"/ballot/{vote.poll_id}" if seat.on_roll else "/b")
    hint = "" if seat.on_roll else t("With the code on the sheet of your home.")
    return parts.card(
        head, m("<br>{way}<p class=s>{hint}</p>", way=way, hint=hint), parts.say(t("Nobody sees the result before the reveal."), small=True)
    )


def _result(view: Board) -> Markup:
    if view.result is None:
        return parts.say(t("This vote was called off. The meeting goes on."))
    return _came_out(view.result.question, view.result)


def _decided(view: Board, found: Found, brief: bool) -> list[Markup]:
    """From the closing page on: how each vote came out, before what it was about. `brief`: the first ones, in words."""
    if view.screen is not Screen.CLOSING and not view.closed:
        return []
    said = board.decided(found)
    if not brief:
        return [_came_out(question, result) for question, result in said]
    rows = [(user_line(question), outcome_words(result)) for question, result in said[:FEW]]
    return [parts.heading(t("How the votes came out")), parts.rows(rows), _left(view, len(said))] if rows else []


def _left(view: Board, of: int) -> Markup:
    """That there is more than is named here, and where all of it stands."""
    to = m('<a href="/minutes/{meeting}">{word}</a>', meeting=view.meeting_id, word=t("All of it is in the minutes."))
    return m('<p class="s">{to}</p>', to=to) if of > FEW else Markup("")


def _came_out(about: str, result: Result) -> Markup:
    tone = Tone.OK if result.said.adopted else Tone.NO
    bars = [
        (
            bar.label or measure_words(bar.measure, result.votes_by),
            f"{number(bar.figure)} / {number(bar.base)}",
        )
        for bar in result.bars
    ]
    abstained = [(t("Abstain"), number(result.abstained))] if result.abstained else []
    why = Markup("").join(parts.say(each) for each in explained(result.said, t))
    title = m("<h2>{word}</h2>", word=outcome_words(result))
    return parts.card(
        m('<p class="s">{about}</p>', about=user_line(about)),
        title,
        parts.badge(after_words(result), tone),
        parts.rows(bars + abstained),
        why,
    )


def _promises(view: Board, brief: bool) -> list[Markup]:
    """From the closing page on: who does what by when. `brief`: the first ones."""
    if view.screen is not Screen.CLOSING and not view.closed:
        return []
    rows = [
        (day(each.due_on), t("{who}: {deed}", who=one_line(party_name(each.party, each.label)), deed=one_line(each.deed)))
        for each in view.promises[: FEW if brief else None]
    ]
    shown = parts.rows(rows) if rows else parts.say(t("No commitments were made today."))
    return [parts.heading(t("Who does what, by when")), shown, *([_left(view, len(view.promises))] if brief else [])]


def _links(asked: Asked, view: Board) -> Markup:
    on = [(communities.way(view.community_id, f"/meeting?id={view.meeting_id}", asked.actor), t("All about this meeting"), "", Markup(""))]
    if view.closed or view.screen is Screen.CLOSING:
        on.insert(0, (f"/minutes/{view.meeting_id}", t("The minutes"), "", Markup("")))
    return m("<br>{links}", links=parts.links(on))


routes: list[Route] = [
    route("/j", ask, asked_for),
    route("/j/{code}/head", head),
    route("/j/{code}/table", table),
    route("/j/{code}", show, act, ask),
    route("/i/{code}", invited, again=ask),
]
