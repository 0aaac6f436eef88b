"""The ticker: clocks, closings, reminders, checkpoints; one task with a lease, idempotent, catching up after a stop."""

from __future__ import annotations

import asyncio
import os
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, literal
from sqlmodel import col, select
from starlette.concurrency import run_in_threadpool

from models.account import Attempt, Login
from models.audit import Checkpoint, Lease, LogHead
from models.community import Community
from models.file import StoredFile
from models.notice import Notice, Objection
from models.poll import Poll
from models.proposal import ProposalDraft
from models.vocabulary import NoticeState, PollState
from services import actors, checkpoints, clock, db, files, logins, logs, notices, polls, reminders
from services.reads.open_objections import UNSETTLED
from services.settings import settings
from services.work import Work, do, working

NAME = "tick"
HOLDS = timedelta(seconds=15)
AHEAD = 2 * HOLDS
"""A lease that ends later than this from now was written while the machine's clock was wrong. Twice, for clocks of two machines differ."""
HOUR = timedelta(hours=1)
LEFT_BEHIND = timedelta(days=180)
"""After so long nobody comes back to what they were typing."""
ME = f"{os.getpid()}-{secrets.token_hex(4)}"


async def run(stop: asyncio.Event) -> None:
    """Tick until told to stop. A fault is logged, and the next tick tries again."""
    while not stop.is_set():
        try:
            await run_in_threadpool(tick)
        except Exception as fault:  # noqa: BLE001 - the ticker must outlive a fault; it is logged with an id
            logs.bug(fault, "tick")
        try:
            await asyncio.wait_for(stop.wait(), settings().tick_seconds)
        except TimeoutError:
            continue


def tick(holder: str = ME) -> dict[str, int]:
    """Do what is due now, where the lease is ours; returns how many of each. Nothing where another process ticks."""
    if not _lease(holder):
        return {}
    done = {"closed": 0, "ended": 0, "reminded": 0, "signed": 0}
    with db.reading(db.EVERYWHERE) as session:
        communities = session.exec(select(Community.id).order_by(Community.id)).all()
    minute = _minutes(holder, ["", *communities])
    for community_id in communities:
        try:
            _serve(community_id, community_id in minute, done)
        except Exception as fault:  # noqa: BLE001 - what is broken in one community must not stop the others; it is logged with an id
            logs.bug(fault, f"tick of {community_id}")
    if "" in minute:
        _tidy()
    return done


def _serve(community_id: str, fresh: bool, done: dict[str, int]) -> None:
    """One community's turn; `fresh` in its first of a minute."""
    actor = actors.system(community_id)
    if due(community_id):
        done["closed"] += do(actor, polls.close_due)
        done["ended"] += do(actor, end_notices)
    if fresh:
        done["reminded"] += do(actor, reminders.remind)
        done["signed"] += _sign_hourly(community_id)


def due(community_id: str) -> bool:
    """Whether a poll or a notice of this community has come to its end; asked without the write lock.

    A notice whose objection still waits for its ruling is not due: else each tick would write for nothing until the ruling.
    """
    now = clock.now()
    with db.reading(community_id) as session:
        closing = select(Poll.id).where(Poll.state == PollState.OPEN, col(Poll.closes_at) <= now)
        waits = exists().where(col(Objection.notice_id) == col(Notice.id), *UNSETTLED)
        ending = select(Notice.id).where(*_over(now), ~waits)
        return session.exec(closing).first() is not None or session.exec(ending).first() is not None


def _over(moment: datetime) -> tuple[ColumnElement[bool], ...]:
    return (col(Notice.state) == NoticeState.SHOWN, col(Notice.ends_at) <= moment)


def end_notices(work: Work) -> int:
    """End the notices whose time is over and whose objections are all ruled on."""
    ended = 0
    for notice in work.db.exec(select(Notice).where(*_over(work.moment)).order_by(Notice.id)).all():
        if not notices.open_objections(work, notice):
            notices.end(work, notice_id=notice.id)
            ended += 1
    return ended


def _lease(holder: str) -> bool:
    """Take or keep the lease; it passes on when its holder has been silent for a while. Written only when half of it is used up."""
    now = clock.now()
    with db.reading(db.EVERYWHERE) as session:
        seen = session.get(Lease, NAME)
        if seen is not None and now + HOLDS / 2 < seen.until <= now + AHEAD:
            return seen.holder == holder
    with working(actors.system(db.EVERYWHERE)) as work:
        row = work.db.get(Lease, NAME, with_for_update=True)
        if row is not None and row.holder != holder and work.moment < row.until <= work.moment + AHEAD:
            return False
        if row is None:
            row = Lease(name=NAME, holder=holder, until=work.moment)
            work.db.add(row)
        row.holder, row.until = holder, work.moment + HOLDS
    return True


def _minutes(holder: str, names: list[str]) -> set[str]:
    """Which of `names` were not looked at in this minute yet; what looks at much is done once a minute. Kept in the lease."""
    minute = clock.now().strftime("%Y-%m-%dT%H:%M")
    with db.reading(db.EVERYWHERE) as session:
        seen = session.get(Lease, NAME)
        if seen is not None and all(seen.done.get(name) == minute for name in names):
            return set()
    with working(actors.system(db.EVERYWHERE)) as work:
        row = work.db.get(Lease, NAME, with_for_update=True)
        if row is None or row.holder != holder:
            return set()
        fresh = {name for name in names if row.done.get(name) != minute}
        row.done = dict.fromkeys(names, minute)
    return fresh


def _sign_hourly(community_id: str) -> int:
    """A checkpoint each hour in which something was recorded."""
    with db.reading(community_id) as session:
        head = session.get(LogHead, community_id)
        last = session.exec(select(Checkpoint).where(Checkpoint.community_id == community_id).order_by(col(Checkpoint.size).desc())).first()
        if head is None or (last is not None and (last.size == head.size or clock.now() - last.at < HOUR)):
            return 0
    with working(actors.system(community_id)) as work:
        return int(checkpoints.sign(work.db, community_id, work.moment, "hour") is not None)


def _tidy() -> None:
    """Forget old failures at doors, logins that are over, drafts left behind and their files; on SQLite move the write-ahead log, from
    this thread."""
    with working(actors.system(db.EVERYWHERE)) as work:
        work.db.execute(delete(Attempt).where(col(Attempt.at) < work.moment - timedelta(days=1)))
        work.db.execute(delete(Login).where(logins.over(work.moment)))
        work.db.execute(delete(ProposalDraft).where(col(ProposalDraft.saved_at) < work.moment - LEFT_BEHIND))
        old = select(StoredFile.community_id, StoredFile.id).where(
            col(StoredFile.about).startswith("draft:"), col(StoredFile.removed_at).is_(None), col(StoredFile.at) < work.moment - LEFT_BEHIND
        )
        alone = old.where(~exists().where(
            col(ProposalDraft.owner) == StoredFile.visitor, literal("draft:") + col(ProposalDraft.kind) == StoredFile.about
        ))  # fmt: skip
        left = work.db.exec(alone).all()
    for community_id, file_id in left:
        do(actors.system(community_id), files.remove, file_id=file_id)
    if settings().sqlite:
        db.checkpoint_wal()
