"""One device in somebody's hands: opens pages, fills fields, presses buttons by the words that stand on them, in its language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TimeoutError_

from services.i18n import text, text_n
from tests.fixtures.browser import SETTLED

SHORT = 800
BEGINS = 80
"""Milliseconds after which a press has reached the server, so that "not running" means done."""


class Device:
    """A page in a browser. `say` turns a message id into the words on this screen; fields and buttons are named by such words."""

    def __init__(self, page: Page, home: str, language: str = "zh-CN") -> None:
        self.page, self.home, self.language = page, home, language

    # ---- words

    def say(self, message: str, /, *, context: str = "", **values: object) -> str:
        return text(self.language, message, context=context, **values)

    def count(self, one: str, many: str, n: int, **values: object) -> str:
        return text_n(self.language, one, many, n, **values)

    # ---- where

    def open(self, path: str) -> Device:
        """Go to an address of this workspace and wait until the page stands."""
        self.page.goto(self.home + path)
        return self.settled()

    def again(self) -> Device:
        self.page.reload()
        return self.settled()

    def settled(self) -> Device:
        """A Streamlit page has drawn itself; a plain page is there as soon as it is loaded."""
        self.page.wait_for_load_state()
        if self.page.locator("#root").count():
            self.page.wait_for_timeout(BEGINS)
            self.page.wait_for_selector(SETTLED)
        return self

    def asked(self, name: str) -> str:
        """A value in the query of the address, waited for: Streamlit writes it a moment after the page."""
        self.page.wait_for_url(lambda url: name in parse_qs(urlsplit(url).query))
        return parse_qs(urlsplit(self.page.url).query)[name][0]

    def arrives(self, path: str) -> Device:
        """The page of this path comes up."""
        self.page.wait_for_url(lambda url: urlsplit(url).path == path)
        return self.settled()

    # ---- what is there

    def sees(self, *words: str) -> Device:
        """Each of these stands somewhere on the page."""
        for each in words:
            expect(self.page.get_by_text(each).locator("visible=true").first).to_be_visible()
        return self

    def lacks(self, *words: str) -> Device:
        """None of these stands on the page."""
        for each in words:
            expect(self.page.get_by_text(each).locator("visible=true")).to_have_count(0)
        return self

    def field(self, label: str, at: int = 0) -> Locator:
        return self.page.get_by_label(label, exact=True).locator("visible=true").nth(at)

    def button(self, word: str, at: int = 0) -> Locator:
        """A button by all its words; where a key does the same, its name ends with that."""
        name = re.compile(rf"^{re.escape(word)}( \S+ Page(Down|Up))?$")
        return self.page.get_by_role("button", name=name).locator("visible=true").nth(at)

    # ---- what one does

    def press(self, word: str, at: int = 0) -> Device:
        """Press the button (the first of these words, or the one `at`)."""
        self.button(word, at).click()
        return self.settled()

    def follow(self, word: str) -> Device:
        """Press a link."""
        self.page.get_by_role("link", name=word).locator("visible=true").first.click()
        self.page.wait_for_load_state()
        return self.settled()

    def fill(self, label: str, words: str, at: int = 0) -> Device:
        """Type into a field and leave it."""
        field = self.field(label, at)
        field.fill(words)
        field.blur()
        return self.settled()

    def choose(self, label: str, option: str, at: int = 0) -> Device:
        """Open a list and choose; on a plain page a list of the browser's own."""
        listed = self.page.get_by_role("combobox", name=label, exact=True).locator("visible=true").nth(at)
        if listed.evaluate("list => list.tagName") == "SELECT":
            listed.select_option(label=option)
            return self
        if listed.input_value() == option:
            return self
        listed.click()
        wanted = self.page.get_by_role("option", name=option).first
        try:
            wanted.wait_for(timeout=SHORT)
        except TimeoutError_:
            listed.press("ArrowDown")  # a redraw of the page had closed the list
        wanted.click()
        return self.settled()

    def pick(self, word: str, at: int = 0) -> Device:
        """One of a few answers, side by side or one below the other."""
        several = self.page.get_by_role("button", name=word).and_(self.page.locator("[aria-pressed]"))
        answer = self.page.get_by_role("radio", name=word).or_(several).locator("visible=true").nth(at)
        answer.locator("xpath=ancestor-or-self::*[self::label or self::button][1]").click()
        return self.settled()

    def tick(self, word: str) -> Device:
        """Set a box."""
        self.page.locator("label", has_text=word).locator("visible=true").first.click()
        return self.settled()

    def on(self, label: str, day: date, at: int = 0) -> Device:
        """A day, typed into its three parts."""
        return self._parts(label, at, year=f"{day:%Y}", month=f"{day:%m}", day=f"{day:%d}")

    def at(self, label: str, hour: time, at: int = 0) -> Device:
        """A time of day, typed into its two parts."""
        return self._parts(label, at, hour=f"{hour:%H}", minute=f"{hour:%M}")

    def _parts(self, label: str, at: int, **parts: str) -> Device:
        group = self.page.get_by_role("group", name=label, exact=True).locator("visible=true").nth(at)
        for kind, digits in parts.items():
            part = group.locator(f"[data-type={kind}]")
            part.click()
            part.press_sequentially(digits)
        part.blur()
        return self.settled()

    def give(self, *files: Path) -> Device:
        """Hand files to the first file field."""
        self.page.locator("input[type=file]").first.set_input_files([str(each) for each in files])
        return self.settled()

    def all_texts(self, selector: str) -> Sequence[str]:
        return self.page.locator(selector).all_inner_texts()
