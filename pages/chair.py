"""The chair's tablet, `/chair?m=CODE`: what the room sees, one big next, undo, more time, a pause; below, what the table works out."""

from datetime import timedelta

import streamlit as st
from markupsafe import Markup

from models.vocabulary import MeetingState, Party, Screen, Side
from pages.kit import door, frame, look, wall
from pages.kit import pieces as p
from pages.kit.html import h, label, show, user_line
from pages.kit.words import hour, money, t, tn, word
from services import clock, deliberation, meetings
from services.errors import NotFound, Refusal
from services.reads import board
from services.reads import meetings as reads
from services.reads.board import Board
from services.rules import board as rules
from services.rules.board import Act
from services.rules.plain_text import one_line
from services.work import do

actor = frame.me()
found = board.find(st.query_params.get("m", ""))
st.html(look.screen())
st.html(look.room())
if found is None:
    door.nothing(t("No meeting has this code."))
    st.stop()
if actor.community_id != found.community_id:
    raise NotFound()
page = reads.page(actor, found.meeting_id)
refusal: Refusal | None = page.doors["meeting.steer"]
door.only(refusal is None, door.say(refusal) if refusal else "", actor)


def names(view: Board) -> list[str]:
    """The strip of the meeting's steps; a long agenda shows its neighbours only."""
    return [wall.scene_words(view, place) for place in range(len(view.scenes))] + [t("The minutes")]


def act_words(view: Board) -> str:
    """What the big button does, named."""
    step = rules.act(view.agenda, view.position, closed=view.closed)
    if step is None:
        return t("The meeting is over")
    if step is Act.CLOSE:
        return t("Close the meeting")
    if step is Act.REVEAL:
        return t("Next: show the result")
    if step is Act.OPEN_POLL or (step is Act.OPEN and view.scenes[1].screen is Screen.VOTE):
        return t("Next: open the vote")
    if step is Act.OPEN:
        return t("Begin the meeting")
    coming = view.scenes[view.position + 1]
    if coming.screen is Screen.CLOSING:
        return t("Next: who does what")
    return t("Next: {item}", item=label(coming.title))


def below(view: Board) -> str:
    """One line under the button: what has to be known before pressing it."""
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


@st.fragment(run_every=1.0)
def steer() -> None:
    view = board.look(found)
    now = clock.now()
    why = rules.hindrance(view.agenda, view.position, view.seats, closed=view.closed)
    no_undo = rules.undo_hindrance(view.agenda, view.position, closed=view.closed)
    here = wall.quorum_words(view.seats) or tn("{n} person, every party there", "{n} people, every party there", view.there)
    show(
        h(
            '<div class="chh">{mark}<div><h1 class="h2">{title}</h1><p class="meta">{facts}</p></div>{stamp}</div>{strip}',
            mark=Markup('<img src="/assets/mark.svg" alt="">'),
            title=p.dotted(user_line(view.matter or view.title), t("Round {n}", n=view.round) if view.round > 1 else ""),
            facts=p.dotted(t("Chair’s table"), t("Code {code}", code=view.code), here),
            stamp=p.badge(t("As of {time}", time=hour(now, view.zone, seconds=True)), p.Tone.OK),
            strip=p.agenda_strip(names(view), len(view.scenes) if view.closed else view.position),
        )
    )
    left, right = st.columns([1.66, 1], gap="medium")
    with left:
        mark = board.mark(view.community_id) if view.screen is Screen.CLOSING else None
        time = rules.time_left(view.ends_at, now, view.paused_at)
        show(
            h(
                '<figure class="mini live"><figcaption>{on}<span class="meta num">{left}</span></figcaption>'
                '<div class="scr yw">{wall}</div></figure>',
                on=p.badge(t("On the wall")),
                left=t("{clock} left", clock=wall.counted(time)) if time is not None and view.state is MeetingState.HELD else "",
                wall=wall.drawing(view, now, mark),
            )
        )
        if why is not None and not view.closed:
            show(h("{why}", why=p.reasons([p.Reason(p.Met.NO, wall.say(why))])))
        with st.container(key="next"):
            if st.button(
                act_words(view), key=f"next-{view.position}", type="primary", width="stretch", disabled=why is not None, shortcut="PageDown"
            ):
                act(meetings.next, view, seen=view.position)
        if said := below(view):
            show(h('<p class="meta c">{said}</p>', said=said))
        with st.container(key="undo"):
            one, two, three = st.columns(3)
            back = t("Take the last step back")
            if one.button(
                back, key=f"undo-{view.position}", icon=":material/undo:", width="stretch", disabled=no_undo is not None, shortcut="PageUp"
            ):
                act(meetings.undo, view, seen=view.position)
            runs = view.state is MeetingState.HELD and view.screen in (Screen.ITEM, Screen.VOTE)
            if two.button(t("2 more minutes"), key="extend", icon=":material/more_time:", width="stretch", disabled=not runs):
                act(meetings.extend, view, minutes=2)
            pausing = t("Go on") if view.paused_at else t("Pause")
            icon = ":material/play_arrow:" if view.paused_at else ":material/pause:"
            stops = view.state is MeetingState.HELD and view.screen is not Screen.VOTE
            if three.button(pausing, key="pause", icon=icon, width="stretch", disabled=not stops):
                act(meetings.pause, view)
        if no_undo is not None and view.position and not view.closed:
            show(h('<p class="meta">{said}</p>', said=wall.say(no_undo)))
    with right:
        with st.container(key="card_pv"):
            show(
                h(
                    "{head}<div class=mini>{next}</div>",
                    head=p.heading(t("Next screen"), t("no result before the reveal")),
                    next=wall.coming(view),
                )
            )
        with st.container(key="card_who"):
            rows = [p.QuorumRow(row.party, row.have, row.need, row.invited, row.label) for row in view.seats]
            show(h("{head}{rows}", head=p.heading(t("Who came"), tn("{n} person", "{n} people", view.there)), rows=p.quorum(rows)))


def table() -> None:
    """What the chair types: outside what draws itself anew, so that nothing typed is lost."""
    who, options, reasons, deeds = st.tabs([t("Sign somebody in"), t("Add an option"), t("Add a reason"), t("Add a commitment")])
    with who:
        sign_in()
    open_matters = [each for each in page.matters if each.may_add is None]
    with options:
        if open_matters:
            add_option(open_matters)
        else:
            show(h('<p class="meta">{said}</p>', said=t("No matter of this meeting takes options any more.")))
    with reasons:
        ways = [
            (way.id, f"{matter.title}: {way.title}" if len(open_matters) > 1 else way.title)
            for matter in open_matters
            for way in matter.ways
        ]
        if ways:
            add_reason(ways)
        else:
            show(h('<p class="meta">{said}</p>', said=t("Put an option on the table first; reasons belong to an option.")))
    with deeds:
        add_commitment()


def sign_in() -> None:
    waiting = [each for each in page.guests or () if not each.there]
    there = [each for each in page.guests or () if each.there]
    if not page.guests:
        show(h('<p class="meta">{said}</p>', said=t("Nobody is invited yet. Invite people on the page of the meeting.")))
        return
    with st.form("sign_in", border=False, enter_to_submit=False):
        options = {each.person_id: f"{each.name} ({each.label})" for each in (*waiting, *there)}
        person = st.selectbox(
            t("Who is there without a phone"),
            list(options),
            format_func=lambda each: one_line(options[each]),
            index=None,
            placeholder=t("Choose"),
        )
        one, two = st.columns(2)
        comes = one.form_submit_button(t("Sign in at the table"), type="primary", width="stretch")
        goes = two.form_submit_button(t("Has left"), width="stretch")
        if comes or goes:
            if person is None:
                show(h("{error}", error=p.field_error(t("Choose somebody from the list."))))
            else:
                with door.attempt() as tried:
                    do(actor, meetings.attend_for if comes else meetings.leave, meeting_id=page.board.meeting_id, person_id=person)
                if tried.ok:
                    st.rerun()


def add_option(open_matters: list[reads.Matter]) -> None:
    fields = door.Fields()
    with st.form("add_option", border=False, enter_to_submit=False, clear_on_submit=False):
        titles = {each.id: each.title for each in open_matters}
        matter = (
            st.selectbox(t("For which matter"), list(titles), format_func=lambda each: one_line(titles[each]))
            if len(titles) > 1
            else open_matters[0].id
        )
        title = st.text_input(t("Option"), key="option_title", placeholder=t("In a few words"), max_chars=40)
        fields.under("title")
        about = st.text_area(t("What it means"), key="option_about", height=80, max_chars=1000)
        fields.under("description")
        one, two = st.columns(2)
        cost = one.number_input(t("Cost in yuan, if known"), key="option_cost", value=None, min_value=0, step=100)
        with one:
            fields.under("cost_fen")
        days = two.number_input(t("Days of work, if known"), key="option_days", value=None, min_value=1, step=1)
        with two:
            fields.under("days")
        if st.form_submit_button(t("Put it on the table"), type="primary"):
            with door.attempt(fields, keeps=True) as tried:
                do(
                    actor, deliberation.add_option, proposal_id=matter, meeting_id=page.board.meeting_id, title=title,
                    description=about or "",
                    cost_fen=None if cost is None else int(cost) * 100, days=days,
                )  # fmt: skip
            if tried.ok:
                forget("option_title", "option_about", "option_cost", "option_days")
    for each in open_matters:
        for way in each.ways:
            facts = p.dotted(
                money(way.cost_fen) if way.cost_fen is not None else "", tn("{n} day", "{n} days", way.days) if way.days else ""
            )
            with st.container(horizontal=True, key=f"gr_way_{way.id}"):
                show(h('<b>{title}</b> <span class="meta">{facts}</span>', title=user_line(way.title), facts=facts))
                if st.button(t("Take off the table"), key=f"off-{way.id}", type="tertiary"):
                    with door.attempt() as tried:
                        do(actor, deliberation.withdraw_option, option_id=way.id)
                    if tried.ok:
                        st.rerun()


def add_reason(ways: list[tuple[str, str]]) -> None:
    fields = door.Fields()
    with st.form("add_reason", border=False, enter_to_submit=False):
        titles = dict(ways)
        option = st.selectbox(t("For which option"), list(titles), format_func=lambda each: one_line(titles[each]))
        side = st.segmented_control(t("Speaks"), list(Side), format_func=word, default=Side.PRO, key="reason_side")
        fields.under("side")
        text = st.text_area(t("Reason"), key="reason_text", height=80, max_chars=400)
        fields.under("text")
        if st.form_submit_button(t("Note it"), type="primary"):
            with door.attempt(fields, keeps=True) as tried:
                do(actor, deliberation.add_argument, option_id=option, side=side or "", text=text)
            if tried.ok:
                forget("reason_text")


def add_commitment() -> None:
    fields = door.Fields()
    view = page.board
    today = clock.today(view.zone)
    with st.form("add_commitment", border=False, enter_to_submit=False):
        titles = {each.id: each.title for each in page.matters}
        matter = (
            st.selectbox(t("For which matter"), list(titles), format_func=lambda each: one_line(titles[each]), key="deed_matter")
            if len(titles) > 1
            else next(iter(titles), "")
        )
        parties = {row.label: row.party for row in view.seats}
        others = {word(each): each for each in Party if each not in parties.values()}
        one, two = st.columns(2)
        who = one.selectbox(t("Who"), [*parties, *others], format_func=one_line, key="deed_who")
        due = two.date_input(t("By when"), value=today + timedelta(days=14), min_value=today, key="deed_due", format="YYYY-MM-DD")
        with two:
            fields.under("due_on")
        deed = st.text_input(t("Does what"), key="deed_text", max_chars=200)
        fields.under("deed")
        if st.form_submit_button(t("Note the commitment"), type="primary"):
            party = parties.get(who) or others[who]
            with door.attempt(fields, keeps=True) as tried:
                do(
                    actor, deliberation.commit, meeting_id=view.meeting_id, proposal_id=matter, party=party.value,
                    label=who if who in parties else "", deed=deed, due_on=due,
                )  # fmt: skip
            if tried.ok:
                forget("deed_text")
    for promise in view.promises:
        with st.container(horizontal=True, key=f"gr_deed_{promise.id}"):
            show(
                h(
                    '<b>{who}</b> {deed} <span class="meta">{due}</span>',
                    who=user_line(promise.label),
                    deed=user_line(promise.deed),
                    due=t("by {day}", day=promise.due_on),
                )
            )
            if st.button(t("Strike"), key=f"strike-{promise.id}", type="tertiary"):
                with door.attempt() as tried:
                    do(actor, deliberation.withdraw_commitment, commitment_id=promise.id)
                if tried.ok:
                    st.rerun()


def forget(*keys: str) -> None:
    """Empty these fields after their contents were taken, and draw all of it again."""
    for key in keys:
        st.session_state.pop(key, None)
    st.rerun()


steer()
with st.container(key="card_table"):
    table()
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
