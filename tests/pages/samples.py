"""What the samples of the gallery share: words in either language, a caption, two thresholds."""

from __future__ import annotations

from fractions import Fraction

from pages.kit import pieces as p
from pages.kit import words
from pages.kit.html import m, show

THREE_QUARTERS, HALF = p.Threshold(Fraction(3, 4), True), p.Threshold(Fraction(1, 2), False)


def either(chinese: str, english: str) -> str:
    return chinese if words.lang() == "zh-CN" else english


def lab(text: str) -> None:
    show(m('<p class="q">{text}</p>', text=text))
