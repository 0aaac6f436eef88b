"""Round one in the room: tiles or asphalt, with racks or without, talked over and voted on, then on notice with one objection."""

from __future__ import annotations

from datetime import date, timedelta

from playwright.sync_api import expect

from models.vocabulary import AgendaKind, Party
from tests.browser.walk import table
from tests.browser.walk.cast import Cast
from tests.browser.walk.table import next_screen, one_back, reveal_now, within

MEETING = "院里的路怎么铺"
TALK, ASK = "地砖还是沥青，要不要晾衣架", "院里的路怎么铺？"
TILES, ASPHALT, RACKS = "铺地砖", "只铺沥青", "沥青加晾衣架"
RESIDENTS, BUILDER, COMMUNITY = "居民代表", "施工方", "社区"
DRAINS, MONEY = "铺路之前清通三处排水口", "申请资金，账目贴在门口"


def call_the_meeting(cast: Cast) -> None:
    """Three parties, how many of each, what is talked over; everybody on the list is asked by name, and on paper."""
    cast.noted["meeting1"], cast.noted["code1"] = table.convene(
        cast, cast.noted["one"], MEETING, "社区活动室",
        [(Party.RESIDENTS, RESIDENTS, 3), (Party.BUILDER, BUILDER, 1), (Party.COMMUNITY, COMMUNITY, 1)],
        [(AgendaKind.BRIEFING, "路的现状和预算", 10), (AgendaKind.DISCUSSION, TALK, 30), (AgendaKind.VOTE, ASK, 15)],
    )  # fmt: skip
    guests = {"li": RESIDENTS, "wang": RESIDENTS, "zhang": RESIDENTS, "zhao": BUILDER, "chen": COMMUNITY, "wei": COMMUNITY}
    table.invite(cast, cast.noted["meeting1"], guests)
    codes = table.print_invitations(cast, cast.noted["meeting1"])
    assert set(codes) == set(guests)
    cast.noted["invited zhang"], cast.noted["invited zhao"] = codes["zhang"], codes["zhao"]


def come_in(cast: Cast) -> None:
    """The lobby on the wall fills: by login, by a code scanned, by a code typed, from the desk, and at the table without a phone."""
    code = cast.noted["code1"]
    wall, chair = cast.wall(), cast.of("huang")
    table.open_the_wall(cast, code)
    chair.open(f"/chair?m={code}")
    expect(chair.button(chair.say("Begin the meeting"))).to_be_disabled()
    for key in ("li", "wang"):
        table.sign_in(cast.of(key), code)
    zhang = cast.device("zhang")
    zhang.open(f"/i/{cast.noted['invited zhang'].replace(' ', '')}")
    assert cast.noted["invited zhang"].replace(" ", "") not in zhang.page.url
    zhang.press(zhang.say("I am here: sign in"))
    within(wall, wall.say("enough"))
    zhao = cast.device("zhao")
    zhao.open("/j").fill(zhao.say("Code of the meeting"), cast.noted["invited zhao"].lower()).press(zhao.say("To the meeting"))
    zhao.press(zhao.say("I am here: sign in"))
    guest = cast.device("yang")
    guest.open(f"/j/{code}").sees(guest.say("You look on. Everybody may."))
    within(wall, wall.say("{n} more from {party} and we start.", n=1, party=COMMUNITY))
    wei = cast.of("wei")
    wei.open(f"/meeting?id={cast.noted['meeting1']}").press(wei.say("I am here: sign in"))
    within(wall, wall.say("Enough are there. We can start."))
    chair.again()
    table.at_table(cast, "Sign somebody in").pick(cast.name("chen")).press(chair.say("Sign in at the table"))
    chair.sees(chair.count("{n} person, enough of every party", "{n} people, enough of every party", 6))


def talk_it_over(cast: Cast) -> None:
    """The chair goes on, once too far and back; three options, what speaks for and against from the phones, two promises."""
    chair, code = cast.of("huang"), cast.noted["code1"]
    next_screen(cast, chair.say("Begin the meeting"), "路的现状和预算")
    next_screen(cast, chair.say("Next: {item}", item=TALK), TALK)
    one_back(cast, chair.say("Next: {item}", item=TALK), "路的现状和预算")
    next_screen(cast, chair.say("Next: {item}", item=TALK), TALK)
    table.put_on_the_table(cast, TILES, "透水砖，坏一块换一块", "214800", "32")
    table.put_on_the_table(cast, ASPHALT, "平整，轮椅好推", "169500", "20")
    table.put_on_the_table(cast, RACKS, "铺沥青，路东边装六组晾衣架", "186400", "24")
    within(cast.wall(), TILES, ASPHALT, RACKS)
    table.say_a_reason(cast.of("li"), code, ASPHALT, "It speaks for it", "平整没有缝，轮椅和买菜车好推。")
    table.say_a_reason(cast.of("wang"), code, RACKS, "It speaks for it", "被子有地方晒，不用再拉绳子。")
    table.say_a_reason(cast.device("zhang"), code, ASPHALT, "It speaks against it", "夏天晒得烫，还有味道。")
    table.say_a_reason(cast.device("zhao"), code, TILES, "It speaks against it", "树根会把砖顶起来，三五年就要返修。")
    within(cast.wall(), cast.wall().say("{n} against", n=1))
    today = date.today()
    table.promise(cast, BUILDER, DRAINS, today + timedelta(days=40))
    table.promise(cast, COMMUNITY, MONEY, today + timedelta(days=30), by="chen")


def prepare_the_vote(cast: Cast) -> None:
    """The committee prepares it during the meeting, out of the options on the table, and prints a slip for every home."""
    wei, chair = cast.of("wei"), cast.of("huang")
    expect(chair.button(chair.say("Skip: no vote is prepared"))).to_be_visible()
    wei.open(f"/proposal?id={cast.noted['one']}").follow(wei.say("Prepare the vote")).arrives("/prepare")
    wei.fill(wei.say("Question"), ASK)
    for at, title in enumerate((TILES, ASPHALT, RACKS)):
        expect(wei.field(wei.say("Option {n}", n=at + 1))).to_have_value(title)
    expect(wei.page.get_by_role("combobox", name=wei.say("Voted on in a meeting"))).to_have_value(MEETING)
    wei.press(wei.say("Make the roll and the ballot paper")).arrives("/poll")
    cast.noted["poll1"] = wei.asked("id")
    wei.sees(wei.count("{n} home on the roll", "{n} homes on the roll", 8))
    cast.noted |= {f"ballot1 {home}": code for home, code in slips(cast, cast.noted["poll1"]).items()}
    expect(chair.button(chair.say("Next: open the vote"))).to_be_enabled()


def slips(cast: Cast, poll: str) -> dict[str, str]:
    """Codes on paper, by the number of the home."""
    wei = cast.of("wei")
    wei.open(f"/poll?id={poll}").follow(wei.say("Codes on paper: make and print them")).arrives(f"/codes/{poll}")
    wei.press(wei.count("Make and print {n} code", "Make and print {n} codes", 8))
    expect(wei.page.locator(".slip")).to_have_count(8)
    made = [(slip.locator(".h").inner_text(), slip.locator(".k b").inner_text()) for slip in wei.page.locator(".slip").all()]
    return {home[-3:]: code for home, code in made}


def vote(cast: Cast) -> None:
    """Six of eight homes vote, by login and by code; nobody twice; the wall counts and tells nothing else."""
    chair, wall = cast.of("huang"), cast.wall()
    next_screen(cast, chair.say("Next: open the vote"), wall.say("Voting now"), wall.say("/ {n} homes have voted", n=8))
    li = cast.of("li")
    li.open(f"/j/{cast.noted['code1']}").follow(li.say("Vote now"))
    table.vote(li, RACKS)
    counted(cast, 1)
    zhang = cast.device("zhang")
    zhang.open(f"/b/{cast.noted['ballot1 201'].replace(' ', '')}")
    table.vote(zhang, RACKS)
    counted(cast, 2)
    nobody_twice(cast)
    wang = cast.of("wang")
    wang.open(f"/ballot/{cast.noted['poll1']}")
    table.vote(wang, TILES)
    wang.follow(wang.say("Change my vote")).pick(RACKS).press(wang.say("Change my vote")).sees(wang.say("Your vote is in."))
    counted(cast, 3)
    yang = cast.device("yang")
    yang.open("/b").fill(yang.say("Code"), cast.noted["ballot1 302"].lower()).press(yang.say("Open my ballot"))
    table.vote(yang, ASPHALT)
    for key in ("liu", "chenyl"):
        phone = cast.of(key)
        phone.open(f"/ballot/{cast.noted['poll1']}")
        table.vote(phone, RACKS)
    counted(cast, 6)


def counted(cast: Cast, n: int) -> None:
    """The wall says how many are in, in time, and nothing of which way they went."""
    wall = cast.wall()
    table.received(wall, n)
    for title in (TILES, ASPHALT, RACKS, "%"):
        expect(wall.page.get_by_text(title)).to_have_count(0)


def nobody_twice(cast: Cast) -> None:
    """A code that was used opens nothing on another phone, and a home that voted by code is not asked again after signing in."""
    other = cast.of("liu")
    other.open(f"/b/{cast.noted['ballot1 201'].replace(' ', '')}")
    other.sees(other.say("This code is used. Ask the committee for another."))
    counted(cast, 2)


def reveal(cast: Cast) -> None:
    """The wall shows what was chosen, in words; so does every phone."""
    chair, wall, li = cast.of("huang"), cast.wall(), cast.of("li")
    li.open(f"/j/{cast.noted['code1']}")
    reveal_now(cast, RACKS, wall.say("Chosen"))
    li.sees(RACKS)
    expect(chair.button(chair.say("Take the last step back"))).to_be_disabled()
    for late in ("huangj",):
        phone = cast.of(late)
        phone.open(f"/ballot/{cast.noted['poll1']}").lacks(phone.say("Cast this vote"))


def close_the_meeting(cast: Cast) -> None:
    """Who does what by when on the wall; closed, written down, confirmed."""
    chair = cast.of("huang")
    next_screen(cast, chair.say("Next: who does what"), DRAINS, MONEY)
    next_screen(cast, chair.say("Close the meeting"), cast.wall().say("Who does what, by when"))
    chair.sees(chair.say("The meeting is over"))
    cast.room_is_left()
    table.write_minutes(cast, cast.noted["meeting1"], "三方到齐，晾衣架和路一起做。")
