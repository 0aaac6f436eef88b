"""Voting from a phone: a code becomes a ticket, the ticket a ballot; signed in without a code; the receipt and what it proves."""

from __future__ import annotations

from datetime import timedelta
from typing import TypeVar
from urllib.parse import quote, urlsplit

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import Route

from models.vocabulary import PollState
from pages.kit.html import m
from pages.kit.tables import Receipt as Slip
from pages.kit.words import moment, near, opening, t
from pages.plain import fields, parts
from pages.plain.door import Asked, go, route
from pages.plain.page import page
from pages.plain.paper import all_about, paper
from services import actors, addresses, ballots, clock
from services.errors import Invalid, NotFound
from services.i18n import stamp
from services.reads import ballots as reads
from services.reads import communities
from services.reads.ballots import Held, Paper, Receipt
from services.receipt_picture import png
from services.rules import codes
from services.work import do

TICKETS = "yiqi-ballot"
MOST_TICKETS = 6
Kept = TypeVar("Kept", Paper, Held)


def _tickets(asked: Asked) -> list[str]:
    """The tickets in this browser, the newest first."""
    kept = addresses.private_cookie(asked.cookies, TICKETS, _host(asked)) or ""
    return [each for each in kept.split(".") if each][:MOST_TICKETS]


def _host(asked: Asked) -> str:
    return urlsplit(asked.base_url).netloc


def enter(asked: Asked) -> Response:
    """`/b/{code}`: the code of a printed sheet becomes a ticket in a cookie, at once; the address that follows has no code in it."""
    return Response(status_code=204) if asked.method == "HEAD" else _exchange(asked, asked.params["code"])


def _exchange(asked: Asked, code: str) -> Response:
    tickets = _tickets(asked)
    if not any(ballots.fits(ticket, code) for ticket in tickets):
        tickets.insert(0, ballots.enter(code, asked.user, asked.client))
    held = reads.held(tickets)
    last = max((each.closes_at for each in held[:1] if each.closes_at), default=clock.now())
    host = _host(asked)
    answer = go("/b")
    seconds = max(3600, (last - clock.now() + timedelta(days=1)) // timedelta(seconds=1))
    kept = ".".join(each.ticket for each in held[:MOST_TICKETS])
    answer.headers.append("set-cookie", addresses.set_cookie(addresses.cookie(TICKETS, host), kept, host, seconds=seconds))
    return answer


def show(asked: Asked) -> Markup:
    """`/b`: the newest ballot of this browser, `?paper=` another one; without any, a field for the code."""
    papers = reads.by_tickets(_tickets(asked))
    if not papers or "another" in asked.query or asked.get("code"):
        return _by_hand(asked)
    given = _picked(papers, asked.get("paper") or asked.query.get("paper", ""))
    if asked.query.get("about"):
        return all_about(given, action="/b", sheet=asked.query.get("sheet", ""), here=asked.here)
    others = [*_others(papers, given, "/b"), (t("Another code"), "/b?another")]
    return paper(given, action="/b", token=asked.token, others=others, several=len(papers) > 1,
                 result=_result(asked, given.community_id, given.poll_id) if given.closed else "")  # fmt: skip


def act(asked: Asked) -> Response:
    """A ballot, or a code typed by hand."""
    if code := asked.get("code"):
        return _exchange(asked, code)
    held = reads.held(_tickets(asked))
    if not held:
        raise Invalid("Type the code from your sheet.", field="code")
    given = _picked(held, asked.get("paper"))
    put = do(actors.visitor(given.community_id, asked.user), ballots.cast_by_ticket, ticket=given.ticket, choice=asked.get("choice"))
    return go(f"/receipt/{put.receipt}")


def show_own(asked: Asked) -> Markup:
    """`/ballot/{poll}`: the ballot of somebody who is signed in; `?paper=` one of several homes."""
    papers = reads.of_person(asked.actor, asked.params["poll"])
    wanted = asked.get("paper") or asked.query.get("paper", "")
    if len(papers) > 1 and not wanted:
        return _choose_home(asked, papers)
    given = _picked(papers, wanted)
    if asked.query.get("about"):
        return all_about(given, action=asked.path, sheet=asked.query.get("sheet", ""), here=asked.here)
    return paper(given, action=asked.path, token=asked.token, others=_others(papers, given, asked.path), several=len(papers) > 1,
                 result=_result(asked, given.community_id, given.poll_id) if given.closed else "")  # fmt: skip


def act_own(asked: Asked) -> Response:
    """The ballot of somebody who is signed in."""
    papers = reads.of_person(asked.actor, asked.params["poll"])
    given = _picked(papers, asked.get("paper"))
    put = do(asked.actor, ballots.cast, poll_id=given.poll_id, choice=asked.get("choice"), unit_id=given.unit_id or None)
    return go(f"/receipt/{put.receipt}")


def _picked(papers: list[Kept], wanted: str) -> Kept:
    """The paper asked for; the first when none was. Raises NotFound for one that is not the reader's."""
    found = next((each for each in papers if each.key == wanted), papers[0] if papers and not wanted else None)
    if found is None:
        raise NotFound()
    return found


def _result(asked: Asked, community_id: str, poll_id: str) -> str:
    """Where a vote is shown to everybody: through its own community's door for a browser that looks at another one."""
    return communities.way(community_id, f"/poll?id={poll_id}", asked.actor)


def _others(papers: list[Paper], given: Paper, path: str) -> list[tuple[str, str]]:
    more = [each for each in papers if each.key != given.key and (each.closed is None or each.poll_id == given.poll_id)]
    if len(more) > MOST_TICKETS:  # homes of one owner: no ballot carries them all
        return [(t("You answer for several homes here. Choose one of them."), path)]
    return [(t("{home}: {question}", home=each.label, question=each.question), f"{path}?paper={each.key}") for each in more]


def _by_hand(asked: Asked) -> Markup:
    hint = t("Five groups of four, below the QR code on the sheet")
    field = fields.field("code", t("Code"), hint=hint, required=True, maxlength=40, autocomplete="one-time-code")
    return page(
        t("Vote with a code"), fields.form("/b", asked.token, field, fields.end(fields.button(t("Open my ballot")))),
        here="/b?another" if _tickets(asked) else "/b",
        sub=t("Somebody from your community has put a sheet with your code into your hands."), wrong=bool(fields.refused()),
    )  # fmt: skip


_OVER = (PollState.CLOSED, PollState.REVEALED)


def _how_it_stands(paper: Paper) -> str:
    if paper.state in _OVER:
        return t("Your vote is in.") if paper.receipt else t("No vote of this home came in.")
    if paper.closed is not None:
        return fields.sentence(paper.closed)
    return t("Your vote is in. Until the close you may change it.") if paper.receipt else t("Not voted yet")


def _choose_home(asked: Asked, papers: list[Paper]) -> Markup:
    rows = [
        (
            f"{asked.path}?paper={quote(each.key)}", t("Home {home}", home=each.label),
            _how_it_stands(each), Markup(""),
        )
        for each in papers
    ]  # fmt: skip
    shown = parts.links_on_sheets(rows, asked.path, asked.query.get("sheet", ""))
    first, sub, end = papers[0], t("You answer for several homes here. Choose one of them."), Markup("")
    if first.state in _OVER:
        word = t("See how it came out") if first.state is PollState.REVEALED else t("See this vote")
        sub, end = t("Voting has ended"), fields.end(fields.way(word, _result(asked, first.community_id, first.poll_id)))
    return page(first.question, shown, end, here=asked.here, sub=sub)


# ---- the receipt


def show_receipt(asked: Asked) -> Markup:
    """`/receipt/{code}`: that the ballot is in. Anybody with the number may look: it does not say whose it is or which way it went."""
    found = reads.receipt(asked.params["code"])
    off = found.state is PollState.CANCELLED
    given = Slip(
        title=t("This ballot is not counted.") if off else t("Your vote is in."),
        at=moment(found.cast_at, found.zone, seconds=True),
        number=found.number,
        check_at=f"{addresses.home()}/receipt/{found.number}",
        proves=_proves(found),
        next_dates=_next(found),
        off=off,
    )
    mine = _papers_for(asked, found.poll_id)
    on = [m('<a class="go" href="/receipt/{number}.png" download>{word}</a>', number=found.number, word=t("Save as a picture"))]
    if mine and found.state is PollState.OPEN:
        on.append(fields.way(t("Change my vote"), mine, quiet=True))
    elif found.state is PollState.REVEALED:
        on.append(fields.way(t("See how it came out"), _result(asked, found.community_id, found.poll_id), quiet=True))
    elif off:
        on.append(fields.way(t("See this vote"), _result(asked, found.community_id, found.poll_id), quiet=True))
    if found.table:
        on.append(fields.way(t("Back to the meeting"), f"/j/{found.table}", quiet=True))
    on.append(fields.way(t("To the front page"), "/", quiet=True))
    title = t("Receipt {number}", number=codes.grouped(found.number))
    return page(title, parts.receipt(given), fields.end(*on), here=asked.here, heading="")


def _proves(found: Receipt) -> str:
    about = {"question": found.question, "number": found.poll_number}
    if found.state is PollState.CANCELLED:
        return t("“{question}” ({number}): this ballot was in when the vote was called off. It is not counted.", **about)
    if found.state is PollState.REVEALED:
        return t("“{question}” ({number}): this ballot is in the count. The receipt does not say how you voted, nor who you are.", **about)
    return t("“{question}” ({number}): this ballot will be in the count. The receipt does not say how you voted, nor who you are.", **about)


def _next(found: Receipt) -> list[tuple[str, str]]:
    if found.state is PollState.CANCELLED:
        return []
    if found.state is PollState.REVEALED and found.revealed_at:
        return [(opening(near(found.revealed_at, found.zone)), t("The result was shown."))]
    when = opening(near(found.closes_at, found.zone)) if found.closes_at else ""
    return [
        (when, t("The vote closes. Until then you may change it.") if found.state is PollState.OPEN else t("The vote has closed.")),
        (t("After that"), t("The result is shown, to everybody at once.")),
        (t("If adopted"), t("Shown for {n} days; objections can be lodged.", n=found.notice_days)),
    ]


def _papers_for(asked: Asked, poll_id: str) -> str:
    """Where this reader can change their vote: by ticket, by login, or nowhere."""
    held = next((each for each in reads.held(_tickets(asked)) if each.poll_id == poll_id), None)
    if held is not None:
        return f"/b?paper={held.key}"
    return f"/ballot/{poll_id}" if reads.may_vote(asked.actor, poll_id) else ""


def picture(asked: Asked) -> Response:
    """The receipt as a picture to keep."""
    found = reads.receipt(asked.params["code"])
    about = f"{found.poll_number}  {stamp(found.cast_at, found.zone)}"
    body = png(codes.grouped(found.number), f"{addresses.home()}/receipt/{found.number}", about)
    headers = {"content-disposition": f'attachment; filename="receipt-{found.number}.png"', "cache-control": "no-store"}
    return Response(body, media_type="image/png", headers=headers)


routes: list[Route] = [
    route("/b", show, act),
    route("/b/{code}", enter, again=_by_hand),
    route("/ballot/{poll}", show_own, act_own),
    route("/receipt/{code}.png", picture),
    route("/receipt/{code}", show_receipt),
]
