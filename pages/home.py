"""The first page: the one thing to do now, three ways in, one's matters; the desk's numbers; what is open to everybody."""

import streamlit as st
from markupsafe import Markup

from models.vocabulary import ConcernStage
from pages.kit import frame
from pages.kit import pieces as p
from pages.kit.html import h, m, show, user_line
from pages.kit.marks import icon
from pages.kit.matter import holder_words_of, stage_badge
from pages.kit.told import deadline
from pages.kit.words import N_, hour, near, number, t, tn
from services import clock
from services.reads import home as reads
from services.reads.home import Desk, Kind, Mine, Shown, Todo
from services.rules.sentences import spoken
from services.rules.turns import Holder

# What waits, in a few words, and what its button says.
WAITS = {
    Kind.POLL: (N_("Waits for your vote"), N_("Go and vote")),
    Kind.MEETING: (N_("You are expected at a meeting"), N_("Open the meeting")),
    Kind.INSPECT: (N_("Finished works wait for you"), N_("Look and accept")),
    Kind.RETURNED: (N_("Your proposal came back"), N_("Complete it")),
    Kind.CONCERN: (N_("A neighbour waits for your answer"), N_("Answer it")),
    Kind.RULING: (N_("An objection waits for its ruling"), N_("Rule on it")),
    Kind.REVIEW: (N_("A proposal waits for review"), N_("Review it")),
    Kind.PUBLISH: (N_("A decision is not shown yet"), N_("Show the decision")),
    Kind.START: (N_("A notice has ended"), N_("Start the works")),
    Kind.EVALUATION: (N_("How did it turn out?"), N_("Say how it turned out")),
    Kind.TASK: (N_("You promised this"), N_("See the works")),
    Kind.CLOSE: (N_("An evaluation has ended"), N_("Close the evaluation")),
}
MORE = 5

actor = frame.me()
house = frame.plate(actor)


def greeting() -> str:
    """Good morning to somebody by name, else whose house this is."""
    if not actor.name:
        return house.community
    now = int(hour(clock.now(), house.zone)[:2])
    if now < 11:
        return t("Good morning, {name}", name=actor.name)
    return t("Good afternoon, {name}", name=actor.name) if now < 18 else t("Good evening, {name}", name=actor.name)


def first(todo: Todo) -> Markup:
    """The one thing to do now: all of the card is the link."""
    said, act = WAITS[todo.kind]
    when = m('<span class="wt">{icon}{when}</span>', icon=icon("clock"), when=_when(todo)) if todo.deadline else ""
    return m(
        '<a class="now" href="{to}" target="_self"><span class="nl"><span>{said}</span>{when}</span><b>{title}</b>'
        '<span class="goto">{act}{go}</span></a>',
        to=todo.href, said=t(said), when=when, title=user_line(todo.title), act=t(act), go=icon("go"),
    )  # fmt: skip


def _when(todo: Todo) -> str:
    if todo.deadline is None:
        return ""
    if todo.kind is Kind.MEETING:
        return t("from {when}", when=near(todo.deadline, house.zone))
    return t("until {when}", when=deadline(todo.deadline, house.zone))


def also(todos: tuple[Todo, ...]) -> Markup:
    """What else waits, in rows."""
    rows = [
        p.ListRow(
            each.href, user_line(each.title), (t(WAITS[each.kind][0]),),
            p.clock(each.deadline - clock.now()) if each.deadline and each.kind is not Kind.MEETING else Markup(""),
            near(each.deadline, house.zone) if each.deadline and each.kind is Kind.MEETING else "",
        )
        for each in todos
    ]  # fmt: skip
    return h("{rows}", rows=p.link_list(rows))


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
            said = t("{who}: {act}", who=holder_words_of(each.now), act=said)
        return p.ListRow(each.href, user_line(each.title), (user_line(said),), stage_badge(each.stage))
    if each.due_at is not None:
        late = each.due_at < clock.now()
        said = t("The answer is late; the committee has been told.") if late else t("You get an answer by {when}.",
                                                                                 when=near(each.due_at, house.zone))  # fmt: skip
        return p.ListRow(each.href, user_line(each.title), (said,), p.badge(t("waits for an answer"), p.Tone.WAIT))
    answered = each.concern is ConcernStage.ANSWERED
    return p.ListRow(each.href, user_line(each.title), (), p.badge(t("answered"), p.Tone.OK) if answered else Markup(""))


def desk(found: Desk) -> Markup:
    """The desk's numbers, each with what is behind it."""
    late = t("{n} of them late", n=number(found.late)) if found.late else t("none late")
    row = [
        p.Stat(t("Concerns to answer"), number(found.waiting), "", late, late=found.late > 0, href="/inbox"),
        p.Stat(t("Proposals to review"), number(found.review), "", "", href="/review"),
        p.Stat(t("Objections to rule on"), number(found.objections), "", "", late=found.objections > 0, href="/notices"),
        p.Stat(t("Ready for the next step"), number(found.publish + found.start + found.close), "",
               t("to show, to start, to close"), href="/proposals"),
        p.Stat(t("Works late"), number(found.works_late), "", "", late=found.works_late > 0, href="/progress?set=late"),
    ]  # fmt: skip
    return h("{stats}", stats=p.stats(row))


def open_to_all(title: str, rows: tuple[Shown, ...], none: str, said: str) -> Markup:
    """One list of what is open to everybody."""
    lines = [
        p.ListRow(
            each.href, user_line(each.title),
            (t("{n} of {m} in", n=number(each.received.n), m=number(each.received.m)),) if each.received else (),
            p.badge(t("late"), p.Tone.YELLOW) if each.late else Markup(""),
            t(said, when=deadline(each.at, house.zone)) if each.at else "",
        )
        for each in rows
    ]  # fmt: skip
    return h("{title}{rows}", title=p.heading(title), rows=p.link_list(lines) if lines else m('<p class="q">{none}</p>', none=none))


def page() -> None:
    found = reads.home(actor)
    show(h("{head}", head=p.head(greeting())))
    if found.todos:
        show(h("{card}", card=first(found.todos[0])))
    if found.desk is not None:
        show(desk(found.desk))
    if len(found.todos) > 1:
        show(also(found.todos[1 : 1 + MORE]))
    show(tiles(found.works))
    if found.mine:
        show(mine(found.mine))
    until, start = N_("until {when}"), N_("from {when}")
    left, right = st.columns(2)
    with left, st.container(key="card_votes", height="stretch"):
        show(open_to_all(t("Being voted on"), found.votes, t("No vote is open."), until))
    with right, st.container(key="card_meetings", height="stretch"):
        show(open_to_all(t("Being talked about"), found.meetings, t("No meeting is called."), start))
    left, right = st.columns(2)
    with left, st.container(key="card_notices", height="stretch"):
        show(open_to_all(t("Shown to everybody"), found.notices, t("No decision is on notice."), until))
    with right, st.container(key="card_works", height="stretch"):
        show(open_to_all(t("Being carried out"), found.projects, t("Nothing is being carried out."), until))


if not house.community:
    show(h("{empty}", empty=p.empty(t("No community has been set up here yet."))))
else:
    page()
