"""Every drawing of a wall in the browser, by itself: no word or figure breaks, nothing stands out, no line loses its feet."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models.vocabulary import AgendaKind, MeetingState, Party, PollState, Screen, VotesBy
from pages.kit import look, wall, words
from services.reads.board import Board, Scene, Vote
from services.reads.table import Way
from services.rules.board import Item, Seats
from tests.fixtures.browser import Open

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
QUESTION = {"zh-CN": "院门口放一组外卖柜，同意吗？", "en": "A set of lockers at the gate, yes or no?"}
WAYS = {
    "zh-CN": ("Inside the gate", "Outside the gate", "门里，靠着传达室的那面墙"),
    "en": ("Inside the gate", "Outside the gate", "放在门外"),
}
HELD = """() => {
  const wrong = [], inner = document.querySelector('.in0'), box = inner.getBoundingClientRect();
  const foot = document.querySelector('.bar').getBoundingClientRect().top;
  const pen = document.createElement('canvas').getContext('2d');
  const walk = document.createTreeWalker(document.querySelector('.pj'), NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    const holder = node.parentElement, style = getComputedStyle(holder), clamp = holder.closest('.rgt li>*,.tt,.why,.pm li>*,.pt>span');
    for (const word of node.data.matchAll(/[\\p{Script=Latin}\\d][\\p{Script=Latin}\\d,.:]*/gu)) {
      const range = document.createRange();
      range.setStart(node, word.index); range.setEnd(node, word.index + word[0].length);
      const lines = [...range.getClientRects()].filter(r => r.width);
      if (new Set(lines.map(r => Math.round(r.top))).size > 1) wrong.push('broken: ' + word[0]);
      pen.font = style.font;
      const font = pen.measureText(word[0]);
      for (const line of lines) {
        const ink = line.bottom - font.fontBoundingBoxDescent + font.actualBoundingBoxDescent;
        const above = line.bottom - font.fontBoundingBoxDescent;
        for (let e = holder; e && !e.classList.contains('pj'); e = e.parentElement) {
          const edge = e.getBoundingClientRect().bottom;
          if (getComputedStyle(e).overflowY === 'hidden' && above < edge && ink > edge + .6) wrong.push('without its feet: ' + word[0]);
        }
        if (!clamp && inner.contains(holder) && (ink > foot + 1 || line.right > box.right + 1)) wrong.push('outside: ' + word[0]);
      }
    }
  }
  const rows = [...document.querySelectorAll('.in0 :is(.t,.e,.r,.q,p,.qs,.say,.jn,.lft,.rgt,.cells,.cb0,.left,.b)')];
  for (const e of rows) {
    const r = e.getBoundingClientRect();
    if (r.width && (r.bottom > foot + 1 || r.right > innerWidth + 1)) wrong.push('over the edge: ' + e.className);
  }
  const blocks = [...document.querySelectorAll('.vt .a>*,.lb .a>*')];
  blocks.forEach((e, n) => { const next = blocks[n + 1];
    if (next && next.parentElement === e.parentElement && e.getBoundingClientRect().bottom > next.getBoundingClientRect().top + 1)
      wrong.push('over the next: ' + e.className); });
  return [...new Set(wrong)];
}"""


def seats(*rows: tuple[Party, str, int, int]) -> tuple[Seats, ...]:
    return tuple(Seats(party, label, have, need) for party, label, have, need in rows)


FEW = seats((Party.RESIDENTS, "居民代表", 5, 5), (Party.MERCHANTS, "商户和骑手", 1, 1), (Party.COMMUNITY, "社区", 0, 2))
MANY = seats(*((party, "", 2, 3) for party in Party))


def board(language: str, screen: Screen, **given: object) -> Board:
    """A meeting at a screen."""
    plain = Board(
        head=1, meeting_id="m", community_id="c", code="HS70", title="外卖柜放哪儿" if language == "zh-CN" else "Where the lockers stand",
        place="活动室", community="华亭社区", zone="Asia/Shanghai", language="zh-CN", state=MeetingState.HELD, screen=screen, position=1,
        scenes=(Scene(screen, None, ""),) * 2, starts_at=NOW, opened_at=NOW, closed_at=None, since=NOW - timedelta(minutes=1),
        ends_at=NOW + timedelta(minutes=13, seconds=42), paused_at=None, seats=FEW, round=1, matter="", item=0, items=3,
        item_title="放门里还是门外", item_kind=AgendaKind.DISCUSSION, minutes=15, ways=(), vote=None, result=None, promises=(),
        agenda=(Item(AgendaKind.DISCUSSION, 15),),
    )  # fmt: skip
    return replace(plain, **given)  # type: ignore[arg-type]


def vote(language: str, received: int, voters: int, by: VotesBy, question: str = "") -> Vote:
    return Vote("p", "1", question or QUESTION[language], by, PollState.OPEN, received, voters, NOW, NOW + timedelta(minutes=5), ())


def drawings(language: str) -> dict[str, Board]:
    made = {"lobby of few": board(language, Screen.LOBBY), "lobby of many": board(language, Screen.LOBBY, seats=MANY)}
    ways = tuple(Way(title, title, "", None, None, (("a", None),) * 3, ()) for title in WAYS[language])
    made["talk"] = board(language, Screen.ITEM, ways=ways)
    made["talk of two"] = board(language, Screen.ITEM, ways=ways[:2], ends_at=NOW + timedelta(hours=1))
    for received, voters in ((0, 8), (30, 42), (42, 42), (118, 120), (1180, 1200), (10600, 12000)):
        for by in VotesBy:
            made[f"{received} of {voters} {by.value}"] = board(language, Screen.VOTE, vote=vote(language, received, voters, by))
    long = (QUESTION[language].rstrip("？?") + "，") * 3
    made["long question"] = board(language, Screen.VOTE, vote=vote(language, 118, 120, VotesBy.OWNER, long[:60]))
    return made


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_whatever_a_wall_says_stands_whole_within_it(open_context: Open, language: str) -> None:
    page = open_context("projector", language=language).new_page()
    wrong: dict[str, list[str]] = {}
    for name, view in drawings(language).items():
        with words.speaking(language):
            drawn = wall.drawing(view, NOW)
        page.set_content(f'<!doctype html><html lang="{language}">{look.sheet()}{look.screen()}<div class="wall">{drawn}</div>')
        if found := page.evaluate(HELD):
            wrong[name] = found
    assert wrong == {}
