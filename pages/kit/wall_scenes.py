"""The other scenes of a wall: lobby, agenda item, closing page, a meeting that is not held, and the next screen as its chair may see it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from markupsafe import Markup

from models.vocabulary import Screen
from pages.kit.html import m, user_line
from pages.kit.marks import dotted, per_cent, qr, seats
from pages.kit.room_words import checkpoint_link, kind_words, quorum_words, scene_words
from pages.kit.wall_parts import chip, clock, counted, title, wide
from pages.kit.words import day, moment, near, opening, t, tn
from services import addresses
from services.reads.board import Board
from services.reads.checkpoints import Shown
from services.reads.table import Promise
from services.rules import board as rules
from services.rules.board import Seats

MOST_DOTS = 9
MOST_WAYS = 3
TITLE = 5
"""So many ems of an option's title stand in one line beside its counts, at the least."""


def lobby(view: Board) -> Markup:
    """Who is there of each party, and how to sign in."""
    join = f"{addresses.home()}/j/{view.code}"
    where = f"{addresses.home()}/j".removeprefix("http://").removeprefix("https://")
    top: list[str | Markup] = [opening(near(view.starts_at, view.zone))]
    if view.round > 1:
        top.append(t("Round {n}", n=view.round))
    return m(
        '<div class="lb"><div class="a"><div><div class="e">{top}</div>{title}</div>'
        '<ul class="qs {dense}">{rows}</ul><p class="say">{sentence}</p></div>'
        '<div class="jn"><b>{scan}</b>{code}<span class="q">{type}</span>'
        '<span class="q ad {long}">{where}</span><b class="code">{short}</b></div></div>',
        top=dotted(*top),
        title=title(view.title, 10.5),
        dense="dn d7" if len(view.seats) > 6 else "dn" if len(view.seats) > 5 else "",
        rows=Markup("").join(map(_seats_row, view.seats)),
        sentence=_still_missing(view.seats) or t("Enough are there. We can start."),
        scan=t("Scan to sign in"),
        code=qr(join, t("QR code: {text}", text=join), border=0, dark="#084A3E"),
        type=t("or open"),
        where=where,
        long="l1" if len(where) > 24 else "",
        short=view.code,
    )


def _still_missing(rows: Sequence[Seats]) -> str:
    """Who is missing, "" when nobody is; only how many where that would take more than two lines: each row says the rest."""
    said = quorum_words(tuple(rows))
    missing = sum(row.missing for row in rows)
    return tn("{n} more and we start.", "{n} more and we start.", missing) if wide(said) > 26 else said


def _seats_row(row: Seats) -> Markup:
    shown = max(row.have, row.need)
    dots = (
        seats(row.have, shown, row.party) if shown <= MOST_DOTS else m('<b class="num">{have} / {need}</b>', have=row.have, need=row.need)
    )
    state = t("enough") if not row.missing else tn("{n} short", "{n} short", row.missing)
    return m(
        '<li class="{css}">{chip}<span>{dots}</span><span class="{state_css}">{state}</span></li>',
        css="miss" if row.missing else "",
        chip=chip(row.party, row.label),
        dots=dots,
        state_css="" if row.missing else "q",
        state=state,
    )


def item(view: Board, now: datetime) -> Markup:
    """An agenda item with its clock and what lies on the table."""
    return m(
        '<div class="it"><div><div class="e">{number}</div>{title}</div>'
        '<div class="two"><div class="lft"><div class="who">{kind}</div><div class="big {long}">{clock}</div>{bar}</div>'
        "{beside}</div></div>",
        number=dotted(t("Item {n} / {of}", n=(view.item or 0) + 1, of=view.items)),
        title=title(view.item_title, 17),
        kind=m('<span class="pz">{text}</span>', text=t("A short break. The clock stands still."))
        if view.paused_at
        else kind_words(view.item_kind),
        clock=clock(view.ends_at, now, view.paused_at),
        long=f"c{len(counted(rules.time_left(view.ends_at, now, view.paused_at) or timedelta(0)))}",
        bar=_time_bar(view, now),
        beside=_table(view) if view.ways else _round_the_table(view),
    )


def _time_bar(view: Board, now: datetime) -> Markup:
    if view.ends_at is None or view.since is None:
        return Markup("")
    span = max(view.ends_at - view.since, timedelta(seconds=1))
    left = rules.time_left(view.ends_at, now, view.paused_at) or timedelta(0)
    moving = (
        Markup("")
        if view.paused_at
        else m(
            ' data-until="{until}" data-span="{span}"', until=int(view.ends_at.timestamp() * 1000), span=int(span.total_seconds() * 1000)
        )
    )
    return m(
        '<div class="tb0"><i style="width:{width}%"{moving}></i></div>',
        width=per_cent(int(left.total_seconds()), int(span.total_seconds())),
        moving=moving,
    )


def _table(view: Board) -> Markup:
    """What lies on the table: the options and how many reasons stand for and against each."""
    rows = Markup("").join(
        m(
            '<li><span>{title}</span><span class="q num">{pros} <i class="sep"></i> {cons}</span></li>',
            title=user_line(way.title),
            pros=t("{n} for", n=len(way.pros)),
            cons=t("{n} against", n=len(way.cons)),
        )
        for way in view.ways[:MOST_WAYS]
    )
    more = len(view.ways) - MOST_WAYS
    return m(
        '<div class="rgt {dense}"><div class="hd0"><b>{title}</b><span class="q">{count}</span></div><ul>{rows}</ul></div>',
        dense="dn" if len(view.ways) >= MOST_WAYS and sum(wide(way.title) > TITLE for way in view.ways[:MOST_WAYS]) > 1 else "",
        title=t("On the table"),
        count=tn("{n} option", "{n} options", len(view.ways)) if more <= 0 else t("{n} more", n=more),
        rows=rows,
    )


def _round_the_table(view: Board) -> Markup:
    rows = Markup("").join(
        m('<li>{chip}<span class="q num">{n}</span></li>', chip=chip(row.party, row.label), n=tn("{n} person", "{n} people", row.have))
        for row in view.seats[: MOST_WAYS + 1]
    )
    return m(
        '<div class="rgt"><div class="hd0"><b>{title}</b><span class="q">{count}</span></div><ul>{rows}</ul></div>',
        title=t("At the table"),
        count=tn("{n} person", "{n} people", view.there),
        rows=rows,
    )


def closing(view: Board, mark: Shown | None) -> Markup:
    """Who does what by when, and the code that leads to the minutes."""
    shown = _fitting(view)
    rows = Markup("").join(
        m(
            '<li><b class="num">{day}</b>{chip}<span>{deed}</span></li>',
            day=day(each.due_on),
            chip=chip(each.party, each.label),
            deed=user_line(each.deed),
        )
        for each in shown
    )
    more = len(view.promises) - len(shown)
    body = (
        m('<ul class="pm">{rows}</ul>', rows=rows) if rows else m('<p class="q none">{text}</p>', text=t("No commitments were made today."))
    )
    if more > 0:
        body += m('<p class="q more">{text}</p>', text=tn("{n} more in the minutes", "{n} more in the minutes", more))
    on = moment(view.closed_at or view.starts_at, view.zone)
    if rows:
        when = t("Agreed on {day}", day=on) if view.closed else t("Agreed today")
    else:
        when = t("Talked about on {day}", day=on) if view.closed else t("Talked about today")
    return m(
        '<div class="cl"><div class="a"><div><div class="e">{top}</div><div class="t">{title}</div></div>{body}</div>{seal}</div>',
        top=dotted(when, user_line(view.matter or view.title)),
        title=t("Who does what, by when"),
        body=body,
        seal=_seal(view, mark),
    )


def _fitting(view: Board) -> tuple[Promise, ...]:
    """As many promises as the wall holds; a deed has two lines at most."""
    room, taken = 60.0, 0
    for each in view.promises:
        room -= 11.4 if wide(each.deed) <= 10 else 19.5
        if room < (8 if taken + 1 < len(view.promises) else 0):
            break
        taken += 1
    return view.promises[: max(1, taken)]


def _seal(view: Board, mark: Shown | None) -> Markup:
    if mark is None:
        return Markup("")
    link = checkpoint_link(view.meeting_id, mark)
    return m(
        '<div class="sl">{code}<b>{scan}</b><span class="num">{digits}</span></div>',
        code=qr(link, t("QR code: {text}", text=link), border=0),
        scan=t("Scan to verify"),
        digits=mark.digits,
    )


def called_off(view: Board) -> Markup:
    """That there is no meeting, and why."""
    return _absent(view, t("This meeting has been called off."), user_line(view.why_cancelled))


def not_held(view: Board) -> Markup:
    """That nobody opened it in time; with its code, for the chair may still begin."""
    late = t("If you meet after all, the chair opens it, and you sign in with {code}.", code=view.code)
    return _absent(view, t("This meeting did not take place."), late)


def _absent(view: Board, said: str, more: str | Markup) -> Markup:
    return m(
        '<div class="mid"><div class="e">{when}</div><div class="t">{title}</div><p>{said}</p><p class="q">{more}</p></div>',
        when=opening(near(view.starts_at, view.zone)), title=user_line(view.title), said=said, more=more,
    )  # fmt: skip


def coming(view: Board) -> Markup:
    """The next screen without anything that is not public yet."""
    if view.closed or view.position + 1 >= len(view.scenes):
        return m(
            '<div class="nx0"><b>{title}</b><span class="q">{said}</span></div>',
            title=t("The minutes"),
            said=t("The workspace writes the first draft."),
        )
    target = rules.following(view.agenda, view.position)
    scene = view.scenes[target]
    if scene.screen is Screen.RESULT:
        return Markup(
            '<div class="nx"><b>?</b><span><i></i><i style="width:62%"></i><i style="width:80%;margin-top:.5rem"></i></span></div>'
        )
    said = {
        Screen.ITEM: kind_words(scene.kind),
        Screen.VOTE: t("The vote opens when this screen comes."),
        Screen.CLOSING: t("Who does what, by when"),
    }.get(scene.screen, "")
    return m(
        '<div class="nx0"><b>{title}</b><span class="q">{said}</span></div>',
        title=user_line(scene.question or scene.title) if scene.title else scene_words(view, target),
        said=said,
    )
