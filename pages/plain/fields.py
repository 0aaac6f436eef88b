"""Forms of plain pages: fields that keep what was typed and show the refusal under the field it belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from dataclasses import field as made

from markupsafe import Markup

from pages.kit.html import m
from pages.kit.marks import address
from pages.kit.words import t
from services.errors import Refusal, Several


@dataclass
class Typed:
    """What came in with a form that was refused, and why; fields take their own from it."""

    values: Mapping[str, Sequence[str]]
    refusals: tuple[Refusal, ...]
    shown: set[str] = made(default_factory=set)

    def of(self, name: str) -> Refusal | None:
        return next((refusal for refusal in self.refusals if refusal.field == name), None)


CAMERA = Markup(
    '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3 7.5h4.5L9 5h6l1.5 2.500H21V19H3z"/><circle cx="12" cy="13" r="3.6"/></svg>'
)
_typed: ContextVar[Typed | None] = ContextVar("typed", default=None)


@contextmanager
def refilled(values: Mapping[str, Sequence[str]], refusal: Refusal) -> Iterator[Typed]:
    """Inside this block fields show `values` as they were typed, and the refusal where it belongs."""
    typed = Typed(values, reasons_of(refusal))
    token = _typed.set(typed)
    try:
        yield typed
    finally:
        _typed.reset(token)


def refused() -> tuple[Refusal, ...]:
    """Why the form came back; empty when it did not."""
    typed = _typed.get()
    return typed.refusals if typed else ()


def reasons_of(refusal: Refusal) -> tuple[Refusal, ...]:
    """All reasons of a refusal, one or several."""
    return refusal.reasons if isinstance(refusal, Several) else (refusal,)


def sentence(refusal: Refusal) -> str:
    return t(refusal.message, **refusal.values)


def _value(name: str, value: str) -> str:
    typed = _typed.get()
    return typed.values[name][0] if typed and typed.values.get(name) else value


def _values(name: str, value: Sequence[str]) -> Sequence[str]:
    typed = _typed.get()
    return typed.values.get(name, ()) if typed else value


def _wrap(name: str, label: str, control: Markup, hint: str = "", group: bool = False, shown: bool = True) -> Markup:
    """Label, hint, the control, the error under it."""
    refusal = _claim(name)
    error = _error(name, refusal)
    small = m('<small id="{name}-h">{hint}</small>', name=name, hint=hint) if hint else ""
    bad = " bad" if refusal else ""
    if group:
        return m(
            '<fieldset class="f{bad}"{extra}><legend class="{css}">{label}</legend>{small}{control}{error}</fieldset>',
            bad=bad,
            extra=_described(name, hint),
            css="v" if shown else "",
            label=label,
            small=small,
            control=control,
            error=error,
        )
    return m(
        '<div class="f{bad}"><label for="{name}">{label}</label>{small}{control}{error}</div>',
        bad=bad,
        name=name,
        label=label,
        small=small,
        control=control,
        error=error,
    )


def _error(name: str, refusal: Refusal | None) -> Markup:
    return m('<span class="er" id="{name}-e" role="alert">{text}</span>', name=name, text=sentence(refusal)) if refusal else Markup("")


def _claim(name: str) -> Refusal | None:
    typed = _typed.get()
    if typed is None:
        return None
    typed.shown.add(name)
    return typed.of(name)


def _described(name: str, hint: str) -> Markup:
    typed = _typed.get()
    wrong = typed.of(name) if typed else None
    ids = " ".join(([f"{name}-h"] if hint else []) + ([f"{name}-e"] if wrong else []))
    return m(' aria-describedby="{ids}"', ids=ids) if ids else Markup("")


def _extra(name: str, hint: str, required: bool, **attributes: str | int | None) -> Markup:
    typed = _typed.get()
    wrong = typed is not None and typed.of(name) is not None
    first = wrong and typed is not None and not any(typed.of(each) for each in typed.shown - {name})  # as drawn, not as found wrong
    told = Markup("").join(
        m(' {key}="{value}"', key=key.rstrip("_"), value=value) for key, value in attributes.items() if value not in (None, "")
    )
    return _described(name, hint) + told + Markup(" required" * required + ' aria-invalid="true"' * wrong + " autofocus" * first)


def field(
    name: str,
    label: str,
    *,
    kind: str = "text",
    value: str = "",
    hint: str = "",
    required: bool = False,
    maxlength: int | None = None,
    autocomplete: str = "off",
    inputmode: str = "",
) -> Markup:
    """One line: text, tel, email, search, number, date, datetime-local, password (never filled again)."""
    given = "" if kind == "password" else _value(name, value)
    extra = _extra(name, hint, required, maxlength=maxlength, autocomplete=autocomplete, inputmode=inputmode)
    return _wrap(
        name,
        label,
        m(
            '<input class="in" id="{name}" name="{name}" type="{kind}" value="{value}"{extra}>',
            name=name,
            kind=kind,
            value=given,
            extra=extra,
        ),
        hint,
    )


def textarea(name: str, label: str, *, value: str = "", hint: str = "", required: bool = False, rows: int = 3) -> Markup:
    """Several lines; the command says when they are too many, for a browser would cut them off without a word."""
    extra = _extra(name, hint, required, rows=rows)
    return _wrap(
        name,
        label,
        m('<textarea class="in" id="{name}" name="{name}"{extra}>\n{value}</textarea>', name=name, value=_value(name, value), extra=extra),
        hint,
    )


def select(
    name: str, label: str, options: Sequence[tuple[str, str]], *, value: str = "", hint: str = "", required: bool = False, blank: str = ""
) -> Markup:
    """One of a longer list of (value, word); `blank` is the word of an empty first row. As short as HTML lets it be."""
    given = _value(name, value)
    rows = Markup("").join(
        m(
            "<option value={value}{on}>{word}",
            value=each if each.isalnum() and each.isascii() else m('"{each}"', each=each),
            on=Markup(" selected") if each == given else "",
            word=word,
        )
        for each, word in ([("", blank)] if blank else []) + list(options)
    )
    return _wrap(
        name,
        label,
        m('<select class="in" id="{name}" name="{name}"{extra}>{rows}</select>', name=name, extra=_extra(name, hint, required), rows=rows),
        hint,
    )


def upload(
    name: str, label: str, *, accept: str = "image/jpeg,image/png,image/webp", capture: bool = False, hint: str = "", several: bool = False
) -> Markup:
    """A file; `capture` opens the camera where the phone has one. A file cannot be kept when the form comes back."""
    extra = _extra(name, hint, False, accept=accept, capture="environment" if capture else None) + Markup(" multiple" * several)
    refusal = _claim(name)
    return m(
        '<div class="f{bad}"><label class="up">{camera}<b>{label}</b>{small}<input id="{name}" name="{name}" type="file"{extra}>'
        "</label>{error}</div>",
        bad=" bad" if refusal else "",
        camera=CAMERA if "image/" in accept else "",
        label=label,
        small=m('<small class="s" id="{name}-h">{hint}</small>', name=name, hint=hint) if hint else "",
        name=name,
        extra=extra,
        error=_error(name, refusal),
    )


def hidden(name: str, value: str) -> Markup:
    return m('<input type="hidden" name="{name}" value="{value}">', name=name, value=value)


@dataclass(frozen=True)
class Option:
    """One answer: what is sent, the word, and the consequence below it."""

    value: str
    word: str
    about: str = ""


def cards(
    name: str,
    legend: str,
    options: Sequence[Option],
    *,
    value: str = "",
    hint: str = "",
    required: bool = True,
    shown: bool = False,
    several: bool = False,
) -> Markup:
    """Answers as cards of equal weight, nothing preselected unless `value` says so; `several`: any number of them."""
    given = _values(name, (value,) if value else ())
    must = Markup(" required") if required and not several else ""
    rows = Markup("").join(
        m(
            '<label class="op{box}"><input type="{kind}" name="{name}" value="{value}"{on}{must}><b>{word}</b>{about}</label>',
            box=" c" if several else "",
            kind="checkbox" if several else "radio",
            name=name,
            value=option.value,
            on=Markup(" checked") if option.value in given else "",
            must=must,
            word=option.word,
            about=m("<small>{text}</small>", text=option.about) if option.about else "",
        )
        for option in options
    )
    return _wrap(name, legend, rows, hint, group=True, shown=shown)


def tags(name: str, legend: str, options: Sequence[Option], *, value: str = "", hint: str = "", required: bool = False) -> Markup:
    """A few short answers side by side."""
    given = _value(name, value)
    must = Markup(" required") if required else ""
    rows = Markup("").join(
        m(
            '<label><input type="radio" name="{name}" value="{value}"{on}{must}><span>{word}</span></label>',
            name=name,
            value=option.value,
            on=Markup(" checked") if option.value == given else "",
            must=must,
            word=option.word,
        )
        for option in options
    )
    return _wrap(name, legend, m('<div class="tg">{rows}</div>', rows=rows), hint, group=True)


def tick(name: str, label: str | Markup, *, value: str = "yes", on: bool = False, required: bool = False) -> Markup:
    """One box to tick."""
    refusal = _claim(name)
    given = value in _values(name, (value,) if on else ())
    return m(
        '<div class="f{bad}"><label class="ck"><input type="checkbox" name="{name}" value="{value}"{on}{extra}><span>{label}</span>'
        "</label>{error}</div>",
        bad=" bad" if refusal else "",
        name=name,
        value=value,
        on=Markup(" checked") if given else "",
        extra=_extra(name, "", required),
        label=label,
        error=_error(name, refusal),
    )


def button(word: str, *, name: str = "", value: str = "", quiet: bool = False) -> Markup:
    """What sends the form; a screen has one filled button."""
    sent = m(' name="{name}" value="{value}"', name=name, value=value) if name else ""
    return m('<button class="go{css}"{sent}>{word}</button>', css=" sec" if quiet else "", sent=sent, word=word)


def answer(word: str, sign: str, *, name: str, value: str, quiet: bool = False) -> Markup:
    """One of several equal answers that send the form at once: ✓, ✕, –; `quiet` only for passing on."""
    return m(
        '<button class="go an{css}" name="{name}" value="{value}" data-s="{sign}">{word}</button>',
        css=" q" if quiet else "",
        name=name,
        value=value,
        sign=sign,
        word=word,
    )


def way(word: str, to: str, *, quiet: bool = False) -> Markup:
    """A link that looks like a button."""
    return m('<a class="go{css}" href="{to}">{word}</a>', css=" sec" if quiet else "", to=address(to), word=word)


def end(*parts: Markup | str) -> Markup:
    """The lower edge of the screen: what it costs or means, the one button, what cannot be undone."""
    return m(
        '<div class="end">{parts}</div>',
        parts=Markup("").join(
            m("{part}", part=part) if isinstance(part, Markup) else m('<p class="c s">{part}</p>', part=part) for part in parts
        ),
    )


def form(action: str, token: str, *parts: Markup, method: str = "post") -> Markup:
    """A form with its token; refusals that belong to no field of it stand on top. Files are sent when it has a file field."""
    inside = Markup("").join(parts)
    typed = _typed.get()
    rest = [refusal for refusal in typed.refusals if refusal.field not in typed.shown] if typed else []
    return m(
        '{errors}<form action="{action}" method="{method}"{files}>{token}{inside}</form>',
        errors=Markup("").join(m('<div class="nt r" role="alert"><span>{text}</span></div>', text=sentence(refusal)) for refusal in rest),
        action=address(action),
        method=method,
        files=Markup(' enctype="multipart/form-data"') if 'type="file"' in inside else "",
        token=hidden("token", token) if method == "post" else "",
        inside=inside,
    )
