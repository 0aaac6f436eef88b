"""What is said of a proposal that was filed: what happens next and by when, as it stands now; the same on both kinds of pages."""

from __future__ import annotations

from models.vocabulary import Stage
from pages.kit.tables import Receipt
from pages.kit.words import moment, t, tn
from services import addresses, clock
from services.reads.filing import Filed
from services.rules.due import Term


def receipt_of(filed: Filed) -> Receipt:
    """Its number to say and to scan, and the next dates."""
    return Receipt(
        title=t("It came back to be completed") if filed.stage is Stage.RETURNED else t("Your proposal is in."),
        at=moment(filed.filed_at, filed.zone),
        number=filed.number,
        check_at=f"{addresses.home()}/proposal?id={filed.id}",
        proves=t("Scan it to see where the proposal is. Show it to neighbours: they support it there.")
        if filed.stage is Stage.FILED
        else t("Scan it to see where the proposal is."),
        next_dates=_next_dates(filed),
        label=t("Number"),
        off=filed.stage is Stage.RETURNED,
    )


def _next_dates(filed: Filed) -> list[tuple[str, str]]:
    missing = filed.supporters_needed - filed.supporters
    last = (t("Afterwards"), t("Accepted: all sides come to one table. You are told at every step."))
    if filed.stage is Stage.FILED and missing > 0:
        support = tn("{n} home more has to support it.", "{n} homes more have to support it.", missing)
        read = tn("The committee reads it within {n} day.", "The committee reads it within {n} days.", filed.review_days)
        return [(t("From now on"), support), (t("Then"), read), last]
    if filed.stage is Stage.RETURNED:
        return [(t("From now on"), t("Open it, answer the reasons that stand beside it, and file it again."))]
    if filed.stage not in (Stage.FILED, Stage.ENDORSED):
        return []
    by = Term(days=filed.review_days).last_day(clock.day_of(filed.stage_since, filed.zone))
    return [(t("Until {day}", day=by), t("The committee reads it and says why.")), last]
