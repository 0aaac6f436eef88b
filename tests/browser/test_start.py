"""The fixtures themselves, on the real server: it starts from a foreign folder, survives a power cut, ends in time, asks nobody outside."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page

from tests.fixtures.axe import Axe
from tests.fixtures.browser import SIZES, Open, settled
from tests.fixtures.server import Serve, Server


@pytest.mark.parametrize("name", sorted(SIZES))
def test_the_front_page_opens_on_every_screen(live: Server, open_context: Open, name: str) -> None:
    page = settled_front(live, open_context(name).new_page())
    assert (page.viewport_size["width"], page.viewport_size["height"]) == SIZES[name]  # type: ignore[index]
    assert page.locator("html").get_attribute("lang") == "zh-CN"


def test_axe_finds_what_is_wrong(desk: Page, axe: Axe) -> None:
    desk.set_content('<html lang="en"><title>t</title><main><img src="data:,"><h1>One</h1></main></html>')
    assert any(line.startswith("image-alt: img") for line in axe(desk))
    assert not any(line.startswith("image-alt") for line in axe(desk, {"image-alt": ("img",)}))


def test_it_comes_back_after_a_power_cut_and_ends_in_time(serve: Serve) -> None:
    server = serve()
    server.kill()
    assert not server.answers()
    server.start()
    began = time.monotonic()
    assert server.stop() in (0, -15, 143)
    assert time.monotonic() - began < 5
    assert (server.data / "yiqi.db").stat().st_size > 0


def settled_front(live: Server, page: Page) -> Page:
    page.goto(live.url)
    return settled(page)
