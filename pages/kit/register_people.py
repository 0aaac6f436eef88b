"""The register's people: who waits to be confirmed, the list, one person with homes, letters and data."""

from __future__ import annotations

from typing import Any

import streamlit as st

from models.vocabulary import Tie
from pages.kit import door, forms
from pages.kit import pieces as p
from pages.kit.forms import done
from pages.kit.html import h, m, show, user_line
from pages.kit.register_forms import PAGES, chosen, detail, export_links, leave, pager, said_as
from pages.kit.words import N_, day_of, joined, listed, near, t, tn, word
from services import letters, phones, register, residences
from services.actors import Actor
from services.reads import register as reads
from services.reads import register_ground
from services.reads.register import Ground, PersonPage, PersonRow
from services.rules.plain_text import one_line
from services.work import do

ONLY = {"account": N_("With an account"), "no_account": N_("Without an account"), "role": N_("With a role")}
TWICE = N_("Saved: {name}. The same phone number is that of: {others}. Is it one person, entered twice?")


# ---- who waits


def confirm(actor: Actor, ground: Ground) -> None:
    """Claims, and letters that need a second person."""
    claims, seconds = reads.claims(actor)
    if not claims and not seconds:
        show(
            h(
                "{none}",
                none=p.empty(t("Nobody waits."), t("Who registers with a letter stands here until somebody confirms where they live.")),
            )
        )
    for claim in claims:
        with st.container(key=f"card_claim_{claim.id}"):
            where = t("{estate}, building {building}, number {number}", estate=claim.estate, building=claim.building, number=claim.number)
            others = t("There already: {names}", names=listed(claim.others)) if claim.others else t("Nobody is registered there yet.")
            facts = (word(claim.tie), claim.phone, near(claim.claimed_at, ground.zone))
            show(
                h(
                    '<h2 class="h2">{name}</h2><p>{where}</p><p class="meta">{facts}</p><p class="meta">{others}</p>',
                    name=user_line(claim.name),
                    where=user_line(where),
                    facts=p.dotted(*facts),
                    others=user_line(others),
                )
            )
            _answer(actor, ground, claim)
    for letter in seconds:
        with st.container(key=f"card_second_{letter.id}"):
            show(
                h(
                    '<h2 class="h2">{title}</h2><p class="q">{said}</p>',
                    title=t("A password letter for {name}", name=letter.name),
                    said=t("{who} issued it {when}. It opens nothing until a second person confirms it.", who=letter.issued_by,
                           when=near(letter.issued_at, ground.zone)),
                )
            )  # fmt: skip
            if st.button(t("Confirm the letter"), key=f"second_{letter.id}", disabled=letter.why_not):
                with door.attempt() as tried:
                    do(actor, letters.second, letter.id)
                if tried.ok:
                    done(t("The letter for {name} opens now.", name=letter.name))
            if letter.why_not:
                show(h('<p class="meta">{said}</p>', said=t("The second person has to be somebody else. Ask a colleague.")))


def _answer(actor: Actor, ground: Ground, claim: reads.Claim) -> None:
    locked = ground.why_not_confirm is not None or claim.own
    if ground.why_not_confirm is not None:
        show(h('<p class="meta">{said}</p>', said=door.say(ground.why_not_confirm)))
    elif claim.own:
        show(h('<p class="meta">{said}</p>', said=t("Nobody does this for themselves here. Ask a colleague.")))
    left, right = st.columns([1, 1.6])
    if left.button(t("Lives there"), key=f"yes_{claim.id}", type="primary", disabled=locked, width="stretch"):
        with door.attempt() as tried:
            do(actor, residences.confirm, claim.id)
        if tried.ok:
            done(t("{name} is confirmed.", name=claim.name))
    with right.popover(t("Does not live there"), disabled=locked, width="stretch"):
        fields = door.Fields()
        name, key = forms.kind("residence.refuse", claim.id), f"why_{claim.id}"
        with forms.typing(actor, name, key):
            reason = st.text_input(t("Why, in a sentence they can understand"), key=key)
        fields.under("reason")
        if st.button(t("Tell them"), key=f"no_{claim.id}"):
            with door.attempt(fields, keeps=True) as tried:
                do(actor, residences.refuse, claim.id, reason)
            if tried.ok:
                forms.forget(actor, name)
                done(t("{name} has been told.", name=claim.name))


# ---- the list


def people(actor: Actor, ground: Ground) -> None:
    """Found by name, phone or home; one of them at the right."""
    if chosen():
        detail(actor, ground, lambda: one(actor, ground, reads.person(actor, chosen())))
        return
    wide, narrow = st.columns([2, 1])
    search = wide.text_input(
        t("Search people"), key="q", bind="query-params", placeholder=t("Name, phone, or 3-201"), label_visibility="collapsed"
    )
    only = narrow.selectbox(
        t("Show"),
        ["", *ONLY],
        format_func=said_as(["", *ONLY], lambda key: t(ONLY[key]) if key else t("Everybody")),
        key="only",
        bind="query-params",
        label_visibility="collapsed",
    )
    page = st.session_state.get(PAGES, 1)
    found = reads.people(actor, search=search or "", only=only or "", page=page)
    if not found.rows and page > 1:
        st.session_state[PAGES] = 1
        st.rerun()
    if found.rows:
        show(h('<p class="meta">{said}</p>', said=tn("{n} person", "{n} people", found.total)))
        show(h("{rows}", rows=p.link_list([line(row) for row in found.rows])))
    elif search or only:
        show(h("{none}", none=p.empty(t("Nobody fits. Search for less, or take the filter off."))))
    else:
        show(h("{none}", none=p.empty(t("Nobody is in the register yet."), t("People register with their letters, or you add them here."))))
    pager(found.total)
    export_links("people")
    add(actor, ground)


def line(row: PersonRow) -> p.ListRow:
    state = p.badge(t("confirmed"), p.Tone.OK) if row.confirmed else p.badge(t("no home confirmed"), p.Tone.WAIT) if row.homes else m("")
    roles = [word(role) for role in row.roles]
    organisation = [user_line(row.organisation)] if row.organisation else []
    about = (t("; ").join(row.homes), phones.hidden(row.phone) if row.phone else "", *organisation, *roles)
    return p.ListRow(f"/register?part=people&id={row.id}", user_line(row.name), about, state, t("account") if row.has_account else "")


def add(actor: Actor, ground: Ground) -> None:
    with st.expander(t("Add a person")):
        _person_form(actor, ground, None)


def _person_form(actor: Actor, ground: Ground, found: PersonPage | None) -> None:
    """Add or correct a person; locked with the reason for whoever may not."""
    key = found.row.id if found else "new"
    names = dict(ground.organisations)
    fields = door.Fields()
    locked = ground.why_not_change is not None
    name = st.text_input(t("Name", context="person"), found.row.name if found else "", key=f"name_{key}", disabled=locked)
    fields.under("name")
    phone = st.text_input(t("Phone number"), found.row.phone if found else "", key=f"phone_{key}", disabled=locked)
    fields.under("phone")
    options = ["", *names]
    first = options.index(found.organisation_id) if found and found.organisation_id in names else 0
    organisation = st.selectbox(
        t("Works for"),
        options,
        first,
        format_func=said_as(options, lambda each: one_line(names[each]) if each else t("nobody in the register")),
        key=f"org_{key}",
        disabled=locked,
    )
    adult = st.checkbox(t("An adult; minors are never on a roll"), found.row.adult if found else True, key=f"adult_{key}", disabled=locked)
    if ground.why_not_change:
        show(h('<p class="meta">{said}</p>', said=door.say(ground.why_not_change)))
    if st.button(t("Save") if found else t("Add"), key=f"save_{key}", disabled=locked, type="primary"):
        given: dict[str, Any] = {"name": name, "phone": phone, "adult": adult, "organisation_id": organisation or None}
        with door.attempt(fields, keeps=True) as tried:
            if found:
                kept = do(actor, register.change_person, found.row.id, **given)
            else:
                kept = do(actor, register.add_person, **given, form=forms.sending("person", given))
            others = reads.same_phone(actor, kept.id)
        if tried.ok:
            if found is None:
                leave(f"name_{key}", f"phone_{key}")
            said = t("Saved: {name}", name=name)
            done(t(TWICE, name=name, others=listed(list(others))) if others else said)


# ---- one person


def one(actor: Actor, ground: Ground, found: PersonPage) -> None:
    show(h("{title}", title=p.heading(user_line(found.row.name), t("has an account") if found.row.has_account else t("no account yet"))))
    left, right = st.columns(2, gap="large")
    with left:
        _person_form(actor, ground, found)
    with right:
        _homes(actor, ground, found)
        _ways(found)


def _homes(actor: Actor, ground: Ground, found: PersonPage) -> None:
    show(h("{title}", title=p.heading(t("Homes and units"))))
    locked = ground.why_not_change is not None
    for row in found.homes:
        where = t("{estate}, building {building}, number {number}", estate=row.estate, building=row.building, number=row.number)
        how = t("confirmed on {day}", day=day_of(row.confirmed_at, ground.zone)) if row.confirmed_at else t("waits for your grid worker")
        show(h('<p><b>{where}</b><br><span class="meta">{how}</span></p>', where=user_line(where), how=joined(word(row.tie), how)))
        if st.button(t("Moved out"), key=f"out_{row.id}", disabled=locked):
            with door.attempt() as tried:
                do(actor, residences.end, row.id)
            if tried.ok:
                done(t("Noted: {name} no longer belongs to {where}.", name=found.row.name, where=where))
    if not found.homes:
        show(h('<p class="q">{said}</p>', said=t("No home yet.")))
    with st.popover(t("Add a home"), disabled=locked):
        fields = door.Fields()
        estates = dict(ground.estates)
        estate = st.selectbox(t("Estate"), list(estates), format_func=said_as(estates, lambda at: one_line(estates[at])), key="home_estate")
        place = st.text_input(t("Building and number, such as 3-201"), key="home_place")
        fields.under("unit")
        tie = st.selectbox(t("Belongs to it as"), list(Tie), format_func=said_as(Tie, word), key="home_tie")
        if st.button(t("Add"), key="home_add"):
            with door.attempt(fields, keeps=True) as tried:
                unit_id = register_ground.unit_at(actor, estate or "", place)
                do(actor, register.add_residence, person_id=found.row.id, unit_id=unit_id, tie=tie or "")
            if tried.ok:
                leave("home_place")
                done(t("Saved: {name}", name=found.row.name))


def _ways(found: PersonPage) -> None:
    """A new letter, the person's data, their roles."""
    show(h("{title}", title=p.heading(t("Ways in"))))
    if found.why_not_letter is None:
        word_ = t("A letter for a new password") if found.row.has_account else t("A letter for an account")
        show(h('<p><a href="/letters?person={id}" target="_blank">{word}</a></p>', id=found.row.id, word=word_))
    else:
        show(h('<p class="meta">{said}</p>', said=door.say(found.why_not_letter)))
    roles = [f"{word(role)} ({body})" if body else word(role) for _, role, body in found.held]
    show(h("{facts}", facts=p.facts([(t("Roles"), user_line(listed(roles)) if roles else t("none"))])))
    show(
        h(
            '<p><a href="/admin?part=roles&amp;id={id}" target="_self">{roles}</a></p>'
            '<p><a href="/auth/data?person={id}" target="_self">{data}</a></p>',
            id=found.row.id,
            roles=t("Change roles"),
            data=t("Take the data away, or erase it"),
        )
    )
