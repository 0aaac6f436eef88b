"""The wall of a room, drawn from its view: lobby, agenda item, vote, result, closing page; the chair's tablet draws the same, smaller."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import ceil, sqrt
from pathlib import Path
from urllib.parse import quote

import streamlit as st
from markupsafe import Markup

from models.vocabulary import AgendaKind, MeetingState, Party, Screen, VotesBy
from pages.kit.html import m, nb_all, user_line
from pages.kit.marks import MOST_CELLS, dotted, party_class, party_letter, per_cent, qr, seats
from pages.kit.results import Threshold, telling_share, threshold_words
from pages.kit.words import day, hour, lang, listed, moment, near, number, t, tn, word
from services import addresses
from services.reads.board import Board, Vote
from services.reads.checkpoints import Shown
from services.reads.revealed import Bar, Result, explained
from services.reads.table import Promise
from services.rules import board as rules
from services.rules.board import Seats
from services.rules.sentences import Sentence, spoken

HERE = Path(__file__).parent
MOST_DOTS = 9
MOST_WAYS = 3


@cache
def _follows(name: str) -> Callable[..., object]:
    """The component that keeps one drawing up to date: built once, then only texts, classes and widths change."""
    script = (HERE / "wall.js").read_text(encoding="utf-8")
    html = f'<div class="{name}"></div>'
    return st.components.v2.component(f"yiqi_{name}", html=html, js=script, isolate_styles=False)


def follow(view: Board, now: datetime, drawn: Markup, *, key: str, kiosk: bool = True) -> None:
    """Show `drawn` and keep it up to date; `kiosk` takes the whole screen. Nothing is replaced that did not change, so nothing flickers,
    and a list somebody has open beside it stays open."""
    _follows("wall" if kiosk else "tablet")(key=key, data=payload(view, now, drawn))


def payload(view: Board, now: datetime, drawn: Markup) -> dict[str, object]:
    """What the component is sent each second: the drawing, the server's clock, the words for a broken line."""
    return {
        "html": str(drawn),
        "now": int(now.timestamp() * 1000),
        "stamp": t("As of {time}", time=hour(now, view.zone, seconds=True)),
        "time": hour(now, view.zone, seconds=True),
        "broken": f"{t('The line is broken')}|{t('stopped at {time}', time='{time}')}",
    }


def drawing(view: Board, now: datetime, mark: Shown | None = None) -> Markup:
    """The whole screen."""
    if view.state is MeetingState.CANCELLED:
        return _framed(view, "off", _off(view))
    match view.screen:
        case Screen.LOBBY:
            return _framed(view, "lobby", _lobby(view))
        case Screen.ITEM:
            return _framed(view, "item", _item(view, now))
        case Screen.VOTE:
            return _framed(view, "vote", _vote(view, now))
        case Screen.RESULT if view.result is not None:
            return _framed(view, "result", _result(view, view.result), css="res", before=_panel(view.result), source=view.result)
        case Screen.RESULT:
            return _framed(view, "vote", _vote(view, now))
        case _:
            return _framed(view, "closing", _closing(view, mark))


def _framed(view: Board, scene: str, inside: Markup, css: str = "", before: Markup = Markup(""), source: Result | None = None) -> Markup:
    about = [user_line(view.community), user_line(view.title)]
    if source is not None and source.source:
        about = [user_line(view.community), m("{text}", text=source_words(source.source, source.article))]
    other, word_, name = ("en", "EN", "EN, English") if lang() == "zh-CN" else ("zh-CN", "中文", "中文")
    drawn = m(
        '<div class="pj yq {css}" lang="{lang}" data-scene="{scene}-{position}">{before}<div class="in0">{inside}</div>'
        '<div class="bar"><img src="/assets/logo.svg" alt="{brand}"><span class="ab">{about}</span>'
        '<span class="live"><i></i><span>{ok}</span><i class="sep"></i><span data-stamp></span></span>'
        '<a href="/lang/{other}?next={back}" lang="{other}" hreflang="{other}" aria-label="{name}">{word}</a></div></div>',
        css=css,
        lang=lang(),
        scene=scene,
        position=view.position,
        before=before,
        inside=inside,
        brand=t("Yiqi"),
        about=dotted(*about),
        ok=t("Connected"),
        other=other,
        back=quote(f"/screen?m={view.code}", safe=""),
        name=name,
        word=word_,
    )
    return nb_all(_in_its_language(drawn, view.language))


def _in_its_language(drawn: Markup, language: str) -> Markup:
    """What people wrote is in the community's language, whichever the reader's is: glyphs and punctuation follow it."""
    if language == lang():
        return drawn
    return Markup(str(drawn).replace('<span class="ut" dir="auto">', f'<span class="ut" dir="auto" lang="{language}">'))


def joined(*facts: str) -> str:
    """Facts one after the other, as the language parts them; empty ones are left out."""
    given = [each for each in facts if each]
    said = given[0] if given else ""
    for each in given[1:]:
        said = t("{one}, {two}", one=said, two=each)
    return said


def source_words(source: str, article: str) -> str:
    """ "《民法典》第 278 条": the text a vote was decided under."""
    return t("{source}, {article}", source=t(source), article=t(article)) if article else t(source)


def nobody() -> Markup:
    """The wall of a code that leads nowhere."""
    return m(
        '<div class="pj yq" lang="{lang}" data-scene="none"><div class="in0 mid"><div class="t">{title}</div><p class="q">{said}</p></div>'
        '<div class="bar"><img src="/assets/logo.svg" alt="{brand}"></div></div>',
        lang=lang(),
        title=t("No meeting has this code."),
        said=t("Open the wall from the page of the meeting, or check the four characters of the code."),
        brand=t("Yiqi"),
    )


def wide(text: str) -> float:
    """How wide a line of text is, in ems: Chinese signs one, others about a half."""
    return sum(1.0 if ord(sign) > 0x2E80 else 0.54 for sign in text)


def title(text: str, line: float) -> Markup:
    """The big line of a screen, in one of four sizes; `line`: how many ems of the largest stand in one line."""
    size = wide(text) / line
    return m(
        '<div class="t {css}">{text}</div>',
        css="" if size <= 2 else "l1" if size <= 3.2 else "l2" if size <= 5 else "l3",
        text=user_line(text),
    )


# ---- one screen after the other


def _lobby(view: Board) -> Markup:
    join = f"{addresses.home()}/j/{view.code}"
    top: list[str | Markup] = [near(view.starts_at, view.zone)]
    if view.round > 1:
        top.append(t("Round {n}", n=view.round))
    return m(
        '<div class="lb"><div class="a"><div><div class="e">{top}</div>{title}</div>'
        '<ul class="qs {dense}">{rows}</ul><p class="say">{sentence}</p></div>'
        '<div class="jn"><b>{scan}</b>{code}<span class="q">{type}</span><b class="code">{short}</b></div></div>',
        top=dotted(*top),
        title=title(view.matter or view.title, 10.5),
        dense="dn" if len(view.seats) > 5 else "",
        rows=Markup("").join(map(_seats_row, view.seats)),
        sentence=quorum_words(view.seats) or t("Everybody is there. We can start."),
        scan=t("Scan to sign in"),
        code=qr(join, t("QR code: {text}", text=join), border=0, dark="#084A3E"),
        type=t("or enter"),
        short=view.code,
    )


def quorum_words(rows: tuple[Seats, ...] | list[Seats]) -> str:
    """Who is missing in one sentence, "" when nobody is."""
    short = rules.waiting_for(rows)
    return say(short) if short is not None else ""


def say(sentence: Sentence) -> str:
    """A rule's sentence in the reader's language; lists in it are joined as the language joins them."""
    values = {
        name: listed([spoken(each, t) if isinstance(each, Sentence) else str(each) for each in value])
        if isinstance(value, tuple)
        else value
        for name, value in sentence.values.items()
    }
    return t(sentence.message, **values)


def chip(party: Party, label: str) -> Markup:
    """A party's disc with the name it has in this meeting; the letter is the name's own first one where the party shares its letter."""
    letter = label[:1] if lang() == "zh-CN" and label and party is Party.EXPERTS else party_letter(party)
    return m(
        '<span class="pt {css}"><i aria-hidden="true">{letter}</i><span>{name}</span></span>',
        css=party_class(party),
        letter=letter,
        name=user_line(label) if label else word(party),
    )


def _seats_row(row: Seats) -> Markup:
    shown = max(row.have, row.need)
    dots = (
        seats(row.have, shown, row.party) if shown <= MOST_DOTS else m('<b class="num">{have} / {need}</b>', have=row.have, need=row.need)
    )
    state = t("all there") if not row.missing else tn("{n} short", "{n} short", row.missing)
    return m(
        '<li class="{css}">{chip}<span>{dots}</span><span class="{state_css}">{state}</span></li>',
        css="miss" if row.missing else "",
        chip=chip(row.party, row.label),
        dots=dots,
        state_css="" if row.missing else "q",
        state=state,
    )


def clock(ends: datetime | None, now: datetime, paused: datetime | None = None, over: str = "") -> Markup:
    """ "1:24", counted down by the browser; it stands still while paused."""
    left = rules.time_left(ends, now, paused)
    if ends is None or left is None:
        return Markup("")
    if paused is not None:
        return m('<span class="num">{text}</span>', text=counted(left))
    ms = int(ends.timestamp() * 1000)
    return m(
        '<span class="num" data-ends="{ms}" data-over="{over}">{text}</span>',
        ms=ms,
        over=over,
        text=counted(left) if left or not over else over,
    )


def counted(left: timedelta) -> str:
    """ "1:24", "1:02:05"."""
    seconds = ceil(left.total_seconds())
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def _item(view: Board, now: datetime) -> Markup:
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


def kind_words(kind: AgendaKind | None) -> str:
    """What is done with an item of this kind, for those in the room."""
    return {
        AgendaKind.BRIEFING: t("Listening: what has happened so far"),
        AgendaKind.DISCUSSION: t("Everybody says what speaks for and against"),
        AgendaKind.VOTE: t("Voting"),
        None: "",
    }[kind]


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
        '<div class="rgt"><div class="hd0"><b>{title}</b><span class="q">{count}</span></div><ul>{rows}</ul></div>',
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


def _vote(view: Board, now: datetime) -> Markup:
    vote = view.vote
    if vote is None:
        return m(
            '<div class="mid"><div class="t">{title}</div><p class="q">{said}</p></div>',
            title=user_line(view.item_title),
            said=t("This vote was called off. The meeting goes on."),
        )
    return m(
        '<div class="vt"><div class="a"><div><div class="e">{now}</div>{question}</div>'
        '<div class="r"><span class="big got num">{got}</span><span class="q of">{of}</span></div><p>{hidden}</p></div>'
        '<div class="b"><b class="left">{left}</b>{cells}</div></div>',
        now=dotted(t("Voting now"), voice_words(vote.votes_by)),
        question=title(vote.question, 9.2),
        got=number(vote.received),
        of=received_words(vote),
        hidden=t("Nobody sees the result before the reveal."),
        left=_left(vote, now),
        cells=_cells(vote.received, vote.voters, votes_words(vote)),
    )


def voice_words(by: VotesBy) -> str:
    """Who has a voice."""
    return t("One home, one vote") if by is VotesBy.HOUSEHOLD else t("By owners and by area")


def received_words(vote: Vote) -> str:
    return (
        t("/ {n} homes have voted", n=number(vote.voters))
        if vote.votes_by is VotesBy.HOUSEHOLD
        else t("/ {n} owners have voted", n=number(vote.voters))
    )


def votes_words(vote: Vote) -> str:
    """ "已收到 31 / 42"."""
    return t("{n} of {m} votes received", n=number(vote.received), m=number(vote.voters))


def _left(vote: Vote, now: datetime) -> Markup:
    if vote.closes_at is None or vote.closes_at <= now or vote.state.value != "open":
        return m("{text}", text=t("Voting has ended"))
    if vote.closes_at - now > timedelta(hours=12):
        return m("{text}", text=t("until {time}", time=near(vote.closes_at)))
    template = t("{clock} left", clock="|")
    before, _, after = template.partition("|")
    return m("{before}{clock}{after}", before=before, clock=clock(vote.closes_at, now), after=after)


def _cells(done: int, total: int, said: str) -> Markup:
    if total > MOST_CELLS:
        return m(
            '<div class="cb0" role="img" aria-label="{said}"><i style="width:{width}%"></i></div>', said=said, width=per_cent(done, total)
        )
    columns = max(5, ceil(sqrt(66 * total / 58)))
    inside = Markup("<i></i>") * min(done, total) + Markup('<i class="e"></i>') * max(0, total - done)
    return m(
        '<div class="cells" style="grid-template-columns:repeat({n},1fr)" role="img" aria-label="{said}">{inside}</div>',
        n=columns,
        said=said,
        inside=inside,
    )


# ---- the result


def outcome_words(result: Result) -> str:
    """The outcome in words: adopted, not adopted, too few, a tie, or the option that was chosen."""
    said = result.said.outcome
    if said == "elected":
        return result.chosen or t("Chosen")
    return {"adopted": t("Adopted"), "rejected": t("Not adopted"), "no_quorum": t("Too few votes"), "tie": t("A tie")}[said]


def after_words(result: Result) -> str:
    """What follows from it."""
    if result.said.adopted:
        return tn("In force after {n} day’s notice", "In force after {n} days’ notice", result.notice_days)
    return t("It can be reopened with new reasons") if result.said.outcome == "rejected" else t("Back to deliberation")


def _panel(result: Result) -> Markup:
    said = outcome_words(result)
    longest = max(map(wide, said.split())) if " " in said else wide(said)
    size = min(26.0 if lang() == "zh-CN" else 12.4, 54 / max(longest, 1)) if wide(said) <= 10 else max(6.5, min(10.0, 150 / wide(said)))
    lead = m("<em>{text}</em>", text=t("Chosen")) if result.said.outcome == "elected" and result.chosen else Markup("")
    return m(
        '<div class="out {css}">{lead}<b lang="{lang}" style="font-size:calc({size}*var(--u))">{said}</b><span>{after}</span></div>',
        css="" if result.said.adopted else "no",
        lead=lead,
        size=f"{size:.1f}",
        lang=lang(),
        said=said,
        after=after_words(result),
    )


def _result(view: Board, result: Result) -> Markup:
    choice = any(bar.label for bar in result.bars)
    shares = {(bar.share, bar.at_least) for bar in result.bars if bar.share is not None}
    common = Threshold(*next(iter(shares))) if len(shares) == 1 else None  # type: ignore[arg-type]
    rows = Markup("").join(_bar(bar, result.votes_by, choice=choice, words=common is None) for bar in result.bars[:5])
    foot = Markup("")
    if common is not None:
        at = per_cent(common.share.numerator, common.share.denominator)
        foot = m(
            '<div class="th"><span class="{edge}" style="left:{at}%">{text}</span></div>',
            edge="end" if common.share > Fraction(4, 5) else "",
            at=at,
            text=threshold_words(common),
        )
    return m(
        '<div class="rsl"><div class="q tt">{title}</div><div class="bars n{n}">{rows}{foot}</div><p class="why">{why}</p></div>',
        title=user_line(view.item_title),
        n=len(result.bars[:5]),
        rows=rows,
        foot=foot,
        why=reason_words(result),
    )


def reason_words(result: Result) -> str:
    """Who took part and what decided, in two sentences; all of them stand in the minutes."""
    said = explained(result.said, t)
    return (said[0] + ("" if lang() == "zh-CN" else " ") + said[-1]) if len(said) > 1 else "".join(said)


def _bar(bar: Bar, by: VotesBy, *, choice: bool, words: bool) -> Markup:
    need = Threshold(bar.share, bar.at_least) if bar.share is not None else None
    value = Fraction(bar.figure) / Fraction(bar.base) if bar.base else Fraction(0)
    percent = telling_share(value, need)
    label = user_line(bar.label) if choice else m("{text}", text=measure_words(bar.measure, by))
    unit = " m²" if bar.measure == "area" else ""
    tick = m('<u style="left:{at}%"></u>', at=per_cent(need.share.numerator, need.share.denominator)) if need else Markup("")
    return m(
        '<div class="br {css}"><div class="l"><span>{label} <span class="q num">{figure} / {base}{unit}</span>{need}</span>'
        '<b class="num">{whole}<small>%</small></b></div><div class="tr"><i class="{fill}" style="width:{width}%"></i>{tick}</div></div>',
        css="ch" if choice else "",
        label=label,
        figure=_figure(bar.figure),
        base=_figure(bar.base),
        unit=unit,
        need=m(' <span class="q">{text}</span>', text=threshold_words(need)) if need and words else "",
        whole=percent.removesuffix("%").strip(),
        fill="" if bar.good else "ot" if choice else "no",
        width=per_cent(value.numerator, value.denominator),
        tick=tick,
    )


def measure_words(measure: str, by: VotesBy) -> str:
    """What a condition counts."""
    if measure == "persons" and by is VotesBy.HOUSEHOLD:
        return t("Homes", context="measure")
    return {"persons": t("People", context="measure"), "area": t("Area", context="measure"), "weight": t("Weight", context="measure")}[
        measure
    ]


def _figure(value: Decimal) -> str:
    return number(int(value)) if value == value.to_integral_value() else number(value)


# ---- the end


def _closing(view: Board, mark: Shown | None) -> Markup:
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
    when = t("Agreed today") if not view.closed else t("Agreed on {day}", day=moment(view.closed_at or view.starts_at, view.zone))
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


def checkpoint_link(meeting_id: str, mark: Shown) -> str:
    """Where the minutes are, with the size and half the root of the log as they are now: who keeps this link is a witness."""
    return f"{addresses.home()}/minutes/{meeting_id}?size={mark.size}&root={mark.root[:32]}"


def _off(view: Board) -> Markup:
    return m(
        '<div class="mid"><div class="e">{when}</div><div class="t">{title}</div><p>{said}</p><p class="q">{why}</p></div>',
        when=near(view.starts_at, view.zone),
        title=user_line(view.title),
        said=t("This meeting has been called off."),
        why=user_line(view.why_cancelled),
    )


# ---- the next screen, as the chair may see it beforehand


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
        title=user_line(scene.title) if scene.title else scene_words(view, target),
        said=said,
    )


def scene_words(view: Board, position: int) -> str:
    """A screen in a word or two, for the strip and the button."""
    scene = view.scenes[min(position, len(view.scenes) - 1)]
    if scene.screen is Screen.ITEM:
        return word(scene.kind) if scene.kind is not None else ""
    return word(scene.screen)
