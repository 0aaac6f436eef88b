"""Homes and rolls from a table: read and shown first, with every row that cannot be used or is doubtful, then taken in whole."""

from __future__ import annotations

import streamlit as st

from pages.kit import door
from pages.kit import pieces as p
from pages.kit.forms import done
from pages.kit.html import h, show, user_line
from pages.kit.words import area, number, t, tn
from services import register_tables
from services.actors import Actor
from services.reads.register import Ground
from services.register_tables import Taken
from services.work import do

SHOWN = 30


def tables(actor: Actor, ground: Ground, estate_id: str) -> None:
    """A table, first looked at, then taken in whole or not at all."""
    locked = ground.why_not_change is not None
    show(
        h(
            '<p class="q">{homes}</p><p class="meta">{owners}</p>',
            homes=t(
                "CSV or XLSX; its first line names the columns: building, stairwell, unit, floor, area, kind, area_source, or in Chinese."
            ),
            owners=t("With the column owner it is a roll: owners come in too. It may have developer, delivered and voter as well."),
        )
    )
    given = st.file_uploader(t("The table"), type=["csv", "txt", "xlsx"], key="units_file", disabled=locked)
    if given is None:
        return
    with door.attempt() as tried:
        found = register_tables.look(actor, estate_id, given.getvalue())
        if found.broken:
            _broken(found)
            return
        _as_read(found)
    if tried.ok and st.button(
        tn("Take in {n} home", "Take in {n} homes", len(found.lines)), key="units_take", type="primary", disabled=locked
    ):
        with door.attempt() as taking:
            taken = do(actor, register_tables.take, estate_id=estate_id, content=given.getvalue())
            if taken.broken:  # somebody else entered one of these homes meanwhile
                _broken(taken)
                return
        if taking.ok:
            done(tn("{n} home taken in.", "{n} homes taken in.", len(found.lines)))


def _broken(found: Taken) -> None:
    """Every place that cannot be used, and why."""
    said = tn(
        "{n} place in the table cannot be used; nothing was taken in.",
        "{n} places in the table cannot be used; nothing was taken in.",
        len(found.broken),
    )
    rows = [[number(each.row), user_line(each.column), door.say(each.reason)] for each in found.broken[:SHOWN]]
    columns = [p.Column(t("Line"), figures=True), p.Column(t("Column")), p.Column(t("What is wrong"))]
    show(h("{note}{table}", note=p.note(said, "", p.Tone.RED), table=p.table(said, columns, rows)))


def _as_read(found: Taken) -> None:
    """The first rows as they will stand in the register; of a roll, how many voters it makes and what is doubtful."""
    heads = (t("Building"), t("Stairwell"), t("Number", context="unit"))
    columns = [*(p.Column(each) for each in heads), p.Column(t("Area in m²"), figures=True)]
    units = [line.unit for line in found.lines[:SHOWN]]
    rows = [[user_line(u.building), user_line(u.stairwell), user_line(u.number), str(u.area)] for u in units]
    if found.owners:
        columns.append(p.Column(t("Owners")))
        rows = [[*row, user_line(", ".join(line.claim.owners))] for row, line in zip(rows, found.lines, strict=False)]
    title = tn("{n} home, as read", "{n} homes, as read", len(found.lines))
    show(h("{table}", table=p.table(title, columns, rows, shown=True)))
    if not found.owners:
        return
    show(h('<p class="meta">{said}</p>', said=t("{n} voters, {area} in all", n=number(found.voters), area=area(found.area))))
    if found.doubts:
        said = tn("{n} row to look into", "{n} rows to look into", len({each.row for each in found.doubts}))
        doubts = [[number(each.row), door.say(each.why)] for each in found.doubts]
        about = t("They are taken in as they are. Correct the table first, or the register afterwards.")
        table = p.table(said, [p.Column(t("Line"), figures=True), p.Column(t("Why"))], doubts)
        show(h("{note}{table}", note=p.note(said, about, p.Tone.YELLOW), table=table))
