"""That one's home has judged already, in words: which points; the points and answers of an evaluation as every page names them."""

from __future__ import annotations

from collections.abc import Sequence

from pages.kit.words import N_, listed, t
from services.reads.after_ground import Answering
from services.rules.plain_text import one_line

SCORES = {5: N_("5, very good"), 4: N_("4, good"), 3: N_("3, so-so"), 2: N_("2, poor"), 1: N_("1, bad")}
SOLVED = {True: N_("Yes, it is gone"), False: N_("No, not quite")}


def finished(homes: Sequence[Answering]) -> bool:
    """Whether all of these homes have answered."""
    return bool(homes) and all(each.score for each in homes)


def said(homes: Sequence[Answering]) -> str:
    """With which points these homes have answered; "" where none has."""
    given = [each for each in homes if each.score]
    if len(given) == len(homes) == 1:
        return t("Your home has answered: {score}.", score=t(SCORES[given[0].score]))
    points = listed([t("{home}: {score}", home=one_line(each.label), score=t(SCORES[each.score])) for each in given])
    if len(given) == len(homes) and given:
        return t("Your homes have answered: {points}.", points=points)
    return t("{n} of your {m} homes have answered: {points}.", n=len(given), m=len(homes), points=points) if given else ""
