"""The parts of administration: roles, who may do what, the community, the log, the installation."""

from __future__ import annotations

from typing import Any

import streamlit as st

from models.vocabulary import Role
from pages.kit import door
from pages.kit import pieces as p
from pages.kit.acts import WHO, about, act
from pages.kit.forms import done, figure, unchoose
from pages.kit.html import h, show, user_line
from pages.kit.register_forms import said_as
from pages.kit.words import N_, day_of, joined, listed, moment, number, t, tn, word
from services import clock, communities
from services import installation as house
from services import roles as commands
from services.actors import Actor
from services.log_words import ACTS
from services.reads import administration as reads
from services.reads.administration import Held
from services.rules import access
from services.rules.plain_text import one_line
from services.settings import VERSION, settings
from services.work import do

FIGURES = {
    "first_answer_hours": N_("Hours until a concern has its first answer"),
    "supporters_needed": N_("Homes that must support a proposal"),
    "review_days": N_("Days in which the committee reads an endorsed proposal"),
    "notice_days": N_("Days of a notice"),
    "evaluation_days": N_("Days of an evaluation"),
    "letter_days": N_("Days for which a letter for a home holds"),
}
PAGE, ENDING = "log_page", "role_ending"


# ---- roles


def roles(actor: Actor) -> None:
    """Who holds what, one more, and an end."""
    found = reads.roles(actor)
    wide, narrow = st.columns([1.5, 1], gap="large")
    with wide, st.container(key="card_roles"):
        show(h("{title}", title=p.heading(tn("{n} role is held", "{n} roles are held", len(found.now)))))
        picked = st.query_params.get("id", "")
        for row in sorted(found.now, key=lambda each: (each.person_id != picked, list(Role).index(each.role), each.person)):
            _held(actor, row, found.zone)
    with narrow:
        with st.container(key="card_grant"):
            _grant(actor, found)
        if found.past:
            with st.container(key="card_past"):
                show(h("{title}", title=p.heading(t("Ended lately"))))
                rows = [
                    (f"{word(row.role)}", user_line(f"{row.person} {day_of(row.until, found.zone) if row.until else ''}"))
                    for row in found.past
                ]
                show(h("{facts}", facts=p.facts(rows)))


def _held(actor: Actor, row: Held, zone: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        title = joined(word(row.role), row.body or "")
        since = t("since {day}", day=day_of(row.since, zone))
        by = t("granted by {who}", who=row.granted_by) if row.granted_by else ""
        facts = p.dotted(title, since, *([user_line(by)] if by else []))
        show(h('<p><b>{name}</b><br><span class="meta">{facts}</span></p>', name=user_line(row.person), facts=facts))
        if st.session_state.get(ENDING) != row.id and st.button(t("End it"), key=f"ask_{row.id}"):
            st.session_state[ENDING] = row.id
            st.rerun()
    if st.session_state.get(ENDING) == row.id:
        _ending(actor, row)


def _ending(actor: Actor, row: Held) -> None:
    """The question before a role ends, below its line."""
    show(h("<p>{said}</p>", said=t("{name} is signed out everywhere and signs in again without this role.", name=row.person)))
    with st.container(horizontal=True):
        ends = st.button(t("End the role"), key=f"end_{row.id}", type="primary")
        if st.button(t("Not now"), key="end_not_now", type="tertiary"):
            del st.session_state[ENDING]
            st.rerun()
    if ends:
        with door.attempt() as tried:
            do(actor, commands.end, row.id)
        if tried.ok:
            del st.session_state[ENDING]
            done(t("Ended: {role}, {name}", role=word(row.role), name=row.person))


def _grant(actor: Actor, found: reads.Roles) -> None:
    show(h("{title}", title=p.heading(t("Grant a role"))))
    fields = door.Fields()
    people, bodies = dict(found.people), dict(found.bodies)
    first = list(people).index(st.query_params["id"]) if st.query_params.get("id") in people else None
    person = st.selectbox(
        t("The person"), list(people), first, format_func=said_as(people, lambda key: one_line(people[key])), key="grant_person"
    )
    fields.under("person")
    role = st.selectbox(t("Role"), list(Role), None, format_func=said_as(Role, word), key="grant_role")
    fields.under("role")
    options = ["", *bodies]
    body = st.selectbox(
        t("For which body"), options, format_func=said_as(options, lambda at: one_line(bodies[at]) if at else t("none")), key="grant_body"
    )
    if role:
        may = [act(name) for name, rule in access.TABLE.items() if role in rule.who]
        show(
            h('<p class="meta">{said}</p>', said=t("May then: {acts}", acts=listed(may[:8])) if may else t("This role only marks a duty."))
        )
    if st.button(t("Grant it"), key="grant", type="primary"):
        with door.attempt(fields, keeps=True) as tried:
            do(actor, commands.grant, person or "", role or "", body or None)
        if tried.ok and role:
            unchoose("grant_person", "grant_role", "grant_body")
            st.query_params.pop("id", None)
            done(t("Granted: {role}, {name}", role=word(Role(role)), name=dict(found.names)[person or ""]))


# ---- who may do what


def table(_: Actor) -> None:
    """The permission table as it is enforced."""
    show(h('<p class="q">{said}</p>', said=t("Whoever is not named may not. The workspace itself does what has come due.")))
    columns = [p.Column(t("Act")), p.Column(t("Who may")), p.Column(t("Never"))]
    rows = [[act(name), _who(rule.who), _who(rule.never)] for name, rule in access.TABLE.items() if name in ACTS]
    show(h("{table}", table=p.table(t("Who may do what"), columns, rows)))


def _who(names: frozenset[str]) -> str:
    held = [word(role) for role in Role if role in names]
    found = held + [t(said) for name, said in WHO.items() if name in names]
    return listed(found) if found else t("the workspace itself") if names else ""


# ---- the community


def community(actor: Actor) -> None:
    found = reads.settings(actor)
    fields = door.Fields()
    with st.container(key="card_community"):
        left, right = st.columns(2, gap="large")
        with left:
            name = st.text_input(t("Name"), found.name, key="set_name")
            fields.under("name")
            federation = st.text_input(t("Federation"), found.federation, key="set_federation")
            fields.under("federation")
            phone = st.text_input(t("Phone of the office"), found.office_phone, key="set_phone")
            fields.under("office_phone")
            languages = {"zh-CN": t("Chinese"), "en": t("English")}
            first = list(languages).index(found.language)
            language = st.selectbox(
                t("Language of letters and notices"), list(languages), first, format_func=languages.__getitem__, key="set_language"
            )
            show(
                h('<p class="meta">{said}</p>', said=t("Time zone {zone}, short name {slug}: they stay.", zone=found.zone, slug=found.slug))
            )
        with right:
            figures = {}
            for key, value, _, _ in found.figures:
                figures[key] = figure(t(FIGURES[key]) if key in FIGURES else key, f"set_{key}", value)
                fields.under(key)
        if st.button(t("Save"), key="set_save", type="primary"):
            changed = {key: figures[key] for key, value, _, _ in found.figures if figures[key] != value}
            given: dict[str, Any] = {"name": name, "federation": federation, "office_phone": phone, "language": language}
            with door.attempt(fields, keeps=True) as tried:
                do(actor, communities.change, **given, figures=changed)
            if tried.ok:
                done(t("Saved: {name}", name=name))


# ---- the log


def log(actor: Actor) -> None:
    page = st.session_state.get(PAGE, 1)
    left, right = st.columns(2)
    known = reads.log(actor).actions
    action = left.selectbox(
        t("Act"), ["", *known], format_func=said_as(["", *known], lambda key: act(key) if key else t("Every act")), key="log_act"
    )
    who = right.text_input(t("Done by"), key="log_who")
    found = reads.log(actor, action=action or "", who=who, page=page)
    if not found.lines and page > 1:
        st.session_state[PAGE] = 1
        st.rerun()
    show(h("{links}", links=p.exports([(t("Everything to check it elsewhere, as ZIP"), "/export/evidence.zip")])))
    if found.checkpoint:
        facts = [
            (t("Check digits"), found.checkpoint.digits),
            (t("Signed"), moment(found.checkpoint.at, found.zone)),
            (t("Acts covered"), number(found.checkpoint.size)),
            (t("Fingerprint of the key"), found.checkpoint.fingerprint),
        ]
        with st.container(key="card_checkpoint"):
            show(h("{title}{facts}", title=p.heading(t("The newest checkpoint")), facts=p.facts(facts)))
    said = t("{n} acts, {fit} of them fit", n=number(found.size), fit=number(found.total))
    if not found.lines:
        show(h("{none}", none=p.empty(t("No act fits."))))
        return
    columns = [p.Column(t("No."), figures=True), p.Column(t("When")), p.Column(t("Done by")), p.Column(t("Act")), p.Column(t("About"))]
    names = {"system": t("the workspace itself"), "visitor": t("a visitor")}
    rows = [
        [
            number(line.seq),
            moment(line.at, found.zone, seconds=True),
            user_line(line.who or names.get(line.actor, line.actor)),
            act(line.action),
            about(line),
        ]
        for line in found.lines
    ]
    show(h("{table}", table=p.table(said, columns, rows, shown=True)))
    if found.total > reads.SIZE:
        st.pagination(-(-found.total // reads.SIZE), key=PAGE)


# ---- the installation


def installation(actor: Actor) -> None:
    zone = reads.settings(actor).zone  # refuses whoever may not
    facts = [
        (t("Version"), VERSION),
        (t("Database"), "SQLite" if settings().sqlite else "PostgreSQL"),
        (t("Demo"), t("yes, for good") if house.is_demo() else t("no")),
        (t("Its clock"), moment(clock.now(), zone, year=True, seconds=True)),
        (t("Address"), ", ".join(settings().public_url) or t("this machine only")),
    ]
    show(h("{facts}", facts=p.facts(facts)))
    show(
        h(
            "{note}",
            note=p.note(
                t("Keep copies elsewhere."),
                t("On the server: {command}. It holds database and files; the keys lie apart.", command="manage.py backup"),
            ),
        )
    )
    show(h('<p class="q">{said}</p>', said=t("{command} says whether everything is in order.", command="manage.py doctor")))
