"""Calling people to one table, and what they do there: convened, invited on paper, signed in, steered from lobby to minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from models.vocabulary import AgendaKind, Party
from services.i18n import word, zone_name
from tests.browser.walk.cast import Cast
from tests.browser.walk.device import Device
from tests.fixtures.wall import TICKS, in_time

ZONE = ZoneInfo("Asia/Shanghai")
AGAIN = "再按一次"


def within(wall: Device, *words: str) -> None:
    """These words stand on the wall in time."""
    in_time(wall.page, lambda: [expect(wall.page.get_by_text(each).first).to_be_visible() for each in words], " ".join(words))


def received(wall: Device, n: int) -> None:
    """The wall counts `n` votes in time."""
    in_time(wall.page, lambda: expect(wall.page.locator(".got")).to_have_text(str(n)), f"{n} votes")


def convene(
    cast: Cast, proposal: str, title: str, place: str, parties: Sequence[tuple[Party, str, int]], agenda: Sequence[tuple[AgendaKind, str, int]]
) -> tuple[str, str]:
    """The committee calls a meeting from the page of the matter; the id and the short code of the meeting."""
    wei = cast.of("wei")
    wei.open(f"/proposal?id={proposal}").follow(wei.say("Call a meeting")).arrives("/meeting_new")
    wei.fill(wei.say("Title"), title).fill(wei.say("Place"), place)
    starts = _soon(cast)
    wei.on(wei.say("Day"), starts.date()).at(wei.say("Time ({zone})", zone=zone_name(wei.language, str(ZONE))), starts.time())
    wei.fill(wei.say("Invitation, in your own words"), "带上您家的想法，一个小时说完。")
    _lines(wei, wei.say("One party more"), wei.say("One party fewer"), have=2, want=len(parties))
    for at, (party, label, need) in enumerate(parties):
        wei.choose(wei.say("Party"), word(wei.language, party), at)
        wei.fill(wei.say("Called here"), label, at).fill(wei.say("At least"), str(need), at)
    _lines(wei, wei.say("One item more"), wei.say("One item fewer"), have=3, want=len(agenda))
    for at, (kind, said, minutes) in enumerate(agenda):
        wei.choose(wei.say("What"), word(wei.language, kind), at)
        wei.fill(wei.say("Item"), said, at).fill(wei.say("Minutes"), str(minutes), at)
    wei.press(wei.say("Call the meeting")).arrives("/meeting").sees(title, place)
    return wei.asked("id"), wei.page.locator(".jn0 b").inner_text()


def _soon(cast: Cast) -> datetime:
    """The next quarter of an hour but three, on the clock of the workspace, which stands in the wall's foot and on every page's banner."""
    now = datetime.now(ZONE) + timedelta(hours=int(cast.noted.get("ahead", "0")))
    quarter = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    return quarter + timedelta(minutes=60)


def _lines(desk: Device, more: str, fewer: str, have: int, want: int) -> None:
    for _ in range(want - have):
        desk.press(more)
    for _ in range(have - want):
        desk.press(fewer)


def invite(cast: Cast, meeting: str, people: Mapping[str, str]) -> None:
    """Each is found by name and asked to sit for a party, given by its label."""
    wei = cast.of("wei")
    wei.open(f"/meeting?id={meeting}")
    for key, label in people.items():
        wei.fill(wei.say("Invite somebody: part of the name"), cast.name(key))
        if label != wei.page.get_by_role("combobox", name=wei.say("For which party")).input_value():
            wei.choose(wei.say("For which party"), label)
        wei.press(wei.say("Invite"))
        expect(wei.field(wei.say("Invite somebody: part of the name"))).to_have_value("")
        wei.sees(cast.name(key))


def print_invitations(cast: Cast, meeting: str) -> dict[str, str]:
    """A sheet with a code for each person; the code on the sheet of each name."""
    wei = cast.of("wei")
    wei.open(f"/meeting?id={meeting}").follow(wei.say("Print invitations")).arrives(f"/invitations/{meeting}")
    wei.press(wei.say("Print one for each person, with a code"))
    sheets = wei.page.locator(".inv")
    found = {}
    for sheet in sheets.all():
        said = sheet.inner_text()
        key = next(each for each in cast.known() if cast.name(each) in said)
        found[key] = sheet.locator("b.n").inner_text()
    return found


def open_the_wall(cast: Cast, code: str) -> None:
    """The projector shows the lobby of this meeting."""
    wall = cast.wall().open(f"/screen?m={code}").sees(code)
    wall.page.evaluate(TICKS)


def sign_in(phone: Device, code: str) -> None:
    """At the table, with the short code and a login."""
    phone.open(f"/j/{code}").press(phone.say("I am here: sign in"))
    expect(phone.page.get_by_text(phone.say("You sit at seat {n}.", n="")[:4]).first).to_be_visible()


def next_screen(cast: Cast, word_: str, *wall: str) -> None:
    """The chair's one button; as soon as her tablet has taken the step, the wall follows in time."""
    chair = cast.of("huang")
    chair.button(word_).click()
    expect(chair.button(word_)).to_have_count(0)
    within(cast.wall(), *wall)


def reveal_now(cast: Cast, *wall: str) -> None:
    """The chair shows the result; where votes are still out, she is asked once more."""
    chair = cast.of("huang")
    big = chair.page.locator(".st-key-next button").last  # for a moment the one before stands beside it
    chair.button(chair.say("Next: show the result")).click()
    expect(big).not_to_contain_text(chair.say("Next: show the result"))
    if big.inner_text().startswith(AGAIN):
        chair.page.wait_for_timeout(800)
        big.click()
        expect(big).not_to_contain_text(AGAIN)
    within(cast.wall(), *wall)


def one_back(cast: Cast, then: str, *wall: str) -> None:
    """The chair takes her last step back; `then` is what her button says there."""
    chair = cast.of("huang")
    chair.button(chair.say("Take the last step back")).click()
    expect(chair.button(then)).to_be_visible()
    within(cast.wall(), *wall)


def at_table(cast: Cast, tab: str) -> Device:
    """The chair turns to one of the four things that are typed at the table."""
    chair = cast.of("huang")
    chair.page.get_by_role("tab", name=chair.say(tab)).click()
    return chair


def put_on_the_table(cast: Cast, title: str, about: str, yuan: str, days: str) -> None:
    chair = at_table(cast, "Add an option")
    chair.fill(chair.say("Option"), title).fill(chair.say("What it means"), about)
    chair.fill(chair.say("Cost in yuan, if known"), yuan).fill(chair.say("Days of work, if known"), days)
    chair.press(chair.say("Put it on the table"))
    expect(chair.field(chair.say("Option"))).to_have_value("")
    chair.sees(title)


def promise(cast: Cast, who: str, deed: str, due: date, by: str = "") -> None:
    """A party says what it does by when; `by`: who of it, where that is said."""
    chair = at_table(cast, "Add a commitment")
    group = chair.page.get_by_role("radiogroup", name=chair.say("Who"), exact=True)
    if not group.get_by_role("radio", name=who).is_checked():
        group.get_by_role("radio", name=who).click()
    if by:
        chair.settled()
        exactly = chair.page.get_by_role("radiogroup", name=chair.say("Who exactly, if known"), exact=True)
        exactly.get_by_role("radio", name=cast.name(by)).click()
        chair.settled()
    chair.on(chair.say("By when"), due).fill(chair.say("Does what"), deed)
    chair.press(chair.say("Note the commitment"))
    expect(chair.field(chair.say("Does what"))).to_have_value("")
    chair.sees(deed)


def say_a_reason(phone: Device, code: str, option: str, side: str, reason: str) -> None:
    """From the phone: what speaks for or against an option."""
    phone.open(f"/j/{code}").follow(phone.say("Say what speaks for or against"))
    phone.pick(option).pick(phone.say(side)).fill(phone.say("Your reason"), reason).press(phone.say("Put it on the table")).sees(reason)


def write_minutes(cast: Cast, meeting: str, text: str) -> None:
    """The chair adds her words to the draft and confirms; the printed minutes carry the check digits."""
    chair = cast.of("huang")
    chair.open(f"/meeting?id={meeting}")
    field = chair.field(chair.say("What was said and agreed"))
    expect(field).not_to_have_value("")
    draft = field.input_value()
    field.fill(f"{draft}\n{text}")
    chair.tick(chair.say("Once confirmed, the minutes do not change any more."))
    chair.press(chair.say("Save and confirm the minutes"))
    expect(chair.button(chair.say("Save and confirm the minutes"))).to_have_count(0)
    chair.open(f"/minutes/{meeting}").sees(text, chair.say("Check digits of the record"))


def vote(phone: Device, answer: str) -> str:
    """The ballot that is open on this phone; the number of the receipt."""
    phone.pick(answer).press(phone.say("Cast this vote")).sees(phone.say("Your vote is in."))
    return phone.page.url.rsplit("/", 1)[1]
