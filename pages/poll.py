"""One vote: question, rule, who may vote, how many are in; its doors with their reasons; after the reveal the outcome and why."""

import streamlit as st

from models.vocabulary import PollState, VotesBy
from pages.kit import door, frame, poll_doors, votes
from pages.kit import pieces as p
from pages.kit.html import h, m, show, user_line, user_text
from pages.kit.words import area, listed, moment, near, number, span, t, tn, word
from services import clock
from services.reads import polls as reads

actor = frame.me()
poll = reads.page(actor, st.query_params.get("id"))
ON_SCREEN = 60


def finding() -> str:
    """The heading's second line: where it stands, in a figure."""
    came = poll.received
    if poll.state is PollState.REVEALED and poll.outcome:
        return votes.reasons(poll.outcome)[-1]
    if poll.state is PollState.OPEN and poll.closes_at:
        return t("Closes: {when}; {left}.", when=near(poll.closes_at, poll.zone), left=span(poll.closes_at - clock.now()))
    if poll.state is PollState.CLOSED:
        return t("Voting is over: {n} of {m} in. The chair shows the result.", n=number(came.n), m=number(came.m))
    if poll.state is PollState.CANCELLED:
        return t("Called off: {reason}", reason=poll.cancelled_reason)
    return t("Being prepared: {m} on the roll. It opens when the chair says so.", m=number(came.m))


@st.fragment(run_every="2s" if poll.state is PollState.OPEN else None)
def received() -> None:
    """How many are in, followed while the vote is open; the trend is shown to nobody."""
    frame.still(actor)
    now = reads.live(actor, poll.id)
    if now.state is not poll.state:
        st.rerun()
    n, m_ = now.received.n, now.received.m
    said = t("{n} of {m} received", n=number(n), m=number(m_))
    title = p.heading(said, t("Nobody sees the result before the reveal."))
    show(h('{title}<div style="padding-top:.8rem">{cells}</div>', title=title, cells=p.cells(n, m_, said, columns=21)))


def mine() -> None:
    """The reader's own home: vote now, or what was answered."""
    for each in poll.mine:
        answer = next((votes.answer_word(one.code, one.title) for one in poll.answers if one.code == each.choice), "")
        with st.container(key=f"card_mine_{each.entry_id}"):
            if answer:
                receipt = p.link(t("Receipt {number}", number=each.receipt), f"/receipt/{each.receipt}")
                row = [(t("Your answer"), answer), (t("Home number"), user_line(each.label)), (t("Received"), m("{link}", link=receipt))]
                said = t("This ballot is not counted.") if poll.state is PollState.CANCELLED else t("Your vote is in.")
                show(h("{title}{facts}", title=p.heading(said), facts=p.facts(row)))
            elif poll.state is PollState.OPEN and each.absent:
                show(h('{title}<p class="q">{said}</p>', title=p.heading(t("Home {home}", home=each.label)), said=door.say(each.absent)))
            elif poll.state is PollState.OPEN:
                show(h("{title}", title=p.heading(t("Home {home} has not voted yet.", home=each.label))))
            if poll.state is PollState.OPEN and each.absent is None:
                word_ = t("Change my vote") if answer else t("Vote now")
                to = f"/ballot/{poll.id}?paper={each.entry_id}"
                show(h('<p><a class="{css}" href="{to}" target="_self">{word}</a></p>', css="" if answer else "fbt", to=to, word=word_))
    if actor.person_id is None and poll.state is PollState.OPEN:
        with st.container(key="card_mine"):
            ways = m(
                '<p><a class="fbt" href="/auth/login?next=/ballot/{id}" target="_self">{sign_in}</a></p><p>{code}</p>',
                id=poll.id, sign_in=t("Sign in and vote"), code=p.link(t("Vote with the code on the slip of paper"), "/b"),
            )  # fmt: skip
            show(h('{title}<div style="padding-top:.8rem">{ways}</div>', title=p.heading(t("How to vote")), ways=ways))
    if poll.late and poll.state is PollState.OPEN:
        show(h('<p class="q">{said}</p>', said=door.say(poll.late)))


def result() -> None:
    """Seal, reasons, bars, the same in tables."""
    if poll.outcome is None:
        return
    with st.container(key="card_result"):
        said = votes.outcome_said(poll.outcome.outcome)
        chosen = [votes.answer_word(one.code, one.title) for one in poll.answers if one.code in poll.outcome.winners]
        title = listed(chosen) if chosen else poll.proposal
        when = moment(poll.revealed_at, poll.zone) if poll.revealed_at else ""
        show(h("{seal}", seal=p.outcome(said, poll.outcome.adopted, title, when)))
        why = m("").join(m("<p>{line}</p>", line=line) for line in votes.reasons(poll.outcome))
        show(h('{why}<div style="padding-top:1rem">{bars}</div>', why=why, bars=votes.bars(poll.outcome, poll.answers)))
        with st.expander(t("The figures in tables")):
            with_area = poll.votes_by is VotesBy.OWNER
            show(h("{answers}", answers=votes.figures(poll.outcome, poll.answers, with_area)))
            show(h("{conditions}", conditions=votes.conditions(poll.outcome, poll.answers)))
        files = [(t("For paper"), f"/result/{poll.id}"), (t("Save as DOCX"), f"/result/{poll.id}.docx")]
        if poll.doors["poll.recount"] is None:
            files.append((t("The whole vote, to recount (poll.json)"), f"/export/poll.json?id={poll.id}"))
        show(h("{links}", links=p.exports(files)))
        digest(t("Digest in the log"), poll.poll_digest)


def digest(said: str, found: str) -> None:
    show(h('<p class="meta">{said} <span class="num">{digest}</span></p>', said=said, digest=found[:16]))


def paper() -> None:
    """The question as it is asked, with what follows from each answer."""
    with st.container(key="card_paper"):
        rows = [(votes.answer_word(one.code, one.title), votes.answer_about(one, poll.rule) or "–") for one in poll.answers]
        show(h("{title}{rows}", title=p.heading(t("The answers")), rows=p.facts(rows)))
        if poll.explanation:
            show(h("<p>{said}</p>", said=user_text(poll.explanation)))


def roll() -> None:
    """Who may vote: label and area of every home, for people of the community."""
    with st.container(key="card_roll"):
        aside = t("frozen") if poll.roll_digest else t("not frozen yet")
        owners = poll.votes_by is VotesBy.OWNER
        title = tn("{n} owner on the roll", "{n} owners on the roll", poll.received.roll)
        if not owners:
            title = tn("{n} home on the roll", "{n} homes on the roll", poll.received.roll)
        if poll.received.m != poll.received.roll:  # the rule counts those present
            aside = t("{aside}, {n} present", aside=aside, n=number(poll.received.m))
        show(h("{title}", title=p.heading(title, aside)))
        said = [poll.where, word(poll.votes_by), area(poll.area) if owners else ""]
        show(h('<p class="q">{said}</p>', said=p.dotted(*said)))
        if poll.roll is None:
            show(h('<p class="q">{said}</p>', said=t("The homes are listed for people of this community who are signed in.")))
            return
        state = {"": t("no code"), "out": t("code handed out"), "used": t("code used")}
        with_codes = poll.doors["poll.codes"] is None and poll.codes_out > 0
        columns = [p.Column(t("Home number"))]
        columns += [p.Column(t("Area, m²"), True)] if owners else []
        columns += [p.Column(t("There when it opened"))] if poll.counts_present else []
        columns += [p.Column(t("Code"))] if with_codes else []
        there = {True: t("yes"), False: t("no")}
        rows = [
            [
                each.label, *([number(each.area)] if owners else []), *([there[each.present]] if poll.counts_present else []),
                *([state[each.code]] if with_codes else []),
            ]
            for each in poll.roll
        ]  # fmt: skip
        with st.expander(t("Show the roll"), expanded=len(rows) <= 12):
            if len(rows) <= ON_SCREEN:
                show(h("{table}", table=p.table(t("The roll"), columns, rows)))
            else:
                st.dataframe([{column.title: cell for column, cell in zip(columns, row, strict=True)} for row in rows], hide_index=True)
        links = [(t("Roll as CSV"), f"/export/roll.csv?id={poll.id}")]
        show(h("{links}", links=p.exports(links)))
        if poll.roll_digest:
            digest(t("Digest of the roll"), poll.roll_digest)


def rule() -> None:
    """Under which rule, from where."""
    with st.container(key="card_rule"):
        show(h("{title}", title=p.heading(t("What decides"))))
        rows = [
            (t("Rule"), votes.rule_sentence(poll.rule, poll.source, poll.answers)),
            (t("Source"), votes.source_line(poll.source)),
            (t("Who votes"), votes.voters_words(poll.where, poll.votes_by, poll.received.roll)),
        ]
        if poll.prepared_by:
            rows.append((t("Roll made by"), user_line(poll.prepared_by)))
        ends = (t("Closed"), poll.closed_at) if poll.closed_at else (t("Closes"), poll.closes_at)
        if poll.state is PollState.CANCELLED:
            ends = (t("Called off"), poll.cancelled_at)
        for name, at in ((t("Opened"), poll.opened_at), ends):
            if at is not None:
                rows.append((name, moment(at, poll.zone)))
        show(h("{facts}", facts=p.facts(rows)))


matter = p.link(user_line(poll.proposal), f"/proposal?id={poll.proposal_id}")
badge = votes.state_badge(poll.state, poll.outcome.outcome if poll.outcome else "")
show(h("{head}", head=p.head(user_text(poll.question, poll.language), badge, poll.number, matter, sub=finding())))
if poll.votes_by is VotesBy.OWNER:
    show(
        h(
            "{note}",
            note=p.note(
                t("An owners' vote: preparation, paper tally, check and evidence."),
                t("Some provinces take owners' electronic votes on the authority's platform only. Ask there first."),
            ),
        )
    )
left, right = st.columns([1.9, 1])
with left:
    if poll.state is PollState.OPEN:
        mine()
    if poll.state in (PollState.OPEN, PollState.CLOSED):
        with st.container(key="card_received"):
            received()
    result()
    paper()
    roll()
with right:
    if poll.state is not PollState.OPEN:
        mine()
    if frame.desk(actor) and poll.state not in (PollState.REVEALED, PollState.CANCELLED):
        poll_doors.doors(actor, poll)
    rule()
    if poll.meeting and poll.meeting_title:
        link = p.link(user_line(poll.meeting_title), f"/meeting?id={poll.meeting}")
        show(h('<p class="q">{said} {link}</p>', said=t("Voted on in"), link=link))
