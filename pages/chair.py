"""The chair's tablet, `/chair?m=CODE`: what the room sees, one big next, undo, more time, a pause; below, what the table works out."""

from datetime import datetime, timedelta

import streamlit as st
from markupsafe import Markup

from models.vocabulary import MeetingState, PollState, Role, Screen
from pages.kit import chair_forms, door, frame, look, wall, wall_parts, wall_scenes
from pages.kit import pieces as p
from pages.kit.html import h, label, m, nb_all, show, user_line
from pages.kit.room_words import quorum_words, say, scene_words
from pages.kit.words import lang, party_name, t, tn
from services import clock, meetings
from services.errors import NotFound, Refusal
from services.reads import board
from services.reads import meetings as reads
from services.reads.board import Board
from services.rules import board as rules
from services.rules.board import Act
from services.rules.plain_text import one_line
from services.work import do

# Ending a vote early cannot be undone: a second press does it, not a double tap, and not one that was forgotten.
AGAIN_UNTIL = timedelta(seconds=15)

actor = frame.me()
asked = board.find(st.query_params.get("m", ""))
st.html(look.screen())
st.html(look.room())
if asked is None:
    door.nothing(t("No meeting has this code."))
    st.stop()
found: board.Found = asked
if actor.community_id != found.community_id:
    raise NotFound()
page = reads.page(actor, found.meeting_id)
refusal: Refusal | None = page.doors["meeting.steer"]


def instead(said: str, why: str = "") -> None:
    """In place of the table: why there is nothing to steer, and the way to the meeting."""
    show(h("{empty}", empty=p.empty(said, user_line(why) if why else "", level=1)))
    there = m('<a class="fbt" href="/meeting?id={id}" target="_self">{word}</a>', id=found.meeting_id, word=t("Page of the meeting"))
    show(h('<p class="fctr">{there}</p>', there=there))
    st.stop()


if refusal is not None and (actor.holds(Role.COMMITTEE) or reads.chaired(actor, found.meeting_id)):
    instead(t("Nobody chairs this meeting now.") if page.chairless else t("{name} chairs this meeting now.", name=one_line(page.chair)))
door.only(refusal is None, door.say(refusal) if refusal else "", actor)
if page.board.state is MeetingState.CANCELLED:
    instead(t("This meeting has been called off."), page.board.why_cancelled)


def names(view: Board) -> list[str]:
    """The strip of the meeting's steps; a long agenda shows its neighbours only."""
    return [scene_words(view, place) for place in range(len(view.scenes))] + [t("The minutes")]


def act_words(view: Board) -> str:
    """What the big button does, named."""
    step = rules.act(view.agenda, view.position)
    if step is None or step is Act.CLOSE:
        return t("Close the meeting")
    if step is Act.REVEAL:
        return t("Next: show the result")
    coming = view.scenes[rules.following(view.agenda, view.position)]
    if step is Act.OPEN_POLL or (step is Act.OPEN and coming.screen is Screen.VOTE):
        return t("Next: open the vote")
    if step is Act.OPEN:
        return t("Begin the meeting")
    if step is Act.SKIP and (place := rules.scene_at(view.agenda, view.position + 1).item) is not None:
        if view.agenda[place].poll is PollState.CANCELLED:
            return t("Skip: the vote was called off")
    if step is Act.SKIP:
        return t("Skip: no vote is prepared")
    if coming.screen is Screen.CLOSING:
        return t("Next: who does what")
    return t("Next: {item}", item=label(coming.title))


def out(view: Board, now: datetime) -> int:
    """How many votes would be lost by showing the result now: there is time left, and they have not come in."""
    shows = rules.act(view.agenda, view.position, closed=view.closed) is Act.REVEAL
    if not shows or view.vote is None or (view.ends_at is not None and now >= view.ends_at):
        return 0
    return view.vote.voters - view.vote.received


def asked_since(view: Board, now: datetime) -> timedelta | None:
    """How long ago the chair was asked whether this vote ends early; None where that is no longer so."""
    position, at = st.session_state.get("ends_early", (-1, now))
    return now - at if position == view.position and now - at < AGAIN_UNTIL else None


def below(view: Board) -> str:
    """One line under the button: what has to be known before pressing it."""
    if rules.act(view.agenda, view.position, closed=view.closed) is Act.SKIP:
        place = rules.scene_at(view.agenda, view.position + 1).item
        if place is not None and (why := view.agenda[place].why_none):
            return say(why)
        return t("The committee can still prepare the vote on its page of votes. Without one the meeting goes on.")
    if view.vote is not None and view.vote.voters > view.vote.received:
        left = view.vote.voters - view.vote.received
        return tn(
            "{n} vote is still out. After the reveal nobody can vote.", "{n} votes are still out. After the reveal nobody can vote.", left
        )
    if view.vote is not None:
        return t("Every vote is in.")
    if view.screen is Screen.CLOSING and not view.closed:
        return t("The minutes begin with what was noted here.")
    return ""


def act(command: object, view: Board, **given: object) -> None:
    """Do one step and draw again; what was refused stays to be read."""
    with door.attempt() as tried:
        do(actor, command, meeting_id=view.meeting_id, **given)  # type: ignore[arg-type]
    if tried.ok:
        st.rerun()


def top(view: Board) -> Markup:
    """The head of the table: what it is about, who is there, where we are."""
    here = quorum_words(view.seats) or tn("{n} person, enough of every party", "{n} people, enough of every party", view.there)
    return nb_all(
        m(
            '<div class="yq" lang="{lang}" data-scene="top"><div class="chh"><i class="mk"></i>'
            '<div><h1 class="h2">{title}</h1><p class="meta">{facts}</p></div><span class="bd ok">{tick}'
            "<span data-stamp></span></span></div>{strip}</div>",
            lang=lang(),
            title=p.dotted(user_line(view.matter or view.title), t("Round {n}", n=view.round) if view.round > 1 else ""),
            facts=p.dotted(t("Chair’s table"), t("Code {code}", code=view.code), here),
            tick=p.icon("check"),
            strip=p.agenda_strip(names(view), len(view.scenes) if view.closed else view.position),
        )
    )


def small(view: Board, now: datetime) -> Markup:
    """What the wall shows at this moment, drawn small."""
    mark = board.mark(view.community_id) if view.screen is Screen.CLOSING else None
    runs = view.state is MeetingState.HELD and view.ends_at is not None
    left = t("{clock} left", clock="|").partition("|")
    return m(
        '<figure class="mini live yq" lang="{lang}" data-scene="small"><figcaption>{on}<span class="meta num">{left}</span></figcaption>'
        '<div class="scr yw">{wall}</div></figure>',
        lang=lang(),
        on=p.badge(t("On the wall")),
        left=m("{a}{clock}{b}", a=left[0], clock=wall_parts.clock(view.ends_at, now, view.paused_at), b=left[2]) if runs else "",
        wall=wall.drawing(view, now, mark),
    )


def ended() -> None:
    """The end of the table: what is left to do is the minutes."""
    waits = page.confirmed_at is None and page.doors["meeting.confirm_minutes"] is None
    to, word_ = ("/meeting?id=", t("Confirm the minutes")) if waits else ("/minutes/", t("Read the minutes"))
    there = m('<a class="fbt w" href="{to}{id}" target="_self">{word}</a>', to=to, id=found.meeting_id, word=word_)
    with st.container(key="next"):
        show(h('<p class="q c">{said}</p>{there}', said=t("The meeting is over"), there=there))


def pressing(view: Board, now: datetime) -> None:
    """The big button, what has to be known before pressing it, and the small ones under it."""
    why = rules.hindrance(view.agenda, view.position, view.seats)
    no_undo = rules.undo_hindrance(view.agenda, view.position)
    lost, since = out(view, now), asked_since(view, now)
    word_ = act_words(view)
    if lost and since is not None:
        word_ = tn("Press again: end it without {n} vote", "Press again: end it without {n} votes", lost)
    with st.container(key="next"):
        if st.button(
            word_, key=f"next-{view.position}", type="primary", width="stretch", disabled=why is not None, shortcut="PageDown"
        ):  # fmt: skip
            if lost and since is None:
                st.session_state["ends_early"] = (view.position, now)
                st.rerun()
            if not lost or (since is not None and since >= chair_forms.TAP):
                act(meetings.next, view, seen=view.position)
    said = say(why) if why is not None else below(view)
    show(h('<p class="{css}">{said}</p>', css="c why" if why is not None else "meta c", said=said or "\u00a0"))
    with st.container(key="undo"):
        one, two, three = st.columns(3)
        back = t("Take the last step back")
        if one.button(
            back, key=f"undo-{view.position}", icon=":material/undo:", width="stretch", disabled=no_undo is not None, shortcut="PageUp"
        ):
            act(meetings.undo, view, seen=view.position)
        runs = view.state is MeetingState.HELD and (view.screen is Screen.ITEM or view.vote is not None)
        more = t("2 more minutes")
        if two.button(more, key=f"extend-{view.ends_at}", icon=":material/more_time:", width="stretch", disabled=not runs):
            act(meetings.extend, view, minutes=2, seen=view.ends_at)
        pausing = t("Go on") if view.paused_at else t("Pause")
        icon = ":material/play_arrow:" if view.paused_at else ":material/pause:"
        stops = view.state is MeetingState.HELD and view.screen is not Screen.VOTE
        if three.button(pausing, key=f"pause-{view.paused_at}", icon=icon, width="stretch", disabled=not stops):
            act(meetings.pause, view, seen=view.paused_at is not None)
    hint = say(no_undo) if no_undo is not None and view.position else ""
    show(h('<p class="meta">{said}</p>', said=hint or "\u00a0"))


@st.fragment(run_every=wall.EVERY)
def steer() -> None:
    frame.still(actor)
    if not reads.steers(actor, found.meeting_id):
        st.rerun()  # handed over meanwhile: the page says who chairs now
    view = board.look(found)
    if view.state is MeetingState.CANCELLED:
        st.rerun()
    now = clock.now()
    wall.follow(view, now, top(view), key="top", kiosk=False)
    left, right = st.columns([1.66, 1], gap="medium")
    with left:
        wall.follow(view, now, small(view, now), key="small", kiosk=False)
        if view.closed:
            ended()
        else:
            pressing(view, now)
    with right:
        with st.container(key="card_pv"):
            show(
                h(
                    "{head}<div class=mini>{next}</div>",
                    head=p.heading(t("Next screen"), t("no result before the reveal")),
                    next=wall_scenes.coming(view),
                )
            )
        with st.container(key="card_who"):
            rows = [p.QuorumRow(row.party, row.have, row.need, row.invited, party_name(row.party, row.label)) for row in view.seats]
            show(h("{head}{rows}", head=p.heading(t("Who came"), tn("{n} person", "{n} people", view.there)), rows=p.quorum(rows)))


steer()
with st.container(key="card_table"):
    chair_forms.table(actor, page)
show(
    h(
        '<div class="chf"><p class="ex">{links}</p>{switches}</div>',
        links=p.dotted(
            p.link(t("The wall"), f"/screen?m={found.code}"),
            p.link(t("Page of the meeting"), f"/meeting?id={found.meeting_id}"),
            p.link(t("The minutes"), f"/minutes/{found.meeting_id}") if page.board.closed else "",
        ),
        switches=frame.switches(frame.here()),
    )
)
