"""The forms of chart we use: bars, bars with a threshold, before and after, works over time; draw them with `charts.chart`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import altair as alt

from pages.kit.charts import Twin, categories, colours, px
from pages.kit.results import Threshold, threshold_words
from pages.kit.tables import Column
from pages.kit.words import day, share, size, t


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its length, what is written at its end."""

    label: str
    value: float | int
    said: str = ""


def ems(words: str) -> float:
    """How wide words are drawn, in ems: Chinese signs about one, others rather more than half."""
    return sum(1.1 if ord(sign) > 0x2E80 else 0.56 for sign in words)


def bars(rows: Sequence[Bar], row_height: int = 48) -> Any:
    """Simple bars, the figure at their left end, a remark at the right."""
    c = colours()
    data = alt.Data(
        values=[
            {"label": row.label, "value": float(row.value), "said": row.said, "n": f"{row.value:,}", "signs": ems(row.said)} for row in rows
        ]
    )
    y = alt.Y("label:N", sort=None, title=None, scale=alt.Scale(paddingInner=0.45), axis=alt.Axis(labelPadding=px(70)))
    longest = max((float(row.value) for row in rows), default=1.0) or 1.0
    base = alt.Chart(data).encode(y=y)
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


@dataclass(frozen=True)
class ShareBar:
    """A share of a base, and whether it met what was needed."""

    label: str
    share: Fraction
    met: bool = True


def bars_with_threshold(rows: Sequence[ShareBar], need: Threshold, row_height: int = 56) -> Any:
    """Shares from 0 to 100 % with one threshold line through them, its words at the foot."""
    c = colours()
    data = alt.Data(
        values=[{"label": row.label, "share": float(row.share), "met": row.met, "said": share(row.share), "all": 1} for row in rows]
    )
    y = alt.Y("label:N", sort=None, title=None, scale=alt.Scale(paddingInner=0.45))

    def x(name: str) -> Any:
        return alt.X(f"{name}:Q", axis=None, scale=alt.Scale(domain=[0, 1.3]))

    base = alt.Chart(data).encode(y=y)
    line = alt.Chart(alt.Data(values=[{"at": float(need.share), "words": threshold_words(need)}])).encode(x=x("at"))
    return alt.layer(
        base.mark_bar(color=c["sunken"], cornerRadius=2).encode(x=x("all")),
        base.mark_bar(cornerRadius=2).encode(x=x("share"), color=alt.condition("datum.met", alt.value(c["brand"]), alt.value(c["no"]))),
        base.mark_text(align="right", fontWeight="bold", fontSize=px(17)).encode(x=alt.value("width"), text="said:N"),
        line.mark_rule(color=c["surface"], size=7),
        line.mark_rule(color=c["ink"], size=3),
        line.mark_text(color=c["ink2"], dy=px(14)).encode(y=alt.value("height"), text="words:N"),
    ).properties(height=px(row_height) * max(1, len(rows)))


@dataclass(frozen=True)
class Pair:
    """The same thing before and after."""

    label: str
    before: float
    after: float


def dumbbell(rows: Sequence[Pair], row_height: int = 58) -> Any:
    """Before hollow, after filled, a line between them, both figures beside their dots."""
    c = colours()
    data = alt.Data(values=[{"label": row.label, "before": row.before, "after": row.after, "up": row.after >= row.before} for row in rows])
    ends = [each for row in rows for each in (row.before, row.after)] or [0.0, 1.0]
    y = alt.Y("label:N", sort=None, title=None)
    base = alt.Chart(data).encode(y=y)

    def x(name: str) -> Any:
        return alt.X(
            f"{name}:Q", axis=None, scale=alt.Scale(domain=[min(ends), max(ends) + (max(ends) == min(ends))], zero=False, padding=px(46))
        )

    def text(name: str, left: bool) -> Any:
        return base.mark_text(
            align="right" if left else "left",
            dx=-12 if left else 12,
            fontWeight="bold" if name == "after" else "normal",
            color=c["ink"] if name == "after" else c["ink2"],
            fontSize=px(16),
        ).encode(x=x(name), text=alt.Text(f"{name}:Q", format=".1f"))

    return alt.layer(
        base.mark_rule(size=4, color=c["soft"]).encode(x=x("before"), x2="after:Q"),
        base.mark_point(size=130, filled=True, opacity=1, fill=c["surface"], stroke=c["ink2"], strokeWidth=2.5).encode(x=x("before")),
        base.mark_point(size=150, filled=True, opacity=1, color=c["brand"]).encode(x=x("after")),
        text("before", True).transform_filter("datum.up"),
        text("after", False).transform_filter("datum.up"),
        text("before", False).transform_filter("!datum.up"),
        text("after", True).transform_filter("!datum.up"),
    ).properties(height=px(row_height) * max(1, len(rows)))


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
    for row in rows:
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
    axis = alt.Axis(format="%-m/%-d", orient="top", title=None, tickCount=6, labelOverlap="greedy", labelSeparation=8)
    y = alt.Y("label:N", sort=None, title=None)
    base = alt.Chart(alt.Data(values=values)).encode(y=y)
    x, x2 = alt.X("start:T", scale=scale, axis=axis, title=None), alt.X2("end:T")
    fill = alt.condition("datum.state=='done'", alt.value(c["brand"]), alt.value(blue))
    line = alt.Chart(alt.Data(values=[{"at": stamp(today), "words": t("Today {day}", day=f"{today.month}/{today.day}")}])).encode(
        x=alt.X("at:T", scale=scale, axis=axis)
    )
    # A remark stands inside a bar that is done and long enough for it; an empty text takes no room.
    tip = (
        base.encode(x=alt.X("end:T", scale=scale, axis=axis))
        .transform_calculate(inside=f"{fits} ? datum.note : ''")
        .transform_calculate(outside=f"{fits} ? '' : datum.note")
    )
    return alt.layer(
        base.mark_bar(height=px(4), yOffset=px(18), color=c["plan"]).encode(x=alt.X("p1:T", scale=scale, axis=axis), x2="p2:T"),
        base.mark_bar(height=px(26), cornerRadius=3).encode(x=x, x2=x2, color=fill).transform_filter("datum.state!='ahead'"),
        base.mark_bar(height=px(24), cornerRadius=3, fill=c["surface"], stroke=c["control"], strokeWidth=1.5, strokeDash=[3, 3])
        .encode(x=x, x2=x2)
        .transform_filter("datum.state=='ahead'"),
        line.mark_rule(color=c["ink"], size=2),
        line.mark_text(dy=px(14), fontWeight="bold").encode(y=alt.value("height"), text="words:N"),
        tip.mark_text(align="right", dx=-8, fontWeight="bold", color=c["on"]).encode(text="inside:N"),
        tip.mark_text(align="left", dx=8, color=c["ink2"], clip=size() > 1).encode(text="outside:N"),
    ).properties(height=px(row_height) * max(1, len(rows)))


def gantt_twin(rows: Sequence[GanttRow], columns: tuple[str, str, str, str]) -> Twin:
    """The table of a Gantt chart: work, planned, done, remark (column titles given, translated)."""

    def dates(start: date | None, end: date | None) -> str:
        return f"{day(start)} – {day(end)}" if start and end else day(start) + " –" if start else ""

    return Twin(
        [Column(title) for title in columns],
        [(row.label, dates(row.plan_start, row.plan_end), dates(row.start, row.end), row.note) for row in rows],
    )
