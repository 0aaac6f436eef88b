"""The outer guard around small applications: headers on every answer, what is refused, errors, cookies, addresses, logs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from services import addresses, caller, headers, logs
from services.guard import Guard
from services.settings import settings

HTML = {"accept": "text/html"}
Web = Callable[..., TestClient]


async def hello(request: Request) -> Response:
    return HTMLResponse(f"<p>{request.headers.get('x-yiqi-user', '')}</p>")


async def live(_: Request) -> Response:
    return HTMLResponse("<p>", headers={"x-yiqi-script": "self"})


async def broken(_: Request) -> Response:
    raise RuntimeError("13800000000 of '王秀兰' at secrets")


async def half(_: Request) -> Response:
    async def parts() -> object:
        yield b"begun "
        raise RuntimeError("in the middle")

    return StreamingResponse(parts(), media_type="text/plain")  # type: ignore[arg-type]


async def take(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def gone(_: Request) -> Response:
    raise HTTPException(404)


async def where(request: Request) -> Response:
    assert request.client
    return PlainTextResponse(request.client.host)


ROUTES = [
    Route("/hello", hello), Route("/live", live), Route("/broken", broken), Route("/half", half), Route("/b/{code}", hello),
    Route("/take", take, methods=["POST"]), Route("/gone", gone), Route("/where", where), Route("/healthz", hello),
]


@pytest.fixture
def log(on_sqlite: Engine, data_dir: Path) -> Iterator[Path]:
    """The log of this test."""
    yield logs.start(data_dir / "logs")
    logs.end()


@pytest.fixture
def web(log: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A client of the guarded application; settings as given. The log goes to a folder of this test."""
    opened: list[TestClient] = []

    def start(base: str = "http://localhost", client: tuple[str, int] = ("203.0.113.9", 4711), **chosen: str) -> TestClient:
        for name, value in chosen.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()
        app = Guard(Starlette(routes=ROUTES), ROUTES, pages={"proposals"})
        made = TestClient(app, base_url=base, follow_redirects=False, client=client)
        opened.append(made.__enter__())
        return made

    yield start
    for each in opened:
        each.__exit__(None, None, None)


def lines(log: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    "path", ["/hello", "/live", "/broken", "/gone", "/nothing", "/a/b/c", "/_stcore/metrics", "/_stcore/agent/mcp", "/half"]
)
@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_headers_on_every_answer(web: Web, path: str, accept: str) -> None:
    answer = web().get(path, headers={"accept": accept})
    same = ["cross-origin-opener-policy", "cross-origin-resource-policy"]
    for name in ["content-security-policy", "referrer-policy", "permissions-policy", *same]:
        assert len(answer.headers.get_list(name)) == 1, name
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "unsafe-eval'" not in answer.headers["content-security-policy"].replace("'wasm-unsafe-eval'", "")
    assert "x-yiqi-script" not in answer.headers
    assert "strict-transport-security" not in answer.headers


def test_script_policy(web: Web) -> None:
    client = web()
    assert "script-src 'none'" in client.get("/hello").headers["content-security-policy"]
    assert "script-src 'self';" in client.get("/live").headers["content-security-policy"]
    rich = headers.policy("rich").decode()
    assert "'sha256-" in rich and "'unsafe-inline'" not in rich.split("style-src")[0]


def test_https_brings_hsts_and_private_cookies(web: Web) -> None:
    answer = web("https://yiqi.example", YIQI_PUBLIC_URL="https://yiqi.example").get("/hello", headers=HTML)
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    assert answer.headers["set-cookie"].startswith("__Host-yiqi-visitor=")
    assert "; Secure" in answer.headers["set-cookie"] and "; HttpOnly" in answer.headers["set-cookie"]


def test_a_browser_keeps_its_name_and_no_other_gets_it(web: Web) -> None:
    client, other = web(), web()
    first = client.get("/hello", headers=HTML).text
    assert first.startswith("<p>visitor:")
    assert client.get("/hello", headers=HTML).text == first
    assert "set-cookie" not in client.get("/hello", headers=HTML).headers
    assert other.get("/hello", headers=HTML).text != first


@pytest.mark.parametrize("name", ["X-Yiqi-User", "x_yiqi_user", "X-Yiqi_User"])
def test_a_forged_identity_is_taken_off(web: Web, name: str) -> None:
    assert "L1" not in web().get("/hello", headers={name: "L1"}).text


def test_a_fault_is_one_sentence_with_a_number_and_the_log_has_no_values(web: Web, log: Path) -> None:
    answer = web().get("/broken", headers={**HTML, "accept-language": "en"})
    assert answer.status_code == 500
    assert "Traceback" not in answer.text and "RuntimeError" not in answer.text
    assert "告诉社区" in answer.text and "tell the community" in answer.text
    written = [line for line in lines(log) if line["event"] == "bug"]
    assert len(written) == 1 and str(written[0]["id"]) in answer.text
    assert "tests/plain/test_guard.py" in str(written[0]["where"])
    assert "138" not in log.read_text() and "王秀兰" not in log.read_text()


def test_a_fault_in_the_middle_ends_the_answer_and_is_recorded(web: Web, log: Path) -> None:
    assert web().get("/half").text == "begun "
    assert [line["path"] for line in lines(log) if line["event"] == "access"] == ["/half"]
    assert any(line["event"] == "bug" for line in lines(log))


def test_bare_errors_become_pages_for_people_only(web: Web) -> None:
    client = web()
    assert "这个地址没有页面" in client.get("/gone", headers={**HTML, "accept-language": "zh"}).text
    assert client.get("/gone").text == "Not Found"
    assert client.post("/gone", headers=HTML).status_code == 405


def test_access_lines_carry_no_codes(web: Web, log: Path) -> None:
    client = web()
    secret = ("/b/secret0code?token=secret", "/SECRET0CODE", "/secret0code", "/proposals/secret0code", "/x/secret", "/hello/secret0code",
              "/_stcore/upload_file/secret/secret", "/media/secret.png")  # fmt: skip
    for path in (*secret, "/", "/proposals"):
        client.get(path)
    assert "secret" not in log.read_text().lower()
    told = [line["path"] for line in lines(log) if line["event"] == "access"]
    assert told == ["/b/{code}", *["/***"] * 5, "/_stcore/upload_file/***", "/media/***", "/", "/proposals"]


def test_bodies_have_a_limit(web: Web) -> None:
    client = web()
    assert client.post("/take", content=b"x" * 200_000).text == "200000"
    refused = client.post("/take", content=b"x" * 300_000, headers=HTML)
    assert refused.status_code == 413 and "MB" in refused.text

    def dribble() -> Iterator[bytes]:
        for _ in range(30):
            yield b"x" * 10_000

    assert client.post("/take", content=dribble()).status_code == 413
    assert client.post("/take", content=b"x" * 10, headers={"content-length": "not a number"}).status_code in (200, 400)
    assert client.post("/take", content=b"x" * 300_000, headers={"content-type": "multipart/form-data; boundary=a"}).text == "300000"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:9", "https://localhost", "http://localhost.evil.example"])
def test_a_form_of_another_site_is_not_taken(web: Web, origin: str) -> None:
    answer = web().post("/take", content=b"x", headers={**HTML, "origin": origin})
    assert answer.status_code == 403 and "别的网站" in answer.text


def test_a_form_of_our_own_is_taken(web: Web) -> None:
    assert web().post("/take", content=b"x", headers={"origin": "http://localhost"}).text == "1"


def test_a_foreign_name_gets_the_right_address(web: Web) -> None:
    answer = web("http://192.168.1.7").get("/hello?a=1", headers=HTML)
    assert answer.status_code == 421
    assert 'href="http://localhost/hello"' in answer.text and "192.168.1.7" in answer.text and "YIQI_PUBLIC_URL" in answer.text
    assert web("http://192.168.1.7").get("/healthz", headers=HTML).status_code == 200


def test_the_foreign_name_is_escaped(web: Web) -> None:
    answer = web().get("/hello", headers={**HTML, "host": "<script>x"})
    assert answer.status_code == 421 and "<script>x" not in answer.text


def test_uploads_need_a_login(web: Web) -> None:
    assert web().put("/_stcore/upload_file/a/b", content=b"x").status_code == 401


@pytest.mark.parametrize(
    ("seen", "chain", "trusted", "found"),
    [
        (("203.0.113.9", 4711), "1.2.3.4", "", "203.0.113.9"),
        (("203.0.113.9", 4711), "1.2.3.4", "10.0.0.0/8", "203.0.113.9"),
        (("10.1.1.1", 4711), "6.6.6.6, 1.2.3.4", "10.0.0.0/8", "1.2.3.4"),
        (("10.1.1.1", 4711), "6.6.6.6, 1.2.3.4, 10.2.2.2", "10.0.0.0/8", "1.2.3.4"),
        (("1.2.3.4", 0), "1.2.3.4", "", "127.0.0.1"),
        (("1.2.3.4", 0), "1.2.3.4", "127.0.0.1", "1.2.3.4"),
        (("1.2.3.4", 80), "1.2.3.4:80", "127.0.0.1", "127.0.0.1"),
        (("::ffff:10.1.1.1", 4711), "1.2.3.4", "10.0.0.0/8", "1.2.3.4"),
        (("10.1.1.1", 4711), "", "10.0.0.0/8", "10.1.1.1"),
    ],
)
def test_where_a_request_comes_from(web: Web, seen: tuple[str, int], chain: str, trusted: str, found: str) -> None:
    client = web(client=seen, YIQI_TRUSTED_PROXY=trusted)
    assert client.get("/where", headers={"x-forwarded-for": chain} if chain else {}).text == found


def test_no_client_at_all() -> None:
    assert caller.client({"type": "http", "client": None, "headers": []}) is None


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("/proposals?id=3", "/proposals?id=3"), ("/", "/"), ("", "/"), (None, "/"), ("//evil.example", "/"), ("/\\evil.example", "/"),
        ("https://evil.example", "/"), ("/a\nb", "/"), ("javascript:alert(1)", "/"), ("/x\\y", "/"), ("/" + "x" * 2000, "/"),
    ],
)
def test_only_local_ways_back(asked: str | None, given: str) -> None:
    assert addresses.local(asked) == given
