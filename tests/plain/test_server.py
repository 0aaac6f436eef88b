"""The running server, asked from outside: the first document, sockets and their origins, sessions, files, the start."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import brotli
import httpx2
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from services import shell
from tests.fixtures import run
from tests.fixtures.postgres import free_port
from tests.fixtures.server import Serve, Server

HTML = {"accept": "text/html"}
NOW = datetime.now(UTC).replace(tzinfo=None)


def ran(work: Coroutine[Any, Any, Any]) -> Any:
    """To its end in a thread of its own: the browser of another file's tests keeps a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def get(server: Server, path: str, headers: dict[str, str] | None = None) -> httpx2.Response:
    return httpx2.get(server.url + path, headers=headers, timeout=20)


def found(server: Server) -> Server:
    """There is a community: before, every page leads to the first-run page."""
    with sqlite3.connect(server.data / "yiqi.db", timeout=30) as db:
        db.execute(
            "insert or ignore into community(id, slug, name, federation, time_zone, language, office_phone, figures, created_at)"
            " values ('c1', 'c1', '华亭', '', 'Asia/Shanghai', 'zh-CN', '', '{}', ?)",
            (str(NOW),),
        )
    db.close()
    return server


@pytest.fixture(scope="module")
def house(live: Server) -> Server:
    """The server of this module, with a community."""
    return found(live)


def sign_in(server: Server, token: str) -> str:
    """A person with a login, written into the database as it would stand there; the id of the login."""
    name = hashlib.sha256(token.encode()).hexdigest()[:12]
    found(server)
    with sqlite3.connect(server.data / "yiqi.db", timeout=30) as db:
        db.execute(
            "insert into person(id, community_id, name, phone, adult, created_at) values (?, 'c1', '王阿姨', '', 1, ?)", (name, str(NOW))
        )
        db.execute(
            "insert into account(id, community_id, person_id, phone, password_hash, created_at) values (?, 'c1', ?, ?, '!', ?)",
            (name, name, name, str(NOW)),
        )
        db.execute(
            "insert into login(id, community_id, account_id, token_sha256, form_token, device, since, seen_at, ends_at)"
            " values (?, 'c1', ?, ?, 'form', '', ?, ?, ?)",
            (name, name, hashlib.sha256(token.encode()).hexdigest(), str(NOW), str(NOW), str(NOW + timedelta(days=9))),
        )
    db.close()
    return name


async def _session(server: Server, headers: dict[str, str], known: str = "") -> tuple[str, str]:
    """Connect as a browser does, perhaps with a known session id; the id that the server gives, and all it said first."""
    protocols = ["streamlit", "none"] + ([known] if known else [])
    address = server.url.replace("http", "ws") + "/_stcore/stream"
    async with connect(address, origin=server.url, subprotocols=protocols, additional_headers=headers, max_size=None) as socket:  # type: ignore[arg-type]
        asked = BackMsg()
        asked.rerun_script.query_string = ""
        await socket.send(asked.SerializeToString())
        session, said = "", ""
        async with asyncio.timeout(30):
            while True:
                message = ForwardMsg()
                message.ParseFromString(await socket.recv())  # type: ignore[arg-type]
                said += str(message)
                if message.WhichOneof("type") == "new_session":
                    session = message.new_session.initialize.session_id
                if message.WhichOneof("type") == "script_finished":
                    return session, said


def session(server: Server, headers: dict[str, str], known: str = "") -> str:
    return ran(_session(server, headers, known))[0]


# ---- the first document


def test_an_address_where_nothing_stands_says_so(house: Server) -> None:
    for path in ("/nonsense", "/proposal/", "/homes"):
        answer = get(house, path, HTML | {"accept-language": "zh-CN"})
        assert (answer.status_code == 404) == (path != "/proposal/"), path
    assert "这个地址没有页面" in get(house, "/nonsense", HTML | {"accept-language": "zh-CN"}).text
    assert get(house, "/proposals", HTML).status_code == 200


def test_the_very_first_visit_is_a_deep_link(serve: Serve) -> None:
    """Nobody has been here: the page asked for must come with identity and language all the same."""
    server = serve()
    sign_in(server, "first")
    answer = get(server, "/proposals", HTML)
    assert answer.status_code == 200 and '<html lang="zh-CN"' in answer.text
    _, said = ran(_session(server, {"cookie": "yiqi=first"}))
    assert "/auth/logout" in said


@pytest.mark.parametrize(
    ("cookie", "accept", "lang", "words"),
    [
        ("", "zh-CN,zh;q=0.9", "zh-CN", "正在打开"),
        ("", "en-GB,en;q=0.9", "en", "Opening…"),
        ("", "fr", "zh-CN", "正在打开"),
        ("yiqi-lang=en", "zh-CN", "en", "Opening…"),
        ("yiqi-lang=zh-CN", "en", "zh-CN", "正在打开"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/proposal?id=3"])
@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "gzip, br"])
def test_the_first_document(house: Server, path: str, cookie: str, accept: str, lang: str, words: str, coding: str) -> None:
    asked = {**HTML, "accept-language": accept, "cookie": cookie, "accept-encoding": coding, "if-none-match": "*", "range": "bytes=0-9"}
    answer = get(house, path, asked)
    assert answer.status_code == 200
    assert f'<html lang="{lang}"' in answer.text and words in answer.text
    assert answer.headers["content-language"] == lang
    assert "/assets/i18n.js?v=" in answer.text
    assert "_stcore/agent" not in answer.text and "<title>Streamlit" not in answer.text and "You need to enable" not in answer.text
    assert answer.headers.get("content-encoding", "identity") == (coding.split(", ")[-1])


@pytest.mark.parametrize(("size", "px"), [("1", 18), ("2", 22), ("3", 26), ("9", 18)])
def test_the_size_of_type_is_right_at_the_first_byte(house: Server, size: str, px: int) -> None:
    assert f'style="font-size:{px}px"' in get(house, "/", {**HTML, "cookie": f"yiqi-size={size}"}).text


def test_every_inline_script_is_named_by_the_policy(house: Server) -> None:
    answer = get(house, "/", HTML)
    assert answer.text.count("<script>") == 1
    assert shell.script_hashes()
    assert all(each in answer.headers["content-security-policy"] for each in shell.script_hashes())


def test_files_come_compressed_and_equal(house: Server) -> None:
    first = get(house, "/", HTML).text
    path = first.split('type="module" crossorigin src="')[1].split('"')[0]
    raw = get(house, path, {"accept-encoding": "identity"}).content
    small = httpx2.get(house.url + path, headers={"accept-encoding": "br"}, timeout=20)
    assert small.headers["content-encoding"] == "br" and small.headers["vary"] == "accept-encoding"
    assert small.content == raw
    assert len(brotli.compress(raw, quality=5)) < len(raw) / 2 and int(small.headers["content-length"]) < len(raw) / 2
    assert list((house.data / "cache").rglob("*.br"))


@pytest.mark.parametrize("path", ["/static/../index.html", "/static/js/../../index.html", "/static/js/%2e%2e/%2e%2e/index.html"])
def test_no_way_out_of_the_static_folder(house: Server, path: str) -> None:
    assert b"root:" not in get(house, path).content
    assert get(house, path).headers["x-content-type-options"] == "nosniff"


# ---- what is closed


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/agent/mcp", "/_stcore/agent/interact"])
def test_closed_doors(house: Server, path: str) -> None:
    assert get(house, path).status_code == 404
    assert httpx2.post(house.url + path, json={}, timeout=20).status_code == 404


def test_uploads_without_a_login(house: Server) -> None:
    answer = httpx2.put(house.url + "/_stcore/upload_file/a/b", files={"file": ("a.html", b"<script>")}, timeout=20)
    assert answer.status_code == 401


def test_headers_everywhere(house: Server) -> None:
    theirs = ["/_stcore/health", "/_stcore/metrics", "/media/nothing.png", "/static/nothing.js"]
    for path in ["/", "/nonsense", "/a/b", "/healthz", "/lang/xx", *theirs]:
        answer = get(house, path, HTML)
        assert answer.headers["x-frame-options"] == "DENY", path
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], path


# ---- sockets


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", None, "http://localhost:1", "https://localhost:{port}", "http://localhost", "http://localhost:{port}.a.example"],
)
def test_foreign_sockets_are_refused(house: Server, origin: str | None) -> None:
    async def knock() -> int:
        address = f"ws://localhost:{house.port}/_stcore/stream"
        try:
            async with connect(address, origin=origin and origin.format(port=house.port)):  # type: ignore[arg-type]
                return 101
        except InvalidStatus as refused:
            return refused.response.status_code

    assert ran(knock()) == 403


def test_a_foreign_host_is_refused(house: Server) -> None:
    """The right origin under a wrong name: what a rebound name server would send."""

    async def knock() -> bytes:
        reader, writer = await asyncio.open_connection("localhost", house.port)
        writer.write(
            f"GET /_stcore/stream HTTP/1.1\r\nHost: evil.example:{house.port}\r\nOrigin: {house.url}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        line = await reader.readline()
        writer.close()
        return line

    assert b" 403 " in ran(knock())


def test_a_socket_without_cookies_is_a_visitor(house: Server) -> None:
    assert session(house, {})


# ---- sessions


def test_a_stolen_session_opens_nothing(house: Server) -> None:
    login = sign_in(house, "victim")
    own = {"cookie": "yiqi=victim"}
    first = session(house, own)
    assert session(house, own, first) == first, "one's own session goes on after a broken line"
    assert session(house, {}, first) != first
    assert session(house, {"cookie": "yiqi-visitor=somebody"}, first) != first
    assert session(house, {"cookie": "yiqi=wrong"}, first) != first
    for name in ("X-Yiqi-User", "x_yiqi_user", "X-YIQI_USER"):
        assert session(house, {name: login}, first) != first
    sign_in(house, "thief")
    assert session(house, {"cookie": "yiqi=thief"}, first) != first


def test_strangers_do_not_share_a_session(house: Server) -> None:
    first = session(house, {"cookie": "yiqi-visitor=one"})
    assert session(house, {"cookie": "yiqi-visitor=one"}, first) == first
    assert session(house, {"cookie": "yiqi-visitor=two"}, first) != first
    assert session(house, {}, first) != first


# ---- faults, logs


def test_a_broken_database_is_one_sentence_and_one_line(serve: Serve) -> None:
    server = serve()
    sign_in(server, "SECRETTOKEN")
    with sqlite3.connect(server.data / "yiqi.db") as db:
        db.execute("alter table login rename to elsewhere")
    db.close()
    answer = get(server, "/lang/en?next=/b/SECRETCODE", {**HTML, "cookie": "yiqi=SECRETTOKEN"})
    assert answer.status_code == 500 and "告诉社区" in answer.text
    assert answer.headers["x-frame-options"] == "DENY"
    log = (server.data / "logs" / "yiqi.log").read_text(encoding="utf-8")
    assert "SECRET" not in log and '"event": "bug"' in log
    assert all(json.loads(line)["at"] for line in log.splitlines())
    assert "SECRET" not in server.log()


# ---- the start


def refused_start(tmp_path: Path, *flags: str, **settings: str) -> subprocess.CompletedProcess[str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("YIQI_", "STREAMLIT_"))}
    return subprocess.run(
        [sys.executable, "-m", "streamlit", "run", str(run.ROOT / "app.py"), "--server.port", str(free_port()), *flags],
        cwd=tmp_path, env=ours | {"YIQI_DATA_DIR": str(tmp_path / "var")} | settings,
        capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("flag", ["--server.enableCORS=false", "--server.allowedHosts=*"])
def test_a_wrong_setting_refuses_to_start(tmp_path: Path, flag: str) -> None:
    """Each setting by itself: tests/plain/test_startup.py."""
    done = refused_start(tmp_path, flag)
    assert done.returncode == 1
    said = [line for line in (done.stdout + done.stderr).splitlines() if "Not started" in line]
    assert len(said) == 1 and flag[2:].split("=")[0] in said[0]
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(("setting", "value"), [("YIQI_TRUSTED_PROXY", "everybody")])
def test_a_wrong_variable_refuses_to_start(tmp_path: Path, setting: str, value: str) -> None:
    done = refused_start(tmp_path, **{setting: value})
    assert done.returncode == 1 and "Traceback" not in done.stdout + done.stderr
    assert [setting in line for line in (done.stdout + done.stderr).splitlines() if "Not started" in line] == [True]


def test_uvicorn_serves_the_same(tmp_path: Path) -> None:
    """Started with plain uvicorn from a foreign folder: settings, guard and quiet access lines hold there too."""
    port = free_port()
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("YIQI_", "STREAMLIT_"))}
    command = [sys.executable, "-m", "uvicorn", "--app-dir", str(run.ROOT), "app:app", "--host", "127.0.0.1", "--port", str(port)]
    with (tmp_path / "out").open("wb") as out:
        server = subprocess.Popen(
            command,
            cwd=tmp_path, env=ours | {"YIQI_DATA_DIR": str(tmp_path / "var")}, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        url = f"http://127.0.0.1:{port}"
        end = time.monotonic() + 60
        while time.monotonic() < end and server.poll() is None:
            try:
                httpx2.get(url + "/healthz", timeout=5)
                break
            except httpx2.TransportError:
                time.sleep(0.2)
        answer = httpx2.get(url + "/b/SECRETCODE", headers=HTML, timeout=20)
        assert answer.headers["x-frame-options"] == "DENY"
        assert httpx2.get(url + "/_stcore/health", timeout=20).text == "ok"
        assert httpx2.get(url + "/_stcore/metrics", timeout=20).status_code == 404
    finally:
        server.terminate()
        assert server.wait(20) is not None
    assert "SECRETCODE" not in (tmp_path / "out").read_text()
