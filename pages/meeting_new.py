"""Call a meeting, or change one that has not begun (`?id=`): matters, time, chair, parties, agenda; kept as one types."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from models.vocabulary import AgendaKind, MeetingState, Party
from pages.kit import door, forms, frame
from pages.kit import pieces as p
from pages.kit.html import h, show
from pages.kit.words import t, word, zone_name
from services import agendas, drafts, meetings
from services.errors import WrongStage
from services.reads import meeting_ground
from services.reads import meetings as reads
from services.rules.plain_text import one_line
from services.work import do

PARTIES = [{"party": "residents", "label": "", "need": 3}, {"party": "community", "label": "", "need": 1}]
AGENDA = [
    {"kind": "briefing", "title": "", "minutes": 10},
    {"kind": "discussion", "title": "", "minutes": 30},
    {"kind": "vote", "title": "", "minutes": 10},
]

actor = frame.me()
meeting_id = st.query_params.get("id", "")
given = reads.page(actor, meeting_id) if meeting_id else None
kind = f"meeting:{meeting_id}" if meeting_id else "meeting"
choices = meeting_ground.choices(actor, kind)
refusal = given.doors["meeting.change"] if given else choices.refusal
door.only(refusal is None, door.say(refusal) if refusal else "", actor)
if given is not None and given.board.state is not MeetingState.CONVENED:
    raise WrongStage("This meeting has begun. The chair steers it now.")
zone = ZoneInfo(choices.zone)
fields = door.Fields()


def begins() -> dict[str, Any]:
    """What the form begins with: the meeting as it is, or nothing much."""
    if given is None:
        day = (choices.now + timedelta(days=7)).astimezone(zone)
        wanted = st.query_params.get("proposal")
        one = [wanted] if wanted else [key for key, _, _ in choices.proposals] if len(choices.proposals) == 1 else []
        return {"proposals": one, "day": day.date().isoformat(), "time": "09:30", "parties": PARTIES, "agenda": AGENDA}
    view = given.board
    starts = view.starts_at.astimezone(zone)
    return {
        "proposals": [each.id for each in given.matters], "title": view.title, "place": view.place, "day": starts.date().isoformat(),
        "time": starts.strftime("%H:%M"), "chair": given.chair_id, "invitation": given.invitation,
        "parties": [{"party": row.party.value, "label": row.label, "need": row.need} for row in view.seats],
        "agenda": [
            {"kind": row.kind.value, "title": row.title, "minutes": row.minutes, "proposal": row.proposal_id, "id": row.id}
            for row in given.agenda
        ],
    }  # fmt: skip


kept: dict[str, Any] = begins() | choices.draft


def rows(name: str, least: int, most: int) -> int:
    """How many rows of a list are shown, with the two buttons that change it."""
    key = f"{name}_count"
    return int(st.session_state.setdefault(key, max(least, min(most, len(kept[name])))))


def more(name: str, least: int, most: int, add: str, take: str) -> None:
    key = f"{name}_count"
    count = st.session_state[key]
    one, two = st.columns(2)
    if count < most and one.button(add, key=f"{name}_more", icon=":material/add:", width="stretch"):
        st.session_state[key] = count + 1
        st.rerun()
    if count > least and two.button(take, key=f"{name}_fewer", icon=":material/remove:", width="stretch"):
        st.session_state[key] = count - 1
        st.rerun()


def party_rows() -> list[dict[str, Any]]:
    made = []
    for place in range(rows("parties", 1, agendas.MOST_PARTIES)):
        row = kept["parties"][place] if place < len(kept["parties"]) else {"party": "experts", "label": "", "need": 1}
        one, two, three = st.columns([1.2, 1.4, 0.8])
        with one:
            party = st.selectbox(
                t("Party"), list(Party), list(Party).index(Party(row["party"])), format_func=word, key=f"party_{place}",
                label_visibility="visible" if place == 0 else "collapsed",
            )  # fmt: skip
            fields.under(f"parties.{place}.party")
        with two:
            said = st.text_input(
                t("Called here"), row["label"], max_chars=40, key=f"label_{place}", placeholder=word(party),
                label_visibility="visible" if place == 0 else "collapsed",
            )  # fmt: skip
            fields.under(f"parties.{place}.label")
        with three:
            need = st.number_input(
                t("At least"), 0, 500, int(row["need"]), key=f"need_{place}", label_visibility="visible" if place == 0 else "collapsed"
            )
            fields.under(f"parties.{place}.need")
        made.append({"party": party.value, "label": said.strip() or word(party), "need": int(need)})
    more("parties", 1, agendas.MOST_PARTIES, t("One party more"), t("One party fewer"))
    fields.under("parties")
    return made


def agenda_rows(matters: list[str], titles: dict[str, str]) -> list[dict[str, Any]]:
    made = []
    for place in range(rows("agenda", 1, agendas.MOST_ITEMS)):
        row = kept["agenda"][place] if place < len(kept["agenda"]) else {"kind": "discussion", "title": "", "minutes": 15}
        shown = "visible" if place == 0 else "collapsed"
        one, two, three = st.columns([0.9, 2, 0.7])
        with one:
            what = st.selectbox(
                t("What"), list(AgendaKind), list(AgendaKind).index(AgendaKind(row["kind"])), format_func=word, key=f"kind_{place}",
                label_visibility=shown,
            )  # fmt: skip
            fields.under(f"agenda.{place}.kind")
        with two:
            title = st.text_input(
                t("Item"), row["title"], max_chars=60, key=f"item_{place}", label_visibility=shown, placeholder=t("As the wall shows it")
            )
            fields.under(f"agenda.{place}.title")
        with three:
            length = st.number_input(t("Minutes"), 1, 240, int(row["minutes"]), key=f"minutes_{place}", label_visibility=shown)
            fields.under(f"agenda.{place}.minutes")
        about = row.get("proposal") if row.get("proposal") in matters else None
        if len(matters) > 1:
            options = [None, *matters]
            about = st.selectbox(
                t("About which matter"), options, options.index(about), key=f"about_{place}",
                format_func=lambda each: one_line(titles[each]) if each else t("all of them"),
            )  # fmt: skip
            fields.under(f"agenda.{place}.proposal")
        made.append({"kind": what.value, "title": title, "minutes": int(length), "proposal": about, "id": row.get("id", "")})
    more("agenda", 1, agendas.MOST_ITEMS, t("One item more"), t("One item fewer"))
    fields.under("agenda")
    return made


titles = {key: f"{number_} {title}" for key, number_, title in choices.proposals}
titles |= {each.id: f"{each.number} {each.title}" for each in given.matters} if given else {}
show(
    h(
        "{head}",
        head=p.head(
            t("Change the meeting") if given else t("Call a meeting"), sub=t("Everybody on the list is told as soon as it is called.")
        ),
    )
)
if not titles:
    show(h("{none}", none=p.empty(t("No proposal waits for a meeting."), t("A meeting is called when a proposal has been accepted."))))
    st.stop()
left, right = st.columns([1.5, 1], gap="medium")
with left, st.container(key="card_what"):
    before = [each for each in kept["proposals"] if each in titles]
    matters = st.multiselect(
        t("What is talked over"), list(titles), before, format_func=lambda each: one_line(titles[each]), key="matters",
        disabled=given is not None, placeholder=t("Choose accepted proposals"),
    )  # fmt: skip
    fields.under("proposal_ids")
    title = st.text_input(
        t("Title"), kept.get("title", ""), max_chars=60, key="title", placeholder=t("As the wall and the invitations show it")
    )
    fields.under("title")
    one, two = st.columns(2)
    with one:
        on = st.date_input(t("Day"), date.fromisoformat(kept["day"]), key="day", format="YYYY-MM-DD")
    with two:
        at = st.time_input(t("Time ({zone})", zone=zone_name(choices.zone)), time.fromisoformat(kept["time"]), key="time", step=900)
    fields.under("starts_at")
    place = st.text_input(t("Place"), kept.get("place", ""), max_chars=120, key="place")
    fields.under("place")
    chairs = dict(choices.chairs)
    first = kept.get("chair") if kept.get("chair") in chairs else next(iter(chairs), None)
    chair = st.selectbox(
        t("Chair"), list(chairs), list(chairs).index(first) if first else None, key="chair",
        format_func=lambda each: one_line(chairs[each]), placeholder=t("Nobody holds the chair’s role yet"),
    )  # fmt: skip
    fields.under("chair_id")
    invitation = st.text_area(t("Invitation, in your own words"), kept.get("invitation", ""), key="invitation", height=120)
    fields.under("invitation")
with left, st.container(key="card_agenda"):
    show(h("{head}", head=p.heading(t("Agenda"), t("a vote item opens its vote when the chair gets there"))))
    items = agenda_rows(matters, titles)
with right, st.container(key="card_parties"):
    show(h("{head}", head=p.heading(t("Who must be at the table"), t("nobody begins before they are there"))))
    tables = party_rows()

content = {
    "proposals": matters, "title": title, "place": place, "day": on.isoformat(), "time": at.strftime("%H:%M"), "chair": chair,
    "invitation": invitation, "parties": tables, "agenda": items,
}  # fmt: skip
if content != {name: kept.get(name) for name in content} and actor.owner:
    do(actor, drafts.save, kind=kind, content=content)

if forms.press(t("Save the changes") if given else t("Call the meeting"), "convene"):
    values = {
        "title": title, "place": place, "starts_at": datetime.combine(on, at, zone), "chair_id": chair or "", "parties": tables,
        "agenda": items, "invitation": invitation,
    }  # fmt: skip
    made: list[str] = []
    with door.attempt(fields, keeps=True) as tried:
        if given is None:
            form = forms.sending("meeting", content)
            made.append(do(actor, meetings.convene, proposal_ids=matters, **values, form=form).id)
        else:
            made.append(do(actor, meetings.change, meeting_id=meeting_id, **values).id)
    if tried.ok:
        st.switch_page("meeting.py", query_params={"id": made[0]})
