"""Between the vote and the works: on notice, an objection and its ruling, the demo's clock moved on."""

from __future__ import annotations

from playwright.sync_api import expect

from models.vocabulary import Ruling
from services.i18n import word
from tests.browser.walk.cast import Cast

OBJECTION = "晾衣架离一楼窗户太近。"
REPLY = "改为离窗 1.5 米，图纸今天换掉。"


def publish(cast: Cast, proposal: str) -> None:
    """The committee hangs the decision out; the text is there already."""
    wei = cast.of("wei")
    wei.open(f"/proposal?id={proposal}").press(wei.say("Show the decision"))
    expect(wei.field(wei.say("What everybody reads"))).not_to_have_value("")
    wei.press(wei.say("Show it now")).sees(wei.say("Please tick that you are sure."))
    wei.tick(wei.say("Everybody sees it from now on; it cannot be taken off.")).press(wei.say("Show it now"))
    wei.sees(wei.say("The decision is on notice. Objections come to you."))


def object_to_it(cast: Cast, proposal: str) -> None:
    """A neighbour objects on her phone."""
    phone = cast.of("chenyl")
    phone.open(f"/proposal?id={proposal}").press(phone.say("Lodge an objection"))
    phone.fill(phone.say("What you object to, and why"), OBJECTION).press(phone.say("Lodge the objection"))
    phone.sees(phone.say("Your objection is here. You are told when it is ruled on."), OBJECTION)


def rule_on_it(cast: Cast, proposal: str) -> None:
    """The committee answers with its reasons; who objected is told."""
    wei, phone = cast.of("wei"), cast.of("chenyl")
    wei.open(f"/proposal?id={proposal}").press(wei.say("Rule on the objections")).sees(OBJECTION)
    wei.pick(word(wei.language, Ruling.ADJUSTED)).fill(wei.say("Reasons, for everybody to read"), REPLY)
    wei.tick(wei.say("The ruling is final and public.")).press(wei.say("Rule on it"))
    wei.sees(wei.say("Ruled. Whoever objected is told."), REPLY)
    told = phone.say("Your objection to notice {number} was taken up: a detail is changed, the decision stays.", number="G-")
    phone.open("/me").follow(told[:8]).sees(REPLY)


def too_early(cast: Cast, proposal: str) -> None:
    """While the notice is shown nobody can begin the works, and the page says why."""
    wei = cast.of("wei")
    wei.open(f"/proposal?id={proposal}").sees(wei.say("The notice is still shown. It ends at 24:00 of its last day."))
    expect(wei.button(wei.say("Start the works"))).to_be_disabled()


def eight_days_on(cast: Cast) -> None:
    """The clock of the demo, moved through the screen: a notice of seven days ends at 24:00 of the seventh."""
    wei = cast.of("wei")
    before = int(cast.noted.get("ahead", "0"))
    for words, hours in ((wei.count("{n} day on", "{n} days on", 7), 7 * 24), (wei.count("{n} day on", "{n} days on", 1), 24)):
        wei.open("/").press(wei.say("Move the clock")).press(words)
        before += hours
        wei.sees(wei.say("Clock moved {time} forward: {now}.", time=f"{before // 24}", now="").partition(f"{before // 24}")[0] + f"{before // 24}")
    cast.noted["ahead"] = str(before)
