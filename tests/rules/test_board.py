"""The screens of a meeting: order, what next and undo do at each, quorum in words, clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random

import pytest

from models.vocabulary import AgendaKind, Party, PollState, Screen
from services.rules import board
from services.rules.board import Act, Item, Seats
from services.rules.sentences import spoken

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
KINDS = tuple(AgendaKind)


def agendas(most: int = 4) -> list[tuple[AgendaKind, ...]]:
    return [kinds for length in range(1, most + 1) for kinds in product(KINDS, repeat=length)]


def prepared(kinds: tuple[AgendaKind, ...]) -> list[Item]:
    return [Item(kind, 10, PollState.PREPARED if kind is AgendaKind.VOTE else None) for kind in kinds]


@pytest.mark.parametrize("kinds", agendas(), ids=lambda kinds: "-".join(kinds))
def test_a_meeting_runs_from_the_lobby_to_its_end_in_the_stated_order(kinds: tuple[AgendaKind, ...]) -> None:
    items, position, screens, acts = prepared(kinds), 0, [], []
    here = [Seats(Party.RESIDENTS, "Residents", 3, 3)]
    while (step := board.act(items, position)) is not Act.CLOSE:
        scene = board.scene_at(items, position)
        if scene.screen in (Screen.VOTE, Screen.RESULT) and scene.item is not None:
            items[scene.item] = Item(AgendaKind.VOTE, 10, PollState.OPEN if scene.screen is Screen.VOTE else PollState.REVEALED)
        assert board.hindrance(items, position, here) is None
        assert board.following(items, position) == position + 1
        screens.append(scene)
        acts.append(step)
        if step is Act.OPEN_POLL or (step is Act.OPEN and kinds[0] is AgendaKind.VOTE):
            entered = board.scene_at(items, position + 1)
            assert entered.screen is Screen.VOTE
        if step is Act.REVEAL:
            assert scene.screen is Screen.VOTE
        position += 1
    assert screens + [board.scene_at(items, position)] == list(board.scenes(kinds))
    assert screens[0].screen is Screen.LOBBY and board.scene_at(items, position).screen is Screen.CLOSING
    assert len(screens) == 1 + len(kinds) + kinds.count(AgendaKind.VOTE)
    assert acts.count(Act.REVEAL) == kinds.count(AgendaKind.VOTE)
    assert acts[0] is Act.OPEN
    assert board.act(items, position, closed=True) is None
    # naive twin: every item once, a vote followed by its result
    seen = [scene.item for scene in screens if scene.screen in (Screen.ITEM, Screen.VOTE)]
    assert seen == list(range(len(kinds)))


def test_next_waits_for_the_quorum_only_in_the_lobby() -> None:
    items = prepared((AgendaKind.DISCUSSION, AgendaKind.DISCUSSION))
    missing = [Seats(Party.BUILDER, "施工方", 0, 1)]
    assert board.hindrance(items, 0, missing) is not None
    assert board.hindrance(items, 1, missing) is None


@pytest.mark.parametrize("kinds", agendas(), ids=lambda kinds: "-".join(kinds))
@pytest.mark.parametrize("poll", [None, PollState.CANCELLED])
def test_a_vote_that_does_not_take_place_is_passed_over(kinds: tuple[AgendaKind, ...], poll: PollState | None) -> None:
    items, position, shown = [Item(kind, 10, poll if kind is AgendaKind.VOTE else None) for kind in kinds], 0, [0]
    while (step := board.act(items, position)) is not Act.CLOSE:
        assert board.hindrance(items, position, []) is None and step in (Act.OPEN, Act.SHOW, Act.SKIP)
        beyond = board.following(items, position)
        assert (beyond > position + 1) == (step is Act.SKIP) or step is Act.OPEN
        position = beyond
        shown.append(position)
    every = board.scenes(kinds)
    assert shown == [place for place, scene in enumerate(every) if scene.screen not in (Screen.VOTE, Screen.RESULT)]
    for before, after in zip(shown, shown[1:], strict=False):
        assert board.undo_hindrance(items, after) is None and board.preceding(items, after) == before


def test_a_vote_called_off_while_it_is_shown() -> None:
    items = [Item(AgendaKind.DISCUSSION, 10), Item(AgendaKind.VOTE, 5, None), Item(AgendaKind.DISCUSSION, 10)]
    assert board.act(items, 2) is Act.SKIP and board.following(items, 2) == 4 and board.hindrance(items, 2, []) is None
    items[1] = Item(AgendaKind.VOTE, 5, PollState.PREPARED)  # another one was prepared meanwhile
    assert board.hindrance(items, 2, []) is not None and board.undo_hindrance(items, 2) is None
    for later in (2, 4):
        assert board.preceding(items, later) == 1
    assert board.act(items, 1) is Act.OPEN_POLL


def test_undo_keeps_what_is_public_or_cast() -> None:
    items = [Item(AgendaKind.DISCUSSION, 10), Item(AgendaKind.VOTE, 5, PollState.OPEN, 0)]
    assert board.undo_hindrance(items, 0) is not None  # the first screen
    assert board.undo_hindrance(items, 1) is None  # back to the lobby
    assert board.undo_hindrance(items, 2) is None  # opened by a slip, no vote yet
    assert board.undo_hindrance([items[0], Item(AgendaKind.VOTE, 5, PollState.OPEN, 1)], 2) is not None
    assert board.undo_hindrance([items[0], Item(AgendaKind.VOTE, 5, PollState.CLOSED, 0)], 2) is not None
    revealed = [items[0], Item(AgendaKind.VOTE, 5, PollState.REVEALED, 4)]
    assert board.undo_hindrance(revealed, 3) is not None  # the result
    assert board.undo_hindrance(revealed, 4) is None  # the closing page
    assert board.undo_hindrance(revealed, 4, closed=True) is not None


def test_a_position_of_another_agenda_shows_the_closing_page() -> None:
    assert board.scene_at(prepared((AgendaKind.DISCUSSION,)), 99).screen is Screen.CLOSING


def test_who_is_missing_is_one_sentence() -> None:
    full, short = Seats(Party.RESIDENTS, "居民代表", 9, 9), Seats(Party.BUILDER, "施工方", 0, 1)
    assert board.waiting_for([full]) is None
    one = board.waiting_for([full, short])
    assert one is not None and spoken(one) == "1 more from 施工方 and we start."
    two = board.waiting_for([Seats(Party.COMMUNITY, "社区", 0, 2), short])
    assert two is not None and spoken(two) == "Still missing: 社区 2 and 施工方 1. Then we start."


def test_quorum_is_by_party_never_by_heads() -> None:
    chance = Random(7)
    for _ in range(2000):
        rows = [
            Seats(party, party.value, chance.randint(0, 4), chance.randint(0, 4))
            for party in chance.sample(list(Party), chance.randint(1, 5))
        ]
        assert (board.waiting_for(rows) is None) == all(row.have >= row.need for row in rows)


def test_clocks() -> None:
    end = NOON + timedelta(minutes=2)
    assert board.time_left(None, NOON) is None
    assert board.time_left(end, NOON) == timedelta(minutes=2)
    assert board.time_left(end, NOON + timedelta(minutes=5)) == timedelta(0)
    assert board.time_left(end, NOON + timedelta(minutes=5), paused_at=NOON) == timedelta(minutes=2)
    assert board.extended(end, NOON, 3) == end + timedelta(minutes=3)
    assert board.extended(end, end + timedelta(minutes=9), 3) == end + timedelta(minutes=12)
    assert board.extended(None, NOON, 3) == NOON + timedelta(minutes=3)


def test_a_pause_takes_no_time_away() -> None:
    chance = Random(11)
    for _ in range(500):
        left = timedelta(seconds=chance.randint(0, 600))
        paused = NOON + timedelta(seconds=chance.randint(0, 600))
        back = paused + timedelta(seconds=chance.randint(0, 6000))
        end = paused + left
        assert board.time_left(board.resumed(end, paused, back), back) == left
    assert board.resumed(None, NOON, NOON) is None
