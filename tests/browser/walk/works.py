"""The works: started with the promises as tasks, reported with photos, ticked, finished, looked at by somebody else, judged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.walk.before import photo
from tests.browser.walk.cast import Cast
from tests.browser.walk.device import Device


def start(cast: Cast, proposal: str, executor: str, supervisors: Sequence[str], steps: Sequence[str], yuan: str) -> str:
    """The committee starts the works: who, who looks over them, for how much, in which steps. The project's id."""
    wei = cast.of("wei")
    wei.open(f"/proposal?id={proposal}").press(wei.say("Start the works"))
    wei.choose(wei.say("Who carries it out"), cast.name(executor))
    for each in supervisors:
        wei.choose(wei.say("Who supervises"), cast.name(each))
        wei.page.keyboard.press("Escape")
    wei.fill(wei.say("Budget in yuan"), yuan)
    for at, step in enumerate(steps, 1):
        if at > 1:
            wei.press(wei.say("One milestone more"))
        wei.fill(wei.say("Milestone {n}", n=at), step)
    wei.tick(wei.say("The works begin, and everybody can follow them.")).press(wei.say("Start the works"))
    wei.sees(wei.say("The works have begun. Those who carry it out and supervise it are told."))
    wei.follow(wei.say("See the works")).arrives("/project")
    return wei.asked("id")


def report(device: Device, project: str, text: str, yuan: str, *photos: Path) -> None:
    """What was done, what it cost so far, with photos for everybody."""
    device.open(f"/project?id={project}").press(device.say("Report progress")).fill(device.say("What was done"), text)
    if yuan:
        device.fill(device.say("Spent by now, all together, in yuan (if it has changed)"), yuan)
    if photos:
        device.give(*photos)
        device.sees(*(each.name for each in photos))
    device.press(device.say("Report it")).sees(device.say("Reported. Everybody can read it."), text)


def keep_a_promise(device: Device, project: str, deed: str, note: str) -> None:
    """The task that was a promise at the table is ticked with a word about it."""
    device.open(f"/project?id={project}")
    row = device.page.locator("[class*=st-key-task_]", has_text=deed)
    row.get_by_role("button", name=device.say("Tick it")).click()
    device.settled().fill(device.say("A word about it (if you like)"), note).press(device.say("It is done"))
    device.sees(device.say("Ticked."), note)


def reach(device: Device, project: str) -> None:
    """The next milestone."""
    device.open(f"/project?id={project}").press(device.say("Tick a milestone")).press(device.say("It is done")).sees(device.say("Ticked."))


def not_yet(device: Device, project: str) -> None:
    """Something is missing: the button is locked, and the page says what."""
    device.open(f"/project?id={project}")
    expect(device.button(device.say("Report it finished"))).to_be_disabled()


def finish(device: Device, project: str) -> None:
    device.open(f"/project?id={project}").press(device.say("Report it finished"))
    device.tick(device.say("Everything is done; the supervisors are asked to come and look.")).press(device.say("Report it finished"))
    device.sees(device.say("Reported finished. The supervisors are told."))


def nobody_accepts_their_own(device: Device, project: str) -> None:
    """Who carries it out finds no button, and no form behind the address."""
    device.open(f"/project?id={project}&do=project.accept")
    device.sees(device.say("Only the supervisors of this project can do this."))
    expect(device.button(device.say("Accept the works"))).to_have_count(0)


def send_back(cast: Cast, project: str, missing: str) -> None:
    sun = cast.of("sun")
    sun.open(f"/project?id={project}").press(sun.say("Not yet: say what is missing"))
    sun.fill(sun.say("What is missing, so that it can be mended"), missing).tick(sun.say("I was there."))
    sun.press(sun.say("Send it back to be mended")).sees(sun.say("Sent back. Those who carry it out are told."), missing)


def accept(cast: Cast, project: str, seen: str) -> None:
    sun = cast.of("sun")
    sun.open(f"/project?id={project}").press(sun.say("Accept the works")).fill(sun.say("What you saw (if you like)"), seen)
    sun.tick(sun.say("I was there. The homes concerned are asked next; this cannot be undone.")).press(sun.say("Accept the works"))
    sun.sees(sun.say("Accepted. The homes concerned are asked how it turned out."), seen)


def judge(device: Device, proposal: str, score: str, solved: str = "Yes, it is gone", text: str = "") -> None:
    """A home says how it turned out."""
    device.open(f"/proposal?id={proposal}").press(device.say("Say how it turned out"))
    device.pick(device.say(score)).pick(device.say(solved))
    if text:
        device.fill(device.say("In your words (if you like)"), text)
    device.press(device.say("Hand it in")).sees(device.say("Thank you. Your home's answer is in."))


def photos(folder: Path, *names: str) -> list[Path]:
    return [photo(folder, name, colour) for name, colour in zip(names, ("#3f4a50", "#556b5d", "#8a7f6f"), strict=False)]
