"""Pieces of plain pages: notes, rows, steps, badges, the receipt. Lighter than the Streamlit ones, the same words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from markupsafe import Markup

from models.vocabulary import Lateness
from pages.kit.html import m
from pages.kit.marks import Tone, address, lateness_of, qr
from pages.kit.tables import Receipt, grouped
from pages.kit.words import span, t


def note(title: str | Markup, said: str | Markup = "", tone: Tone = Tone.PLAIN) -> Markup:
    """A remark that must be seen."""
    return m(
        '<div class="nt {tone}"{role}><span><b>{title}</b>{said}</span></div>',
        tone=tone.value,
        role=Markup(' role="alert"') if tone is Tone.RED else "",
        title=title,
        said=m("<span>{said}</span>", said=said) if said else "",
    )


def say(said: str | Markup, small: bool = False) -> Markup:
    """A paragraph."""
    return m('<p class="{css}">{said}</p>', css="s" if small else "q", said=said)


def heading(said: str | Markup) -> Markup:
    return m("<h2>{said}</h2>", said=said)


def card(*parts: Markup) -> Markup:
    return m('<div class="cd">{parts}</div>', parts=Markup("").join(parts))


def badge(said: str, tone: Tone = Tone.PLAIN) -> Markup:
    sign = {Tone.OK: "✓ ", Tone.NO: "✕ ", Tone.RED: "▲ ", Tone.YELLOW: "▲ ", Tone.BLUE: "▲ "}.get(tone, "")
    css = "r" if tone in (Tone.YELLOW, Tone.BLUE) else tone.value
    return m('<span class="bd {css}"><span aria-hidden="true">{sign}</span>{said}</span>', css=css, sign=sign, said=said)


def clock(left: timedelta) -> Markup:
    """Time left or late, in words."""
    return badge(span(left), Tone.WAIT if lateness_of(left) is Lateness.NONE else Tone.RED)


def steps(at: int, total: int, title: str, said: str = "") -> Markup:
    """What this is about, where we are in it, one dash a step."""
    strokes = Markup("").join(
        m('<i class="{css}"></i>', css="d" if place < at else "h" if place == at else "") for place in range(1, total + 1)
    )
    return m(
        '<div class="bt s"><span>{title}</span><span>{said}</span></div><div class="da" aria-hidden="true">{strokes}</div>',
        title=title,
        said=said or t("Step {at} of {total}", at=at, total=total),
        strokes=strokes,
    )


def rows(pairs: Sequence[tuple[str, str | Markup]]) -> Markup:
    """Names and values: dates and what happens then."""
    return m(
        '<div class="rw">{rows}</div>',
        rows=Markup("").join(m("<div><b>{name}</b><span>{value}</span></div>", name=name, value=value) for name, value in pairs),
    )


def links(targets: Sequence[tuple[str, str | Markup, str | Markup, Markup]]) -> Markup:
    """Rows that are links: (address, title, one line about it, badge)."""
    return m(
        '<div class="rw">{rows}</div>',
        rows=Markup("").join(
            m(
                '<a href="{to}"><span><b>{title}</b><span class="s">{about}</span></span>{badge}</a>',
                to=address(to),
                title=title,
                about=about,
                badge=badge,
            )
            for to, title, about, badge in targets
        ),
    )


def receipt(given: Receipt) -> Markup:
    """✓ and what was received, the number in groups with its QR, what it proves, the next dates; bring it with `heading=""`."""
    return m(
        '<div class="rt"><i aria-hidden="true"></i><div><h1>{title}</h1><p class="s n">{at}</p></div></div>'
        '<div class="cd"><div class="rn"><div><span class="s">{label}</span><b class="n">{number}</b></div>{code}</div>'
        '<p class="s">{proves}</p></div>{after}',
        title=given.title,
        at=given.at,
        label=given.label or t("Receipt number"),
        number=grouped(given.number),
        code=qr(given.check_at, t("Scan to check this receipt")),
        proves=given.proves,
        after=heading(t("What happens next")) + rows(given.next_dates) if given.next_dates else "",
    )
