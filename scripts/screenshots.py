"""Takes the README's pictures from a fresh demo: `python scripts/screenshots.py [folder]`; needs Chromium (make test installs it)."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from io import BytesIO
from pathlib import Path
from shutil import which

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update"
    " --disable-sync --lang=zh-CN"
).split()
SIZES = {"room": (1920, 1080), "desk": (1440, 900), "phone": (390, 844), "tablet": (1180, 820)}

PROMISES = (("社区", "订柜子，两个月内装好"), ("居民代表", "每周看一遍，过期的外卖清走"))


def serve(data: Path) -> tuple[subprocess.Popen[bytes], str]:
    """The demo on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = os.environ | {"YIQI_DATA_DIR": str(data), "YIQI_DEMO": "true"}
    subprocess.run([sys.executable, str(ROOT / "manage.py"), "init", "--demo"], env=env, check=True, stdout=subprocess.DEVNULL)
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), f"--server.port={port}", "--server.address=127.0.0.1"]
    server = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):
                return server, url
        except OSError:
            time.sleep(0.2)
    server.kill()
    raise SystemExit("the server did not start")


class Studio:
    """A browser on the demo; each picture is taken in a context of its own."""

    def __init__(self, browser: Browser, url: str, folder: Path) -> None:
        self.browser, self.url, self.folder = browser, url, folder

    def open(self, size: str, who: str = "", lang: str = "zh-CN", dark: bool = False) -> Page:
        width, height = SIZES[size]
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            locale=lang,
            timezone_id="Asia/Shanghai",
            color_scheme="dark" if dark else "light",
            device_scale_factor=2 if size == "phone" else 1,
        )
        context.add_cookies([{"name": "yiqi-lang", "value": lang, "url": self.url}])
        page = context.new_page()
        if who:
            page.goto(f"{self.url}/auth/login")
            page.locator(f"button[name=as][value={who}]").click()
            page.wait_for_load_state()
        return page

    def shot(self, page: Page, name: str, address: str = "") -> None:
        if address:
            page.goto(self.url + address)
        if page.locator("[data-testid=stApp]").count() or page.locator("#root").count():
            page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=30_000)
        page.wait_for_timeout(1500)
        taken = Image.open(BytesIO(page.screenshot()))
        taken.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(self.folder / f"{name}.png", optimize=True)

    def first(self, page: Page, address: str, link: str) -> str:
        """The address behind the first link on a page that begins so."""
        page.goto(self.url + address)
        found = page.locator(f'a[href^="{link}"]').first
        found.wait_for(timeout=30_000)
        return str(found.get_attribute("href"))

    def matter(self, page: Page, title: str) -> str:
        """The address of the matter with this title, found as a reader finds it: through the search."""
        page.goto(f"{self.url}/proposals")
        box = page.get_by_role("searchbox").first
        box.fill(title)
        box.press("Enter")
        found = page.locator('a[href^="/proposal?id="]', has_text=title).first
        found.wait_for(timeout=30_000)
        return str(found.get_attribute("href"))


def desk_and_phone(studio: Studio) -> None:
    """What the committee and a resident see, in a demo where nobody has touched anything."""
    desk = studio.open("desk", "committee")
    studio.shot(desk, "desk-inbox", "/inbox")
    studio.shot(desk, "desk-outcomes", "/outcomes")
    story = studio.matter(desk, "院里的路不再积水")
    studio.shot(desk, "desk-story", story)
    project = studio.first(desk, "/progress", "/project?id=")
    studio.shot(desk, "desk-project", project)
    studio.shot(studio.open("desk", "committee", dark=True), "desk-project-dark", project)
    studio.shot(studio.open("desk", "committee", "en"), "desk-story-en", story)
    phone = studio.open("phone", "resident")
    studio.shot(phone, "phone-home", "/")
    studio.shot(phone, "phone-report", "/report")


def meeting(studio: Studio) -> None:
    """The meeting that begins now: the wall at every step, steered from the chair's tablet, voted on by codes from paper."""
    desk, chair, wall = studio.open("desk", "committee"), studio.open("tablet", "chair"), studio.open("room")
    place = studio.first(chair, "/meetings", "/meeting?id=")
    chair.goto(studio.url + place)
    link = chair.locator('a[href^="/screen?m="]').first
    link.wait_for(timeout=30_000)
    screen = str(link.get_attribute("href"))
    studio.shot(wall, "room-lobby", screen)
    chair.goto(studio.url + screen.replace("/screen", "/chair"))
    poll = studio.first(desk, place, "/poll?id=").partition("=")[2]
    desk.goto(f"{studio.url}/codes/{poll}")
    desk.locator("main button, form button").last.click()
    desk.locator(".slip .k b").first.wait_for()
    codes = [words.replace(" ", "") for words in desk.locator(".slip .k b").all_inner_texts()]
    onward(chair, wall, ".pj")
    studio.shot(wall, "room-briefing")
    onward(chair, wall, ".pj")
    chair.get_by_role("tab", name="记承诺").click()
    for party, deed in PROMISES:
        who = chair.get_by_role("radiogroup", name="谁来做").get_by_role("radio", name=party)
        if not who.is_checked():
            who.click()
        said = chair.get_by_label("做什么", exact=True)
        said.fill(deed)
        said.blur()
        chair.wait_for_timeout(700)
        chair.get_by_role("button", name="记下承诺").click()
        chair.get_by_text(deed).locator("visible=true").first.wait_for()
    studio.shot(wall, "room-discussion")
    onward(chair, wall, ".got")
    for at, code in enumerate(codes[:31]):
        phone = studio.open("phone", lang="en" if at == 1 else "zh-CN")
        phone.goto(f"{studio.url}/b/{code}")
        phone.locator("label:has(input[type=radio])").nth(0 if at % 4 else 1).click()
        if at < 2:
            studio.shot(phone, "phone-ballot" + ("-en" if at else ""))
        phone.get_by_role("button").last.click()
        phone.wait_for_url("**/receipt/**")
        if not at:
            studio.shot(phone, "phone-receipt")
        phone.context.close()
    studio.shot(wall, "room-vote")
    chair.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    studio.shot(chair, "tablet-chair")
    onward(chair, wall, ".out")
    studio.shot(wall, "room-result")
    onward(chair, wall, ".pj")
    onward(chair, wall, ".pj")
    studio.shot(wall, "room-closing")


def onward(chair: Page, wall: Page, there: str) -> None:
    """The chair presses the one button; the wall has followed when `there` is on it."""
    big = chair.locator(".st-key-next button")
    big.click()
    chair.wait_for_timeout(2500)
    if big.count() and big.inner_text().startswith("再按一次"):  # votes are out: she is asked once more
        big.click()
        chair.wait_for_timeout(2500)
    wall.locator(there).first.wait_for(timeout=10_000)


def take(studio: Studio) -> None:
    desk_and_phone(studio)
    meeting(studio)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as engine:
        server, url = serve(Path(data) / "var")
        try:
            found = os.environ.get("CHROMIUM") or which("chromium") or which("chromium-headless-shell")
            browser = engine.chromium.launch(executable_path=found, args=FLAGS)
            take(Studio(browser, url, folder))
            browser.close()
        finally:
            server.terminate()
            server.wait(15)
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


if __name__ == "__main__":
    main()
