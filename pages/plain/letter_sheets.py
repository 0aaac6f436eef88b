"""Letters on paper: choose the homes, print A4 sheets with a QR code and a one-time code; or one for a lost password."""

from __future__ import annotations

from urllib.parse import quote
from zoneinfo import ZoneInfo

from markupsafe import Markup
from starlette.routing import BaseRoute

from models.vocabulary import LetterKind
from pages.kit import words
from pages.kit.html import m, user_line
from pages.kit.marks import qr
from pages.kit.words import day, joined, t, tn
from pages.plain import fields
from pages.plain.door import Asked, route
from pages.plain.page import page
from pages.plain.parts import note, out_of_reach, say
from services import addresses, letters
from services.errors import Invalid
from services.i18n import day as day_in
from services.reads import letters as reads
from services.rules import codes
from services.rules.roll import number_label
from services.work import do, new_id

PAPER = Markup(
    "<style>.sheet{background:#fff;color:#15211D;border:1px solid #D5DCD8;border-radius:.67rem;padding:2rem 2.2rem;"
    "margin:1.2rem 0}"
    ".sheet h2{font-size:1.667rem;padding:.2rem 0 .6rem}.sheet ol{padding-left:1.3rem}"
    ".sheet .k{display:flex;gap:2rem;align-items:center;"
    "margin:1.4rem 0;flex-wrap:wrap}.sheet .qr{width:9rem}"
    ".sheet .k b{font-size:1.333rem;letter-spacing:.08em;font-variant-numeric:tabular-nums}"
    ".sheet .k p{margin:0}@page{size:A4;margin:18mm}@media print{.no,header,h1,.demo{display:none!important}"
    ".sheet{border:0;padding:0;margin:0;font-size:1.3rem;"
    "break-after:page;break-inside:avoid}.sheet:last-child{break-after:auto}"
    ".sheet .s{font-size:1rem}.sheet .qr{width:12rem}.sheet .k b{font-size:1.667rem}}</style>"
)


def show(asked: Asked) -> Markup:
    if person_id := asked.query.get("person"):
        return _show_person(asked, person_id)
    found = reads.choice(asked.actor, asked.query.get("estate", ""), asked.query.get("building", ""))
    if not found.estates:
        return page(
            t("Letters"),
            say(t("There are no homes in the register yet.")),
            fields.end(fields.way(t("To the register"), "/register")),
            here=asked.here,
        )
    chooser = fields.form(
        "/letters",
        "",
        fields.select("estate", t("Estate"), list(found.estates), value=found.estate),
        fields.select("building", t("Building"), [(each, each) for each in found.buildings], value=found.building),
        fields.button(t("Show these homes"), quiet=True),
        method="get",
    )
    options = [
        fields.Option(home.id, number_label(home.stairwell, home.number), _about(home))
        for home in found.homes
    ]
    homes = fields.form(
        f"/letters?estate={quote(found.estate)}&building={quote(found.building)}",
        asked.token,
        fields.hidden("form", new_id()),
        fields.tick("all", t("A letter for every home of building {building}", building=found.building)),
        fields.cards("unit", t("Or these homes"), options, several=True, required=False, shown=True),
        fields.end(fields.button(t("Issue and print")), t("Earlier letters of these homes stop working.")),
    )
    chosen = homes if options else say(t("This building has no homes."))
    return page(t("Letters for homes"), out_of_reach(), chooser, chosen, here=asked.here)


def _about(home: reads.Home) -> str:
    parts = [tn("{n} account", "{n} accounts", home.accounts) if home.accounts else t("no account yet")]
    if home.letter_on:
        parts.append(t("letter of {day}", day=day(home.letter_on)))
    return joined(*parts)


def _show_person(asked: Asked, person_id: str) -> Markup:
    name, two = reads.receiver(asked.actor, person_id)
    more = (
        note(t("Two people are needed."), t("This person holds a role: a colleague has to confirm the letter before it opens anything."))
        if two
        else ""
    )
    return page(
        t("A new letter"),
        say(t("It sets a new password. Hand it over in person to whom it is for, once you know them or have seen their card.")),
        more,
        out_of_reach(),
        fields.form(
            f"/letters?person={quote(person_id)}",
            asked.token,
            fields.hidden("form", new_id()),
            fields.end(fields.button(t("Issue and print")), t("It holds for 7 days. An earlier letter for this person stops working.")),
        ),
        here=asked.here,
        sub=t("For {name}", name=name),
    )


def issue(asked: Asked) -> Markup:
    """The sheets at once, because the codes are kept nowhere."""
    if person_id := asked.query.get("person"):
        code = do(asked.actor, letters.renew, person_id, asked.get("form"))
        return _sheets(asked, [(reads.sheet_for(asked.actor, person_id), code)])
    chosen = list(asked.values.get("unit", ()))
    if asked.get("all"):
        chosen = [home.id for home in reads.choice(asked.actor, asked.query.get("estate", ""), asked.query.get("building", "")).homes]
    if not chosen:
        raise Invalid("Choose at least one home.", field="unit")
    made = do(asked.actor, letters.issue_many, chosen, asked.get("form"))
    return _sheets(asked, [(sheet, made[unit_id]) for unit_id, sheet in reads.sheets(asked.actor, list(made)).items()])


def _sheets(asked: Asked, made: list[tuple[reads.Sheet, str]]) -> Markup:
    return page(
        tn("{n} letter", "{n} letters", len(made)),
        PAPER,
        out_of_reach(),
        m(
            '<div class="no">{said}</div>',
            said=note(t("Print them now."), t("The codes are shown this once. The browser prints with Ctrl+P; one sheet a home.")),
        ),
        *(_sheet(sheet, code) for sheet, code in made),
        here=asked.here,
        paper=True,
        once=True,  # a switch would load the page anew, and the codes, kept nowhere, would be gone
    )


def _sheet(sheet: reads.Sheet, code: str) -> Markup:
    """One A4 sheet, in the language of the community."""
    there = f"{addresses.home()}/letter/{code}"
    with words.speaking(sheet.language):
        if sheet.kind is LetterKind.HOUSEHOLD:
            title = t("To the home {building}-{number}, {estate}", building=sheet.building, number=sheet.number, estate=sheet.estate)
            opening = t("With this letter everybody of your home can take part: say what is wrong, propose, join meetings, vote, judge.")
            steps = [
                t("Scan the code with your phone, or open {address} and type the letters.", address=f"{addresses.home()}/letter"),
                t("Write your name and phone number, choose a password."),
                t("Your grid worker confirms that you live here. Then your voice counts."),
            ]
            end = t("For up to {n} people of your home, until {day}.", n=letters.USES, day=_day(sheet))
        else:
            title = t("For {name}", name=sheet.person)
            opening = t("With this letter you set a new password. Keep it to yourself: whoever has it can sign in as you.")
            steps = [
                t("Scan the code with your phone, or open {address} and type the letters.", address=f"{addresses.home()}/letter"),
                t("Choose a new password."),
            ]
            end = t("Once, until {day}.", day=_day(sheet))
            if sheet.needs_second:
                end = f"{end} {t('It opens once a second person of the committee has confirmed it.')}"
        return m(
            '<section class="sheet" lang="{lang}"><p>{community}{demo}</p><h2>{title}</h2><p>{opening}</p><ol>{steps}</ol>'
            '<div class="k">{code}<p><span class="s">{label}</span><br><b>{letters}</b></p></div>'
            '<p>{end}</p><p class="s">{help}</p></section>',
            lang=sheet.language,
            community=user_line(sheet.community),
            demo=m('<span class="s"> {said}</span>', said=words.demo_mark()) if words.demo_mark() else "",
            title=m("{title}", title=title),
            opening=opening,
            steps=Markup("").join(m("<li>{said}</li>", said=said) for said in steps),
            code=qr(there, t("QR code: {text}", text=t("the way in"))),
            label=t("The code"),
            letters=codes.grouped(code),
            end=end,
            help=t("Questions? Community office {phone}", phone=sheet.office_phone)
            if sheet.office_phone
            else t("Questions? Ask your grid worker."),
        )


def _day(sheet: reads.Sheet) -> str:
    return day_in(sheet.language, sheet.ends_at.astimezone(ZoneInfo(sheet.time_zone)).date())


routes: list[BaseRoute] = [route("/letters", show, issue)]
