"""The real case in a browser, both rounds from the first word to the last, on a wall, a tablet, a desk and phones open at once."""

from __future__ import annotations

from tests.browser.walk import before, round_one

STEPS = [
    before.report_a_concern,
    before.a_neighbour_said_the_same,
    before.answer_the_concern,
    before.write_the_proposal,
    before.support,
    before.review,
    round_one.call_the_meeting,
    round_one.come_in,
    round_one.talk_it_over,
    round_one.prepare_the_vote,
    round_one.vote,
    round_one.reveal,
    round_one.close_the_meeting,
]
