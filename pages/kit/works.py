"""The page of a project: its top, the plan over time, the money, what is missing, reports, people, verdicts."""

from __future__ import annotations

from markupsafe import Markup

from models.vocabulary import Lateness, ProjectState
from pages.kit import chart_forms, charts
from pages.kit import pieces as p
from pages.kit.html import h, m, show, user_line, user_text
from pages.kit.matter import holder_words_of
from pages.kit.told import early_or_late, named, photos
from pages.kit.words import N_, day, joined, listed, money, near, opening, t, tn, word
from services.i18n import yuan
from services.reads.works import Condition, Page, Stretch, Wanted
from services.rules.turns import Holder

WANTED = {
    Wanted.TASKS: N_("{have} of {need} tasks done"),
    Wanted.MILESTONES: N_("{have} of {need} milestones done"),
    Wanted.FINISHED: N_("Reported finished"),
    Wanted.INSPECTED: N_("Accepted by a supervisor"),
}
NOT_YET = {Wanted.REPORTS: N_("No report yet"), Wanted.FINISHED: N_("Not reported finished yet"),
           Wanted.INSPECTED: N_("No supervisor has accepted it yet")}  # fmt: skip


def state_badge(state: ProjectState, late: int, level: Lateness) -> Markup:
    """On time, late by days, waiting for acceptance, accepted."""
    if state is ProjectState.ACCEPTED:
        return p.badge(word(state), p.Tone.OK)
    if state is ProjectState.COMPLETED:
        return p.badge(t("Waits for acceptance"), p.Tone.WAIT)
    if late > 0:
        return p.late(late, level)
    return p.badge(t("On time"), p.Tone.OK)


def finding(project: Page) -> str:
    """The heading: the title and what is left."""
    if project.state is ProjectState.ACCEPTED:
        return t("{title}: done, {compared}", title=project.title, compared=early_or_late(project.days_late))
    if project.state is ProjectState.COMPLETED:
        return t("{title}: finished, waits for acceptance", title=project.title)
    left = sum(1 for each in project.stretches if each.done_on is None)
    if left == 0:
        return t("{title}: all milestones done", title=project.title)
    return tn("{title}, {n} milestone left", "{title}, {n} milestones left", left, title=project.title)


def top(project: Page) -> Markup:
    matter = p.link(user_line(project.proposal_number), f"/proposal?id={project.proposal_id}")
    badge = state_badge(project.state, project.days_late, project.level)
    sub = t("From {first} to {last}.", first=day(project.starts_on), last=day(project.due_on))
    return h("{head}", head=p.head(user_line(finding(project)), badge, project.number, user_line(project.estate), matter, sub=sub))


def stepper(project: Page) -> Markup:
    holder = "" if project.now.turn.holder is Holder.NOBODY else holder_words_of(project.now)
    notes = [p.StepNote(each.step, each.on) for each in project.steps]
    return h("{steps}", steps=p.stepper(project.here, notes, holder, project.over, project.skipped))


def _row(each: Stretch, project: Page) -> chart_forms.GanttRow:
    state = "done" if each.done_on else "running" if each.running else "ahead"
    start = min(each.starts_on, each.done_on or each.starts_on) if state != "ahead" else None
    if state == "running":
        start = min(each.starts_on, project.today)
    if each.done_on:
        note = early_or_late(each.days_late) if each.days_late else day(each.done_on)
    else:
        note = p.late_words(each.days_late) if each.days_late else t("by {day}", day=day(each.due_on))
    return chart_forms.GanttRow(each.title, each.starts_on, each.due_on, start, each.done_on, state, note)


def gantt_finding(project: Page) -> str:
    """What the plan over time says in one line."""
    late = [each for each in project.stretches if each.done_on is None and each.days_late > 0]
    if late:
        return tn("{title} is {n} day late", "{title} is {n} days late", late[0].days_late, title=late[0].title)
    done = [each for each in project.stretches if each.done_on]
    if not done:
        return t("{title} comes first", title=project.stretches[0].title) if project.stretches else t("No milestones")
    return t("{title}: done, {compared}", title=done[-1].title, compared=early_or_late(done[-1].days_late))


def gantt(project: Page) -> None:
    """Plan and reality over time, with the table behind it."""
    said = gantt_finding(project)
    show(h("{title}", title=p.heading(user_line(said))))
    rows = [_row(each, project) for each in project.stretches]
    twin = chart_forms.gantt_twin(rows, (t("Milestone"), t("Planned"), t("Done"), t("Remark")))
    keys = charts.legend(
        (charts.colours()["brand"], t("done")), (charts.categories()[2], t("under way")), (charts.colours()["plan"], t("as planned"))
    )
    drawing = charts.Drawing(chart_forms.gantt, (tuple(rows), project.today))
    source = joined(project.title, project.estate, project.number)
    charts.chart(drawing, said, twin, f"gantt_{project.id}", keys=keys, public_file=project.number, source=source)


def money_card(project: Page) -> Markup:
    """Spent, planned, left over."""
    left = project.budget_fen - project.spent_fen
    if not project.spent_told:
        title = t("No spending is reported yet") if project.state is ProjectState.RUNNING else t("What was spent was not reported")
        planned = t("{planned} planned", planned=money(project.budget_fen))
        return h('{title}<p class="meta">{planned}</p>', title=p.heading(title), planned=planned)
    if project.spent_fen == 0:
        title = t("Nothing is spent yet")
    elif left < 0:
        title = t("{money} more than planned", money=money(-left))
    elif project.state is ProjectState.ACCEPTED:
        title = t("{money} left over", money=money(left))
    else:
        title = t("{money} still to spend", money=money(left))
    planned = t("{planned} planned, {left} left", planned=yuan_of(project.budget_fen), left=yuan_of(left))
    if left < 0:
        planned = t("{planned} planned", planned=yuan_of(project.budget_fen))
        bar = p.fund_bar([p.FundPart(t("Planned"), project.budget_fen)], project.budget_fen, project.spent_fen)
    else:  # an empty bar where nothing is spent, a full one where all of it is
        bar = p.fund_bar([p.FundPart(t("Spent"), project.spent_fen)], project.budget_fen, gap_label=t("Not spent"))
    spent = yuan_of(project.spent_fen)
    figure = m('<div class="figw"><p class="fig num" style="--n:{signs}">{spent}</p></div>', signs=len(spent), spent=spent)
    return h(
        '{title}<p class="meta">{label}</p>{figure}<p class="meta">{planned}</p><br>{bar}',
        title=p.heading(title), label=t("Spent, in yuan"), figure=figure, planned=planned, bar=bar,
    )  # fmt: skip


def yuan_of(fen: int) -> str:
    """An amount as a figure alone; English and Chinese write it alike."""
    return yuan("zh-CN", fen)


def _wanted(each: Condition) -> str:
    match each.what:
        case Wanted.REPORTS:
            return tn("{n} report", "{n} reports", each.have)
        case Wanted.PHOTOS:
            return tn("{n} photo", "{n} photos", each.have)
    return t(WANTED[each.what], have=each.have, need=each.need)


def missing(project: Page) -> Markup:
    """What is met and what is missing before acceptance, all at once."""
    lacking = sum(1 for each in project.conditions if not each.met)
    if project.state is ProjectState.ACCEPTED:
        title = t("Accepted on {day}", day=day(project.accepted_on)) if project.accepted_on else t("Accepted")
    elif project.state is ProjectState.COMPLETED:
        title = t("Ready: a supervisor can accept it")
    else:
        title = tn("Not ready for acceptance: {n} thing missing", "Not ready for acceptance: {n} things missing", lacking)
    rows = []
    for each in project.conditions:
        if not each.have and not each.need:
            continue  # photos help, but none is asked for
        said = t(NOT_YET[each.what]) if not each.met and each.what in NOT_YET else _wanted(each)
        wait = each.what is Wanted.INSPECTED and project.state is ProjectState.COMPLETED
        rows.append(p.Reason(p.Met.YES if each.met else p.Met.WAIT if wait else p.Met.NO, said))
    return h("{title}{rows}", title=p.heading(title), rows=p.reasons(rows, wide=True))


def reports(project: Page) -> Markup:
    """What was reported, newest first, with photos."""
    title = p.heading(tn("{n} report of the works", "{n} reports of the works", len(project.reports)))
    if not project.reports:
        return h("{title}{none}", title=title, none=p.empty(t("Nothing is reported yet."), t("The first report comes from the works.")))
    rows = Markup("").join(
        m(
            '<li><p>{text}</p>{photos}<p class="meta">{facts}</p></li>',
            text=user_text(each.text), photos=photos(each.files),
            facts=p.dotted(opening(near(each.at, project.zone)), named(each.who),
                           t("{money} spent so far", money=money(each.spent_fen)) if each.spent_fen is not None else ""),
        )
        for each in project.reports
    )  # fmt: skip
    return h('{title}<ul class="ll">{rows}</ul>', title=title, rows=rows)


def people(project: Page) -> Markup:
    """Who carries it out, who supervises."""
    rows: list[tuple[str, str | Markup]] = [(t("Carried out by"), user_line(project.organisation or named(project.executor)))]
    if project.organisation:
        rows.append((t("In charge"), user_line(named(project.executor))))
    rows.append((t("Supervised by"), user_line(listed(list(project.supervisors)))))
    rows.append((t("Planned"), t("{first} to {last}", first=day(project.starts_on), last=day(project.due_on))))
    if project.finished_on:
        rows.append((t("Finished"), t("{day}, {compared}", day=day(project.finished_on), compared=early_or_late(project.days_late))))
    changes = Markup("").join(
        m(
            '<li><p>{reason}</p><p class="meta">{facts}</p></li>',
            reason=user_text(each.reason),
            facts=p.dotted(
                opening(near(each.at, project.zone)), named(each.who),
                t("before: {who}, until {day}", who=each.executor, day=day(each.due_on)),
            ),
        )
        for each in project.changes
    )  # fmt: skip
    told = h('{title}<ul class="ll">{rows}</ul>', title=p.heading(t("What was changed, and why")), rows=changes) if changes else ""
    return h("{title}{rows}{told}", title=p.heading(t("Who and when")), rows=p.facts(rows), told=told)


def verdicts(project: Page) -> Markup:
    """What the supervisors found, newest first."""
    rows = Markup("").join(
        m(
            '<li>{badge}<p>{text}</p><p class="meta">{facts}</p></li>',
            badge=p.badge(t("Accepted on site"), p.Tone.OK) if each.passed else p.badge(t("Not accepted yet"), p.Tone.NO),
            text=user_text(each.text), facts=p.dotted(opening(near(each.at, project.zone)), named(each.who)),
        )
        for each in project.verdicts
    )  # fmt: skip
    return h('{title}<ul class="ll">{rows}</ul>', title=p.heading(t("What the supervisors found")), rows=rows)

