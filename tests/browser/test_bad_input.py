"""Bad input in real browsers: ids that are unknown, foreign or stale, files that are none, a server gone in the middle of a form."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from services.errors import NotFound
from services.i18n import text
from tests.browser.walk import before
from tests.browser.walk.cast import Cast
from tests.browser.walk.device import Device
from tests.fixtures.browser import Open
from tests.fixtures.server import Server

# Addresses with an id of the kind that they name; the desk of a committee may see each of them for its own community.
ADDRESSES = (
    "/proposal?id={proposal}", "/proposal_new?id={proposal}", "/proposal_new?concern={concern}", "/propose?id={proposal}", "/review?id={proposal}",
    "/concern?id={concern}", "/inbox?id={concern}", "/meeting?id={meeting}", "/meeting_new?id={meeting}", "/invitations/{meeting}",
    "/prepare?proposal={proposal}", "/poll?id={poll}", "/codes/{poll}", "/ballot/{poll}", "/export/poll.json?id={poll}", "/result/{poll}",
    "/project?id={project}", "/evaluate/{evaluation}", "/notice/{notice}",
)  # fmt: skip
UNKNOWN = "0000000000000000"
BODY = "() => (document.querySelector('[data-testid=stMain]') || document.body).innerText"
# Fields come a moment after the words around them, their code is fetched first; what two looks see alike stands still.
STILL = f"""() => {{ const now = ({BODY})(), before = window.seenBefore; window.seenBefore = now;
  return now === before && !document.querySelector('[data-testid=stSkeleton]') }}"""


def zh(message: str, **values: object) -> str:
    return text("zh-CN", message, **values)


@pytest.fixture(scope="module")
def foreign(live_demo: Server) -> dict[str, str]:
    """An id of each kind that belongs to another community than the one that the demo's entrances lead to."""
    with sqlite3.connect(live_demo.data / "yiqi.db", timeout=30) as db:
        first = db.execute("select id from community order by created_at, id limit 1").fetchone()[0]
        kinds = sorted(set(re.findall(r"{(\w+)}", " ".join(ADDRESSES))))
        found = {kind: db.execute(f"select id from {kind} where community_id != ? limit 1", (first,)).fetchone()[0] for kind in kinds}
    db.close()
    return found


@pytest.fixture
def desk_of(live_demo: Server, open_context: Open) -> Callable[[str], Device]:
    """A desk in the demo, entered with one press as somebody with this role."""

    def enter(role: str) -> Device:
        device = Device(open_context("desk").new_page(), live_demo.url)
        device.open("/auth/login")
        device.page.locator(f"button[name=as][value={role}]").click()
        device.page.wait_for_url(lambda url: "/auth/" not in url)
        return device

    return enter


def seen(device: Device, address: str) -> tuple[int, str]:
    """Status and words of a page that stands still, without the moment and the address that it names."""
    answer = device.page.goto(device.home + address)
    device.settled()
    device.page.wait_for_function(STILL, polling=250)
    words = device.page.evaluate(BODY)
    return (answer.status if answer else 0), re.sub(r"\d\d:\d\d|[0-9a-z]{16}", "", words)


def test_an_unknown_id_and_a_foreign_one_look_the_same(foreign: dict[str, str], desk_of: Callable[[str], Device]) -> None:
    """One friendly page; nobody learns whether something exists elsewhere."""
    device = desk_of("committee")
    for address in ADDRESSES:
        kind = re.findall(r"{(\w+)}", address)[0]
        absent = seen(device, address.format(**{kind: UNKNOWN}))
        other = seen(device, address.format(**{kind: foreign[kind]}))
        assert absent == other, address
        assert absent[1].strip() and "Traceback" not in absent[1], address
        assert absent[0] in (200, 404), address


NO_MEETING = "No meeting has this code."
WALL = "Open the wall from the page of the meeting, or check the four characters of the code."
LETTERS = "No meeting has this code. Compare it with the wall, letter by letter."


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/screen?m=ZZZZ", (NO_MEETING, WALL)), ("/screen", (NO_MEETING, WALL)),
        ("/chair?m=ZZZZ", (NO_MEETING, "To the first page")), ("/chair", (NO_MEETING, "To the first page")),
        ("/j/ZZZZ", (LETTERS,)), ("/minutes/ZZZZ", (NotFound().message, "To the front page")),
    ],
)  # fmt: skip
def test_a_code_of_no_meeting(live_demo: Server, desk: Page, address: str, said: tuple[str, ...]) -> None:
    device = Device(desk, live_demo.url)
    device.open(address).sees(*(zh(each) for each in said))


@pytest.mark.parametrize("address", ["/b/nonsense", "/b/7K3M48217K3M48217K3M", "/i/nonsense", "/receipt/12345678", "/concern/12345"])
def test_a_code_that_nobody_gave_out(live_demo: Server, phone: Page, address: str) -> None:
    answer = phone.goto(live_demo.url + address)
    assert answer is not None and answer.status in (404, 409, 422)
    expect(phone.locator("h1")).to_be_visible()
    expect(phone.get_by_role("link", name=zh("To the front page")).last).to_be_visible()


def files(folder: Path) -> dict[str, tuple[Path, str]]:
    """Files that are none, with what is said about each."""
    neither = "{name} is neither a photo (JPEG, PNG, WebP) nor a PDF. Choose another file."
    made = {
        "说明.txt": (b"only words", neither),
        "照片.jpg": (b"<html><script>alert(1)</script></html>", neither),
        "图.png": (b"\x89PNG\r\n\x1a\n" + b"broken" * 40, "{name} cannot be read as a photo. Choose another one."),
        "空.jpg": (b"", "{name} is empty. Choose another file."),
        "很大.jpg": (b"\xff\xd8\xff" + bytes(5 * 1024 * 1024 + 1), "{name} is larger than 5 MB. Choose a smaller one."),
    }
    for name, (content, _) in made.items():
        (folder / name).write_bytes(content)
    return {name: (folder / name, zh(said, name=name)) for name, (_, said) in made.items()}


def test_files_that_are_none_are_refused_by_name_and_the_words_stay(live_demo: Server, phone: Page, tmp_path: Path) -> None:
    device = Device(phone, live_demo.url)
    for path, said in files(tmp_path).values():
        device.open("/report").fill(device.say("Say it in one sentence"), before.PUDDLE)
        device.give(path).pick("环境").press(device.say("Send it")).sees(said)
        expect(device.field(device.say("Say it in one sentence"))).to_have_value(before.PUDDLE)


def test_a_picture_in_disguise_is_refused_in_the_wizard(desk_of: Callable[[str], Device], tmp_path: Path) -> None:
    device = desk_of("resident")
    device.open("/proposal_new?step=2").sees(device.say("What is the matter?"))  # nothing is written: it begins at the beginning
    device.fill(device.say("In one line"), before.TITLE).fill(device.say("What is the matter"), before.PROBLEM)
    device.press(device.say("Next step")).fill(device.say("What should be done"), before.PLAN)
    for name in ("照片.jpg", "图.png"):
        path, said = files(tmp_path)[name]
        device.give(path).sees(said)
        expect(device.field(device.say("What should be done"))).to_have_value(before.PLAN)
    given = [files(tmp_path)[name] for name in ("空.jpg", "照片.jpg")]
    device.give(*(path for path, _ in given)).sees(*(said for _, said in given))


def test_the_keyboard_goes_on_where_the_eyes_do(desk_of: Callable[[str], Device]) -> None:
    """After a press with a key: at the first field that is wrong, or at the first field of the next step, not before all of the page."""
    device = desk_of("resident")
    device.open("/proposal_new?step=1").fill(device.say("In one line"), before.TITLE).fill(device.say("What is the matter"), "")
    device.button(device.say("Next step")).press("Enter")
    expect(device.field(device.say("What is the matter"))).to_be_focused()
    device.page.keyboard.type(before.PROBLEM)
    device.page.keyboard.press("Tab")
    expect(device.button(device.say("Next step"))).to_be_focused()
    device.page.keyboard.press("Enter")
    expect(device.field(device.say("What should be done"))).to_be_focused()
    device.fill(device.say("What should be done"), before.PLAN).press(device.say("Next step")).sees(device.say("Where is it"))
    expect(device.field(device.say("Where is it"))).not_to_be_focused()  # a finger has not asked for the keyboard to come up


@pytest.mark.parametrize(
    ("who", "page", "label"), [("resident", "/proposal_new?step=1", "What is the matter"), ("committee", "/meeting_new", "Place")]
)
def test_a_reload_in_the_middle_of_a_word_takes_nothing(desk_of: Callable[[str], Device], who: str, page: str, label: str) -> None:
    device = desk_of(who)
    field = device.open(page).field(device.say(label))
    for said in ("小广场，凉亭旁", "小广场，凉亭旁边", "小广场"):
        field.fill(said)
        device.again()
        expect(field).to_have_value(said)
    device.page.wait_for_timeout(2_000)  # handed in as if it had just been typed
    expect(Device(device.page.context.new_page(), device.home).open(page).field(device.say(label))).to_have_value("小广场")


def test_words_that_were_kept_over_a_reload_do_not_write_over_newer_ones(desk_of: Callable[[str], Device]) -> None:
    """The page is slow to settle, and somebody writes before what was kept is put back."""
    device = desk_of("resident")
    field = device.open("/proposal_new?step=1").field(device.say("What is the matter"))
    device.page.add_init_script(
        """const find = Document.prototype.querySelector;
        Document.prototype.querySelector = function (what) {
          return what.includes('notRunning') && !window.maySettle ? null : find.call(this, what);
        };"""
    )
    field.fill("小广场，凉亭旁")
    device.page.reload()
    field.fill("小广场，凉亭旁边")
    device.page.evaluate("window.maySettle = true")
    device.page.wait_for_timeout(1_000)
    expect(field).to_have_value("小广场，凉亭旁边")


def test_the_server_goes_in_the_middle_of_the_wizard(courtyard: Server, open_context: Open, tmp_path: Path) -> None:
    """Nobody reloads: the page finds the server again by itself, and goes on with every word."""
    cast = Cast(courtyard.start(), open_context, tmp_path)
    li = cast.of("li")
    li.open("/proposal_new").fill(li.say("In one line"), before.TITLE)
    li.field(li.say("What is the matter")).fill(before.PROBLEM)
    courtyard.kill()
    li.sees("连不上了")
    courtyard.start()
    expect(li.page.get_by_text("连不上了")).to_be_hidden(timeout=60_000)
    expect(li.field(li.say("In one line"))).to_have_value(before.TITLE)
    expect(li.field(li.say("What is the matter"))).to_have_value(before.PROBLEM)
    li.field(li.say("What is the matter")).blur()
    li.settled().press(li.say("Next step")).sees(li.say("What should be done?"))
    li.press(li.say("Back"))
    expect(li.field(li.say("What is the matter"))).to_have_value(before.PROBLEM)
    courtyard.close()


def test_the_server_goes_while_a_phone_writes(courtyard: Server, open_context: Open, tmp_path: Path) -> None:
    """A plain form that was opened before is sent after: one concern, with all its words."""
    cast = Cast(courtyard.start(), open_context, tmp_path)
    li = cast.of("li")
    li.open("/report").fill(li.say("Say it in one sentence"), before.PUDDLE).pick("环境")
    courtyard.kill()
    courtyard.start()
    li.press(li.say("Send it")).sees(li.say("We have it."), before.PUDDLE)
    courtyard.close()
