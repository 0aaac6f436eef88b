"""How each entry of a story is told: when, at which step, the finding, who and why in one line, and what hangs on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from markupsafe import Markup

from models.vocabulary import MeetingState, Move, NoticeState, PollState, Ruling, Verdict
from pages.kit import votes
from pages.kit.html import m, user_line, user_text
from pages.kit.marks import dotted, link, party_chip
from pages.kit.results import Choice, choice_bars
from pages.kit.room_words import argument_words, first_planned
from pages.kit.stages import Moment, StoryEntry
from pages.kit.words import N_, day, deadline, duration, listed, money, near, number, opening, party_name, spent_words, t, tn, word
from services import clock
from services.reads import story_entries as e
from services.reads.table import Way
from services.reads.who import Who

MOVED: dict[Move | e.Off, str] = {
    Move.RETURN: N_("It came back to be completed"),
    Move.RESUBMIT: N_("Completed and filed again"),
    Move.ACCEPT: N_("Accepted: it will be talked about at one table"),
    Move.DECLINE: N_("Declined"),
    Move.WITHDRAW: N_("Withdrawn"),
    e.Off.OPEN: N_("The vote was called off"),
    e.Off.PREPARED: N_("The vote was called off before it was opened"),
    e.Off.TAKEN_BACK: N_("The opening of the vote was taken back"),
}
RULED = {
    Ruling.UPHELD: N_("upheld, back to the table"),
    Ruling.ADJUSTED: N_("taken up"),
    Ruling.ANSWERED: N_("answered"),
}


def named(who: Who | None) -> str:
    """A person as the reader may know them: the name and the role, or the role alone."""
    if who is None:
        return t("somebody without an account")
    if who.role is None:
        return who.name
    return t("{name} ({role})", name=who.name, role=word(who.role)) if who.name else word(who.role)


def in_a_row(sentences: list[str]) -> str:
    """Sentences behind each other, as the language writes them."""
    said = ""
    for each in sentences:
        said = t("{first} {then}", first=said, then=each) if said else each
    return said


def entry(given: e.Entry, zone: str) -> StoryEntry:
    """One entry of the story as the timeline draws it."""
    made = _TELL[type(given)](given, zone)
    kind = Moment.AHEAD if given.ahead else Moment.DECISION if given.key and isinstance(given, _DECISIONS) else Moment.DONE
    on = made.pop("when", None) or clock.day_of(given.at, zone)
    stage = made.pop("stage", "") or word(given.step)
    return StoryEntry(when=on, stage=stage, kind=kind, **made)


def _said(given: e.Said, _: str) -> dict[str, Any]:
    body = t("{who} said so.", who=named(given.who))
    if given.minutes is not None:
        took = duration(timedelta(minutes=given.minutes))
        body = t("{who} said so; {other} answered after {time}.", who=named(given.who), other=named(given.answered_by), time=took)
    more = m("<blockquote>{answer}</blockquote>", answer=user_text(given.answer)) if given.answer else Markup("")
    seconds = tn("{n} neighbour sees it too", "{n} neighbours see it too", given.supporters) if given.supporters else ""
    title = m("{quoted}", quoted=t("“{text}”", text=given.text))
    return {"title": title, "body": body, "more": more + _small(seconds, user_line(given.place), given.number)}


def _filed(given: e.Filed, _: str) -> dict[str, Any]:
    body = t("{who} wrote it up with a plan.", who=named(given.who))
    return {"title": t("It becomes proposal {number}", number=given.number), "quote": user_text(given.plan), "body": body}


def _endorsed(given: e.Endorsed, _: str) -> dict[str, Any]:
    title = tn("{n} home supports it", "{n} homes support it", given.homes)
    return {"title": title, "body": t("{n} were needed. It goes to review.", n=given.needed)}


def _moved(given: e.Moved, _: str) -> dict[str, Any]:
    return {"title": t(MOVED[given.move]), "quote": user_text(given.why or given.plan) if given.why or given.plan else "",
            "who": named(given.who), "more": _small(t("version {n}", n=given.version) if given.version else "")}  # fmt: skip


def _met(given: e.Met, zone: str) -> dict[str, Any]:
    title = user_line(given.title)
    to = link(t("Open the meeting"), f"/meeting?id={given.meeting_id}")
    if given.state is MeetingState.CANCELLED:
        planned = t("it was planned for {when}", when=near(given.planned, zone)) if given.planned else ""
        said = m("{said}", said=t("The meeting was called off"))
        return {"title": said, "body": user_text(given.why), "who": named(given.who), "more": _small(planned, to)}
    if given.missed:
        where = t("It was called for {when}, {place}, and nobody opened it.", when=near(given.at, zone), place=given.place)
        return {"title": t("The meeting did not take place"), "body": where, "more": _small(to)}
    if given.state is MeetingState.CONVENED:
        when = opening(near(given.at, zone))
        come = t("{when}, {place}. Come and say what speaks for it and what against.", when=when, place=given.place)
        return {"title": title, "body": come, "more": _chips(given) + _small(first_planned(given.moved, zone), to)}
    came = [t("{label} ({n})", label=party_name(each.party, each.label), n=each.came) for each in given.seats if each.came]
    body = t("At the table: {parties}.", parties=listed(came)) if came else ""
    more = _chips(given) + _ways(given.ways) + _promises(given)
    if given.minutes:
        more += m("<blockquote>{text}</blockquote>", text=user_text(given.minutes))
    return {"title": title, "body": body, "more": more + _small(first_planned(given.moved, zone), to)}


def _chips(given: e.Met) -> Markup:
    """The discs of the parties; where they came, the sentence above says how many."""
    chips = Markup("").join(party_chip(each.party, user_line(party_name(each.party, each.label))) for each in given.seats)
    return m('<p class="chips">{chips}</p>', chips=chips) if chips else Markup("")


def _ways(ways: tuple[Way, ...]) -> Markup:
    """The options with what speaks for each and what against, in words."""

    def lines(said: tuple[tuple[str, Any], ...], label: str, css: str) -> Markup:
        return Markup("").join(
            m('<li><span class="{css}">{label}</span><span>{said}</span></li>', css=css, label=label, said=argument_words(*each))
            for each in said
        )

    return Markup("").join(
        m(
            '<div class="way"><b>{title}</b><span class="q">{facts}</span><ul>{pros}{cons}</ul></div>',
            title=user_line(each.title),
            facts=dotted(
                money(each.cost_fen) if each.cost_fen is not None else "",
                tn("{n} day", "{n} days", each.days) if each.days else "",
                user_line(each.description) if each.description else "",
            ),
            pros=lines(each.pros, t("For", context="Way"), "pro"),
            cons=lines(each.cons, t("Against", context="Way"), "con"),
        )
        for each in ways
    )


def _promises(given: e.Met) -> Markup:
    if not given.promises:
        return Markup("")
    told = [
        t("{who}: {deed}, by {day}", who=party_name(each.party, each.label), deed=each.deed, day=day(each.due_on))
        for each in given.promises
    ]
    lines = Markup("").join(m("<li>{text}</li>", text=text) for text in told)
    said = tn("{n} promise", "{n} promises", len(given.promises))
    return m('<p class="who">{said}</p><ul class="bl">{lines}</ul>', said=said, lines=lines)


def _voted(given: e.Voted, zone: str) -> dict[str, Any]:
    to = link(t("Open vote {number}", number=given.number), f"/poll?id={given.poll_id}")
    if given.outcome is None:
        came = t("{n} of {m} in. Nobody sees the result before the reveal.", n=number(given.received.n), m=number(given.received.m))
        until = t("until {when}", when=deadline(given.closes_at, zone)) if given.closes_at and given.state is PollState.OPEN else ""
        return {"title": user_line(given.question), "body": came, "more": _small(until, to)}
    won = [votes.answer_word(each.code, each.title) for each in given.answers if each.code in given.outcome.winners]
    if given.outcome.outcome == "elected":
        title = t("“{option}” is chosen", option=listed(won))
    else:
        title = t("{outcome}: {question}", outcome=votes.outcome_said(given.outcome.outcome), question=given.question)
    why = in_a_row(votes.reasons(given.outcome))
    return {"title": m("{title}", title=title), "body": why, "more": _bars(given) + _small(to)}


def _bars(given: e.Voted) -> Markup:
    """Every answer with its votes and one threshold through them; a yes/no vote with each of its conditions."""
    outcome = given.outcome
    if outcome is None:
        return Markup("")
    choice = not any(each.code == "yes" for each in given.answers)
    need = next((votes.needs({"share": f"{c.share.numerator}/{c.share.denominator}", "op": c.op})
                 for c in outcome.conditions if c.kind == "approve" and c.of == "persons"), None)  # fmt: skip
    if not choice or not outcome.took_part:
        return votes.bars(outcome, given.answers)
    order = sorted(given.answers, key=lambda each: (each.code == "abstain", -outcome.totals.get(each.code, 0)))
    rows = [
        Choice(votes.answer_word(each.code, each.title), outcome.totals.get(each.code, 0), each.code in outcome.winners and outcome.adopted)
        for each in order
    ]
    return choice_bars(rows, outcome.took_part, votes.unit, need)


def _no_vote(given: e.NoVote, _: str) -> dict[str, Any]:
    to = link(t("Open vote {number}", number=given.number), f"/poll?id={given.poll_id}")
    return {"title": t(MOVED[given.off]), "quote": user_text(given.why) if given.why else "", "more": _small(user_line(given.question), to),
            "body": t("Nobody had voted yet.") if given.off is e.Off.TAKEN_BACK else "", "who": named(given.who)}  # fmt: skip


def _published(given: e.Published, zone: str) -> dict[str, Any]:
    live = [each for each in given.objections if not each.withdrawn]
    last = clock.day_of(given.ends_at - timedelta(seconds=1), zone)
    if len(live) == 1 and (ruling := live[0].ruling):
        title = t("One objection, {ruled}", ruled=t(RULED[ruling]))
    elif live:
        title = tn("{n} objection", "{n} objections", len(live))
    elif given.state is NoticeState.SHOWN:
        title = t("Shown to everybody until {day}", day=day(last))
    else:
        title = tn("Shown for {n} day, no objection", "Shown for {n} days, no objection", given.days)
    more = Markup("").join(_objection(each) for each in given.objections)
    until = t("until {when}", when=deadline(given.ends_at, zone))
    facts = _small(link(t("Notice {number}", number=given.number), f"/notice/{given.notice_id}"), until, word(given.state))
    return {"title": title, "body": user_text(given.why), "more": more + facts, "who": ""}


def _objection(given: e.Objected) -> Markup:
    if given.withdrawn:
        state = t("{who} objected and took it back.", who=named(given.who))
        return m('<p class="who">{state}</p>', state=state)
    reply = m("<p>{reply}</p>", reply=user_text(given.reply)) if given.reply else m("<p>{said}</p>", said=t("Waits for its ruling."))
    state = word(given.ruling) if given.ruling else ""
    return m(
        '<blockquote>{text}</blockquote>{reply}<p class="who">{who}</p>',
        text=user_text(given.text), reply=reply, who=dotted(named(given.who), state),
    )  # fmt: skip


def _started(given: e.Started, _: str) -> dict[str, Any]:
    firm = given.organisation or named(given.executor)
    body = t(
        "{who} carries it out, from {first} to {last}, for {money}.", who=firm, first=day(given.starts_on), last=day(given.due_on),
        money=money(given.budget_fen),
    )  # fmt: skip
    tasks = tn("{n} task from the promises", "{n} tasks from the promises", given.tasks)
    steps = tn("{n} milestone", "{n} milestones", given.milestones)
    to = link(t("Project {number}", number=given.number), f"/project?id={given.project_id}")
    return {"title": t("The works begin: {title}", title=given.title), "body": body, "more": _small(tasks, steps, to)}


def _reported(given: e.Reported, _: str) -> dict[str, Any]:
    spent = t("{money} spent so far", money=money(given.spent_fen)) if given.spent_fen is not None else ""
    return {"title": user_text(given.text), "who": "", "more": photos(given.files) + _small(named(given.who), spent)}


def photos(files: tuple[e.Attached, ...]) -> Markup:
    """Pictures as small links to themselves, documents by name."""
    if not files:
        return Markup("")
    shown = Markup("").join(
        m('<a href="/files/{id}" target="_blank" rel="noopener"><img src="/files/{id}" alt="{alt}" loading="lazy"></a>',
          id=each.id, alt=t("Photo: {name}", name=each.name))
        if each.picture
        else m('<a class="doc" href="/files/{id}" target="_blank" rel="noopener">{name}</a>', id=each.id, name=user_line(each.name))
        for each in files
    )  # fmt: skip
    return m('<div class="ph">{shown}</div>', shown=shown)


def early_or_late(days_late: int) -> str:
    """How a day compares with its plan, in words."""
    if days_late == 0:
        return t("on the planned day")
    if days_late > 0:
        return tn("{n} day after the plan", "{n} days after the plan", days_late)
    return tn("{n} day early", "{n} days early", -days_late)


def _reached(given: e.Reached, _: str) -> dict[str, Any]:
    title = t("{title}: done, {compared}", title=given.title, compared=early_or_late(given.days_late))
    return {"title": title, "who": named(given.who), "when": given.done_on}


def _finished(given: e.Finished, _: str) -> dict[str, Any]:
    if given.days_ahead > 0:
        title = tn("Finished {n} day before the plan", "Finished {n} days before the plan", given.days_ahead)
    elif given.days_ahead < 0:
        title = tn("Finished {n} day after the plan", "Finished {n} days after the plan", -given.days_ahead)
    else:
        title = t("Finished on the planned day")
    return {"title": title, "body": spent_words(given.spent_fen, given.budget_fen), "who": named(given.who)}


def _inspected(given: e.Inspected, _: str) -> dict[str, Any]:
    title = t("Accepted on site") if given.verdict is Verdict.PASSED else t("Not accepted yet")
    return {"title": title, "quote": user_text(given.why) if given.why else "", "who": named(given.who)}


def ended_early(days: int, answered: int, asked: int) -> str:
    """That an evaluation was ended before its time, and with how many answers. `days` 0: on its last day."""
    if days == 0:
        return t("Ended on its last day before the time was up, with answers from {n} of {m} homes.", n=number(answered), m=number(asked))
    return tn(
        "Ended {n} day before its time, with answers from {answered} of {asked} homes.",
        "Ended {n} days before its time, with answers from {answered} of {asked} homes.",
        days, answered=number(answered), asked=number(asked),
    )  # fmt: skip


def _rated(given: e.Rated, zone: str) -> dict[str, Any]:
    came = t("{n} of {m} homes answered.", n=number(given.answered), m=number(given.asked))
    if given.days_early is not None:
        came = ended_early(given.days_early, given.answered, given.asked)
    if given.overtaken:
        came = in_a_row([came, t("Round {n} was opened meanwhile, and that ended the evaluation. The answers stay.", n=given.overtaken)])
    if not given.over:
        title = t("The homes say how it turned out")
        return {"title": title, "body": came, "more": _small(t("until {when}", when=deadline(given.ends_at, zone)))}
    if not given.answered or given.mean is None or given.satisfied is None or given.solved is None:
        return {"title": t("No home answered the evaluation"), "quote": user_text(given.why) if given.why else "", "body": came}
    n, of = number(given.satisfied), number(given.answered)
    title = tn("{n} of {m} home is satisfied", "{n} of {m} homes are satisfied", given.answered, n=n, m=of)
    figures = t(
        "{mean} of 5 on average; for {solved} of {m} the problem is gone.", mean=number(given.mean, 1), solved=number(given.solved), m=of
    )
    more = Markup("").join(m("<blockquote>{text}</blockquote>", text=user_text(each)) for each in given.words)
    if given.why:
        more += m("<p>{said}</p>", said=t("What was learned: {text}", text=given.why))
    return {"title": title, "body": in_a_row([came, figures]), "more": more, "who": named(given.who) if given.who else ""}


def _kept_up(given: e.KeptUp, _: str) -> dict[str, Any]:
    every = tn("every day", "every {n} days", given.every_days)
    upcoming = t("ended") if given.ended else t("next on {day}", day=day(given.next_on))
    body = t("{who}: {deed}", who=given.label, deed=given.deed)
    return {"title": t("It is kept up for good"), "body": body, "more": _small(every, upcoming)}


def _round(given: e.Round, _: str) -> dict[str, Any]:
    to = link(t("See round {n}", n=given.round), f"/proposal?id={given.proposal_id}")
    if given.forward:
        title = t("Round {n} opens: {title}", n=given.round, title=given.title)
    else:
        title = t("This round builds on “{title}”", title=given.title)
    return {"title": title, "quote": user_text(given.why) if given.why else "", "who": named(given.who), "more": _small(to, given.number),
            "stage": t("Round {n}", n=given.round if given.forward else given.round + 1)}  # fmt: skip


def _small(*parts: str | Markup) -> Markup:
    said = [part for part in parts if part]
    return m('<p class="who">{said}</p>', said=dotted(*said)) if said else Markup("")


_DECISIONS = (e.Voted, e.Published, e.Finished, e.Inspected, e.Rated, e.KeptUp, e.Round)
_TELL: dict[type[e.Entry], Callable[[Any, str], dict[str, Any]]] = {
    e.Said: _said, e.Filed: _filed, e.Moved: _moved, e.Endorsed: _endorsed, e.Met: _met, e.Voted: _voted, e.NoVote: _no_vote,
    e.Published: _published, e.Started: _started, e.Reported: _reported, e.Reached: _reached, e.Finished: _finished,
    e.Inspected: _inspected, e.Rated: _rated, e.KeptUp: _kept_up, e.Round: _round,
}  # fmt: skip
