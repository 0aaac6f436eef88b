"""One meeting, `/meeting?id=`: agenda and how it came out, options with what speaks for and against, who comes, the minutes."""

import streamlit as st
from markupsafe import Markup

from models.vocabulary import AgendaKind, MeetingState, Party, PollState, Role
from pages.kit import door, forms, frame, look
from pages.kit import pieces as p
from pages.kit.html import h, m, show, user_line, user_text
from pages.kit.room_words import after_words, argument_words, first_planned, outcome_words, quorum_words, say
from pages.kit.words import day, label_name, moment, money, near, opening, party_name, t, tn, word
from services import addresses, meetings, minutes
from services.reads import meeting_ground
from services.reads import meetings as reads
from services.reads.meetings import AgendaRow
from services.reads.revealed import Result, explained
from services.reads.table import Matter, Promise, Way
from services.rules.board import OVER
from services.rules.plain_text import one_line
from services.work import do

TONE = {
    MeetingState.CONVENED: p.Tone.WAIT, MeetingState.HELD: p.Tone.OK, MeetingState.CANCELLED: p.Tone.NO, MeetingState.CLOSED: p.Tone.PLAIN,
}  # fmt: skip

actor = frame.me()
forms.emptied()
st.html(look.room())
page = reads.page(actor, st.query_params.get("id", ""))
view = page.board
over = view.state in OVER
missed = view.missed


def finding() -> str:
    """What there is to know first."""
    if view.state is MeetingState.CANCELLED:
        return t("Called off: {title}", title=view.title)
    if missed:
        return t("Did not take place: {title}", title=view.title)
    if view.state is MeetingState.HELD:
        return t("Running now: {title}", title=view.title)
    decided = [row for row in page.agenda if row.result is not None]
    if view.closed and len(decided) == 1 and decided[0].result is not None:
        return t("{title}: {outcome}", title=view.title, outcome=outcome_words(decided[0].result))
    return view.title


def agenda() -> Markup:
    rows = [
        m(
            '<li><b class="num">{n}</b><div><b>{title}</b><span class="meta">{about}</span>{out}</div></li>',
            n=place,
            title=user_line(row.title),
            about=p.dotted(word(row.kind), tn("{n} min", "{n} min", row.minutes), vote_words(row)),
            out=outcome(row.result) if row.result is not None else "",
        )
        for place, row in enumerate(page.agenda, 1)
    ]
    return m('<ol class="ag">{rows}</ol>', rows=Markup("").join(rows))


def vote_words(row: AgendaRow) -> str | Markup:
    """How the vote of an item stands."""
    if row.kind is not AgendaKind.VOTE:
        return ""
    if row.poll_id is None:
        if over:
            return t("No vote was taken.")
        if row.why_none is not None:
            return say(row.why_none)
        if row.proposal_id and actor.holds(Role.COMMITTEE) and actor.person_id != page.chair_id and not missed:
            to = f"/prepare?proposal={row.proposal_id}&meeting={view.meeting_id}&item={row.id}"
            return p.link(t("Prepare the vote"), to)
        return t("vote not prepared yet")
    state = word(row.poll_state) if row.poll_state is not None and row.poll_state is not PollState.REVEALED else ""
    return m("{link} {state}", link=p.link(t("Vote {number}", number=row.poll_number), f"/poll?id={row.poll_id}"), state=state)


def outcome(result: Result) -> Markup:
    """The outcome of an item with its reasons."""
    why = Markup("").join(m("<p>{text}</p>", text=each) for each in explained(result.said, t))
    return p.outcome(outcome_words(result), result.said.adopted, after_words(result)) + why


def matter(each: Matter) -> None:
    """A proposal with its options side by side."""
    with st.container(key=f"card_matter_{each.id}"):
        title = p.link(user_line(each.title), f"/proposal?id={each.id}")
        aside = p.dotted(each.number, t("Round {n}", n=each.round) if each.round > 1 else "")
        show(h("{head}", head=p.heading(title, aside)))
        if not each.ways:
            show(h('<p class="meta">{said}</p>', said=t("No options are on the table yet.")))
            return
        show(h('<div class="opts">{ways}</div>', ways=Markup("").join(map(way, each.ways))))


def way(each: Way) -> Markup:
    facts = p.dotted(money(each.cost_fen) if each.cost_fen is not None else "", tn("{n} day", "{n} days", each.days) if each.days else "")
    return m(
        '<section class="cd"><h3 class="h2">{title}</h3><p class="meta">{facts}</p>{about}{pros}{cons}</section>',
        title=user_line(each.title),
        facts=facts,
        about=m("<p>{text}</p>", text=user_text(each.description)) if each.description else "",
        pros=reasons(t("{n} for", n=len(each.pros)), each.pros, p.Met.YES),
        cons=reasons(t("{n} against", n=len(each.cons)), each.cons, p.Met.NO),
    )


def reasons(title: str, said: tuple[tuple[str, Party | None], ...], met: p.Met) -> Markup:
    """What speaks for or against; in words first, a mark beside it."""
    rows = [p.Reason(met, argument_words(*each), "") for each in said]  # the heading above says whether they are for or against
    return m(
        '<p class="lab">{title}</p><div class="{css}">{rows}</div>',
        title=title,
        css="con" if met is p.Met.NO else "",
        rows=p.reasons(rows) if rows else "",
    )


def _party(given: Promise) -> Markup:
    return p.party_chip(given.party, user_line(party_name(given.party, given.label)))


def promised() -> None:
    with st.container(key="card_promises"):
        show(h("{head}", head=p.heading(t("Who does what, by when"))))
        rows = [(day(each.due_on), m("{chip} {deed}", chip=_party(each), deed=user_line(each.deed))) for each in view.promises]
        show(h("{rows}", rows=p.facts(rows)))


def written() -> None:
    """The minutes: to read for everybody, to write and confirm for the chair."""
    with st.container(key="card_minutes"):
        state = t("confirmed {when}", when=near(page.confirmed_at, view.zone)) if page.confirmed_at else t("draft")
        show(h("{head}", head=p.heading(t("The minutes"), state)))
        may_write = page.doors["meeting.minutes"] is None and page.confirmed_at is None
        if not may_write:
            none = t("What was noted here is the minutes; the chair added nothing.")
            none = none if page.minutes else t("The chair has not confirmed these minutes yet. Then they stand here.")
            show(h("<p>{text}</p>", text=user_text(page.own_words) if page.own_words else none))
        else:
            name, fields = forms.kind("meeting.minutes", view.meeting_id), door.Fields()
            with forms.typing(actor, name, "minutes_text", begins={"minutes_text": page.minutes}) as begun:
                text = st.text_area(t("What was said and agreed"), height=320, key="minutes_text")
            fields.under("text")
            forms.in_their_language(view.language)
            confirms = page.doors["meeting.confirm_minutes"] is None
            said = t("Once confirmed, the minutes do not change any more.")
            ticked = forms.sure(said, "minutes_sure", fields) if confirms else False
            with st.container(horizontal=True):
                save = st.button(t("Save the draft"), key="minutes_save", type="secondary" if confirms else "primary")
                confirm = confirms and st.button(t("Save and confirm the minutes"), type="primary", key="minutes_confirm")
            if save or confirm:
                with door.attempt(fields, keeps=True) as tried:
                    do(actor, minutes.write, meeting_id=view.meeting_id, text=text, before=begun["minutes_text"])
                    forms.forget(actor, name)
                    if confirm:
                        door.do_if_sure(actor, ticked, minutes.confirm, meeting_id=view.meeting_id)
                if tried.ok and confirm:
                    st.rerun()
                if tried.ok:
                    st.toast(t("Saved."))
        links = p.dotted(
            p.link(t("Print view"), f"/minutes/{view.meeting_id}"), p.link(t("Save as DOCX"), f"/minutes/{view.meeting_id}.docx")
        )
        show(h('<p class="ex">{links}</p>', links=links))


def here_and_now() -> None:
    """What this reader can do now."""
    with st.container(key="card_now"):
        if missed:
            put_off()
        if page.doors["meeting.steer"] is None and not over:
            css, word = "" if missed else "fbt w", t("To the chair’s table")
            link = m('<a class="{css}" href="/chair?m={code}" target="_self">{word}</a>', css=css, code=view.code, word=word)
            show(h('<p class="q">{said}</p>{link}', said=t("You chair this meeting."), link=link))
        elif page.seat is not None:
            show(h("{note}", note=p.note(t("You sit at seat {n}.", n=page.seat), user_line(label_name(page.party)), p.Tone.OK)))
        elif page.invited and not over and not missed:
            show(h('<p class="q">{said}</p>', said=t("You are invited for: {party}", party=label_name(page.party))))
            if st.button(t("I am here: sign in"), type="primary", width="stretch", key="attend"):
                with door.attempt() as tried:
                    do(actor, meetings.attend, meeting_id=view.meeting_id)
                if tried.ok:
                    st.rerun()
        if not over and not missed:
            join = f"{addresses.home()}/j"
            how = t("Scan, or type the code at {address}", address=join)
            show(h('<div class="jn0">{code}<span><b class="v num">{short}</b><span class="meta">{how}</span></span></div>',
                   code=p.qr(f"{join}/{view.code}"), short=view.code, how=how))  # fmt: skip
            if not addresses.reached() and page.doors["meeting.invite"] is None:
                show(h('<p class="meta">{said}</p>', said=t("Phones cannot open this address. YIQI_PUBLIC_URL sets one that they can.")))
        links = [p.link(t("The wall"), f"/screen?m={view.code}"), p.link(t("Follow on a phone"), f"/j/{view.code}")]
        if view.state is not MeetingState.CANCELLED and not missed:
            links.append(p.link(t("Into my calendar"), f"/feeds/meetings.ics?id={view.meeting_id}"))
        if page.doors["meeting.invite"] is None and not over:
            links.append(p.link(t("Print invitations"), f"/invitations/{view.meeting_id}"))
        if page.doors["meeting.change"] is None and view.state is MeetingState.CONVENED and not missed:
            links.append(p.link(t("Change the meeting"), f"/meeting_new?id={view.meeting_id}"))
        show(h('<p class="ex">{links}</p>', links=p.dotted(*links)))


def put_off() -> None:
    """What becomes of a meeting that nobody opened: a new time or its end, from those who may; the others wait for either."""
    changes, ends = page.doors["meeting.change"] is None, page.doors["meeting.cancel"] is None
    if not changes and not ends:
        show(h("<p>{said}</p>", said=t("The committee or the chair sets a new time, or calls it off.")))
        return
    show(h('<p class="q">{said}</p>', said=t("Set a new time, or call it off. The chair can still open it late from the tablet.")))
    if changes:
        to = f"/meeting_new?id={view.meeting_id}"
        show(h('<a class="fbt w" href="{to}" target="_self">{word}</a>', to=to, word=t("Set a new time")))
    if ends and st.button(t("Call the meeting off"), key="cancel", width="stretch"):
        call_off()


def parties() -> None:
    with st.container(key="card_parties"):
        came = t("{n} came", n=sum(row.came for row in view.seats)) if over else tn("{n} person", "{n} people", view.there)
        rows = [
            p.QuorumRow(row.party, row.came if over else row.have, row.need, row.invited, party_name(row.party, row.label))
            for row in view.seats
        ]
        said = "" if over else quorum_words(view.seats) or t("Enough are there. We can start.")
        show(h("{head}{rows}", head=p.heading(t("Who comes") if not over else t("Who came"), came), rows=p.quorum(rows, said)))


def people() -> None:
    """The list with names, for those who invite."""
    with st.container(key="card_people"):
        guests = page.guests or ()
        show(h("{head}", head=p.heading(t("Invited"), tn("{n} person", "{n} people", len(guests)))))
        for guest in guests:
            with st.container(horizontal=True, key=f"gr_guest_{guest.person_id}"):
                seat = t("seat {n}", n=guest.seat) if guest.there else ""
                show(
                    h(
                        '<b>{name}</b> <span class="meta">{facts}</span>',
                        name=user_line(guest.name),
                        facts=p.dotted(user_line(label_name(guest.label)), seat),
                    )
                )
                if not over and not guest.there and page.doors["meeting.invite"] is None:
                    show(p.link(t("Invitation"), f"/invitations/{view.meeting_id}?who={guest.person_id}"))
                if not over and guest.seat is None and st.button(t("Take off"), key=f"off-{guest.person_id}", type="tertiary"):
                    with door.attempt() as tried:
                        do(actor, meetings.uninvite, meeting_id=view.meeting_id, person_id=guest.person_id)
                    if tried.ok:
                        st.rerun()
        if over:
            return
        search = st.text_input(t("Invite somebody: part of the name"), key="invite_search")
        if not search:
            return
        found = dict(meeting_ground.people(actor, view.meeting_id, search))
        if not found:
            show(h('<p class="meta">{said}</p>', said=t("Nobody by that name who is not on the list yet.")))
            return
        with st.form("invite", border=False):
            fields = door.Fields()
            person = st.selectbox(t("Person"), list(found), format_func=lambda each: one_line(found[each]))
            fields.under("person_id")
            party = st.selectbox(
                t("For which party"), [row.label for row in view.seats], None, key="invite_party", placeholder=t("Choose one"),
                format_func=lambda each: one_line(label_name(each)),
            )  # fmt: skip
            fields.under("label")
            if st.form_submit_button(t("Invite"), type="primary"):
                with door.attempt(fields, keeps=True) as tried:
                    do(actor, meetings.invite, meeting_id=view.meeting_id, person_id=person, label=party or "")
                if tried.ok:
                    forms.empty("invite_search")
                    forms.unchoose("invite_party")  # the next one is mostly of another party
                    st.rerun()


@st.dialog(t("Call the meeting off"))
def call_off() -> None:
    frame.still(actor)
    name, fields = forms.kind("meeting.cancel", view.meeting_id), door.Fields()
    with forms.typing(actor, name, "cancel_reason"):
        reason = st.text_area(t("Why, in one sentence everybody reads"), key="cancel_reason")
    fields.under("reason")
    if st.button(t("Call it off", context="Meeting"), type="primary", key="cancel_do"):
        with door.attempt(fields, keeps=True) as tried:
            do(actor, meetings.cancel, meeting_id=view.meeting_id, reason=reason)
        if tried.ok:
            forms.forget(actor, name)
            st.rerun()


def chairing() -> None:
    """Another chair, named by whoever may: asked for at once where nobody chairs, else folded away; the form of a change has it too."""
    confirmed = page.confirmed_at is not None or view.state is MeetingState.CANCELLED
    if confirmed or page.doors["meeting.hand_over"] is not None or (view.state is MeetingState.CONVENED and not page.chairless):
        return
    with st.container(key="card_chair"):
        if page.chairless:
            why = t("The role of whoever was named has ended. Name another chair, so that it can go on.")
            show(h("{note}", note=p.note(t("Nobody chairs this meeting now."), why)))
            hand_over()
        else:
            with st.expander(t("Name another chair")):
                hand_over()


def hand_over() -> None:
    chairs = {key: name for key, name in meeting_ground.choices(actor).chairs if key != page.chair_id}
    if not chairs:
        show(h("<p>{said}</p>", said=t("Nobody else holds the chair’s role. The administrator can grant it to somebody.")))
        return
    fields = door.Fields()
    named = st.selectbox(t("Chair"), list(chairs), format_func=lambda each: one_line(chairs[each]), key="hand_over_to")
    fields.under("chair_id")
    if st.button(t("Name as chair"), key="hand_over"):
        with door.attempt(fields, keeps=True) as tried:
            do(actor, meetings.hand_over, meeting_id=view.meeting_id, chair_id=named)
        if tried.ok:
            st.rerun()


state = p.badge(t("never opened"), p.Tone.PLAIN) if missed else p.badge(word(view.state), TONE[view.state])
sub = user_line(view.why_cancelled) if view.why_cancelled else user_text(page.invitation) if page.invitation and not over else ""
if missed:
    sub = t("Its time has passed, and nobody opened it.")
chair = t("chaired by {name}", name=page.chair) if page.chair else ""
when = moment(view.opened_at or view.starts_at, view.zone) if over else opening(near(view.starts_at, view.zone))
show(h("{head}", head=p.head(finding(), state, when, user_line(view.place), chair, first_planned(view.planned, view.zone), sub=sub)))
left, right = st.columns([1.9, 1], gap="medium")
with left:
    with st.container(key="card_agenda"):
        show(h("{head}{rows}", head=p.heading(t("Agenda"), tn("{n} item", "{n} items", len(page.agenda))), rows=agenda()))
    for each in page.matters:
        matter(each)
    if view.promises:
        promised()
    if view.closed:
        written()
with right:
    here_and_now()
    chairing()
    if view.state is not MeetingState.CANCELLED and not missed:
        parties()
    if page.guests is not None:
        people()
    ahead = view.state is MeetingState.CONVENED and not missed
    if page.doors["meeting.cancel"] is None and ahead and st.button(t("Call the meeting off"), key="cancel"):
        call_off()
