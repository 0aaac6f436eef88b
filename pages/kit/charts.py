"""Charts in one theme: our colours in light and dark, local fonts, an alternative in words, the table behind, files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Hashable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import streamlit as st
from markupsafe import Markup

from pages.kit.html import m, show
from pages.kit.tables import Column, table
from pages.kit.words import ROOT_PX, lang, size, speaking, t

FONT = "PingFang SC, HarmonyOS Sans SC, MiSans, Microsoft YaHei, Noto Sans CJK SC, Noto Sans SC, sans-serif"
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
LIGHT = {
    "page": "#F4F6F4",
    "surface": "#FFFFFF",
    "sunken": "#EAEEEB",
    "line": "#D5DCD8",
    "control": "#7C8A84",
    "ink": "#15211D",
    "ink2": "#4B5A54",
    "brand": "#0B5F50",
    "on": "#FFFFFF",
    "no": "#3F4A52",
    "plan": "#ACB6B1",
    "soft": "#A9C6BF",
    "late": "#AE2419",
}
DARK = {
    "page": "#0F1513",
    "surface": "#171F1C",
    "sunken": "#202A26",
    "line": "#33403A",
    "control": "#6E7D76",
    "ink": "#E9EFEC",
    "ink2": "#B4C2BC",
    "brand": "#4CC3A6",
    "on": "#0F1513",
    "no": "#C3CED3",
    "plan": "#5A6761",
    "soft": "#2C6355",
    "late": "#FFA69B",
}
CATEGORIES_LIGHT = ("#0B5F50", "#9C722B", "#4D69CF", "#E06788", "#069DCE", "#572F80")
CATEGORIES_DARK = ("#4CC3A6", "#E78F22", "#4067C4", "#94576C", "#8DEBF8", "#B584F8")


alt.theme.enable("none")  # `themed` says it all; Altair's own theme would fix widths
_dark: ContextVar[bool | None] = ContextVar("dark", default=None)


def is_dark() -> bool:
    """Whether what is drawn now is for a dark page: the reader's, else what `Drawing` was told."""
    told = _dark.get()
    return bool(st.context.theme.type == "dark") if told is None else told


def colours(dark: bool | None = None) -> dict[str, str]:
    return DARK if (is_dark() if dark is None else dark) else LIGHT


def categories(dark: bool | None = None) -> tuple[str, ...]:
    return CATEGORIES_DARK if (is_dark() if dark is None else dark) else CATEGORIES_LIGHT


def px(base: float) -> int:
    """A length at the reader's size of type, from its length at 18 px; charts grow a little only, the table twin all the way."""
    return round(base * min(ROOT_PX[size()], 20.5) / 18)


def themed(chart: alt.TopLevelMixin, dark: bool | None = None) -> Any:
    """The chart in our look: no frame, hairlines, labels in ink."""
    c = colours(dark)
    return chart.configure(
        aria=False,  # the finding is the picture's alternative and its table says the rest: Vega would describe axes in English
        mark=alt.MarkConfig(aria=False),  # … and leave the marks as pictures without a name
        background="transparent",
        font=FONT,
        padding={"left": 0, "right": 4, "top": 4, "bottom": 0},
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelColor=c["ink2"],
            titleColor=c["ink2"],
            labelFontSize=px(15),
            titleFontSize=px(15),
            titleFontWeight="normal",
            gridColor=c["line"],
            domain=False,
            ticks=False,
            labelPadding=8,
            labelLimit=px(220),
        ),
        axisY=alt.AxisConfig(labelColor=c["ink"], labelFontSize=px(16), grid=False),
        legend=alt.LegendConfig(labelColor=c["ink2"], titleColor=c["ink2"], labelFontSize=px(15), orient="bottom", symbolSize=120),
        title=alt.TitleConfig(color=c["ink"], fontSize=px(22), anchor="start"),
        header=alt.HeaderConfig(labelColor=c["ink"], labelFontSize=px(16)),
        range=alt.RangeConfig(category=list(categories(dark))),
        text=alt.MarkConfig(color=c["ink"], fontSize=px(15)),
    )


@dataclass(frozen=True)
class Drawing:
    """A chart to be: its form (of `chart_forms`) and what the form is given, which must be hashable: tuples of frozen rows."""

    form: Callable[..., Any]
    given: tuple[Hashable, ...]

    def spec(self, language: str, type_size: int, dark: bool) -> dict[str, Any]:
        """The Vega-Lite specification in our look."""
        made: dict[str, Any] = json.loads(_spec(self.form, self.given, language, type_size, dark))
        return made


@lru_cache(256)
def _spec(form: Callable[..., Any], given: tuple[Hashable, ...], language: str, type_size: int, dark: bool) -> str:
    """Made once for the same figures: Altair holds each chart against its schema, which takes longer than a whole page without one."""
    told = _dark.set(dark)
    try:
        with speaking(language, type_size):
            return json.dumps(themed(form(*given), dark).to_dict())
    finally:
        _dark.reset(told)


@dataclass(frozen=True)
class Twin:
    """The table that says the same as the chart."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]


def chart(
    drawing: Drawing, alternative: str, twin: Twin, key: str, *, keys: Markup = Markup(""), public_file: str = "", source: str = ""
) -> None:
    """Draw a chart with its finding as `alternative`, `keys` below it, a switch to its table, and files of both when `public_file`.

    Files go through an address that needs no login: name one only where the figures are public. `source`: whose figures they are; it
    stands with the finding above the picture that is taken away.
    """
    language, type_size = lang(), size()
    as_chart, as_table = t("Chart"), t("Table")
    spot = st.container()
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="xsmall"):
        if keys:
            show(keys)
        chosen = st.segmented_control(
            t("Show as"),
            [as_chart, as_table],
            default=as_chart,
            required=True,
            key=f"{key}_as",
            label_visibility="collapsed",
            persist_state="page",
        )
        if public_file:
            st.download_button(
                "CSV", csv_file(twin), f"{public_file}.csv", "text/csv", key=f"{key}_csv", help=t("Download CSV"), on_click="ignore"
            )
            st.download_button(
                "PNG",
                lambda: png_file(drawing.spec(language, type_size, dark=False), alternative, source),
                f"{public_file}.png",
                "image/png",
                key=f"{key}_png",
                help=t("Download PNG"),
                on_click="ignore",
            )
    with spot:
        if chosen == as_table:
            show(table(alternative, twin.columns, twin.rows))
        else:
            spec = drawing.spec(language, type_size, is_dark())
            st.vega_lite_chart(spec=spec, theme=None, width="stretch", key=f"{key}_chart", alt=alternative)


def csv_file(twin: Twin) -> bytes:
    """The table as CSV with the mark that spreadsheets need; cells that would run as a formula are written as text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.title for column in twin.columns])
    for row in twin.rows:
        writer.writerow([harmless(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """A cell that a spreadsheet does not run."""
    return (
        "'" + cell
        if cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not cell[1:].replace(",", "").replace(".", "").isdigit()
        else cell
    )


def png_file(spec: dict[str, Any], title: str = "", source: str = "") -> bytes:
    """The chart as a picture with its finding and whose it is, twice its size on the screen, on white."""
    import vl_convert

    spec["config"] |= {"background": "#FFFFFF", "padding": 28}
    if title:
        spec["title"] = {"text": title, "subtitle": source, "frame": "bounds", "offset": 16, "subtitlePadding": 6, "subtitleFontSize": 15}
    spec.setdefault("width", 900)
    made: bytes = vl_convert.vegalite_to_png(spec, scale=2)
    return made


def legend(*entries: tuple[str, str]) -> Markup:
    """Swatches below a chart: (css class or colour, word) pairs; a chart with direct labels needs none."""
    return m(
        '<p class="fs">{keys}</p>',
        keys=Markup("").join(
            m(
                '<span><i class="{css}" style="{style}" aria-hidden="true"></i>{word}</span>',
                css="" if css.startswith("#") else css,
                style=f"background:{css}" if css.startswith("#") else "",
                word=word,
            )
            for css, word in entries
        ),
    )
