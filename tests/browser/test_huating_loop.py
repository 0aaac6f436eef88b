"""The real case in a browser, both rounds from the first word to the last: a wall, the chair's tablet, a desk and phones open at once.

Every step is one person's, through the screens; only the ground (community, homes, accounts) is there before the server starts.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.browser.walk import before, both_rounds, round_one, story
from tests.browser.walk.cast import Cast
from tests.fixtures.browser import Open
from tests.fixtures.server import Server

STEPS = (
    before.report_a_concern,
    before.a_neighbour_said_the_same,
    before.answer_the_concern,
    before.write_the_proposal,
    before.write_the_plain_way,
    before.support,
    before.review,
    round_one.call_the_meeting,
    round_one.come_in,
    round_one.talk_it_over,
    round_one.prepare_the_vote,
    round_one.vote,
    round_one.reveal,
    round_one.close_the_meeting,
    both_rounds.on_notice,
    both_rounds.the_works_begin,
    both_rounds.the_dispute,
    both_rounds.call_again,
    both_rounds.around_the_lines,
    both_rounds.the_road_is_done,
    both_rounds.the_lines_are_drawn,
    both_rounds.the_end,
    story.both_stories,
    story.the_bundle_fits,
)


@pytest.mark.timeout(900)
def test_the_whole_case(courtyard: Server, open_context: Open, tmp_path: Path) -> None:
    """What a step needs besides the cast is a folder for the pictures that people take."""
    cast = Cast(courtyard.start(), open_context, tmp_path)
    try:
        for step in STEPS:
            began = time.monotonic()
            step(cast)
            print(f"{step.__name__}: {time.monotonic() - began:.1f} s")
    finally:
        courtyard.close()
