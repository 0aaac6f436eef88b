"""Accessibility of the main screens by axe-core: every page of the navigation and the plain pages of a phone, in the demo.

Only what Streamlit itself breaks is let through, each rule with the places where it does.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pages.kit.frame import NAV
from tests.browser.walk.device import Device
from tests.fixtures.axe import STREAMLITS, Axe
from tests.fixtures.browser import SETTLED, SIZES, Open
from tests.fixtures.server import Server

# Page → who looks, and its query; {kind} is an id of that kind in the demo's first community, at the stage that shows most.
SCREENS: dict[str, tuple[str, str]] = {
    "home": ("committee", ""), "me": ("resident", ""), "inbox": ("committee", ""), "review": ("committee", ""),
    "concern": ("committee", "id={concern}"), "proposals": ("resident", ""), "proposal_new": ("resident", "step=1"),
    "register": ("committee", ""), "proposal": ("committee", "id={proposal}"), "meetings": ("resident", ""),
    "meeting": ("committee", "id={meeting}"), "meeting_new": ("committee", ""), "polls": ("resident", ""), "poll": ("committee", "id={poll}"),
    "prepare": ("committee", "proposal={deliberating}"), "notices": ("resident", ""), "progress": ("resident", ""),
    "project": ("committee", "id={project}"), "admin": ("administrator", ""), "outcomes": ("resident", ""), "chair": ("chair", "m={code}"),
    "screen": ("", "m={code}"),
}  # fmt: skip
PHONE = (
    "/report", "/propose", "/j", "/j/{code}", "/b", "/auth/login", "/auth/lost", "/letter", "/communities", "/auth/data", "/minutes/{meeting}",
    "/notice/{notice}", "/receipt/{receipt}", "/concern/{slip}", "/result/{poll}",
)  # fmt: skip
FOUND = {
    "concern": "select id from concern where community_id = ?",
    "slip": "select receipt from concern where community_id = ?",
    "proposal": "select id from proposal where community_id = ? and stage in ('kept_up', 'closed')",
    "deliberating": "select id from proposal where community_id = ? and stage = 'deliberating' and id not in "
    "(select proposal_id from poll where state in ('prepared', 'open', 'closed'))",
    "meeting": "select id from meeting where community_id = ? and state = 'closed'",
    "code": "select code from meeting where community_id = ? and state = 'closed'",
    "poll": "select id from poll where community_id = ? and state = 'revealed'",
    "receipt": "select receipt from ballot where community_id = ?",
    "notice": "select id from notice where community_id = ?",
    "project": "select id from project where community_id = ?",
}

TALL = "() => Math.max(innerHeight, ...[...document.querySelectorAll('html, [data-testid=stMain]')].map(part => part.scrollHeight))"


@pytest.fixture(scope="module")
def ids(live_demo: Server) -> dict[str, str]:
    with sqlite3.connect(live_demo.data / "yiqi.db", timeout=30) as db:
        first = db.execute("select id from community order by created_at, id limit 1").fetchone()[0]
        found = {name: db.execute(f"{query} order by 1 limit 1", (first,)).fetchone()[0] for name, query in FOUND.items()}
    db.close()
    return found


@pytest.fixture
def enter(live_demo: Server, open_context: Open) -> Callable[..., Device]:
    """A device in the demo, entered with one press by somebody with this role; "" stays outside."""

    def come(kind: str, role: str, **options: str) -> Device:
        device = Device(open_context(kind, **options).new_page(), live_demo.url)
        if role:
            device.open("/auth/login")
            device.page.locator(f"button[name=as][value={role}]").click()
            device.page.wait_for_url(lambda url: "/auth/" not in url)
        return device

    return come


def findings(axe: Axe, page: Page, known: dict[str, tuple[str, ...]]) -> list[str]:
    """In a window as tall as the page: what the bar at the foot of a phone covers there, no scrolling brings out from under it."""
    usual = page.viewport_size
    assert usual is not None
    stands(page)
    page.set_viewport_size({"width": usual["width"], "height": page.evaluate(TALL)})
    stands(page)
    found = axe(page, known)
    page.set_viewport_size(usual)
    return found


def stands(page: Page) -> None:
    """Wait until the page no longer grows: the end of a long form, pictures and charts arrive after its first words."""
    tall, still = -1, 0
    for _ in range(100):
        now = page.evaluate(TALL)
        drawn = not page.locator("[data-testid=stApp]").count() or page.locator(SETTLED).count()
        still = still + 1 if drawn and now == tall else 0
        tall = now
        if still == 2:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{page.url} still grows after 10 s")


def test_every_page_of_the_navigation_is_looked_at() -> None:
    assert set(SCREENS) == {item.name for item in NAV}


@pytest.mark.parametrize("role", sorted({role for role, _ in SCREENS.values()}))
def test_the_screens_of(role: str, enter: Callable[..., Device], ids: dict[str, str], axe: Axe) -> None:
    """Each page at the size of its screen, then at that of a phone."""
    device = enter("desk" if role else "projector", role)
    usual, phone = device.page.viewport_size, {"width": SIZES["phone"][0], "height": SIZES["phone"][1]}
    wrong = []
    for name, (who, query) in SCREENS.items():
        if who == role:
            device.open(f"/{'' if name == 'home' else name}?{query.format(**ids)}")
            expect(device.page.locator("h1, h2, .pj").first, name).to_be_visible()
            for size in (usual, phone):
                device.page.set_viewport_size(size)
                wrong += [f"{name} ({size['width']}): {line}" for line in findings(axe, device.page, STREAMLITS)]
            device.page.set_viewport_size(usual)
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_plain_pages_of_a_phone(scheme: str, enter: Callable[..., Device], ids: dict[str, str], axe: Axe) -> None:
    device = enter("phone", "resident", color_scheme=scheme)
    wrong = []
    for path in PHONE:
        answer = device.page.goto(device.home + path.format(**ids))
        assert answer is not None and answer.status == 200, path
        wrong += [f"{path}: {line}" for line in findings(axe, device.page, {})]
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("role", ["committee", "administrator"])
def test_the_whole_menu_is_in_sight_on_a_desk(enter: Callable[..., Device], role: str) -> None:
    page = enter("desk", role).page
    page.locator("[data-testid=stSidebarNavLink]").last.wait_for()
    boxes = [each.bounding_box() for each in page.locator("[data-testid=stSidebarNavLink]").all()]
    foot = page.locator("[data-testid=stSidebarUserContent]").bounding_box()
    assert foot and all(box and box["height"] >= 32 and box["y"] + box["height"] <= foot["y"] for box in boxes)
