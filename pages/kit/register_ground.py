"""The register's ground: homes and other units, taken in from a table; estates and their grids."""

from __future__ import annotations

import streamlit as st

from models.vocabulary import Tier, UnitKind
from pages.kit import door
from pages.kit import pieces as p
from pages.kit.forms import done, figure
from pages.kit.html import h, label, show, user_line
from pages.kit.register_forms import PAGES, chosen, detail, export_links, leave, pager, said_as
from pages.kit.register_tables import tables
from pages.kit.words import N_, area, listed, number, t, tn, word
from services import register
from services.actors import Actor
from services.reads import register_ground as reads
from services.reads.register import Ground
from services.reads.register_ground import EstateRow, UnitRow
from services.register import AREA_SOURCES, UnitGiven
from services.rules.plain_text import one_line
from services.rules.roll import unit_label
from services.work import do

SOURCES = {"register": N_("land register"), "survey": N_("survey"), "contract": N_("contract")}


def homes(actor: Actor, ground: Ground) -> None:
    """Units by estate and building, in the order of the house."""
    if not ground.estates:
        show(h("{none}", none=p.empty(t("No estate yet."), t("Add one under “Estates and grids”, then its homes."))))
        return
    if chosen():
        found = reads.unit(actor, chosen())
        detail(actor, ground, lambda: _unit_form(actor, ground, found.estate_id, found))
        return
    names = dict(ground.estates)
    left, middle, right = st.columns([1.4, 1, 1.2])
    estate = left.selectbox(
        t("Estate"), list(names), format_func=said_as(names, lambda key: one_line(names[key])), key="estate", bind="query-params"
    )
    page = st.session_state.get(PAGES, 1)
    buildings = reads.units(actor, estate=estate or "", size=1).buildings
    building = middle.selectbox(
        t("Building"),
        ["", *buildings],
        format_func=said_as(["", *buildings], lambda key: key or t("All")),
        key="building",
        bind="query-params",
    )
    search = right.text_input(t("Number", context="unit"), key="q", bind="query-params")
    found_units = reads.units(actor, estate=estate or "", building=building or "", search=search or "", page=page)
    if not found_units.rows and page > 1:
        st.session_state[PAGES] = 1
        st.rerun()
    if found_units.rows:
        show(h('<p class="meta">{said}</p>', said=t("{n} units, {area} in all", n=number(found_units.total), area=area(found_units.area))))
        show(h("{rows}", rows=p.link_list([_unit_line(row) for row in found_units.rows])))
    else:
        none = t("No home fits.") if building or search else t("This estate has no homes yet.")
        show(h("{none}", none=p.empty(none, t("Add one below, or take them in from a table."))))
    pager(found_units.total)
    export_links("homes")
    if ground.why_not_issue is None and found_units.rows:
        there = f"/letters?estate={estate}" + (f"&building={building}" if building else "")
        show(h('<p><a href="{to}" target="_blank">{word}</a></p>', to=there, word=t("Print letters for these homes")))
    with st.expander(t("Add a home")):
        _unit_form(actor, ground, estate or "", None)
    with st.expander(t("Take homes in from a table")):
        tables(actor, ground, estate or "")


def _unit_line(row: UnitRow) -> p.ListRow:
    title = unit_label(row.building, row.stairwell, row.number)
    who = listed(row.people[:4]) or t("nobody yet")
    kind = "" if row.kind is UnitKind.HOME else word(row.kind)
    return p.ListRow(
        f"/register?part=homes&id={row.id}", user_line(title), (area(row.area), kind, *([user_line(row.grid)] if row.grid else [])), who=who
    )


def _unit_form(actor: Actor, ground: Ground, estate_id: str, found: UnitRow | None) -> None:
    key = f"unit_{found.id if found else 'new'}"
    fields = door.Fields()
    locked = ground.why_not_change is not None
    one, two, three = st.columns(3)
    with one:
        building = st.text_input(t("Building"), found.building if found else "", key=f"{key}_building", disabled=locked)
        fields.under("building")
    with two:
        stairwell = st.text_input(t("Stairwell"), found.stairwell if found else "", key=f"{key}_stairwell", disabled=locked)
        fields.under("stairwell")
    with three:
        was = found.number if found else ""
        number_ = st.text_input(t("Number", context="unit"), was, key=f"{key}_number", disabled=locked)
        fields.under("number")
    one, two, three = st.columns(3)
    with one:
        size = st.text_input(t("Area in m²"), str(found.area) if found else "", key=f"{key}_area", disabled=locked)
        fields.under("area")
    with two:
        source = st.selectbox(
            t("Area from"),
            AREA_SOURCES,
            AREA_SOURCES.index(found.area_source) if found else 0,
            format_func=said_as(AREA_SOURCES, lambda each: t(SOURCES[each])),
            key=f"{key}_source",
            disabled=locked,
        )
    with three:
        floor = figure(t("Floor"), f"{key}_floor", found.floor if found else 1, disabled=locked)
        fields.under("floor")
    one, two, _ = st.columns(3)
    with one:
        kinds = list(UnitKind)
        kind = st.selectbox(
            t("Kind"), kinds, kinds.index(found.kind) if found else 0, format_func=said_as(kinds, word), key=f"{key}_kind", disabled=locked
        )
    with two:
        grids = {grid: name for grid, name, estate in ground.grids if estate == estate_id}
        options = ["", *grids]
        first = options.index(found.grid_id) if found and found.grid_id in grids else 0
        grid = st.selectbox(
            t("Grid"),
            options,
            first,
            format_func=said_as(options, lambda each: one_line(grids[each]) if each else t("none")),
            key=f"{key}_grid",
            disabled=locked,
        )
    if ground.why_not_change:
        show(h('<p class="meta">{said}</p>', said=door.say(ground.why_not_change)))
    if st.button(t("Save") if found else t("Add"), key=f"{key}_save", type="primary", disabled=locked):
        given = UnitGiven(building, number_, size, floor, kind, stairwell, source, grid or None)
        with door.attempt(fields, keeps=True) as tried:
            if found:
                do(actor, register.change_unit, found.id, given)
            else:
                do(actor, register.add_units, estate_id, [given])
        if tried.ok:
            if found is None:
                leave(f"{key}_number", f"{key}_area")
            done(t("Saved: {name}", name=f"{building}-{number_}"))


# ---- estates and grids


def estates(actor: Actor, ground: Ground) -> None:
    rows, workers = reads.estates(actor)
    picked = next((row for row in rows if row.id == chosen()), None)
    if chosen():
        if picked is None:
            door.nothing(level=2)
        else:
            detail(actor, ground, lambda: _estate(actor, ground, picked, workers))
        return
    if rows:
        listed = [
            p.ListRow(
                f"/register?part=estates&id={row.id}",
                user_line(row.name),
                (
                    *([user_line(row.address)] if row.address else []),
                    tn("{n} unit", "{n} units", row.units),
                    tn("{n} grid", "{n} grids", len(row.grids)),
                ),
                p.badge(word(row.tier)),
            )
            for row in rows
        ]
        show(h("{rows}", rows=p.link_list(listed)))
    else:
        show(h("{none}", none=p.empty(t("No estate yet."), t("An estate holds buildings and homes. Add the first one below."))))
    with st.expander(t("Add an estate"), expanded=not rows):
        _estate_form(actor, ground, None)


def _estate(actor: Actor, ground: Ground, row: EstateRow, workers: tuple[tuple[str, str], ...]) -> None:
    show(h("{title}", title=p.heading(user_line(row.name), tn("{n} unit", "{n} units", row.units))))
    left, right = st.columns(2, gap="large")
    with left:
        _estate_form(actor, ground, row)
    with right:
        show(h("{title}", title=p.heading(t("Grids"))))
        for grid in row.grids:
            with st.expander(t("{name}: {value}", name=label(grid[1]), value=label(grid[3]) if grid[3] else t("nobody looks after it"))):
                _grid_form(actor, ground, row.id, workers, grid)
        with st.expander(t("Add a grid"), expanded=not row.grids):
            _grid_form(actor, ground, row.id, workers, None)


def _estate_form(actor: Actor, ground: Ground, found: EstateRow | None) -> None:
    key = f"estate_{found.id if found else 'new'}"
    fields = door.Fields()
    locked = ground.why_not_change is not None
    name = st.text_input(t("Name"), found.name if found else "", key=f"{key}_name", disabled=locked)
    fields.under("name")
    address = st.text_input(t("Address"), found.address if found else "", key=f"{key}_address", disabled=locked)
    fields.under("address")
    tiers = list(Tier)
    first = tiers.index(found.tier if found else Tier.IMPROVING)
    tier = st.selectbox(t("Tier"), tiers, first, format_func=said_as(tiers, word), key=f"{key}_tier", disabled=locked)
    if ground.why_not_change:
        show(h('<p class="meta">{said}</p>', said=door.say(ground.why_not_change)))
    if st.button(t("Save") if found else t("Add"), key=f"{key}_save", type="primary", disabled=locked):
        given = {"name": name, "address": address, "tier": tier}
        with door.attempt(fields, keeps=True) as tried:
            do(actor, register.change_estate, found.id, **given) if found else do(actor, register.add_estate, **given)
        if tried.ok:
            if found is None:
                leave(f"{key}_name", f"{key}_address")
            done(t("Saved: {name}", name=name))


def _grid_form(
    actor: Actor, ground: Ground, estate_id: str, workers: tuple[tuple[str, str], ...], found: tuple[str, str, str | None, str] | None
) -> None:
    key = f"grid_{found[0] if found else 'new'}"
    fields = door.Fields()
    locked = ground.why_not_change is not None
    name = st.text_input(t("Name"), found[1] if found else "", key=f"{key}_name", disabled=locked)
    fields.under("name")
    names = dict(workers)
    options = ["", *names]
    first = options.index(found[2]) if found and found[2] in names else 0
    worker = st.selectbox(
        t("Grid worker"),
        options,
        first,
        format_func=said_as(options, lambda each: one_line(names[each]) if each else t("nobody yet")),
        key=f"{key}_worker",
        disabled=locked,
    )
    if st.button(t("Save") if found else t("Add"), key=f"{key}_save", disabled=locked):
        with door.attempt(fields, keeps=True) as tried:
            if found:
                do(actor, register.change_grid, found[0], name=name, worker_id=worker or None)
            else:
                do(actor, register.add_grid, estate_id=estate_id, name=name, worker_id=worker or None)
        if tried.ok:
            if found is None:
                leave(f"{key}_name")
            done(t("Saved: {name}", name=name))
