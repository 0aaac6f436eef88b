"""A household letter from the printed sheet to the confirmed account, and a lost password to a new one: a grid worker's desk, a resident's phones."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from services.logins import WRONG
from services.rules.access import FOR_RESIDENTS
from tests.browser.walk.device import Device
from tests.fixtures.browser import Open
from tests.fixtures.server import Server

NAME, PHONE, FIRST, SECOND = "唐晓棠", "13955550123", "桂花 石榴 银杏", "三角梅 爬墙虎 茶"


@pytest.fixture
def desk(live_demo: Server, open_context: Open) -> Device:
    """A grid worker's desk: who hands the letters out and confirms who lives where."""
    device = Device(open_context("desk").new_page(), live_demo.url)
    device.open("/auth/login").page.locator("button[name=as][value=grid_worker]").click()
    device.page.wait_for_url(lambda url: "/auth/" not in url)
    return device


def code_on(paper: Device) -> str:
    """The code that is printed on the one sheet, which no screen shows again."""
    sheet = paper.page.locator(".sheet")
    expect(sheet).to_have_count(1)
    return str(re.search(r"\b[0-9A-Z]{4}(?:[ -][0-9A-Z]{4}){4}\b", sheet.inner_text())[0])  # type: ignore[index]


def signs_in(phone: Device, password: str) -> None:
    phone.open("/auth/login").fill(phone.say("Phone number"), PHONE).fill(phone.say("Password"), password).press(phone.say("Sign in"))


def test_from_the_letter_to_the_vote_and_from_a_lost_password_to_a_new_one(live_demo: Server, desk: Device, open_context: Open) -> None:
    desk.open("/letters").page.locator("input[name=unit]").first.check()
    desk.press(desk.say("Issue and print"))
    code = code_on(desk)

    # The first phone: the code as one types it from paper, a password that is too easy, then one that is not.
    phone = Device(open_context("phone").new_page(), live_demo.url)
    phone.open("/letter").fill(phone.say("The code on the letter"), code[:-1] + ("2" if code[-1] != "2" else "3")).press(phone.say("Go on"))
    assert phone.field(phone.say("The code on the letter")).input_value()[:4] == code[:4]  # what is nearly right is not typed again
    phone.fill(phone.say("The code on the letter"), code.lower().replace("-", " ")).press(phone.say("Go on")).arrives("/auth/register")
    phone.fill(phone.say("Your name"), NAME).fill(phone.say("Phone number"), "139 5555 0123").fill(phone.say("Choose a password"), "12345678")
    phone.pick(phone.say("The home is mine, or mine and others'")).press(phone.say("Register"))
    expect(phone.field(phone.say("Choose a password"))).to_have_attribute("aria-invalid", "true")
    expect(phone.field(phone.say("Your name"))).to_have_value(NAME)
    phone.fill(phone.say("Choose a password"), FIRST).press(phone.say("Register")).arrives("/auth/registered")
    phone.sees(phone.say("You are registered"), phone.say("Welcome, {name}.", name=NAME))
    phone.open("/propose").sees(phone.say(FOR_RESIDENTS))

    # The desk confirms; a neighbour with the same letter is told nothing about them.
    desk.open("/register?part=confirm").sees(NAME)
    card = desk.page.locator("[class*=st-key-card_claim_]", has_text=NAME)
    card.get_by_role("button", name=desk.say("Lives there"), exact=True).click()
    desk.sees(desk.say("{name} is confirmed.", name=NAME))
    phone.open("/propose")
    expect(phone.field(phone.say("In one line"))).to_be_visible()

    # Out, in with a wrong password, in with the right one.
    phone.open("/auth/login").press(phone.say("Sign out"))
    signs_in(phone, SECOND)
    phone.sees(phone.say(WRONG))
    expect(phone.field(phone.say("Phone number"))).to_have_value(PHONE)
    signs_in(phone, FIRST)
    phone.page.wait_for_url(lambda url: "/auth/" not in url)

    # The password is lost: a letter in person, on another phone; the first phone is signed out by it.
    desk.open(f"/register?part=people&q={PHONE}").page.get_by_role("link", name=NAME).first.click()
    with desk.page.context.expect_page() as opened:
        desk.follow(desk.say("A letter for a new password"))
    paper = Device(opened.value, live_demo.url)
    paper.press(paper.say("Issue and print"))
    other = Device(open_context("phone").new_page(), live_demo.url)
    other.open(f"/letter/{code_on(paper).replace(' ', '')}").arrives("/auth/password")  # as the square code leads there
    other.fill(other.say("Choose a password"), SECOND).fill(other.say("The same once more"), SECOND + "!").press(other.say("Set the password"))
    other.sees(other.say("The two passwords differ. Type both again."))
    other.fill(other.say("Choose a password"), SECOND).fill(other.say("The same once more"), SECOND).press(other.say("Set the password"))
    other.page.wait_for_url(lambda url: url.endswith("/me"))
    other.settled().sees(NAME)
    phone.open("/propose")
    expect(phone.field(phone.say("In one line"))).to_have_count(0)
    signs_in(phone, FIRST)
    phone.sees(phone.say(WRONG))
    other.open(f"/letter/{code_on(paper).replace(' ', '')}").lacks(other.say("Choose a password"))  # once, and no more
