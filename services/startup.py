"""The start: settings that must hold, and what happens before the first visitor and after the last."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.concurrency import run_in_threadpool
from streamlit import config

from services import addresses, caller, db, first_run, installation, logs, only_one, schema, shell, ticker
from services.settings import HOME, VERSION, settings

MUST: dict[str, Any] = {
    "browser.gatherUsageStats": False,
    "browser.serverAddress": "localhost",  # else Streamlit asks an outside server for its own address
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "viewer",
    "global.developmentMode": False,
    "runner.magicEnabled": False,
    "runner.postScriptGC": False,
    "server.baseUrlPath": "",
    "server.corsAllowedOrigins": [],
    "server.disconnectedSessionTTL": 900,
    "server.enableAgentApi": False,
    "server.enableCORS": True,
    "server.enableStaticServing": False,
    "server.enableXsrfProtection": True,
    "server.fileWatcherType": "none",
    "server.headless": True,
    "server.maxUploadSize": 5,
    "server.scriptHealthCheckEnabled": False,
    "server.trustedUserHeaders": {"X-Yiqi-User": "sub"},
}


def refuse_wrong_settings() -> None:
    """Fill in what nobody set, read everything back; SystemExit with one line when something is not as it must be."""
    try:
        caller.networks(settings().trusted_proxy)
    except ValueError as unclear:
        raise SystemExit(f"Not started: YIQI_TRUSTED_PROXY: {unclear}.") from None
    if config._main_script_path is None:  # `uvicorn app:app` from any folder: our file is not found by itself
        config._main_script_path = str(HOME / "app.py")
        config.get_config_options(force_reparse=True)
    must = MUST | {"server.allowedHosts": addresses.names()}
    for name, value in must.items():
        if not config.is_manually_set(name):
            config.set_option(name, value, "Yiqi")
    found = {name: config.get_option(name) for name in must}
    if wrong := [f"{name} is {found[name]!r}, must be {value!r}" for name, value in must.items() if found[name] != value]:
        raise SystemExit("Not started: " + "; ".join(wrong))
    if why := only_one.hindrance():
        raise SystemExit(f"Not started: {why}.")
    logs.start()
    if obstacle := schema.obstacle(db.engine()):
        raise SystemExit(f"Not started: {obstacle}")


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[None]:
    """Schema, memory, files ready before the first visitor; the ticker beside; everything closed at the end."""
    only_one.hold()
    await run_in_threadpool(schema.upgrade, db.engine())
    installation.follow_clock()
    await run_in_threadpool(first_run.announce)
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)  # a room that votes makes many short-lived objects and hardly a cycle: looked for less often
    stop = asyncio.Event()
    beside = [asyncio.create_task(_warm(stop)), asyncio.create_task(_ticking(stop))]
    logs.note("started", version=VERSION, database="sqlite" if settings().sqlite else "postgresql", demo=settings().demo)
    try:
        yield
    finally:
        stop.set()
        _, late = await asyncio.wait(beside, timeout=5)
        for task in late:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*late)
        db.engine().dispose()
        only_one.release()
        logs.note("stopped")


async def _warm(stop: asyncio.Event) -> None:
    """Compressing takes a few seconds of one processor; the first visitor is not kept waiting by it."""
    try:
        await asyncio.get_running_loop().run_in_executor(None, shell.compressed().warm, stop.is_set)
    except OSError as full:
        logs.bug(full, "cache")


async def _ticking(stop: asyncio.Event) -> None:
    """The ticker looks after its own faults; what still escapes is recorded, and the doors stay open."""
    try:
        await ticker.run(stop)
    except Exception as error:  # noqa: BLE001 - recorded with a number; the doors stay open
        number = logs.bug(error, "ticker")
        sys.stderr.write(f"The ticker has stopped ({number}).\n")
