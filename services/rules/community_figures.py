"""What a community may set, with what holds where it has set nothing."""

from __future__ import annotations

from collections.abc import Mapping

# name: (default, least, most). Ours, unless a source is named.
FIGURES: dict[str, tuple[int, int, int]] = {
    "first_answer_hours": (24, 1, 240),  # opinion box with a 24-hour answer (Haidian)
    "supporters_needed": (10, 1, 1000),
    "review_days": (7, 1, 60),  # ours: how long the committee takes to read an endorsed proposal
    "notice_days": (7, 1, 60),
    "evaluation_days": (14, 1, 90),
    "letter_days": (30, 1, 365),
}


def figure(figures: Mapping[str, int], name: str) -> int:
    """The community's own figure, else the default. KeyError for an unknown name."""
    default, least, most = FIGURES[name]
    return min(max(figures.get(name, default), least), most)
