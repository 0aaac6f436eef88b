"""From the decision of round one to the end of both: works, the dispute about the lines, round two at the table, and how it turned out."""

from __future__ import annotations

from datetime import date, timedelta

from playwright.sync_api import expect

from models.vocabulary import AgendaKind, Party, PollMethod
from services.i18n import word
from tests.browser.walk import notice, table, works
from tests.browser.walk.cast import Cast
from tests.browser.walk.round_one import BUILDER, COMMUNITY, DRAINS, MONEY, RESIDENTS, slips
from tests.browser.walk.table import next_screen, one_back, reveal_now

LINES = "停车线怎么画"
ASK = "旧车位线，留还是重画？"
KEEP, REDRAW = "留旧线", "重新画"
FIRM = "划线师傅"
DRAWN = "公示一过，一天画完 24 个车位"
WHY = "铺路最后一段，居民对车位线意见不一，需要再议一次。"
HOLE = "3 单元门口还有一处小坑，请补平。"
FLAT = "路面平整，排水正常，晾衣架离窗 1.5 米。"
LESSONS = "先把材料的好坏都摆上桌，再表决；车位的事应当早一点一起谈。"
LESSONS_2 = "请懂行的人到现场讲，半天就定了。"


def on_notice(cast: Cast) -> None:
    """Seven days, one objection, its ruling; too early for the works, then in time."""
    one = cast.noted["one"]
    notice.publish(cast, one)
    notice.object_to_it(cast, one)
    notice.rule_on_it(cast, one)
    notice.too_early(cast, one)
    notice.eight_days_on(cast)


def the_works_begin(cast: Cast) -> None:
    """The builder's works with the promises as tasks; first reports with photos; what cannot be done yet says why."""
    cast.noted["project1"] = project = works.start(
        cast, cast.noted["one"], "zhao", ("sun", "meng"), ("清通排水", "铺沥青，装晾衣架"), "186400"
    )
    zhao = cast.of("zhao")
    zhao.open(f"/project?id={project}").sees(DRAINS, MONEY)
    works.report(zhao, project, "三处排水口清通了，泼水试过，不积。", "23100", *works.photos(cast.folder, "排水口.jpg", "泼水.jpg"))
    works.not_yet(zhao, project)
    works.reach(zhao, project)
    works.keep_a_promise(zhao, project, DRAINS, "三处都通了")
    works.keep_a_promise(cast.of("chen"), project, MONEY, "资金到位，账目已贴")  # neither executor nor committee: the promise is chen's own


def the_dispute(cast: Cast) -> None:
    """In the last phase of the works the parking lines: the committee opens round two with its reasons, the works go on."""
    wei = cast.of("wei")
    wei.open(f"/proposal?id={cast.noted['one']}").press(wei.say("Open another round"))
    wei.fill(wei.say("Why another round"), WHY).fill(wei.say("Title"), LINES)
    wei.fill(wei.say("Problem"), "路铺好后，旧车位线高低不齐，有人要保留，有人要重画。")
    wei.fill(wei.say("Plan"), "请划线公司到场，留旧线还是重画，大家当面定。")
    wei.tick(wei.say("The next round begins. This cannot be undone.")).press(wei.say("Open round {n}", n=2))
    wei.sees(wei.say("Round {n} is open. Next: call the parties to one table.", n=2), LINES)
    cast.noted["two"] = wei.asked("id")
    assert cast.noted["two"] != cast.noted["one"]


def call_again(cast: Cast) -> None:
    """Four parties, the line-drawing firm among them; the vote is prepared before anybody sits down."""
    wei = cast.of("wei")
    cast.noted["meeting2"], cast.noted["code2"] = table.convene(
        cast, cast.noted["two"], LINES, "70 号院里",
        [(Party.RESIDENTS, RESIDENTS, 3), (Party.COMMUNITY, COMMUNITY, 1), (Party.EXPERTS, FIRM, 1), (Party.BUILDER, BUILDER, 1)],
        [(AgendaKind.BRIEFING, "划线师傅说两种画法", 10), (AgendaKind.VOTE, ASK, 15)],
    )  # fmt: skip
    guests = {"li": RESIDENTS, "wang": RESIDENTS, "zhang": RESIDENTS, "wei": COMMUNITY, "hua_xian": FIRM, "zhao": BUILDER}
    table.invite(cast, cast.noted["meeting2"], guests)
    cast.noted["invited again zhang"] = table.print_invitations(cast, cast.noted["meeting2"])["zhang"]
    wei.open(f"/meeting?id={cast.noted['meeting2']}").follow(wei.say("Prepare the vote")).arrives("/prepare")
    wei.fill(wei.say("Question"), ASK).pick(word(wei.language, PollMethod.CHOOSE_ONE))
    for at, (title, about) in enumerate(((KEEP, "不花钱，车位不变"), (REDRAW, "约 3 800 元，一天画完，24 个车位"))):
        wei.fill(wei.say("Option {n}", n=at + 1), title).fill(wei.say("What follows from it"), about, at)
    wei.press(wei.say("Make the roll and the ballot paper")).arrives("/poll")
    cast.noted["poll2"] = wei.asked("id")
    cast.noted |= {f"ballot2 {home}": code for home, code in slips(cast, cast.noted["poll2"]).items()}


def around_the_lines(cast: Cast) -> None:
    """In the yard: everybody there, the vote opened, taken back, opened again, longer by two minutes; drawn anew by five of six."""
    chair, wall, wei = cast.of("huang"), cast.wall(), cast.of("wei")
    code, poll = cast.noted["code2"], cast.noted["poll2"]
    table.open_the_wall(cast, code)
    chair.open(f"/chair?m={code}")
    for key in ("li", "wang", "hua_xian", "zhao"):
        table.sign_in(cast.of(key), code)
    zhang = cast.device("zhang")
    zhang.open(f"/i/{cast.noted['invited again zhang'].replace(' ', '')}").press(zhang.say("I am here: sign in"))
    wei.open(f"/meeting?id={cast.noted['meeting2']}").press(wei.say("I am here: sign in"))
    table.within(wall, wall.say("Enough are there. We can start."))
    next_screen(cast, chair.say("Begin the meeting"), "划线师傅说两种画法")
    next_screen(cast, chair.say("Next: open the vote"), wall.say("Voting now"))
    one_back(cast, chair.say("Next: open the vote"), "划线师傅说两种画法")
    next_screen(cast, chair.say("Next: open the vote"), wall.say("Voting now"))
    chair.press(chair.say("2 more minutes"))
    for key in ("li", "wang", "liu", "chenyl"):
        phone = cast.of(key)
        phone.open(f"/ballot/{poll}")
        table.vote(phone, REDRAW)
    for key, home, answer in (("zhang", "201", REDRAW), ("yang", "302", KEEP)):
        phone = cast.device(key)
        phone.open(f"/b/{cast.noted[f'ballot2 {home}'].replace(' ', '')}")
        table.vote(phone, answer)
    table.received(wall, 6)
    expect(chair.button(chair.say("Take the last step back"))).to_be_disabled()
    reveal_now(cast, REDRAW, wall.say("Chosen"))
    table.promise(cast, FIRM, DRAWN, date.today() + timedelta(days=int(cast.noted["ahead"]) // 24 + 12))
    next_screen(cast, chair.say("Next: who does what"), DRAWN)
    next_screen(cast, chair.say("Close the meeting"), wall.say("Who does what, by when"))
    cast.room_is_left()
    table.write_minutes(cast, cast.noted["meeting2"], "四方到场，当场表决，重新画。")
    notice.publish(cast, cast.noted["two"])


def the_road_is_done(cast: Cast) -> None:
    """Finished, not by the word of whoever carried it out: sent back once, mended, accepted; the homes say how it turned out."""
    project = cast.noted["project1"]
    zhao = cast.of("zhao")
    works.report(zhao, project, "沥青铺完，六组晾衣架装好，离窗 1.5 米。", "178420", *works.photos(cast.folder, "晾衣架.jpg"))
    works.reach(zhao, project)
    works.finish(zhao, project)
    works.nobody_accepts_their_own(zhao, project)
    works.send_back(cast, project, HOLE)
    works.report(zhao, project, "小坑补平了，泼水试过。", "")
    works.finish(zhao, project)
    works.accept(cast, project, FLAT)
    for key in ("li", "wang", "liu"):
        works.judge(cast.of(key), cast.noted["one"], "5, very good")
    works.judge(cast.of("chenyl"), cast.noted["one"], "4, good", text="不积水了。")


def the_lines_are_drawn(cast: Cast) -> None:
    """Round two in half a day, after its own notice."""
    notice.eight_days_on(cast)
    cast.noted["project2"] = project = works.start(cast, cast.noted["two"], "hua_xian", ("sun",), ("放样画线",), "3800")
    firm = cast.of("hua_xian")
    works.report(firm, project, "24 个车位画完，线干了可以停车。", "3800", *works.photos(cast.folder, "车位线.jpg"))
    works.reach(firm, project)
    works.keep_a_promise(firm, project, DRAWN, "一天画完")
    works.finish(firm, project)
    works.nobody_accepts_their_own(firm, project)
    works.accept(cast, project, "24 个车位线齐，间距够。")
    for key in ("li", "wang", "liu"):
        works.judge(cast.of(key), cast.noted["two"], "5, very good")


def the_end(cast: Cast) -> None:
    """Round one is kept up, round two closed, each with what was learned."""
    wei = cast.of("wei")
    wei.open(f"/proposal?id={cast.noted['one']}").press(wei.say("Plan the upkeep"))
    wei.fill(wei.say("Who looks after it"), "网格员和两位楼组长").fill(wei.say("What they do"), "雨季前清排水口，看一遍路面和晾衣架")
    wei.choose(wei.say("Who is reminded"), cast.name("chen"))
    wei.fill(wei.say("What was learned, for next time"), LESSONS).tick(wei.say("The evaluation ends now. This cannot be undone."))
    wei.press(wei.say("Plan the upkeep")).sees(wei.say("Planned. Whoever keeps it up is reminded."))
    wei.open(f"/proposal?id={cast.noted['two']}").press(wei.say("Close the evaluation"))
    wei.fill(wei.say("What was learned, for next time"), LESSONS_2).tick(wei.say("The evaluation ends now. This cannot be undone."))
    wei.press(wei.say("Close the evaluation")).sees(wei.say("Closed. The figures are open to everybody."))
