"""The stepper of eight steps: what a matter never took is not among what is done."""

from __future__ import annotations

import pytest

from models.vocabulary import Step
from pages.kit import pieces as p
from pages.kit.words import speaking


@pytest.mark.parametrize(("language", "said"), [("zh-CN", "没走这一步"), ("en", "left out")])
def test_a_step_that_was_left_out_has_no_tick_and_says_so(language: str, said: str) -> None:
    with speaking(language):
        shown = p.stepper(Step.EXECUTION, skipped=(Step.CONCERN,))
        done = p.stepper(Step.EVALUATION, finished=True, skipped=(Step.CONCERN, Step.DELIBERATION))
    first = shown[shown.index("<li"):shown.index("</li>")]
    assert 'class="o"' in first and said in first and "<s>" not in first and "sr" not in first and shown.count('class="d"><s>') == 4
    assert done.count(said) == 2 and done.count('<i class="d"') == 6 and ("8 步里走了 6 步" if language == "zh-CN" else "6 of 8") in done
