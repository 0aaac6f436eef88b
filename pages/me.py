"""My page: what waits for me, my matters and homes, notes to me, where I am signed in, my data."""

import streamlit as st
from markupsafe import Markup

from models.vocabulary import ConcernStage
from pages.kit import door, frame
from pages.kit import pieces as p
from pages.kit.html import h, m, show, user_line
from pages.kit.matter import stage_badge
from pages.kit.waiting import done, waits
from pages.kit.words import day_of, lang, listed, near, opening, t, tn, word
from services import clock, logins, messages, phones
from services.reads import me as reads
from services.reads.me import Me, OwnHome, Said
from services.work import do

CONCERNS = {
    ConcernStage.OPEN: p.Tone.WAIT,
    ConcernStage.ANSWERED: p.Tone.OK,
    ConcernStage.PROPOSED: p.Tone.OK,
    ConcernStage.CLOSED: p.Tone.OK,
}
SHOWN = 8

actor = frame.me()
door.only(actor.person_id is not None, t("Here you find your matters, your homes and the notes to you."), actor)
found: Me = reads.me(actor, st.session_state.get("me_notes", 1))


def finding() -> str:
    """The heading: what there is to do."""
    count = len(found.waiting) + bool(found.to_confirm)
    return (
        tn("{n} thing waits for you", "{n} things wait for you", count) if count else t("Nothing waits for you, {name}.", name=found.name)
    )


def waiting() -> None:
    """All that waits for the reader, and for grid workers who claims a home."""
    rows = [waits(each, found.zone) for each in found.waiting] + [done(each, found.zone) for each in found.judged]
    if found.to_confirm:
        title = tn("{n} person says where they live", "{n} people say where they live", found.to_confirm)
        rows.append(p.ListRow("/register?part=confirm", title, (t("Confirm who lives there"),)))
    if rows:
        show(h("{rows}", rows=p.link_list(rows)))


def answer(row: Said) -> str:
    """When the answer comes, that it is late, or that it is there."""
    if row.answered_at is not None:
        return t("answered")
    if row.due_at <= clock.now():
        return t("The answer is late; the committee has been told.")
    return t("answer by {when}", when=near(row.due_at, found.zone))


def matters() -> None:
    with st.container(key="card_matters"):
        show(h("{title}", title=p.heading(t("My proposals"))))
        rows = [
            p.ListRow(
                f"/proposal?id={row.id}",
                user_line(row.title),
                (row.number, t("you support it") if row.supported else t("yours"), near(row.since, found.zone)),
                stage_badge(row.stage, over=row.over),
            )
            for row in found.matters[:SHOWN]
        ]
        if rows:
            show(h("{rows}", rows=p.link_list(rows)))
        else:
            show(h("{none}", none=p.empty(t("No proposals yet. Write one sentence."))))
            show(h('<p class="ctr"><a class="bt" href="/propose" target="_self">{word}</a></p>', word=t("Write a proposal")))
    with st.container(key="card_concerns"):
        show(h("{title}", title=p.heading(t("What I reported"))))
        said = [
            p.ListRow(
                f"/concern?id={row.id}",
                user_line(row.text[:60]),
                (row.number, answer(row)),
                p.clock(row.due_at - clock.now()) if row.stage is ConcernStage.OPEN else p.badge(word(row.stage), CONCERNS[row.stage]),
            )
            for row in found.concerns[:SHOWN]
        ]
        if said:
            show(h("{rows}", rows=p.link_list(said)))
        else:
            show(h("{none}", none=p.empty(t("Nothing reported yet."), t("A photo is enough"))))
            show(h('<p class="ctr"><a class="bt" href="/report" target="_self">{word}</a></p>', word=t("Say what is wrong")))


def notes() -> None:
    aside = tn("{n} new", "{n} new", found.notes_new) if found.notes_new else ""
    with st.container(key="card_notes"):
        show(h("{title}", title=p.heading(t("Notes to me"), aside)))
        if not found.notes:
            show(h("{none}", none=p.empty(t("No notes yet."), t("Here you are told when something of yours moves."))))
            return
        rows = [
            p.ListRow(
                row.address or "/me",
                user_line(messages.shown(lang(), row.message, row.values)),
                (opening(near(row.at, found.zone)),),
                p.badge(t("new"), p.Tone.OK) if row.new else m(""),
            )
            for row in found.notes
        ]
        show(h("{rows}", rows=p.link_list(rows)))
        if found.notes_new and st.button(t("I have read them all"), key="me_read"):
            with door.attempt() as tried:
                do(actor, messages.read)
            if tried.ok:
                st.rerun()
        if found.notes_total > reads.NOTES:
            st.pagination(-(-found.notes_total // reads.NOTES), key="me_notes")


def home(row: OwnHome) -> tuple[str, Markup]:
    where = t("{estate}, building {building}, number {number}", estate=row.estate, building=row.building, number=row.number)
    how = t("confirmed on {day}", day=day_of(row.confirmed_at, found.zone)) if row.confirmed_at else t("waits for your grid worker")
    return where, p.dotted(word(row.tie), how)


def about() -> None:
    with st.container(key="card_homes"):
        show(h("{title}", title=p.heading(t("My homes"))))
        if found.homes:
            show(h("{facts}", facts=p.facts([home(row) for row in found.homes])))
        else:
            show(h("{none}", none=p.empty(t("No home yet."), t("With the letter that came to your home you add it here."))))
        show(h('<p><a href="/letter" target="_self">{word}</a></p>', word=t("I have a letter with a code")))
        if found.roles:
            names = [f"{word(role)} ({body})" if body else word(role) for role, body in found.roles]
            show(h("{facts}", facts=p.facts([(t("My roles"), m("{names}", names=user_line(listed(names))))])))


def browsers() -> None:
    """Where I am signed in, and how to end it."""
    with st.container(key="card_logins"):
        show(h("{title}", title=p.heading(t("Where I am signed in"), phones.hidden(found.phone))))
        rows = logins.own(actor.person_id or "", actor.community_id or "")
        for row in rows:
            left, right = st.columns([2.4, 1], vertical_alignment="center")
            here = row.id == actor.login_id
            with left:
                said = t("here, now") if here else t("last used {when}", when=near(row.seen_at, found.zone))
                show(
                    h(
                        '<p><b>{device}</b><br><span class="meta">{said}</span></p>',
                        device=user_line(row.device or t("A browser")),
                        said=said,
                    )
                )
            if not here and right.button(t("Sign out"), key=f"me_end_{row.id}"):
                with door.attempt() as tried:
                    do(actor, logins.end, row.id)
                if tried.ok:
                    st.rerun()
        if len(rows) > 1 and st.button(t("Sign out everywhere but here"), key="me_end_others"):
            with door.attempt() as tried:
                do(actor, logins.end_others)
            if tried.ok:
                st.rerun()


def data() -> None:
    with st.container(key="card_data"):
        show(h("{title}", title=p.heading(t("My data"))))
        show(
            h(
                '<p class="q">{said}</p><p class="ways"><a href="/auth/data" target="_self">{word}</a>'
                ' <a href="/privacy" target="_self">{privacy}</a></p>',
                said=t("Take away everything that is kept about you, or have it erased."),
                word=t("To my data"),
                privacy=t("What is kept about me, and who sees it"),
            )
        )


show(h("{head}", head=p.head(finding(), sub=t("You are here as {name}.", name=found.name) if found.waiting else "")))
waiting()
wide, narrow = st.columns([1.5, 1], gap="large")
with wide:
    matters()
with narrow:
    notes()
    about()
    browsers()
    data()
