"""What every longer form here does: keeps what is typed as one types, asks before what cannot be undone, says what was done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import streamlit as st

from pages.kit import door
from pages.kit import pieces as p
from pages.kit.html import h, show, user_text
from pages.kit.words import t
from services import clock, drafts
from services.actors import Actor
from services.reads import filing
from services.work import do, new_id

FLASH = "story_said"
BASED = "based_on"
EMPTY = "fields_to_empty"
DOUBLE = timedelta(minutes=1)
HOLDS = timedelta(seconds=5)
"""How long a press waits for its page; one that was forgotten does nothing later."""


def kind(action: str, subject_id: str) -> str:
    """Under which name a form's draft is kept."""
    return f"{action}:{subject_id}"


def keep(actor: Actor, name: str, kept: dict[str, Any], content: dict[str, Any]) -> None:
    """Save what is typed, when it has changed."""
    if content != kept and (kept or any(content.values())):
        do(actor, drafts.save, kind=name, content=content)


@contextmanager
def typing(actor: Actor, name: str, *keys: str, begins: dict[str, Any] | None = None) -> Iterator[None]:
    """Around the fields `keys` of a form: they begin with what was typed here before, and what they hold is kept under `name`.

    `begins`: what stands in them where nothing was typed, for a form that changes something. What was typed to change an older state is
    shown to be copied, not put in place of the newer one. Only what this window changed is saved: one that lies open elsewhere
    does not write its old or empty fields over it. The fields take no value of their own. No `st.form` around them: there nothing
    that is typed reaches us before it is sent.
    """
    starts = {key: _said((begins or {}).get(key)) for key in keys}
    left = filing.draft(actor, name)
    kept = dict(left.content) if left else {}
    based, seen = kept.pop(BASED, starts), f"seen_{name}"
    if seen not in st.session_state or not any(key in st.session_state for key in keys):
        first = kept if kept and based == starts else starts
        st.session_state.update({key: value for key, value in first.items() if value is not None and key not in st.session_state})
        st.session_state[seen] = _held(keys)
    if kept and based != starts:
        typed = [str(kept[key]) for key in keys if isinstance(kept.get(key), str) and kept[key]]
        said = t("It was changed meanwhile. What you had typed and not sent:")
        show(h("{note}", note=p.note(said, user_text("\n".join(typed)), p.Tone.WAIT)))
    yield
    content = _held(keys)
    if content == st.session_state[seen]:
        return
    st.session_state[seen] = content
    if content != starts:
        do(actor, drafts.save, kind=name, content=content | ({BASED: starts} if begins is not None else {}))
    elif left:
        forget(actor, name)


def _held(keys: tuple[str, ...]) -> dict[str, Any]:
    """What these fields hold; an empty one holds nothing, whether or not it was ever touched."""
    return {key: _said(st.session_state.get(key)) for key in keys}


def _said(value: Any) -> Any:
    return None if value == "" else value


def forget(actor: Actor, name: str) -> None:
    """The draft is done with."""
    do(actor, drafts.discard, name)


def sending(name: str, *content: object) -> str:
    """The word of what is sent now: the same contents sent from here again within a minute are a double press, not a second matter."""
    key, now = f"sending_{name}", clock.now()
    held = st.session_state.get(key)
    if held is None or held[1] != content or now - held[2] > DOUBLE:
        held = st.session_state[key] = (new_id(), content, now)
    return str(held[0])


def empty(*keys: str) -> None:
    """Empty these fields of text, figures, ticks or several choices at the next run, after what they held was taken.

    `emptied` at the top of the page does it. Only a value that is set reaches the browser; where a key is just taken away,
    the old words stay on the screen.
    """
    held = {key: st.session_state[key] for key in keys if key in st.session_state}
    blank = {key: type(value)() if isinstance(value, str | bool | list) else None for key, value in held.items()}
    st.session_state[EMPTY] = st.session_state.get(EMPTY, {}) | blank


def unchoose(*keys: str) -> None:
    """The same for lists of which one is chosen: nothing is, at the next run."""
    st.session_state[EMPTY] = st.session_state.get(EMPTY, {}) | dict.fromkeys(keys)


def emptied() -> None:
    """Before any field is drawn: those that `empty` named begin empty again."""
    for key, value in st.session_state.pop(EMPTY, {}).items():
        st.session_state[key] = value


def press(word: str, key: str) -> bool:
    """The button that takes what was typed, where a day is among it: Streamlit hands in a day when its calendar closes, and that can be
    a moment after the press, so that the page begins anew before it has come to the button. The press is kept until then; it counts
    where the page comes to it, with the day as typed.
    """
    st.button(word, type="primary", key=key, on_click=_pressed, args=(key,))
    at = st.session_state.pop(f"pressed_{key}", None)
    return at is not None and clock.now() - at < HOLDS


def _pressed(key: str) -> None:
    st.session_state[f"pressed_{key}"] = clock.now()


def sure(said: str, key: str, fields: door.Fields) -> bool:
    """A tick before an act that cannot be undone."""
    ticked = st.checkbox(said, key=key)
    fields.under("sure")
    return ticked


def done(sentence: str) -> None:
    """Say this at the top of the page after the next run, and close the form."""
    st.session_state[FLASH] = sentence
    st.query_params.pop("do", None)
    st.rerun()


def said() -> None:
    """What was just done."""
    if sentence := st.session_state.pop(FLASH, ""):
        show(h("{note}", note=p.note(sentence, "", p.Tone.OK)))
