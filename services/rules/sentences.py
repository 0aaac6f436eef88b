"""A sentence as data: a message id with its values, so that a rule can give reasons and a screen can say them in its language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sentence:
    """`message` is an English message id; a value may be a sentence itself, or a tuple of texts and sentences (a list)."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """{"message", "values"}, nested sentences included; `from_json` takes it back."""
        return {"message": self.message, "values": {name: _out(value) for name, value in self.values.items()}}


def N_(message: str) -> str:
    """Mark a message id for the catalogs where it is stored and said later (as `i18n.N_`, which rules cannot reach)."""
    return message


def say(message: str, /, **values: object) -> Sentence:
    """A sentence from a message id and its values."""
    return Sentence(message, values)


def english(message: str, /, **values: object) -> str:
    """The message id itself, filled."""
    return message.format(**values) if values else message


def spoken(sentence: Sentence, text: Callable[..., str] = english) -> str:
    """The sentence in words. `text(message, **values)` translates and fills, such as `t`; the first letter becomes a capital."""
    words = _spoken(sentence, text)
    return words[:1].upper() + words[1:]


def from_json(data: Mapping[str, object]) -> Sentence:
    """A sentence from what `as_json` made."""
    values = data.get("values")
    return Sentence(str(data["message"]), {name: _in(value) for name, value in values.items()} if isinstance(values, Mapping) else {})


def _spoken(sentence: Sentence, text: Callable[..., str]) -> str:
    return text(sentence.message, **{name: _value(value, text) for name, value in sentence.values.items()})


def _value(value: object, text: Callable[..., str]) -> object:
    if isinstance(value, Sentence):
        return _spoken(value, text)
    if isinstance(value, tuple):
        words = [str(_value(each, text)) for each in value]
        joined = words[0] if words else ""
        for index, each in enumerate(words[1:], 2):
            joined = text("{first} and {last}", first=joined, last=each) if index == len(words) else \
                text("{first}, {next}", first=joined, next=each)
        return joined
    return value


def _out(value: object) -> object:
    if isinstance(value, Sentence):
        return value.as_json()
    return [_out(each) for each in value] if isinstance(value, tuple) else value


def _in(value: object) -> object:
    if isinstance(value, Mapping):
        return from_json(value)
    return tuple(_in(each) for each in value) if isinstance(value, list) else value
