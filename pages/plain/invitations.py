"""Invitations on A4: one for the notice board, or one a person with a code of their own, shown once."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from starlette.routing import Route

from models.vocabulary import MeetingState
from pages.kit import words
from pages.kit.html import m, user_line, user_text
from pages.kit.marks import qr
from pages.kit.words import joined, moment, t, tn, word
from pages.plain import fields
from pages.plain.door import Asked, route
from pages.plain.page import page
from pages.plain.parts import note, out_of_reach
from services import addresses, meetings
from services.errors import WrongStage
from services.i18n import LANGS
from services.reads import meetings as reads
from services.work import do, new_id

SHEETS = Markup(
    "<style>.inv{background:#fff;color:#15211D;border:1px solid #D5DCD8;border-radius:.67rem;padding:1.6rem 1.8rem;margin:1rem 0}"
    ".inv h2{font-size:1.667rem;padding:.2rem 0 .4rem}.inv .k{display:flex;gap:1.6rem;align-items:center;margin:1rem 0}"
    ".inv .qr{width:9rem;flex:none}.inv .k b{display:block;font-size:1.667rem;letter-spacing:.06em}.inv ol{padding-left:1.4rem}"
    ".inv hr{margin:1.6rem 0}"
    "@page{size:A4;margin:16mm}@media print{.no,header,h1,h1+.q,.demo{display:none!important}"
    ".inv{border:0;padding:0;break-after:page;font-size:1.3rem}.inv:last-child{break-after:auto}.inv .s{font-size:1rem}"
    ".inv h2{font-size:2.4rem}.inv .qr{width:14rem}.inv .k b{font-size:1.889rem}}</style>"
)


def show(asked: Asked) -> Markup:
    """The invitation for everybody, and the way to personal ones."""
    meeting = _meeting(asked)
    back = fields.way(t("Back to the meeting"), f"/meeting?id={meeting.board.meeting_id}", quiet=True)
    return page(
        t("Invitation"),
        SHEETS,
        out_of_reach(),
        m('<div class="no">{said}{again}<br>{back}</div>', said=_print(), again=_personal(asked, meeting), back=back),
        _sheet(meeting, "", f"{addresses.home()}/j/{meeting.board.code}", meeting.board.code),
        here=asked.here,
        paper=True,
    )


def _personal(asked: Asked, meeting: reads.Page) -> Markup:
    """The buttons for sheets with a code: one person's, or those still missing and all anew."""
    away = [each for each in meeting.guests or () if not each.there]
    if not away:
        return Markup("")
    one = next((each for each in away if each.person_id == asked.query.get("who")), None)
    without = sum(not each.coded for each in away)
    parts: list[Markup | str] = []
    if one is not None:
        said = t("The code printed before for {name} stops working.", name=one.name) if one.coded else ""
        word = t("Print the invitation for {name}, with a code", name=one.name)
        parts += [fields.button(word, name="who", value=one.person_id), said]
    else:
        if 0 < without < len(away):
            word = tn("Print one for the {n} person who has none yet", "Print one for each of the {n} people who have none yet", without)
            parts += [fields.button(word, name="missing", value="1"), t("Codes printed before keep working.")]
        said = t("Each code signs one person in, without a password.")
        if without < len(away):
            said = t("Each code signs one person in, without a password. Codes printed before stop working.")
        parts += [fields.button(t("Print one for each person, with a code"), quiet=bool(parts)), said]
    return fields.form(asked.here, asked.token, fields.hidden("form", new_id()), fields.end(*(part for part in parts if part)))


def make(asked: Asked) -> Markup:
    """New personal codes, and their sheets at once."""
    made = do(
        asked.actor, meetings.invitation_codes, meeting_id=asked.params["meeting"], person_id=asked.get("who") or None,
        missing=bool(asked.get("missing")), form=asked.get("form"),
    )  # fmt: skip
    meeting = _meeting(asked)
    back = fields.way(t("Back to the meeting"), f"/meeting?id={meeting.board.meeting_id}", quiet=True)
    said = note(t("Print them now."), t("The codes are shown this once."))
    return page(
        tn("{n} invitation", "{n} invitations", len(made)),
        SHEETS,
        out_of_reach(),
        m('<div class="no">{said}{back}</div>', said=said, back=back),
        *(_sheet(meeting, each.name, f"{addresses.home()}/i/{each.code.replace(' ', '')}", each.code, each.label) for each in made),
        here=asked.path,
        paper=True,
        once=True,  # a switch would load the page anew, and the codes, kept nowhere, would be gone
    )


def _print() -> Markup:
    return note(t("The browser prints with Ctrl+P."), t("One sheet of A4."))


def _meeting(asked: Asked) -> reads.Page:
    meeting = reads.page(asked.actor, asked.params["meeting"])
    if refusal := meeting.doors["meeting.invite"]:
        raise refusal
    if meeting.board.state is MeetingState.CANCELLED:
        raise WrongStage("This meeting has been called off.")
    if meeting.board.state is MeetingState.CLOSED:
        raise WrongStage("This meeting is over.")
    return meeting


def _sheet(meeting: reads.Page, name: str, there: str, code: str, label: str = "") -> Markup:
    """One sheet: first in the language of the community, then the short form in the other one."""
    languages = [meeting.language, *(each for each in LANGS if each != meeting.language)]
    return m(
        '<section class="inv">{parts}</section>',
        parts=Markup("").join(_in(meeting, each, name, there, code, label, first=each == languages[0]) for each in languages),
    )


def _in(meeting: reads.Page, language: str, name: str, there: str, code: str, label: str, *, first: bool) -> Markup:
    view = meeting.board
    with words.speaking(language):
        when = moment(view.starts_at, view.zone, year=True)
        dear = (
            t("Dear {name}, please come for: {party}", name=name, party=words.label_name(label))
            if name
            else t("Everybody whom it concerns may come and listen.")
        )
        facts = m("<p>{when}<br>{place}</p>", when=when, place=user_line(view.place))
        if not first:
            return m(
                '<hr><div lang="{lang}"><p><b>{title}</b></p>{facts}<p class="s">{how}</p></div>',
                lang=language,
                title=user_line(view.title),
                facts=facts,
                how=_how(bool(name)),
            )
        return m(
            '<div lang="{lang}"><p class="s">{community}{demo}</p><h2>{title}</h2><p>{dear}</p>{facts}{text}'
            '<div class="k">{code}<div><span class="s">{or_type}</span><b class="n">{letters}</b><p class="s">{how}</p></div></div>'
            "<p><b>{agenda}</b></p><ol>{items}</ol></div>",
            lang=language,
            community=user_line(view.community),
            demo=m(" {said}", said=words.demo_mark()) if words.demo_mark() else "",
            title=user_line(view.title),
            dear=dear,
            facts=facts,
            text=m("<p>{text}</p>", text=user_text(meeting.invitation)) if meeting.invitation else "",
            code=qr(there, t("QR code: {text}", text=t("the page of this meeting"))),
            or_type=t("or open {address} and type", address=f"{addresses.home()}/j"),
            letters=code,
            how=_how(bool(name)),
            agenda=t("Agenda"),
            items=_items(meeting.agenda),
        )


def _how(personal: bool) -> str:
    if personal:
        return t("Scan it when you are there and press “I am here”. Keep the sheet to yourself; the code is yours alone.")
    return t("Scan it in the room: sign in, follow, and say what speaks for and against.")


def _items(rows: Sequence[reads.AgendaRow]) -> Markup:
    return Markup("").join(
        m(
            '<li>{title} <span class="s">{about}</span></li>',
            title=user_line(row.title),
            about=joined(word(row.kind), tn("{n} min", "{n} min", row.minutes)),
        )
        for row in rows
    )


routes: list[Route] = [route("/invitations/{meeting}", show, make)]
