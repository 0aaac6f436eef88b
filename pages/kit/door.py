"""The Streamlit door: what a refusal and a fault look like on a page, and the one place where pages meet exceptions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Concatenate, ParamSpec, TypeVar

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from pages.kit.html import h, m, show
from pages.kit.marks import Tone
from pages.kit.tables import empty, field_error, note
from pages.kit.words import N_, lang, t
from services import logs, sorry
from services.actors import Actor
from services.errors import Invalid, NotAllowed, NotFound, Refusal, Several
from services.i18n import text
from services.work import Work, do, rehearse

P = ParamSpec("P")
Result = TypeVar("Result")
SURE = N_("Please tick that you are sure.")
BROKEN = sorry.BROKEN
KEPT = N_("What you typed is still here.")


def say(refusal: Refusal) -> str:
    """A refusal in the reader's language."""
    return text(lang(), refusal.message, **refusal.values)


@dataclass
class Fields:
    """Where the sentences about each field of a form go: call `under(name)` right after the widget."""

    slots: dict[str, DeltaGenerator] = field(default_factory=dict)

    def under(self, name: str) -> None:
        """Keep a place for what is wrong with the field `name` (the `field` of a refusal)."""
        self.slots[name] = st.empty()


@dataclass
class Attempt:
    """How an attempt went: `ok`, or why not."""

    ok: bool = True
    reasons: tuple[Refusal, ...] = ()


@contextmanager
def attempt(fields: Fields | None = None, *, keeps: bool = False) -> Iterator[Attempt]:
    """Run a command inside: refusals are shown in place, all of them, each under its field if it has one; a fault as one sentence.

    `keeps` adds that what was typed is still there. Reruns and stops of Streamlit pass through.
    """
    tried = Attempt()
    try:
        yield tried
    except Refusal as refusal:
        tried.ok, tried.reasons = False, refusal.reasons if isinstance(refusal, Several) else (refusal,)
        _show(tried.reasons, fields or Fields(), keeps)
    except Exception as error:  # noqa: BLE001 - the door: whatever it is becomes one sentence with a number
        tried.ok = False
        _fault(error)


def do_if_sure(
    actor: Actor, ticked: bool, command: Callable[Concatenate[Work, P], Result], *args: P.args, **kwargs: P.kwargs
) -> Result:  # fmt: skip
    """Run the command if the tick is there; else only rehearse it, and refuse with all that is wrong, the missing tick last."""
    if ticked:
        return do(actor, command, *args, **kwargs)
    wrong: list[Refusal] = []
    try:
        rehearse(actor, command, *args, **kwargs)
    except Refusal as refusal:
        wrong += refusal.reasons if isinstance(refusal, Several) else (refusal,)
    raise Several((*wrong, Invalid(SURE, field="sure")))


def _show(reasons: tuple[Refusal, ...], fields: Fields, keeps: bool) -> None:
    rest = [say(reason) for reason in reasons if (reason.field or "") not in fields.slots]
    for name, slot in fields.slots.items():
        if wrong := [field_error(say(reason)) for reason in reasons if reason.field == name]:
            with slot:
                show(h("{errors}", errors=Markup("").join(wrong)))
    kept = t(KEPT) if keeps else ""
    if rest:
        said = m("<br>").join(rest[1:] + ([kept] if kept else []))
        show(h("{note}", note=note(rest[0], said, Tone.RED)))
    elif kept:
        show(h("{note}", note=note(t("Not sent yet: see the fields marked above."), kept, Tone.RED)))


@contextmanager
def guarded() -> Iterator[None]:
    """Around a whole page: what may not be seen, or is not there, is one friendly page; a fault is one sentence with its number."""
    try:
        yield
    except (NotFound, NotAllowed) as refusal:
        nothing(say(refusal))
    except Refusal as refusal:
        _show(refusal.reasons if isinstance(refusal, Several) else (refusal,), Fields(), keeps=False)
    except Exception as error:  # noqa: BLE001 - the door: whatever it is becomes one sentence with a number
        _fault(error)


def nothing(said: str = "", level: int = 1, way: tuple[str, str] | None = None) -> None:
    """The friendly page of an address that has nothing for this reader: absent and foreign look the same. `level`: of its heading;
    `way`: (address, word) where one goes on from here, the first page when there is none."""
    show(h("{empty}", empty=empty(said or t(NotFound().message), level=level)))
    to, word = way or ("/", t("To the first page"))
    show(h('<p class="fctr"><a class="fbt" href="{to}" target="_self">{word}</a></p>', to=to, word=word))


def only(allowed: bool, said: str, actor: Actor, way: tuple[str, str] | None = None) -> None:
    """Stops the page with a friendly refusal unless `allowed`; a visitor is shown the way in, others the `way` on, if there is one."""
    if allowed:
        return
    if actor.person_id is None:
        from pages.kit.frame import login_address

        show(h("{empty}", empty=empty(t("Please sign in to see this page."), said, level=1)))
        show(h('<p class="fctr"><a class="fbt" href="{to}" target="_self">{word}</a></p>', to=login_address(), word=t("Sign in")))
    else:
        nothing(said, way=way)
    st.stop()


def _fault(error: Exception) -> None:
    number = logs.bug(error, "page")
    show(h("{note}", note=note(t(BROKEN, id=number), "", Tone.RED)))


def script_failed(error: Exception) -> bool:
    """What Streamlit calls for anything that escaped, fragments and callbacks included; True: its own red box stays away."""
    if isinstance(error, Refusal):
        _show(error.reasons if isinstance(error, Several) else (error,), Fields(), keeps=False)
    else:
        _fault(error)
    return True
