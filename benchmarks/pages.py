"""Reruns: the empty page in our frame against the same under the stock configuration; every page against the empty one."""

from __future__ import annotations

import asyncio
import statistics
import sys
import time

from benchmarks.report import Goal, Report, arguments, ms
from benchmarks.servers import Server, demo, running
from benchmarks.session import Broken, Session, entered

SESSIONS = 20
AGAINST_STOCK, AGAINST_EMPTY = 10.0, 5.0
WHO = {"review": "committee", "chair": "chair", "admin": "administrator", "me": "resident", "proposal_new": "resident"}
"""As whom a page is opened; the committee elsewhere, which sees the most."""


def address(server: Server, name: str) -> str:
    """A page with something on it."""
    ids = {
        "proposal": "SELECT id FROM proposal WHERE title = '院里的路不再积水'",
        "poll": "SELECT id FROM poll WHERE state = 'revealed' AND question LIKE '%加装电梯%'",
        "meeting": "SELECT id FROM meeting WHERE state = 'closed' ORDER BY starts_at DESC",
        "project": "SELECT id FROM project WHERE title = '5 号楼换污水总管'",
        "concern": "SELECT id FROM concern WHERE stage = 'answered' ORDER BY filed_at DESC",
    }
    if name in ids:
        return f"/{name}?id={server.one(ids[name])}"
    if name in ("screen", "chair"):
        return f"/{name}?m=" + server.one("SELECT code FROM meeting WHERE state = 'convened' ORDER BY starts_at")
    if name == "prepare":
        free = "id NOT IN (SELECT proposal_id FROM poll WHERE state IN ('prepared', 'open', 'closed'))"
        wanted = f"stage = 'deliberating' AND {free} AND community_id = (SELECT id FROM community WHERE slug = 'huating')"
        return "/prepare?proposal=" + server.one(f"SELECT id FROM proposal WHERE {wanted}")
    if name == "meeting_new":
        wanted = "stage = 'accepted' AND community_id = (SELECT id FROM community WHERE slug = 'huating')"
        return "/meeting_new?proposal=" + server.one(f"SELECT id FROM proposal WHERE {wanted}")
    return "/" if name == "home" else f"/{name}"


async def load(port: int, where: str, seconds: float, cookies: dict[str, str] | None = None) -> tuple[float, list[float]]:
    """Reruns per second of SESSIONS that ask again as soon as they are answered, and how long each took."""
    sessions = [Session(port, where, cookies) for _ in range(SESSIONS)]
    await asyncio.gather(*(session.open() for session in sessions))
    await asyncio.gather(*(session.rerun() for session in sessions))
    took: list[float] = []
    end = time.perf_counter() + seconds

    async def go(session: Session) -> None:
        while time.perf_counter() < end:
            took.append(await session.rerun())

    began = time.perf_counter()
    await asyncio.gather(*(go(session) for session in sessions))
    span = time.perf_counter() - began
    await asyncio.gather(*(session.close() for session in sessions))
    return len(took) / span, took


async def measure(ours: Server, stock: Server, report: Report, quick: bool) -> None:
    seconds, rounds = (2.0, 2) if quick else (6.0, 5)
    fast: list[float] = []
    slow: list[float] = []
    fast_took: list[float] = []
    slow_took: list[float] = []
    for _ in range(rounds):
        for port, rates, took in ((ours.port, fast, fast_took), (stock.port, slow, slow_took), (ours.port, fast, fast_took)):
            rate, each = await load(port, "/empty", seconds)
            rates.append(rate)
            took += each
    report.figures["empty page, ours"] = {"reruns per second": round(statistics.median(fast), 1), **ms(fast_took)}
    report.figures["empty page, stock configuration"] = {"reruns per second": round(statistics.median(slow), 1), **ms(slow_took)}
    times = statistics.median(fast) / statistics.median(slow)
    report.goals.append(Goal("empty page: reruns against the stock configuration", times, AGAINST_STOCK, True))

    from pages.kit.frame import NAV

    for item in NAV:
        if item.name == "empty":
            continue
        cookies = await entered(ours.port, WHO.get(item.name, "committee"))
        where = address(ours, item.name)
        try:
            before, _ = await load(ours.port, "/empty", seconds / 2, cookies)
            rate, took = await load(ours.port, where, seconds, cookies)
            after, _ = await load(ours.port, "/empty", seconds / 2, cookies)
        except Broken as broken:
            report.figures[f"/{item.name}"] = {"broken": str(broken)}
            report.goals.append(Goal(f"/{item.name} broken; pages that fail", 1.0, 0.0, False, "failures"))
            continue
        beside = (before + after) / 2  # of the same person: whoever is signed in costs the frame more than a visitor
        rates = {"reruns per second": round(rate, 1), "of the empty page, same person, before and after": round(beside, 1)}
        report.figures[f"/{item.name}"] = {**rates, **ms(took)}
        report.goals.append(Goal(f"/{item.name}: a rerun against the empty page", beside / rate, AGAINST_EMPTY, False))
    report.goals.append(Goal("faults that the server wrote down", ours.faults(), 0, False, "faults"))


def main() -> int:
    args = arguments(__doc__ or "").parse_args()
    report = Report("pages", figures={"sessions": SESSIONS, "quick": args.quick})
    with demo() as folder, running(folder) as ours, running(folder, stock=True) as stock:
        ours.warm()
        asyncio.run(measure(ours, stock, report, args.quick))
    return report.end(args)


if __name__ == "__main__":
    sys.exit(main())
