"""The first page: the one thing to do now, three ways in, one's matters; the desk's numbers; what is open to everybody."""

import streamlit as st
from markupsafe import Markup

from models.vocabulary import ConcernStage, MeetingState
from pages.kit import frame
from pages.kit import pieces as p
from pages.kit.html import h, m, show, user_line
from pages.kit.marks import icon
from pages.kit.matter import holder_words_of, stage_badge
from pages.kit.waiting import WAITS, done, left_of, title, waits
from pages.kit.words import N_, deadline, hour, near, number, opening, t, tn, word
from services import clock, installation
from services.reads import home as reads
from services.reads.home import Desk, Mine, Shown
from services.reads.waiting import Kind, Todo
from services.rules.sentences import spoken
from services.rules.turns import Holder

MORE = 5
BEGINS = N_("from {when}")

actor = frame.me()
house = frame.plate(actor)


def greeting() -> str:
    """Good morning to somebody by name, else whose house this is."""
    if not actor.name:
        return house.community
    now = int(hour(clock.now(), house.zone)[:2])
    if 5 <= now < 11:
        return t("Good morning, {name}", name=actor.name)
    return t("Good afternoon, {name}", name=actor.name) if 11 <= now < 18 else t("Good evening, {name}", name=actor.name)


def first(todo: Todo) -> Markup:
    """The one thing to do now: all of the card is the link."""
    said, act = WAITS[todo.kind]
    if todo.deadline and todo.kind is not Kind.MEETING and todo.deadline <= clock.now():
        when = left_of(todo)  # its end has passed: how late it is, in words and colour as everywhere
    else:
        when = m('<span class="wt">{icon}{when}</span>', icon=icon("clock"), when=_when(todo)) if todo.deadline else Markup("")
    return m(
        '<a class="now" href="{to}" target="_self"><span class="nl"><span>{said}</span>{when}</span><b>{title}</b>'
        '<span class="goto">{act}{go}</span></a>',
        to=todo.href, said=t(said), when=when, title=title(todo), act=t(act), go=icon("go"),
    )  # fmt: skip


def come_in() -> Markup:
    """In a demo the one thing to do now: see it as somebody who takes part."""
    return m(
        '<a class="now" href="/auth/login" target="_self"><span class="nl"><span>{said}</span></span><b>{title}</b>'
        '<span class="goto">{act}{go}</span></a>',
        said=t("This is a demo."), title=t("Look around as a resident, the chair or the committee"),
        act=t("Come in with one press, without a password"), go=icon("go"),
    )  # fmt: skip


def _when(todo: Todo) -> str:
    if todo.deadline is None:
        return ""
    if todo.kind is Kind.MEETING:
        return t("from {when}", when=near(todo.deadline, house.zone))
    return t("until {when}", when=deadline(todo.deadline, house.zone))


def tiles(works: int) -> Markup:
    """Three ways in."""
    going = tn("{n} under way", "{n} under way", works) if works else t("What is being done")
    given = (
        ("/report", "talk", t("Say what is wrong"), t("A photo is enough")),
        ("/j", "table", t("Join a meeting"), t("With its code")),
        ("/progress", "path", t("See how it goes"), going),
    )
    made = Markup("").join(
        m('<a href="{to}" target="_self">{icon}<b>{title}</b><span>{about}</span></a>', to=to, icon=icon(name), title=title, about=about)
        for to, name, title, about in given
    )
    return h('<div class="tilesw"><div class="tiles">{made}</div></div>', made=made)


def mine(rows: tuple[Mine, ...]) -> Markup:
    """The matters one cares about: where each stands and what comes next."""
    return h("{title}{rows}", title=p.heading(t("What you care about")), rows=p.link_list([_mine(each) for each in rows]))


def _mine(each: Mine) -> p.ListRow:
    if each.now is not None and each.stage is not None:
        said = spoken(each.now.turn.says, t)
        if each.now.turn.holder is not Holder.NOBODY:
            said = opening(t("{who}: {act}", who=holder_words_of(each.now), act=said))
        return p.ListRow(each.href, user_line(each.title), (user_line(said),), stage_badge(each.stage, each.now))
    if each.due_at is not None:
        late = each.due_at < clock.now()
        said = t("The answer is late; the committee has been told.") if late else t("You get an answer by {when}.",
                                                                                 when=near(each.due_at, house.zone))  # fmt: skip
        return p.ListRow(each.href, user_line(each.title), (said,), p.clock(each.due_at - clock.now()))
    answered = each.concern is ConcernStage.ANSWERED
    return p.ListRow(each.href, user_line(each.title), (), p.badge(t("Answered"), p.Tone.OK) if answered else Markup(""))


def desk(found: Desk) -> Markup:
    """The desk's numbers, each with what is behind it."""
    late = t("{n} of them late", n=number(found.late)) if found.late else t("none late")
    row = [
        p.Stat(t("Concerns to answer"), number(found.waiting), "", late, late=found.late > 0, href="/inbox"),
        p.Stat(t("Proposals to review"), number(found.review), "", "", href="/review"),
        p.Stat(t("Objections to rule on"), number(found.objections), "", "", late=found.objections > 0, href="/notices"),
        p.Stat(t("Ready for the next step"), number(found.convene + found.prepare + found.publish + found.start + found.close), "",
               t("meetings, votes, notices, works"), href="/proposals"),
        p.Stat(t("Works late"), number(found.works_late), "", "", late=found.works_late > 0, href="/progress?set=late"),
    ]  # fmt: skip
    if found.claims:
        row.append(p.Stat(t("Homes to confirm"), number(found.claims), "", t("somebody has registered"), href="/register?part=confirm"))
    return h("{stats}", stats=p.stats(row))


def open_to_all(title: str, rows: tuple[Shown, ...], none: str, said: str, all_at: str) -> Markup:
    """One list of what is open to everybody; where it is as long as it gets here, the way to all of it."""
    aside = p.link(t("See all"), all_at) if len(rows) >= reads.OPEN else ""
    lines = [
        p.ListRow(
            each.href, user_line(each.title),
            (t("{n} of {m} in", n=number(each.received.n), m=number(each.received.m)),) if each.received else (),
            _badge(each), _end(each, said),
        )
        for each in rows
    ]  # fmt: skip
    return h("{title}{rows}", title=p.heading(title, aside), rows=p.link_list(lines) if lines else m('<p class="q">{none}</p>', none=none))


def _badge(each: Shown) -> Markup:
    if each.going:
        return p.badge(word(MeetingState.HELD), p.Tone.OK)
    return p.day_clock(each.by_day) if each.by_day and each.by_day.days else Markup("")


def _end(each: Shown, said: str) -> str:
    """Until or from when; of an end that has passed, what is waited for."""
    if each.waits == "ruling":
        return t("its days are over; an objection is being ruled on")
    if each.waits == "acceptance":
        return t("finished, waits for acceptance")
    if each.waits:
        return t("its days are over; the works are next")
    if each.by_day and each.by_day.days and each.at:
        return t("was to be done by {when}", when=deadline(each.at, house.zone))
    if said == BEGINS and each.at and not each.going and each.at < clock.now():
        return t("was to begin {when}", when=near(each.at, house.zone))
    told = near if said == BEGINS else deadline  # what begins at midnight begins on the new day
    return t(said, when=told(each.at, house.zone)) if each.at else ""


def page() -> None:
    found = reads.home(actor)
    visitor = actor.person_id is None
    about = t("Here a community says what is wrong, talks it over, votes, carries it out, and everybody sees how it goes.")
    show(h("{head}", head=p.head(greeting(), sub=about if visitor else "")))
    if visitor and installation.one_press():
        show(h("{card}", card=come_in()))
    if found.todos:
        show(h("{card}", card=first(found.todos[0])))
    if found.desk is not None:
        show(desk(found.desk))
    if len(found.todos) > 1:
        show(h("{rows}", rows=p.link_list([waits(each, house.zone) for each in found.todos[1 : 1 + MORE]])))
    if found.judged:
        show(h("{rows}", rows=p.link_list([done(each, house.zone) for each in found.judged])))
    show(tiles(found.works))
    if rest := tuple(each for each in found.mine if each.href not in {row.href for row in found.judged}):
        show(mine(rest))
    until = N_("until {when}")
    left, right = st.columns(2)
    with left, st.container(key="card_votes", height="stretch"):
        show(open_to_all(t("Being voted on"), found.votes, t("No vote is open."), until, "/polls"))
    with right, st.container(key="card_meetings", height="stretch"):
        show(open_to_all(t("Being talked about"), found.meetings, t("No meeting is called."), BEGINS, "/meetings"))
    left, right = st.columns(2)
    with left, st.container(key="card_notices", height="stretch"):
        show(open_to_all(t("Shown to everybody"), found.notices, t("No decision is on notice."), until, "/notices"))
    with right, st.container(key="card_works", height="stretch"):
        show(open_to_all(t("Being carried out"), found.projects, t("Nothing is being carried out."), until, "/progress"))


if not house.community:
    show(h("{empty}", empty=p.empty(t("No community has been set up here yet."))))
else:
    page()
