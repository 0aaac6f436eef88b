"""Call a meeting, or change one that has not begun (`?id=`): matters, time, chair, parties, agenda; kept as one types."""

from datetime import datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import streamlit as st

from models.vocabulary import AgendaKind, MeetingState, Party
from pages.kit import door, forms, frame
from pages.kit import pieces as p
from pages.kit.html import h, show
from pages.kit.words import t, word, zone_name
from services import agendas, clock, meetings
from services.errors import WrongStage
from services.reads import meeting_ground
from services.reads import meetings as reads
from services.rules.plain_text import one_line
from services.work import do

PARTIES = [("residents", "", 3), ("community", "", 1)]
PARTY = ("experts", "", 1)
AGENDA = [("briefing", "", 10, None), ("discussion", "", 30, None), ("vote", "", 10, None)]
ITEM = ("discussion", "", 15, None)
PARTY_KEYS, ITEM_KEYS = ("party", "label", "need"), ("kind", "item", "minutes", "about")

actor = frame.me()
meeting_id = st.query_params.get("id", "")
given = reads.page(actor, meeting_id) if meeting_id else None
kind = f"meeting:{meeting_id}" if meeting_id else "meeting"
choices = meeting_ground.choices(actor)
refusal = given.doors["meeting.change"] if given else choices.refusal
door.only(refusal is None, door.say(refusal) if refusal else "", actor)
if given is not None and given.board.state is MeetingState.CANCELLED:
    raise WrongStage("This meeting has been called off.")
if given is not None and given.board.state is MeetingState.CLOSED:
    raise WrongStage("This meeting is over.")
if given is not None and given.board.state is MeetingState.HELD:
    raise WrongStage("This meeting has begun. The chair steers it now.")
zone = ZoneInfo(choices.zone)
fields = door.Fields()
titles = {key: f"{number_} {title}" for key, number_, title in choices.proposals}
titles |= {each.id: f"{each.number} {each.title}" for each in given.matters} if given else {}
chairs = dict(choices.chairs)
CHOSEN = {"party", "need", "parties", "kind", "minutes", "about", "agenda"}


def listed(keys: tuple[str, ...], rows: list[tuple[Any, ...]], empty: tuple[Any, ...], most: int) -> dict[str, Any]:
    """The fields of a list, a row after the other; those that are not shown yet hold `empty`."""
    rows = rows + [empty] * (most - len(rows))
    return {f"{key}_{place}": value for place, row in enumerate(rows) for key, value in zip(keys, row, strict=True)}


def start() -> tuple[dict[str, Any], tuple[str, ...], tuple[str, ...]]:
    """What the form begins with, the meeting as it is, or nothing much; the keys of its parties and of its agenda."""
    if given is None:
        wanted = st.query_params.get("proposal")
        one = [wanted] if wanted in titles else list(titles) if len(titles) == 1 else []
        day, at = clock.day_of(choices.now + timedelta(days=7), choices.zone), time(9, 30)
        head = {"matters": one, "chair": next(iter(chairs), None), "title": "", "place": "", "invitation": ""}
        seats: list[tuple[Any, ...]] = PARTIES
        items: list[tuple[Any, ...]] = AGENDA
    else:
        view = given.board
        day, at = clock.day_of(view.starts_at, choices.zone), view.starts_at.astimezone(zone).time().replace(second=0, microsecond=0)
        chair = given.chair_id if given.chair_id in chairs else next(iter(chairs), None)
        matters = [each.id for each in given.matters]
        head = {"matters": matters, "chair": chair, "title": view.title, "place": view.place, "invitation": given.invitation}
        seats = [(row.party.value, row.label, row.need) for row in view.seats]
        items = [(row.kind.value, row.title, row.minutes, row.proposal_id) for row in given.agenda]
    parties = {"parties_count": len(seats)} | listed(PARTY_KEYS, seats, PARTY, agendas.MOST_PARTIES)
    agenda = {"agenda_count": len(items)} | listed(ITEM_KEYS, items, ITEM, agendas.MOST_ITEMS)
    return head | {"day": day, "time": at} | parties | agenda, tuple(parties), tuple(agenda)


def party_rows() -> list[dict[str, Any]]:
    made = []
    for place in range(st.session_state["parties_count"]):
        shown: Literal["visible", "collapsed"] = "visible" if place == 0 else "collapsed"
        one, two, three = st.columns([1.75, 1.35, 0.75])
        with one:
            parties = [each.value for each in Party]
            said = st.selectbox(
                t("Party"), parties, format_func=lambda each: word(Party(each)), key=f"party_{place}", label_visibility=shown
            )
            party = Party(said)
            fields.under(f"parties.{place}.party")
        with two:
            called = st.text_input(t("Called here"), key=f"label_{place}", placeholder=word(party), label_visibility=shown)
            fields.under(f"parties.{place}.label")
        with three:
            need = forms.figure(t("At least"), f"need_{place}", label_visibility=shown)
        fields.under(f"parties.{place}.need")  # below the row: its column is too narrow for a sentence
        made.append({"party": party.value, "label": called.strip() or word(party), "need": need})
    forms.rows("parties", 1, agendas.MOST_PARTIES, t("One party more"), t("One party fewer"))
    fields.under("parties")
    return made


def agenda_rows(matters: list[str], titles: dict[str, str]) -> list[dict[str, Any]]:
    made = []
    ids = [row.id for row in given.agenda] if given else []
    for place in range(st.session_state["agenda_count"]):
        shown: Literal["visible", "collapsed"] = "visible" if place == 0 else "collapsed"
        one, two, three = st.columns([1.2, 1.7, 0.7])
        with one:
            kinds = [each.value for each in AgendaKind]
            what = st.selectbox(
                t("What"), kinds, format_func=lambda each: word(AgendaKind(each)), key=f"kind_{place}", label_visibility=shown
            )
            fields.under(f"agenda.{place}.kind")
        with two:
            title = st.text_input(
                t("Item"), key=f"item_{place}", label_visibility=shown, placeholder=t("As the wall shows it")
            )
            fields.under(f"agenda.{place}.title")
        with three:
            length = forms.figure(t("Minutes"), f"minutes_{place}", label_visibility=shown)
        fields.under(f"agenda.{place}.minutes")
        forms.among(f"about_{place}", matters)
        if len(matters) > 1:
            st.selectbox(
                t("About which matter"), [None, *matters], key=f"about_{place}",
                format_func=lambda each: one_line(titles[each]) if each else t("all of them"),
            )  # fmt: skip
            fields.under(f"agenda.{place}.proposal")
        about = st.session_state.get(f"about_{place}")
        made.append({"kind": what, "title": title, "minutes": length, "proposal": about, "id": ids[place] if place < len(ids) else ""})
    forms.rows("agenda", 1, agendas.MOST_ITEMS, t("One item more"), t("One item fewer"))
    fields.under("agenda")
    return made


called = t("On the next page you name who is invited; each is told.")
if given:
    called = t("Everybody who is invited is told of another time, place or agenda.")
show(h("{head}", head=p.head(t("Change the meeting") if given else t("Call a meeting"), sub=called)))
if not titles:
    show(h("{none}", none=p.empty(t("No proposal waits for a meeting."), t("A meeting is called when a proposal has been accepted."))))
    st.stop()
begins, party_keys, agenda_keys = start()
left, right = st.columns([1.1, 1], gap="medium")
with forms.typing(
    actor, kind, "title", "matters", "day", "time", "place", "chair", "invitation", party_keys, agenda_keys,
    begins=begins if given else None, offers=None if given else begins,
    chosen={"matters", "chair"} | {key for key in begins if key.partition("_")[0] in CHOSEN},
):  # fmt: skip
    with left, st.container(key="card_what"):
        forms.among("matters", titles)
        matters = st.multiselect(
            t("What is talked over"), list(titles), format_func=lambda each: one_line(titles[each]), key="matters",
            disabled=given is not None, placeholder=t("Choose accepted proposals"),
        )  # fmt: skip
        fields.under("proposal_ids")
        title = st.text_input(t("Title"), key="title", placeholder=t("As the wall and the invitations show it"))
        fields.under("title")
        one, two = st.columns(2)
        with one:
            on = forms.day(t("Day"), "day")
        with two:
            at = st.time_input(t("Time ({zone})", zone=zone_name(choices.zone)), key="time", step=900)
        fields.under("starts_at")
        place = st.text_input(t("Place"), key="place")
        fields.under("place")
        forms.among("chair", chairs, next(iter(chairs), None))
        chair = st.selectbox(
            t("Chair"), list(chairs), key="chair", format_func=lambda each: one_line(chairs[each]),
            placeholder=t("Nobody holds the chair’s role yet"),
        )  # fmt: skip
        fields.under("chair_id")
        invitation = st.text_area(t("Invitation, in your own words"), key="invitation", height=120)
        fields.under("invitation")
    with left, st.container(key="card_agenda"):
        show(h("{head}", head=p.heading(t("Agenda"), t("a vote item opens its vote when the chair gets there"))))
        items = agenda_rows(matters, titles)
    with right, st.container(key="card_parties"):
        show(h("{head}", head=p.heading(t("Who must be at the table"), t("nobody begins before so many are there"))))
        tables = party_rows()

if forms.press(t("Save the changes") if given else t("Call the meeting"), "convene"):
    values: dict[str, Any] = {
        "title": title, "place": place, "starts_at": datetime.combine(on, at, zone), "chair_id": chair or "", "parties": tables,
        "agenda": items, "invitation": invitation,
    }  # fmt: skip
    made: list[str] = []
    with door.attempt(fields, keeps=True) as tried:
        if given is None:
            form = forms.sending("meeting", matters, values)
            made.append(do(actor, meetings.convene, proposal_ids=matters, **values, form=form).id)
        else:
            made.append(do(actor, meetings.change, meeting_id=meeting_id, **values).id)
    if tried.ok:
        st.switch_page("meeting.py", query_params={"id": made[0]})
