"""Every drawing of a wall in the browser, by itself: no word or figure breaks, nothing stands out, no line loses its feet."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import streamlit

from models.vocabulary import AgendaKind, MeetingState, Party, PollState, Screen, VotesBy
from pages.kit import look, wall, words
from services.reads.board import Board, Scene, Vote
from services.reads.outcomes import Outcome
from services.reads.revealed import Bar, Result
from services.reads.table import Way
from services.rules.board import Item, Seats
from services.rules.rule_texts import TEXTS
from services.rules.sentences import say
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
    const holder = node.parentElement, style = getComputedStyle(holder), clamp = holder.closest('.rgt li>*,.tt,.br .l>span,.pm li>*,.pt>span');
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
  const rows = [...document.querySelectorAll('.in0 :is(.t,.bars,.why,.jn>*,.e,.r,.q,p,.qs,.say,.jn,.lft,.rgt,.cells,.cb0,.left,.b)')];
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


def result(language: str, rows: int, length: int) -> Result:
    """A choice of so many options with names of that length, or with one bar a vote by yes and no; the reasons as long as they come."""
    names = [("门里靠着传达室的那一面墙边，" if language == "zh-CN" else "Lamps that go on when somebody comes ") * 5 for _ in range(rows)]
    titles = [f"{n}{name}"[:length] for n, name in enumerate(names)]
    more = say("more than half"), say("more than {share}", share=say("two thirds"))
    reached = tuple(say(kind, share=each) for kind, each in zip(("{share} reached by number", "{share} reached by area"), more, strict=True))
    why = (
        say("{cast} of {roll} homes took part.", cast=26, roll=42),
        say("“{option}” got {votes}: {reached}. So it is chosen.", option=titles[0], votes=19, reached=reached)
        if rows > 1
        else say("{reached}: adopted.", reached=reached),
    )
    said = Outcome("elected" if rows > 1 else "adopted", ("a",), (), {"abstain": 1}, {}, 26, why)
    bars = tuple(
        Bar(title if rows > 1 else "", "persons", Decimal(19 - n), Decimal(26), Fraction(1, 2), False, n == 0)
        for n, title in enumerate(titles)
    )
    question = QUESTION[language] * (1 if length < 20 else 3)
    text = max((each for each in TEXTS if each.article), key=lambda each: len(each.source))
    return Result(
        said, VotesBy.HOUSEHOLD, titles[0] if rows > 1 else "", bars, text.source, text.article, 7, question[:120], int(rows > 1), True
    )


def drawings(language: str) -> dict[str, Board]:
    made = {"lobby of few": board(language, Screen.LOBBY), "lobby of many": board(language, Screen.LOBBY, seats=MANY)}
    ways = tuple(Way(title, title, "", None, None, (("a", None),) * 3, ()) for title in WAYS[language])
    made["talk"] = board(language, Screen.ITEM, ways=ways)
    made["talk of two"] = board(language, Screen.ITEM, ways=ways[:2], ends_at=NOW + timedelta(hours=1))
    for received, voters in ((0, 8), (30, 42), (42, 42), (118, 120), (1180, 1200), (10600, 12000)):
        for by in VotesBy:
            made[f"{received} of {voters} {by.value}"] = board(language, Screen.VOTE, vote=vote(language, received, voters, by))
    for rows in (1, 2, 3, 5):
        for length in (8, 60):
            made[f"result of {rows} bars, {length} signs"] = board(language, Screen.RESULT, result=result(language, rows, length))
    long = (QUESTION[language].rstrip("？?") + "，") * 3
    made["long question"] = board(language, Screen.VOTE, vote=vote(language, 118, 120, VotesBy.OWNER, long[:60]))
    return made


def letters() -> str:
    """The Latin letters of every page, which Streamlit brings along."""
    (found,) = (Path(streamlit.__file__).parent / "static" / "static" / "media").glob("SourceSansVF-Upright*.woff2")
    data = b64encode(found.read_bytes()).decode()
    return f"<style>@font-face{{font-family:'Source Sans';font-weight:200 900;src:url(data:font/woff2;base64,{data})}}</style>"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_whatever_a_wall_says_stands_whole_within_it(open_context: Open, language: str) -> None:
    page = open_context("projector", language=language).new_page()
    wrong: dict[str, list[str]] = {}
    for name, view in drawings(language).items():
        with words.speaking(language):
            drawn = wall.drawing(view, NOW)
        page.set_content(f'<!doctype html><html lang="{language}">{letters()}{look.sheet()}{look.screen()}<div class="wall">{drawn}</div>')
        page.evaluate("document.fonts.ready")
        if found := page.evaluate(HELD):
            wrong[name] = found
    assert wrong == {}
