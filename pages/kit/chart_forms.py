"""The forms of chart we use: bars and works over time; `charts.chart` draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

import altair as alt

from pages.kit.charts import Twin, categories, colours, px
from pages.kit.tables import Column
from pages.kit.words import day, size, t


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its length, what is written at its end."""

    label: str
    value: float | int
    said: str = ""


FIELDS = ("label", "n", "said")


def ems(words: str) -> float:
    """How wide words are drawn, in ems: Chinese signs about one, others rather more than half."""
    return sum(1.1 if ord(sign) > 0x2E80 else 0.56 for sign in words)


def hints(*fields: tuple[str, str]) -> list[alt.Tooltip]:
    """What stands beside the pointer: (field, its title in the reader's language) pairs; without them Vega shows its own field names."""
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in fields if title]


def bars(rows: Sequence[Bar], heads: tuple[str, ...] = (), row_height: int = 48) -> Any:
    """Simple bars, the figure at their left end, a remark at the right; `heads`: what name, figure and remark are called at the pointer.

    In large type name and figure stand above their bar and the remark below it: beside it they would leave it no room.
    """
    c = colours()
    data = alt.Data(
        values=[
            {"label": row.label, "value": float(row.value), "said": row.said, "n": f"{row.value:,}", "signs": ems(row.said)} for row in rows
        ]
    )
    y = alt.Y("label:N", sort=None, title=None, scale=alt.Scale(paddingInner=0.45), axis=alt.Axis(labelPadding=px(70)))
    longest = max((float(row.value) for row in rows), default=1.0) or 1.0
    base = alt.Chart(data).encode(y=y, tooltip=hints(*zip(FIELDS, heads, strict=False)))
    if size() > 1:
        base = base.encode(y=alt.Y("label:N", sort=None, title=None, axis=None))
        full = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, longest]))
        above = base.transform_calculate(head="datum.n + '  ' + datum.label")
        return alt.layer(
            base.mark_bar(color=c["brand"], cornerRadius=2, height=px(18)).encode(x=full),
            above.mark_text(align="left", dy=px(-24), fontWeight="bold", color=c["ink"]).encode(x=alt.value(0), text="head:N"),
            base.mark_text(align="left", dy=px(24), color=c["ink2"]).encode(x=alt.value(0), text="said:N"),
        ).properties(height=px(2 * row_height) * max(1, len(rows)))
    x = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, longest * 1.85]))
    # A remark stands beside its bar where there is room, else inside it, else under it: none is left out.
    end, wide = f"datum.value / {longest * 1.85} * width", f"datum.signs * {px(15)}"
    where = f"{end} + 8 + {wide} <= width ? 'beside' : {wide} + 16 <= {end} ? 'inside' : 'under'"
    told = base.transform_calculate(where=where)
    return alt.layer(
        base.mark_bar(color=c["brand"], cornerRadius=2, height={"band": 0.85}).encode(x=x),
        told.transform_filter("datum.where == 'beside'").mark_text(align="left", dx=8, color=c["ink2"]).encode(x=x, text="said:N"),
        told.transform_filter("datum.where == 'inside'")
        .mark_text(align="right", dx=-8, fontWeight="bold", color=c["on"])
        .encode(x=x, text="said:N"),
        told.transform_filter("datum.where == 'under'")
        .mark_text(align="right", dy=px(22), color=c["ink2"])
        .encode(x=alt.value("width"), text="said:N"),
        base.mark_text(align="right", dx=-8, fontWeight="bold", fontSize=px(18), color=c["ink"]).encode(x=alt.value(0), text="n:N"),
    ).properties(height=px(row_height) * max(1, len(rows)))


DATES = 50
"""Height of the days above the rows and of today's below them: Streamlit fits all of it into the height that is given."""
DAY = 24 * 60 * 60 * 1000
"""Milliseconds."""
NOTE = 22
"""Height of a line of remarks."""


@dataclass(frozen=True)
class GanttRow:
    """A piece of work: when it was planned, when it is or was done (both days included), its state, a remark."""

    label: str
    plan_start: date
    plan_end: date
    start: date | None = None
    end: date | None = None
    state: str = "ahead"  # done, running, ahead
    note: str = ""


def gantt(rows: Sequence[GanttRow], today: date, row_height: int = 55) -> Any:
    """Bars by state, the plan a thin grey line below, today a line; done says its words inside, others at the right."""
    c, (_, _, blue, *_) = colours(), categories()

    def stamp(value: date) -> str:
        return f"{value.isoformat()}T00:00:00"

    values = []
    for row, (_, planned, done, _) in zip(rows, gantt_rows(rows), strict=True):
        start, end = row.start or row.plan_start, (row.end or (max(today, row.start) if row.start else row.plan_end)) + timedelta(days=1)
        values.append(
            {
                "label": row.label,
                "start": stamp(start),
                "end": stamp(end),
                "p1": stamp(row.plan_start),
                "p2": stamp(row.plan_end + timedelta(days=1)),
                "state": row.state,
                "note": row.note,
                "planned": planned,
                "done": done,
                "days": (end - start).days,
                "signs": ems(row.note),
            }
        )
    starts = [min(row.plan_start, row.start or row.plan_start) for row in rows] or [today]
    last = [max(row.plan_end, row.end or row.plan_end) for row in rows] or [today]
    room = max(1, (max(last) - min(starts)).days // 6)
    first, final = min(starts), max([*last, today]) + timedelta(days=room)
    scale = alt.Scale(domain=[stamp(first), stamp(final)])
    fits = f"datum.state=='done' && datum.days * width / {max(1, (final - first).days)} > datum.signs * {px(15)} + 14"
    axis = alt.Axis(format="%-m/%-d", orient="top", title=None, tickCount=6, tickMinStep=DAY, labelOverlap="greedy", labelSeparation=8)
    large = size() > 1  # then a row's words have a line of their own above its bar, over the whole width
    y = alt.Y("label:N", sort=None, title=None, axis=None) if large else alt.Y("label:N", sort=None, title=None)
    heads = hints(("label", t("Milestone")), ("planned", t("Planned")), ("done", t("Done")), ("note", t("Remark")))
    base = alt.Chart(alt.Data(values=values)).encode(y=y, tooltip=heads)
    x, x2 = alt.X("start:T", scale=scale, axis=axis, title=None), alt.X2("end:T")
    fill = alt.condition("datum.state=='done'", alt.value(c["brand"]), alt.value(blue))
    line = alt.Chart(alt.Data(values=[{"at": stamp(today), "words": t("Today {day}", day=f"{today.month}/{today.day}")}])).encode(
        x=alt.X("at:T", scale=scale, axis=axis), tooltip=alt.value(None)
    )
    # A remark stands inside a bar that is done and long enough for it; an empty text takes no room.
    tip = (
        base.encode(x=alt.X("end:T", scale=scale, axis=axis))
        .transform_calculate(inside=f"{fits} ? datum.note : ''")
        .transform_calculate(outside=f"{fits} ? '' : datum.note")
    )
    noted = large and any(row.note for row in rows)  # the remark has a line of its own too: beside a long title it would be cut
    if large:
        above = partial(base.encode(x=alt.value(0)).mark_text, align="left", limit=alt.ExprRef("width"))
        words = []
        title, remark = partial(above, dy=px(-28 - NOTE * noted), fontWeight="bold"), partial(above, dy=px(-28))
        for text, drawn, ink in (("label:N", title, c["ink"]), ("note:N", remark, c["ink2"])):
            words += [each.encode(text=text) for each in (drawn(stroke=c["surface"], strokeWidth=px(6)), drawn(color=ink))]
    else:
        outside = tip.mark_text(align="left", dx=8, color=c["ink2"]).encode(text="outside:N")
        # under its own words the ground, so that neither today's line nor the lines of the days run through them
        ground = tip.mark_text(align="left", dx=8, stroke=c["surface"], strokeWidth=6).encode(text="outside:N")
        words = [tip.mark_text(align="right", dx=-8, fontWeight="bold", color=c["on"]).encode(text="inside:N"), ground, outside]
    return alt.layer(
        base.mark_bar(height=px(4), yOffset=px(18), color=c["plan"]).encode(x=alt.X("p1:T", scale=scale, axis=axis), x2="p2:T"),
        base.mark_bar(height=px(26), cornerRadius=3).encode(x=x, x2=x2, color=fill).transform_filter("datum.state!='ahead'"),
        base.mark_bar(height=px(24), cornerRadius=3, fill=c["surface"], stroke=c["control"], strokeWidth=1.5, strokeDash=[3, 3])
        .encode(x=x, x2=x2)
        .transform_filter("datum.state=='ahead'"),
        line.mark_rule(color=c["ink"], size=2),
        line.mark_text(dy=px(14), fontWeight="bold").encode(y=alt.value("height"), text="words:N"),
        *words,
    ).properties(height=px(row_height + 45 * large + NOTE * noted) * max(1, len(rows)) + px(DATES))


def gantt_rows(rows: Sequence[GanttRow]) -> list[tuple[str, str, str, str]]:
    """Work, planned, done, remark of each row, in words."""

    def dates(start: date | None, end: date | None) -> str:
        return f"{day(start)} – {day(end)}" if start and end else day(start) + " –" if start else ""

    return [(row.label, dates(row.plan_start, row.plan_end), dates(row.start, row.end), row.note) for row in rows]


def gantt_twin(rows: Sequence[GanttRow], columns: tuple[str, str, str, str]) -> Twin:
    """The table of a Gantt chart: work, planned, done, remark (column titles given, translated)."""
    return Twin([Column(title) for title in columns], gantt_rows(rows))
