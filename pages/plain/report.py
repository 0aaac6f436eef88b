"""Report a concern from a phone: photo, one sentence, place; who said the same; the receipt, and later the answer, by its address."""

from __future__ import annotations

from functools import partial
from urllib.parse import quote

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import BaseRoute

from models.vocabulary import Category, ConcernStage
from pages.kit.html import m, user_line, user_text
from pages.kit.marks import Tone
from pages.kit.tables import Receipt as Slip
from pages.kit.words import listed, moment, near, opening, t, tn, word
from pages.plain import attached, fields, parts
from pages.plain.door import Asked, go, route
from pages.plain.page import page
from services import addresses, clock, concerns, filing, once, proposals
from services.i18n import stamp
from services.reads import concerns as reads
from services.reads import filing as ground
from services.reads.concerns import Seen
from services.reads.filing import Ground
from services.reads.similar import Alike, alike, supported, voices
from services.receipt_picture import png
from services.rules import access
from services.work import do, new_id

KIND = "concern"
GIVEN = ("text", "place", "category", "estate_id", "visitor_name", "visitor_phone", "form")


def show(asked: Asked) -> Markup:
    """`/report`: one screen, the photo first."""
    here = ground.ground(asked.actor, KIND, "concern.file")
    kept = here.draft.content if here.draft else {}
    given = {name: str(kept.get(name, "")) for name in GIVEN}
    form = fields.form(
        "/report",
        asked.token,
        attached.first_button(),
        fields.hidden("form", given["form"] or new_id()),
        attached.field(here.files, t("Take a photo, or choose one"), t("Up to 8 photos, 5 MB each")),
        fields.textarea(
            "text", t("Say it in one sentence"), value=given["text"], required=True, rows=2,
            hint=t("No typing? Press the microphone on your keyboard and speak."),
        ),
        fields.field("place", t("Where is it"), value=given["place"]),
        fields.tags(
            "category", t("What is it about"), [fields.Option(each.value, word(each)) for each in reversed(Category)],
            value=given["category"], required=True,
        ),
        _estate(here, given["estate_id"]),
        _visitor(asked, given),
        fields.end(fields.button(t("Send it"), name="do", value="send"), t("You get an answer within {n} hours", n=here.answer_hours)),
    )  # fmt: skip
    left = _left(asked, here)
    return page(t("What did you see?"), left, form, here=asked.here, wrong=bool(fields.refused()))


def _estate(here: Ground, kept: str) -> Markup:
    if len(here.estates) < 2:
        return Markup("").join(fields.hidden("estate_id", key) for key, _ in here.estates)
    return fields.select("estate_id", t("Which estate"), here.estates, value=kept or here.home, blank=t("I am not sure"))


def _visitor(asked: Asked, given: dict[str, str]) -> Markup:
    """Somebody without an account may leave a name and a phone number; only the desk sees them."""
    if asked.actor.person_id is not None:
        return m('<p class="s">{said}</p>', said=t("Those who handle it see your name and phone number; nobody else sees the number."))
    shown = any(given[name] for name in ("visitor_name", "visitor_phone")) or fields.refused()
    return m(
        '<details class="mo"{open}><summary>{word}</summary>{name}{phone}{privacy}</details>',
        open=Markup(" open") if shown else "",
        word=t("Leave a name and a phone number, if you like"),
        privacy=m('<p class="s"><a href="/privacy">{said}</a></p>', said=t("What is kept about me, and who sees it")),
        name=fields.field("visitor_name", t("Your name"), value=given["visitor_name"], autocomplete="name"),
        phone=fields.field(
            "visitor_phone", t("Your phone"), kind="tel", value=given["visitor_phone"], autocomplete="tel",
            inputmode="tel", hint=t("Only those who handle it see it, and call you only about this."),
        ),
    )  # fmt: skip


def _left(asked: Asked, here: Ground) -> Markup:
    """That something was kept, and the way to begin anew."""
    if fields.refused() or here.draft is None or not (here.draft.content.get("text") or here.files):
        return Markup("")
    again = fields.form("/report", asked.token, m('<button class="lk" name="do" value="forget">{word}</button>', word=t("Begin anew")))
    return m(
        '<div class="nt"><span>{said}</span>{again}</div>',
        said=t("Kept {when}, not sent yet.", when=near(here.draft.saved_at, here.zone)), again=again,
    )  # fmt: skip


def send(asked: Asked) -> Response:
    """Keep what was typed and the photos first; then look for the same; then send it, once: a second press finds the receipt."""
    given = {name: asked.get(name) for name in GIVEN}
    word = concerns.word_of(given)
    if sent := _sent(asked, word):
        return sent
    if attached.drop(asked, f"draft:{KIND}"):
        filing.keep(asked.actor, kind=KIND, content=given, uploads=attached.uploads(asked))
        return go("/report")
    if attached.pressed(asked, "send", "forget") == "forget":
        do(asked.actor, filing.throw_away, KIND)
        return go("/report")
    filing.keep(asked.actor, kind=KIND, content=given, uploads=attached.uploads(asked), check=partial(_checked, given))
    if _alike(asked, given):
        return _sent(asked, word) or go("/report/similar")  # of two presses at once the second finds what the first has just made
    return _file(asked, given)


def _sent(asked: Asked, word: str) -> Response | None:
    """To the receipt of what came of this very form with these words already, and nothing of a second press stays; else None."""
    receipt = once.receipt_of(asked.actor, word)
    if not word or not asked.actor.owner or not reads.is_filed(asked.actor, receipt):
        return None
    do(asked.actor, filing.forget_sent, KIND, word, concerns.word_of)
    return go(f"/concern/{receipt}?new=1")


def _checked(given: dict[str, str]) -> None:
    names = ("category", "text", "place", "visitor_name", "visitor_phone")
    concerns.look_over(**{name: given[name] for name in names})


def _file(asked: Asked, given: dict[str, str]) -> Response:
    made = do(asked.actor, concerns.file, **given | {"estate_id": given["estate_id"] or None})  # type: ignore[arg-type]
    return go(f"/concern/{made.receipt}?new=1")


# ---- the same has been said


def _alike(asked: Asked, given: dict[str, str]) -> tuple[Alike, ...]:
    return alike(asked.actor, f"{given['text']} {given['place']}", estate_id=given["estate_id"])


def show_similar(asked: Asked) -> Markup | Response:
    """`/report/similar`: who said the same; support it, or send one's own."""
    here = ground.ground(asked.actor, KIND, "concern.file")
    if here.draft is None:
        return go("/report")
    given = {name: str(here.draft.content.get(name, "")) for name in GIVEN}
    found = _alike(asked, given)
    if not found:
        return go("/report")
    if read := next((each for each in found if each.id == asked.query.get("read")), None):
        whole = parts.in_full([("", read.title)], f"/report/similar?read={read.id}", asked.query.get("sheet", ""))
        back = fields.end(fields.way(t("Back"), "/report/similar", quiet=True))
        return page(t("Concern {number}", number=read.number), whole, back, here=asked.here)
    made = _similar(asked, here, given, found, brief=False)
    return made if parts.light(made) else _similar(asked, here, given, found, brief=True)


def _similar(asked: Asked, here: Ground, given: dict[str, str], found: tuple[Alike, ...], brief: bool) -> Markup:
    """`brief`: long texts with their beginning alone."""
    said = max(each.voices for each in found)
    word_ = t("Mine is another matter: send it") if asked.actor.person_id else t("Send mine as well")
    return page(
        tn("{n} person said something like it", "{n} people said something like it", said),
        parts.say(t("If it is the same, add your voice: that is quicker than a second report.")),
        fields.form(
            "/report/similar", asked.token, attached.first_button(), fields.hidden("word", concerns.word_of(given)),
            Markup("").join(_one(each, brief) for each in found),
            parts.heading(t("What you wrote")),
            parts.card(m("<p>{text}</p>", text=user_text(parts.in_short(given["text"], brief))), attached.shown(here.files)),
            fields.end(fields.button(word_, name="do", value="send"), fields.way(t("Change what I wrote"), "/report", quiet=True)),
        ),
        here=asked.here,
    )  # fmt: skip


def _one(each: Alike, brief: bool) -> Markup:
    """One matter that is close, with its button or why there is none."""
    title = (
        user_text(parts.in_short(each.title, brief))
        if each.title
        else t("About: {words}", words=listed(list(each.shared)) if each.shared else each.estate)
    )
    facts = [each.number, each.estate, tn("{n} person", "{n} people", each.voices)]
    if each.supported or each.mine:
        act = parts.badge(t("yours") if each.mine else t("You support it"), Tone.OK)
    elif each.why_not is None:
        act = m(
            '<button class="go sec" name="do" value="{kind}:{id}">{word}</button>', kind=each.kind, id=each.id, word=t("Support this one")
        )
    else:
        act = m('<p class="s">{why}</p>', why=fields.sentence(each.why_not))
        if each.why_not.message == access.SIGN_IN:
            act += fields.way(t("Sign in"), "/auth/login?next=/report/similar", quiet=True)
    about = m("<b>{title}</b>", title=title) + m('<p class="s">{facts}</p>', facts=" · ".join(fact for fact in facts if fact))
    if title and len(each.title) > parts.IN_SHORT and brief:
        about += m('<p><a href="/report/similar?read={id}">{word}</a></p>', id=each.id, word=t("Read all of it"))
    return parts.card(about, act)


def send_similar(asked: Asked) -> Response:
    """A voice for what was said before, or one's own concern after all."""
    word = asked.get("word")
    if sent := _sent(asked, word):
        return sent
    kind, _, row_id = asked.get("do", "send").partition(":")
    if kind in ("concern", "proposal"):
        if not supported(asked.actor, kind, row_id):  # else it is a second press
            if kind == "concern":
                do(asked.actor, concerns.support, concern_id=row_id)
            else:
                do(asked.actor, proposals.support, proposal_id=row_id)
        do(asked.actor, filing.forget_sent, KIND, word, concerns.word_of)
        return go(f"/report/supported?concern={quote(row_id)}" if kind == "concern" else f"/proposal?id={quote(row_id)}")
    attached.pressed(asked, "send")
    here = ground.ground(asked.actor, KIND, "concern.file")
    given = {name: str(here.draft.content.get(name, "")) for name in GIVEN} if here.draft else {}
    if not given:
        return go("/report")
    _checked(given)
    return _file(asked, given)


def show_supported(asked: Asked) -> Markup:
    """That a voice was added."""
    said = voices(asked.actor, asked.query.get("concern"))
    return page(
        t("Your voice counts"),
        parts.say(tn("{n} person has said it now.", "{n} people have said it now.", said)),
        fields.end(fields.way(t("To the front page"), "/"), fields.way(t("Report something else"), "/report", quiet=True)),
        here=asked.here,
    )


# ---- the receipt, and later the answer


def show_concern(asked: Asked) -> Markup:
    """`/concern/{receipt}`: for whoever holds the receipt: its number, when the answer is due, how it stands."""
    seen = reads.by_receipt(asked.actor, asked.params["receipt"])
    if asked.query.get("all"):
        return _read_all(asked, seen)
    mine = [fields.way(t("Open my page of it"), f"/concern?id={seen.id}")] if seen.mine else []
    picture = m('<a class="go{css}" href="/concern/{at}.png" download>{word}</a>', css=" sec" if mine else "", at=seen.receipt,
                word=t("Save as a picture"))  # fmt: skip
    slip = Slip(
        title=t("We have it.") if seen.stage is ConcernStage.OPEN else _state(seen),
        at=moment(seen.filed_at, seen.zone),
        number=seen.number,
        check_at=f"{addresses.home()}/concern/{seen.receipt}",
        proves=t("Scan it, or keep this address: the answer will stand here. Whoever has it can read what you wrote."),
        next_dates=_next(seen) if seen.stage is ConcernStage.OPEN else [],
        label=t("Number"),
    )
    end = fields.end(*mine, picture, fields.way(t("To the front page"), "/", quiet=True))

    def whole(brief: bool) -> Markup:
        return page(
            t("Concern {number}", number=seen.number),
            parts.receipt(slip),
            _answer(seen, brief),
            parts.heading(t("What you wrote")),
            parts.card(
                m("<p>{text}</p>", text=user_text(parts.in_short(seen.text, brief))),
                m('<p class="s">{facts}</p>', facts=m(" · ").join(m("{fact}", fact=fact) for fact in _facts(seen))),
                attached.shown(seen.files),
            ),
            m('<p><br><a class="go sec" href="{path}?all=1">{word}</a></p>', path=asked.path, word=t("Read all of it")) if brief else "",
            end,
            here=asked.here,
            heading="",
        )

    made = whole(brief=False)
    return made if parts.light(made) else whole(brief=True)


def _read_all(asked: Asked, seen: Seen) -> Markup:
    """`/concern/{receipt}?all=1`: the answer and the words of the concern, sheet by sheet."""
    told = [(_answered(seen), seen.answer), (t("What you wrote"), seen.text)]
    whole = parts.in_full(told, f"{asked.path}?all=1", asked.query.get("sheet", ""))
    back = fields.end(fields.way(t("Back"), asked.path, quiet=True))
    return page(t("Concern {number}", number=seen.number), whole, back, here=asked.here)


def _facts(seen: Seen) -> list[str | Markup]:
    told: list[str | Markup] = [word(seen.category)]
    told += [user_line(each) for each in (seen.estate, seen.place) if each]
    if seen.supporters:
        told.append(tn("{n} supports it", "{n} support it", seen.supporters))
    return told


def _state(seen: Seen) -> str:
    if seen.stage is ConcernStage.PROPOSED:
        return t("A proposal has come of it.")
    return t("Your concern is closed.") if seen.stage is ConcernStage.CLOSED else t("There is an answer for you.")


def _answered(seen: Seen) -> str:
    return t("Answer, {when}", when=near(seen.answered_at, seen.zone) if seen.answered_at else "")


def _answer(seen: Seen, brief: bool) -> Markup:
    if not seen.answer:
        return Markup("")
    said = parts.note(_answered(seen), user_text(parts.in_short(seen.answer, brief)), Tone.OK)
    if seen.proposal_id:
        said += m(
            '<p><a href="/proposal?id={id}">{word}</a></p>',
            id=seen.proposal_id,
            word=t("See proposal {number}", number=seen.proposal_number),
        )
    return said


def _next(seen: Seen) -> list[tuple[str, str]]:
    late = clock.now() >= seen.due_at
    due = t("The answer was due. It stands on top of the list in red.") if late else t("By then you have the first answer, on this page.")
    rows = [(opening(near(seen.due_at, seen.zone)), due), (t("Afterwards"), t("It is settled, or a proposal comes of it."))]
    return [*rows, (t("In a hurry?"), t("Call {phone}", phone=seen.office_phone))] if seen.office_phone else rows


def picture(asked: Asked) -> Response:
    """The receipt as a picture to keep."""
    seen = reads.by_receipt(asked.actor, asked.params["receipt"])
    body = png(seen.number, f"{addresses.home()}/concern/{seen.receipt}", stamp(seen.filed_at, seen.zone))
    headers = {"content-disposition": f'attachment; filename="{seen.number}.png"', "cache-control": "no-store"}
    return Response(body, media_type="image/png", headers=headers)


routes: list[BaseRoute] = [
    route("/report", show, send),
    route("/report/similar", show_similar, send_similar),
    route("/report/supported", show_supported),
    route("/concern/{receipt}.png", picture),
    route("/concern/{receipt}", show_concern),
]
