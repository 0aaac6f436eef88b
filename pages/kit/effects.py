"""The figures of what came of it all, in words: five of them with what they mean, satisfaction by estate, the way of the matters."""

from __future__ import annotations

from fractions import Fraction
from urllib.parse import urlencode

from markupsafe import Markup

from models.vocabulary import Category
from pages.kit import pieces as p
from pages.kit.charts import Twin
from pages.kit.html import h, m, user_line
from pages.kit.words import N_, number, share, t, tn
from pages.kit.works import state_badge
from services.reads.effect import Effect, median
from services.rules import periods

QUARTERS = {1: N_("1st quarter of {year}"), 2: N_("2nd quarter of {year}"), 3: N_("3rd quarter of {year}"), 4: N_("4th quarter of {year}")}


def period_words(key: str) -> str:
    """A period as one says it."""
    if periods.bounds(key) is None:
        return t("All the time")
    year, _, quarter = key.partition("-q")
    return t(QUARTERS[int(quarter)], year=year) if quarter else t("Year {year}", year=year)


def finding(found: Effect, chosen: tuple[str, str, str]) -> str:
    """The heading: how many matters are done; `chosen` is estate, kind and period, "" for all."""
    period = chosen[2]
    if not found.matters:
        return t("No matters in this selection") if any(chosen) else t("No matters yet")
    if period:
        return tn("{period}: {n} matter done", "{period}: {n} matters done", found.done, period=period_words(period))
    return tn("{n} matter done", "{n} matters done", found.done)


def figures(found: Effect) -> Markup:
    """Five figures and what each means."""
    days, middle = found.days, median(found.days)
    in_time, finished = found.on_time
    counted = len(found.counted)
    row = [
        p.Stat(t("People who took part"), number(found.people), t("people"), t("wrote, supported, met, voted or judged")),
        p.Stat(
            t("Share done"), _share(found.done_share), "%" if found.done_share is not None else "",
            t("{n} of {m} matters", n=number(found.done), m=number(counted)), href="/proposals",
        ),
        p.Stat(
            t("From first word to finish"), number(middle, 0 if middle.denominator == 1 else 1) if middle is not None else "–",
            t("days") if middle is not None else "", t("median, longest {n}", n=number(days[-1])) if days else t("nothing finished yet"),
        ),
        p.Stat(
            t("Works on time"), _share(Fraction(in_time, finished) if finished else None), "%" if finished else "",
            t("{n} of {m} finished works", n=number(in_time), m=number(finished)), href="/progress",
        ),
        p.Stat(
            t("Satisfaction"), number(found.score, 1) if found.score is not None else "–", t("of 5") if found.score is not None else "",
            tn("{n} home answered", "{n} homes answered", found.answers),
        ),
    ]  # fmt: skip
    return h("{stats}", stats=p.stats(row))


def _share(value: Fraction | None) -> str:
    return share(value).removesuffix("%") if value is not None else "–"


def satisfaction_finding(found: Effect) -> str:
    """What the satisfaction by estate says in one line."""
    rows = found.by_estate()
    if not rows:
        return t("No evaluation has ended yet")
    if len(rows) == 1:
        return t("{estate}: {mean} of 5", estate=rows[0][0], mean=number(rows[0][1], 1))
    return t("{best} is the most satisfied, {worst} the least", best=rows[0][0], worst=rows[-1][0])


def satisfaction_twin(found: Effect) -> Twin:
    columns = [p.Column(t("Estate")), p.Column(t("Mean of 1 to 5"), True), p.Column(t("Satisfied"), True), p.Column(t("Answers"), True)]
    rows = [(name, number(mean, 2), number(good), number(n)) for name, mean, good, n in found.by_estate()]
    return Twin(columns, rows)


def way(found: Effect) -> list[tuple[str, int, str, str]]:
    """The way of the matters: (step, how many, remark, where the rows are)."""
    met = sum(1 for each in found.counted if each.met)
    decided = sum(1 for each in found.counted if each.decided)
    adopted = sum(1 for each in found.counted if each.adopted)
    under_way = sum(1 for each in found.counted if each.step.value in ("execution", "supervision"))
    answered = share(Fraction(found.answered_in_time, found.concerns)) if found.concerns else ""
    lost = decided - adopted
    going = tn("{n} is being carried out", "{n} are being carried out", under_way) if under_way else ""
    return [
        (t("Concerns received"), found.concerns, "", ""),
        (t("Answered in time"), found.answered_in_time, answered, ""),
        (t("Became proposals"), found.proposed, "", "/proposals"),
        (t("Talked about at a table"), met, "", "/meetings"),
        (t("Adopted by vote"), adopted, tn("{n} was not, with reasons", "{n} were not, with reasons", lost) if lost else "", "/polls"),
        (t("Matters done"), found.done, going, "/progress"),
    ]


def way_finding(found: Effect) -> str:
    if not found.concerns:
        return t("{n} proposals, no concerns in this selection", n=number(len(found.counted)))
    said = share(Fraction(found.answered_in_time, found.concerns), 0)
    return t("{share} of concerns were answered in time", share=said)


def way_rows(found: Effect) -> Markup:
    """Rows with a figure and a bar to one scale; each opens what is behind it."""
    rows = way(found)
    most = max((n for _, n, _, _ in rows), default=0)
    lines = Markup("").join(
        m(
            '<li><span>{name}</span><b class="num">{n}</b><span class="tr" aria-hidden="true"><i style="width:{width}%"></i></span>'
            '<span class="meta">{remark}</span></li>',
            name=p.link(name, to) if to else name, n=number(n), width=p.per_cent(n, most), remark=remark,
        )
        for name, n, remark, to in rows
    )  # fmt: skip
    return m('<ul class="fun">{lines}</ul>', lines=lines)


def late_rows(found: Effect) -> Markup:
    """What is late now, as it must be seen."""
    if not found.late:
        return p.tick_line(t("Nothing is late now."))
    return Markup("").join(
        m('<p>{badge} {link}</p>', badge=state_badge(row.state, row.days_late, row.level),
          link=p.link(user_line(t("{title}: {step}", title=row.title, step=row.upcoming) if row.upcoming else row.title),
                      f"/project?id={row.id}"))
        for row in found.late[:5]
    )  # fmt: skip


def files(kind: str, estate: str, category: str, period: str) -> str:
    """Where the rows behind the figures are, as a file."""
    given = {name: value for name, value in (("estate", estate), ("category", category), ("period", period)) if value}
    return f"/export/outcomes.{kind}" + (f"?{urlencode(given)}" if given else "")


CATEGORIES = [each for each in Category if each is not Category.HAZARD]
