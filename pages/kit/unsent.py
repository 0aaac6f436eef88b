"""What somebody had typed into a form that has given way to its refusal meanwhile: shown to be copied, and kept as it was."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from pages.kit import pieces as p
from pages.kit.html import h, show, user_text
from pages.kit.words import t
from services import drafts
from services.actors import Actor
from services.reads import filing
from services.work import do

WORDS = (
    "notice_text", "objection_text", "reply_", "start_title", "start_step_", "rate_text_", "close_lessons", "keep_label", "keep_deed",
    "keep_lessons", "reopen_", "report_text", "saw_text", "missing_text", "change_reason", "cancel_reason",
)  # fmt: skip
"""How the keys of fields for words begin; what was only chosen is no loss."""


def words(said: Iterable[str | None]) -> None:
    """These words in a note, as they were typed; nothing where nothing was."""
    if typed := [each for each in said if each and each.strip()]:
        show(h("{note}", note=p.note(t("What you had typed and not sent:"), user_text("\n".join(typed)), p.Tone.WAIT)))


def instead_of(actor: Actor, action: str, *subjects: str) -> None:
    """In place of a form of `action` about one of these subjects (see `forms.typing` for its draft and its window).

    What came with this very run is not in the draft yet, and its field is not drawn any more: it is put there.
    """
    said: list[str | None] = []
    kept_here = [name for each in subjects for name in filing.drafts_of(actor, action, each)]
    for name in dict.fromkeys(kept_here + _windows(action, subjects)):
        left = filing.draft(actor, name)
        kept = dict(left.content) if left else {}
        begun, seen = st.session_state.get(f"typing_{name}", ({}, {}))
        here = st.session_state.get(f"typed_{next(iter(seen))}") == name if seen else False
        typed = {key: st.session_state[key] for key in seen if here and key.startswith(WORDS) and key in st.session_state}
        new = {key: value for key, value in typed.items() if value != begun.get(key) and value != kept.get(key) and value}
        if new:
            do(actor, drafts.save, kind=name, content=kept | new)
        said += [value for key, value in (kept | new).items() if key.startswith(WORDS) and isinstance(value, str)]
    words(said)


def _windows(action: str, subjects: Iterable[str]) -> list[str]:
    """The forms of this action that were drawn in this window, kept or not yet."""
    found = [str(key).removeprefix("typing_") for key in st.session_state if str(key).startswith(f"typing_{action}:")]
    return [name for name in found if name.split(":")[1] in set(subjects)]
