"""What every longer form here does: keeps what is typed as one types, asks before what cannot be undone, says what was done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, time, timedelta
from typing import Any, Literal, overload

import streamlit as st

from pages.kit import door
from pages.kit import pieces as p
from pages.kit.html import h, show, user_text
from pages.kit.words import lang, t
from services import clock, drafts
from services.actors import Actor
from services.reads import filing
from services.work import do, new_id

FLASH = "story_said"
BASED = "based_on"
EMPTY = "fields_to_empty"
DOUBLE = timedelta(minutes=1)
ECHO = timedelta(seconds=2)
"""How long a value that the page has replaced by itself may still come back from the browser."""
HOLDS = timedelta(seconds=15)
"""How long a press waits for its page; one that was forgotten does nothing later."""
EVERY_DAY: dict[str, Any] = {"min_value": date.min, "max_value": date.max}
EVERY_MOMENT: dict[str, Any] = {"min_value": "0001-01-01T00:00", "max_value": "9999-12-31T23:59"}
"""What is typed outside a field's limits turns red there, and Streamlit hands in what stood before, which nobody typed. So fields have no
limits, and the command refuses; but a field for a day has ten years before and after where none are given, and gets these."""


def kind(action: str, subject_id: str) -> str:
    """Under which name a form's draft is kept."""
    return f"{action}:{subject_id}"


@contextmanager
def typing(
    actor: Actor,
    name: str,
    *fields: str | tuple[str, ...],
    begins: Mapping[str, Any] | None = None,
    offers: Mapping[str, Any] | None = None,
    chosen: Collection[str] = (),
) -> Iterator[Mapping[str, Any]]:
    """Around the fields of a form: they begin with what was typed here before, and what they hold is kept under `name`.

    `fields`: the keys, the first of them that of a field which is always drawn; keys in a tuple stand together, as the rows of a list
    do. Text, figures, ticks, days, times and lists are kept, of a field that is not drawn for a while as well.
    `begins`: what stands in them now, for a form that changes something. What was typed to change an older state is shown to be
    copied, not put in place of the newer one; keys that are `chosen` of a list hold no words to copy. Where nothing was typed the
    newer state comes into a window that lies open, too.
    `offers`: what is proposed where nothing was typed; it may be another thing tomorrow.
    Only what this window changed is saved: one that lies open elsewhere does not write its old or empty fields over it. The fields
    take no value of their own, and every key that holds something without a touch is among `begins` or `offers`. No `st.form` around
    them: there nothing that is typed reaches us before it is sent. Hands out what stood there when what is typed was begun.
    """
    state, window = st.session_state, f"typing_{name}"
    groups = [(each,) if isinstance(each, str) else each for each in fields]
    keys = [key for group in groups for key in group]
    begins = {key: _kept(value) for key, value in (begins or {}).items()}
    starts = dict.fromkeys(keys) | {key: _kept(value) for key, value in (offers or {}).items()} | begins
    left = filing.draft(actor, name)
    kept = dict(left.content) if left else {}
    based = dict(kept.pop(BASED, {}))
    over = [group for group in groups if kept.keys() & set(group) and _differ(based, starts, (begins | based).keys() & set(group))]
    if state.get(f"typed_{keys[0]}", name) != name:  # another matter was in these very fields
        state.pop(f"typing_{state[f'typed_{keys[0]}']}", None)
    state[f"typed_{keys[0]}"] = name
    if window not in state or keys[0] not in state:
        older = {key for group in over for key in group}
        for key in keys:
            _put(key, kept[key] if key in kept and key not in older else starts[key])
        begun, seen = dict(starts), _held(keys)
    else:
        begun, seen = state[window]
        for key in [key for key in keys if key not in state]:
            _put(key, seen[key])
        for key, (older, at) in state.get(f"echo_{name}", {}).items():
            if clock.now() - at < ECHO and not _differ(_held((key,)), {key: older}, (key,)):
                _put(key, begun[key])  # sent off before our own newer value had come to the browser; nobody typed it
        for group in [group for group in groups if _differ(begun, starts, group)]:
            if not _differ(_held(group), begun, group):
                echo = {key: (value, clock.now()) for key, value in _held(group).items()}
                state[f"echo_{name}"] = state.get(f"echo_{name}", {}) | echo
                for key in group:
                    _put(key, starts[key])
                seen |= _held(group)
            if not begins.keys() & set(group) or not _differ(_held(group), starts, group):
                begun |= {key: starts[key] for key in group}
    state[window] = begun, seen
    lost = [key for group in over for key in group if key in kept and _differ(kept, starts, (key,)) and _differ(kept, based, (key,))]
    if lost:
        words = [str(_read(kept[key])) for key in lost if key not in chosen and kept[key]]
        said = t("It was changed meanwhile. What you had typed and not sent:")
        said = said if words else t("It was changed meanwhile. Here is what stands now; choose once more.")
        show(h("{note}", note=p.note(said, user_text("\n".join(words)), p.Tone.WAIT)))
    yield begun
    held = _held(keys)
    changed = [group for group in groups if _differ(held, seen, group)]
    if not changed:
        return
    state[window] = begun, held
    for group in changed:
        touched = _differ(held, begun, group)
        for key in group:
            kept.pop(key, None)
            based.pop(key, None)
            if touched:
                kept[key] = held[key]
            if touched and key in begins:
                based[key] = begun[key]
    if kept:
        do(actor, drafts.save, kind=name, content=kept | ({BASED: based} if based else {}))
    elif left:
        do(actor, drafts.discard, name)


def holds(actor: Actor, name: str, key: str) -> Any:
    """What a field inside `typing` is going to hold, before it is drawn, where what others are offered hangs on it; None for nothing."""
    if f"typing_{name}" in st.session_state and key in st.session_state:
        return st.session_state[key]
    left = filing.draft(actor, name)
    return _read(left.content.get(key)) if left else None


@overload
def day(said: str, key: str, value: date | Literal["today"] = "today") -> date: ...
@overload
def day(said: str, key: str, value: None) -> date | None: ...
def day(said: str, key: str, value: date | Literal["today"] | None = "today") -> date | None:
    """A field for a day; inside `typing` it takes no `value`. Every day reaches the command, which says of a wrong one what is wrong."""
    return st.date_input(said, value, key=key, format="YYYY-MM-DD", **EVERY_DAY)


def figure(said: str, key: str, begins: int | None = None, **looks: Any) -> int | None:
    """A field for a whole number, None where it is empty; outside `typing` it begins with `begins`. The command says which it takes."""
    if begins is not None:
        st.session_state.setdefault(key, begins)  # as a default it would come back where somebody empties the field
    return st.number_input(said, value=None, key=key, **{"step": 1} | looks)


def among(key: str, options: Collection[Any], otherwise: Any = None) -> None:
    """Before a list is drawn: what is not among its options any more was not chosen; `otherwise` is, where something must be."""
    held = st.session_state.get(key)
    if isinstance(held, list):
        found = [each for each in held if each in options]
    else:
        found = held if held is not None and held in options else otherwise
    if found != held:
        st.session_state[key] = found


def _held(keys: Iterable[str]) -> dict[str, Any]:
    """What these fields hold, as it is kept."""
    return {key: _kept(st.session_state.get(key)) for key in keys}


def _put(key: str, value: Any) -> None:
    """Into a field, before it is drawn. Only a value that is set reaches the browser, so that an empty one is set as well."""
    if value is not None:
        st.session_state[key] = _read(value)
    elif key in st.session_state:
        st.session_state[key] = _blank(st.session_state[key])


def _blank(value: Any) -> Any:
    return type(value)() if isinstance(value, str | bool | list) else None


def _differ(one: Mapping[str, Any], other: Mapping[str, Any], keys: Iterable[str]) -> bool:
    """Whether a field holds another thing; an empty one holds nothing, whether or not it was ever touched."""
    return any(_said(one.get(key)) != _said(other.get(key)) for key in keys)


def _said(value: Any) -> Any:
    value = value.strip() if isinstance(value, str) else value
    return None if value in ("", []) else value


def _kept(value: Any) -> Any:
    """As JSON: a day or a time is named as one, so that the field gets it back as such."""
    if isinstance(value, list | tuple):
        return list(value)
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return {"time": value.isoformat("minutes")} if isinstance(value, time) else value


def _read(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return date.fromisoformat(value["day"]) if "day" in value else time.fromisoformat(value["time"])


def rows(name: str, least: int, most: int, more: str, fewer: str) -> None:
    """The two buttons under a list that grows and shrinks: how many rows it has is a field of its form, `<name>_count`."""
    key = f"{name}_count"
    count = int(st.session_state[key])
    one, two = st.columns(2)
    if count < most and one.button(more, key=f"{name}_more", icon=":material/add:", width="stretch"):
        st.session_state[key] = count + 1
        st.rerun()
    if count > least and two.button(fewer, key=f"{name}_fewer", icon=":material/remove:", width="stretch"):
        st.session_state[key] = count - 1
        st.rerun()


def forget(actor: Actor, name: str) -> None:
    """The draft is done with: what was sent stands now, and whatever is typed from here on is typed to change that."""
    if held := st.session_state.get(f"typing_{name}"):
        st.session_state[f"typing_{name}"] = dict(held[1]), held[1]
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
    st.session_state[EMPTY] = st.session_state.get(EMPTY, {}) | {key: _blank(value) for key, value in held.items()}


def unchoose(*keys: str) -> None:
    """The same for lists of which one is chosen: nothing is, at the next run."""
    st.session_state[EMPTY] = st.session_state.get(EMPTY, {}) | dict.fromkeys(keys)


def emptied() -> None:
    """Before any field is drawn: those that `empty` named begin empty again."""
    for key, value in st.session_state.pop(EMPTY, {}).items():
        st.session_state[key] = value


def press(word: str, key: str, **looks: Any) -> bool:
    """The button that takes what was typed, where a day or a file is among it: Streamlit hands in a day when its calendar closes and
    asks for the page again when a file has come, and that can be a moment after the press, so that the page begins anew before it has
    come to the button. The press is kept until then; it counts where the page comes to it, with the day as typed. A press that is the
    first word to a server that was started anew runs no callback: the button itself says it.
    """
    pressed = st.button(word, type="primary", key=key, on_click=_pressed, args=(key,), **looks)
    at = st.session_state.pop(f"pressed_{key}", None)
    return pressed or (at is not None and clock.now() - at < HOLDS)


def turn(word: str, key: str, then: Callable[..., None], *args: Any, **looks: Any) -> None:
    """A button that takes the reader to where it is not drawn any more; the first word to a server started anew runs no callback."""
    if st.button(word, key=key, on_click=then, args=args, **looks):
        then(*args)
        st.rerun()


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
    # A place of its own, empty or not: in that of the form that closed the browser would only rename what is there, and not show it.
    place = st.container()
    if sentence := st.session_state.pop(FLASH, ""):
        with place, st.container(key="here_said"):  # comes into view, though the form was read to its end
            show(h("{note}", note=p.note(sentence, "", p.Tone.OK)))


def in_their_language(language: str) -> None:
    """Beside the record itself, where the reader's language is another one: why it is written in the community's."""
    if language != lang():
        st.caption(t("This is the record. It is written in the language of the community, whatever yours is."))
