"""Until a matter is accepted: a concern with a photo and its answer, the proposal in four steps, neighbours, the review."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import expect

from models.vocabulary import Category
from services.i18n import word
from tests.browser.walk.cast import Cast

PUDDLE = "一下雨院里的路就积水，推轮椅过不去。"
TITLE = "院里的路不再积水"
PROBLEM = "70 号院的路用了三十年，坑洼不平，一下雨就积水，老人和轮椅过不去。"
PLAN = "把院里的路重新铺平，排水口清通。用什么材料，请大家坐下来商量。"
BENCH = "门口添两把有扶手的椅子"
MORE = "请补上大概要花多少钱，好去申请资金。"


def photo(folder: Path, name: str, colour: str = "#6b7f8c") -> Path:
    """A picture as a phone takes it."""
    made = folder / name
    Image.new("RGB", (1600, 1200), colour).save(made, "JPEG")
    return made


def report_a_concern(cast: Cast) -> None:
    """Li Xiuying says on her phone what is wrong, with a photo, and keeps the receipt."""
    li = cast.of("li")
    li.open("/report").give(photo(cast.folder, "积水.jpg"))
    li.fill(li.say("Say it in one sentence"), PUDDLE).fill(li.say("Where is it"), "3 单元门口")
    li.pick(word(li.language, Category.ENVIRONMENT)).press(li.say("Send it"))
    li.sees(li.say("We have it."), PUDDLE)
    expect(li.page.locator("ul.ph img")).to_have_count(1)
    cast.noted["receipt"] = urlsplit(li.page.url).path


def a_neighbour_said_the_same(cast: Cast) -> None:
    """Wang Jianguo is about to write the same and adds his voice instead."""
    wang = cast.of("wang")
    wang.open("/report").fill(wang.say("Say it in one sentence"), "院里的路一下雨就积水，过不去。")
    wang.pick(word(wang.language, Category.ENVIRONMENT)).press(wang.say("Send it"))
    wang.sees(wang.count("{n} person said something like it", "{n} people said something like it", 1))
    wang.press(wang.say("Support this one")).sees(wang.say("Your voice counts"))


def answer_the_concern(cast: Cast) -> None:
    """The grid worker finds it in the inbox and answers; the answer stands at the receipt."""
    chen, li = cast.of("chen"), cast.of("li")
    answer = "我今天下午到现场拍照，这条路确实坑洼。建议写成提案，请邻居附议，我来帮您填。"
    chen.open("/inbox").sees("一下雨院里的路就积水")
    chen.fill(chen.say("First answer"), answer).press(chen.say("Send the answer"))
    chen.sees(chen.say("Nothing is waiting here."))
    li.open(cast.noted["receipt"]).sees(li.say("There is an answer for you."), answer)


def write_the_proposal(cast: Cast) -> None:
    """In four steps out of the concern, the page loaded anew in the middle; similar ones beside it, a file with it, the receipt at the end."""
    li = cast.of("li")
    li.follow(li.say("Open my page of it"))
    li.follow(li.say("Make a proposal of it")).arrives("/proposal_new")
    expect(li.field(li.say("What is the matter"))).to_have_value(PUDDLE)
    li.fill(li.say("In one line"), TITLE).fill(li.say("What is the matter"), PROBLEM)
    li.press(li.say("Next step")).sees(li.say("What should be done?"))
    li.fill(li.say("What should be done"), PLAN)
    li.give(photo(cast.folder, "现状.jpg", "#7a6a55"))
    expect(li.page.locator(".thumb", has_text="现状.jpg")).to_be_visible()  # kept; the field itself names it a moment before
    li.again()
    expect(li.field(li.say("What should be done"))).to_have_value(PLAN)
    li.sees("现状.jpg").press(li.say("Next step"))
    li.fill(li.say("Where is it"), "70 号院内主路")
    expect(li.page.get_by_role("radio", name=word(li.language, Category.ENVIRONMENT))).to_be_checked()  # as in the concern
    li.fill(li.say("Who benefits"), "70 号院 8 户").fill(li.say("Who carries it out"), "社区请的施工队")
    li.press(li.say("Next step")).sees(TITLE, PROBLEM, PLAN, "70 号院内主路", li.say("not known yet"))
    li.press(li.say("Send it")).sees(li.say("Your proposal is in."))
    cast.noted["one"] = li.asked("done")
    li.follow(li.say("See the proposal")).arrives("/proposal")
    cast.noted["number"] = re.search(r"T-\d{4}-\d+", li.page.inner_text("body"))[0]  # type: ignore[index]


def write_the_plain_way(cast: Cast) -> None:
    """Liu Zhiqiang has an old phone: all of it on one page, without a script; what is missing is said in place and nothing is lost."""
    liu = cast.of("liu")
    liu.open("/propose").fill(liu.say("In one line"), BENCH).fill(liu.say("What is the matter"), "老人等车没有地方坐，站久了腿疼。")
    liu.press(liu.say("Send it"))
    expect(liu.field(liu.say("In one line"))).to_have_value(BENCH)
    liu.fill(liu.say("What should be done"), "在门口靠墙放两把椅子，带扶手，不挡道。").fill(liu.say("Where is it"), "大门口")
    liu.pick(word(liu.language, Category.ENVIRONMENT)).press(liu.say("Send it")).sees(BENCH)


def support(cast: Cast) -> None:
    """Four homes are needed, the author's is one of them: three neighbours, one after the other, on their phones."""
    one = f"/proposal?id={cast.noted['one']}"
    told = "Your home supports it. You can take that back while it waits."
    for key, said in (("wang", told), ("liu", told), ("chenyl", "Your home supports it. That is enough: now the committee reads it.")):
        phone = cast.of(key)
        phone.open(one).press(phone.say("Support it for my home"))
        phone.sees(phone.say(said))
    cast.of("li").open(one).lacks(cast.of("li").say("Support it for my home"))


def review(cast: Cast) -> None:
    """The committee asks for the cost; the author completes it; the committee accepts with its reason."""
    wei, li = cast.of("wei"), cast.of("li")
    one, number = cast.noted["one"], cast.noted["number"]
    wei.open(f"/proposal?id={one}").follow(wei.say("Review it")).arrives("/review")
    wei.fill(wei.say("Your reasons"), MORE).press(wei.say("Return it"))
    wei.sees(wei.say("{number} went back to its author.", number=number))
    li.open(f"/proposal?id={one}").sees(MORE).follow(li.say("Complete it")).arrives("/proposal_new")
    li.sees(MORE).press(li.say("Next step")).press(li.say("Next step"))
    li.fill(li.say("What it costs, in yuan"), "186400").press(li.say("Next step"))
    li.press(li.say("File it again")).sees(li.say("Your proposal is in."))
    wei.open(f"/review?id={one}")
    wei.fill(wei.say("Your reasons"), "事关全院出行，开议事会商量材料。").press(wei.say("Accept"))
    wei.sees(wei.say("{number} is accepted. Next: call a meeting.", number=number))
