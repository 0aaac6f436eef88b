"""What the parts of the register share: the row in the address, paging, files out; and organisations and bodies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import streamlit as st

from models.vocabulary import BodyKind, OrganisationKind
from pages.kit import door
from pages.kit import pieces as p
from pages.kit.forms import done, empty
from pages.kit.html import h, show, user_line
from pages.kit.words import t, tn, word
from services import register
from services.actors import Actor
from services.reads import register_ground as reads
from services.reads.register import Ground
from services.reads.register_ground import Named
from services.work import do

Each = TypeVar("Each")
PAGES = "register_page"


def chosen() -> str:
    """The row that the address names."""
    return str(st.query_params.get("id", ""))


def detail(actor: Actor, ground: Ground, body: Callable[[], None]) -> None:
    """One row, with the way back to the list."""
    back = st.query_params.get("part", "people")
    show(h('<p><a href="/register?part={part}" target="_self">{word}</a></p>', part=back, word=t("Back to the list")))
    with st.container(key="card_detail"):
        body()


def pager(total: int) -> None:
    if total > reads.SIZE:
        st.pagination(-(-total // reads.SIZE), key=PAGES)


def said_as(options: Iterable[Each], say: Callable[[Each], str]) -> Callable[[Each], str]:
    """The words of options, found once in the reader's language: for `format_func`."""
    words = {each: say(each) for each in options}
    return words.__getitem__


def leave(*keys: str) -> None:
    """Empty these fields after what they held was saved."""
    empty(*keys)


def export_links(part: str) -> None:
    links = [(word_, f"/register/{part}.{ending}") for word_, ending in ((t("All as CSV"), "csv"), (t("All as XLSX"), "xlsx"))]
    show(h("{links}", links=p.exports(links)))


# ---- organisations and bodies


def organisations(actor: Actor, ground: Ground) -> None:
    """Companies, offices, teams that people belong to."""
    _named(actor, ground, "organisations", reads.organisations(actor), list(OrganisationKind))


def bodies(actor: Actor, ground: Ground) -> None:
    """Standing committees that roles are held for."""
    _named(actor, ground, "bodies", reads.bodies(actor), list(BodyKind))


def _named(actor: Actor, ground: Ground, part: str, rows: Sequence[Named], kinds: Sequence[OrganisationKind] | Sequence[BodyKind]) -> None:
    picked = next((row for row in rows if row.id == chosen()), None)
    if chosen():
        if picked is None:
            door.nothing(level=2)
        else:
            detail(actor, ground, lambda: _named_form(actor, ground, part, kinds, picked))
        return
    if rows:
        listed = [
            p.ListRow(
                f"/register?part={part}&id={row.id}",
                user_line(row.name),
                (
                    word(row.kind),
                    *([user_line(row.contact)] if row.contact else []),
                    tn("{n} person", "{n} people", row.people) if row.people else "",
                ),
            )
            for row in rows
        ]
        show(h("{rows}", rows=p.link_list(listed)))
    else:
        show(h("{none}", none=p.empty(t("None yet. Add the first one below."))))
    export_links(part)
    with st.expander(t("Add one"), expanded=not rows):
        _named_form(actor, ground, part, kinds, None)


def _named_form(
    actor: Actor, ground: Ground, part: str, kinds: Sequence[OrganisationKind] | Sequence[BodyKind], found: Named | None
) -> None:
    key = f"{part}_{found.id if found else 'new'}"
    fields = door.Fields()
    locked = ground.why_not_change is not None
    name = st.text_input(t("Name"), found.name if found else "", key=f"name_{key}", disabled=locked)
    fields.under("name")
    kind = st.selectbox(
        t("Kind"),
        kinds,
        list(kinds).index(found.kind) if found else 0,
        format_func=said_as(kinds, word),
        key=f"kind_{key}",
        disabled=locked,
    )
    fields.under("kind")
    given = {"name": name, "kind": kind}
    if part == "organisations":
        given["contact"] = st.text_input(
            t("Whom to ask, and how"), found.contact if found else "", key=f"contact_{key}", disabled=locked
        )
        fields.under("contact")
    if ground.why_not_change:
        show(h('<p class="meta">{said}</p>', said=door.say(ground.why_not_change)))
    if st.button(t("Save") if found else t("Add"), key=f"save_{key}", type="primary", disabled=locked):
        with door.attempt(fields, keeps=True) as tried:
            if part == "organisations":
                do(actor, register.change_organisation, found.id, **given) if found else do(actor, register.add_organisation, **given)
            else:
                do(actor, register.change_body, found.id, **given) if found else do(actor, register.add_body, **given)
        if tried.ok:
            if found is None:
                leave(f"name_{key}", f"contact_{key}")
            done(t("Saved: {name}", name=name))
