"""Ballot codes on paper: one slip a home with its QR code and its one-time code, two slips on a sheet of A4, shown once."""

from __future__ import annotations

from markupsafe import Markup
from starlette.routing import Route

from pages.kit import words
from pages.kit.html import m, user_line
from pages.kit.marks import qr
from pages.kit.words import moment, t, tn
from pages.plain import fields
from pages.plain.door import Asked, route
from pages.plain.page import page
from pages.plain.parts import note, out_of_reach, rows, say
from services import addresses, polls
from services.i18n import LANGS
from services.reads import polls as reads
from services.rules import codes
from services.work import do, new_id

SLIPS = Markup(
    "<style>.slip{background:#fff;color:#15211D;border:1px solid #D5DCD8;border-radius:.67rem;padding:1.2rem 1.4rem;margin:1rem 0}"
    ".slip h2{font-size:1.222rem;padding:0 0 .3rem}.slip .k{display:flex;gap:1.6rem;align-items:center;margin:.7rem 0}"
    ".slip .qr{width:8rem;flex:none}.slip .k b{display:block;font-size:1.222rem;letter-spacing:.06em;font-variant-numeric:tabular-nums}"
    ".slip .h{font-size:1.667rem;font-weight:700}.slip ol{padding-left:1.3rem;font-size:.889rem}.slip ol+ol{margin-top:.5rem}"
    "@page{size:A4;margin:12mm}"
    "@media print{.no,header,h1,h1+.q,.demo{display:none!important}"
    ".slip{border:0;border-bottom:1px dashed #888;border-radius:0;margin:0;padding:4mm 2mm;height:134mm;overflow:hidden;break-inside:avoid}"
    ".slip:nth-of-type(2n){break-after:page;border-bottom:0}.slip:last-child{break-after:auto}}</style>"
)


def show(asked: Asked) -> Markup:
    """What will be printed, for how many homes, and that earlier codes end with it."""
    poll = reads.page(asked.actor, asked.params["poll"])
    if refusal := poll.doors["poll.codes"]:
        raise refusal
    entry = next((line for line in poll.roll or () if line.entry_id == asked.query.get("home")), None)
    homes = 1 if entry else poll.received.m
    word = tn("Make and print {n} code", "Make and print {n} codes", homes)
    if entry:
        word = t("Make and print a new code for home {home}", home=entry.label)
    warning = t("Earlier codes stop working at once. Ballots that were cast with them stay.") if poll.codes_out else ""
    one_lost = poll.codes_out > 0 and entry is None
    facts = [(t("Codes handed out"), words.number(poll.codes_out)), (t("Of these used"), words.number(poll.codes_used))]
    return page(
        t("Codes for voting"),
        rows(facts) if poll.codes_out else say(t("One slip a home, with a QR code and a one-time code. Hand each to its home, unopened.")),
        out_of_reach(),
        note(t("Codes are shown once."), t("They are kept nowhere: print them now, and lock away what is left.")),
        *([note(t("Is only one slip lost?"), t("Make one for that home alone, on the page of the vote."))] if one_lost else []),
        fields.form(asked.here, asked.token, fields.hidden("form", new_id()), fields.end(fields.button(word), warning)),
        here=asked.here,
        sub=user_line(poll.question),
    )


def make(asked: Asked) -> Markup:
    """New codes, and their slips at once."""
    made = do(asked.actor, polls.codes, poll_id=asked.params["poll"], entry_id=asked.query.get("home"), form=asked.get("form"))
    poll = reads.page(asked.actor, asked.params["poll"])
    way = fields.way(t("Back to the vote"), f"/poll?id={poll.id}", quiet=True)
    return page(
        tn("{n} slip", "{n} slips", len(made)),
        SLIPS,
        out_of_reach(),
        m(
            '<div class="no">{said}{way}</div>',
            said=note(t("Print them now."), t("The codes are shown this once. The browser prints with Ctrl+P; two slips a sheet.")),
            way=way,
        ),
        *(_slip(poll, home, code) for home, code in made),
        here=f"/codes/{poll.id}",
        paper=True,
        once=True,  # a switch would load the page anew, and the codes, kept nowhere, would be gone
    )


def _slip(poll: reads.Page, home: str, code: str) -> Markup:
    """One slip: first in the language of the community, then in the other one."""
    there = f"{addresses.home()}/b/{code}"
    languages = [poll.language, *(each for each in LANGS if each != poll.language)]
    return m(
        '<section class="slip"><p class="s">{top}</p><h2>{question}</h2>'
        '<div class="k">{code}<div>{home}<b>{letters}</b></div></div>{how}</section>',
        top=words.joined(poll.where, poll.number, words.demo_mark()),
        question=user_line(poll.question),
        code=qr(there, t("QR code: {text}", text=t("the ballot of this home"))),
        home=m('<span class="h">{home}</span>', home=user_line(home)),
        letters=codes.grouped(code),
        how=Markup("").join(_how(poll, language) for language in languages),
    )


def _how(poll: reads.Page, language: str) -> Markup:
    with words.speaking(language):
        until = t("The committee tells you when the vote opens.")
        if poll.closes_at:
            until = t("Open until {when}.", when=moment(poll.closes_at, poll.zone))
        steps = [
            t("Scan the QR code with your phone, or open {address} and type the code.", address=f"{addresses.home()}/b"),
            t("Choose, cast your vote, keep the receipt. One vote a home; until the close you may change it on the same phone."),
            t("This vote is not secret: your answer is kept with your home. Nobody sees the result before the reveal."),
        ]
        if poll.rule.get("base") == "present" and poll.opened_at is None:
            steps.insert(1, t("Sign in at the meeting first: this vote counts the homes that are there."))
        return m(
            '<ol lang="{lang}">{steps}<li>{until} {lost}</li></ol>',
            lang=language,
            steps=Markup("").join(m("<li>{said}</li>", said=said) for said in steps),
            until=until,
            lost=t("Lost it? The committee gives you a new one, and this one ends."),
        )


routes: list[Route] = [route("/codes/{poll}", show, make)]
