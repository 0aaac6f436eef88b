"""Bytes over the line: a usable ballot against the first load of a Streamlit page; our first load, compressed, against the stock one."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from shutil import which
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks.report import Goal, Report, arguments
from benchmarks.room import codes_of_a_running_vote
from benchmarks.servers import Server, demo, running

CHROMIUM = os.environ.get("CHROMIUM") or which("chromium") or which("chromium-headless-shell")
BALLOT, FIRST_LOAD, REQUESTS = 1 / 500, 1 / 2, 2
QUIET = 2500
"""Milliseconds without anything new, after which a page counts as loaded."""


@dataclass
class Load:
    """What went over the line until a page could be used: headers and bodies as they were sent, and what the websocket brought."""

    bytes: int = 0
    requests: int = 0


def first_load(browser: Browser, address: str, usable: str, *, compressed: bool) -> Load:
    """Open `address` in a browser that has never been there, until `usable` can be seen and the line is quiet."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    if not compressed:
        line.send("Network.setExtraHTTPHeaders", {"headers": {"Accept-Encoding": "identity"}})
    seen = Load()

    def sent(event: dict[str, Any]) -> None:
        if not event["request"]["url"].startswith("data:"):
            seen.requests += 1
        if event.get("redirectResponse"):
            seen.bytes += int(event["redirectResponse"]["encodedDataLength"])

    def done(event: dict[str, Any]) -> None:
        seen.bytes += int(event["encodedDataLength"])

    def frame(event: dict[str, Any]) -> None:
        seen.bytes += len(event["response"]["payloadData"]) * (3 if event["response"]["opcode"] == 2 else 4) // 4

    line.on("Network.requestWillBeSent", sent)
    line.on("Network.loadingFinished", done)
    line.on("Network.webSocketFrameReceived", frame)
    page.goto(address)
    page.locator(usable).first.wait_for(state="attached", timeout=120_000)
    while True:
        before = seen.bytes
        page.wait_for_timeout(QUIET)
        if seen.bytes == before:
            break
    context.close()
    return seen


def measure(ours: Server, stock: Server, code: str, report: Report) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"])
        try:
            ready = "[data-testid=stApp][data-test-script-state=notRunning]"
            page = first_load(browser, f"{ours.url}/empty", ready, compressed=False)
            ballot = first_load(browser, f"{ours.url}/b/{code}", "input[name=choice]", compressed=False)
            packed = first_load(browser, f"{ours.url}/empty", ready, compressed=True)
            home = first_load(browser, f"{ours.url}/", ready, compressed=True)
            peer = first_load(browser, f"{stock.url}/empty", ready, compressed=True)
            peer_plain = first_load(browser, f"{stock.url}/empty", ready, compressed=False)
        finally:
            browser.close()
    loads = {
        "usable ballot, uncompressed": ballot, "our empty page, uncompressed": page, "our empty page, compressed": packed,
        "our front page, compressed": home, "stock empty page, as it comes": peer, "stock empty page, uncompressed": peer_plain,
    }  # fmt: skip
    report.figures |= {name: {"bytes": load.bytes, "requests": load.requests} for name, load in loads.items()}
    report.goals += [
        Goal(
            "ballot against a Streamlit page's first load (the smaller of ours and stock), both uncompressed",
            ballot.bytes / min(page.bytes, peer_plain.bytes), BALLOT, False,
        ),
        Goal("requests until the ballot can be used", ballot.requests, REQUESTS, False, "requests"),
        Goal("first load of the same page, compressed, against stock", packed.bytes / peer.bytes, FIRST_LOAD, False),
    ]


def main() -> int:
    args = arguments(__doc__ or "").parse_args()
    report = Report("phone")
    with demo() as folder:
        code = codes_of_a_running_vote(folder / "var", 2)[0][0]
        with running(folder) as ours, running(folder, stock=True) as stock:
            ours.warm()
            measure(ours, stock, code, report)
    return report.end(args)


if __name__ == "__main__":
    sys.exit(main())
