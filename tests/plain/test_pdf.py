"""A page for paper as PDF: the same page, fonts embedded, nothing fetched, the same permission."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages.plain.routes import ROUTES
from services import replay
from services.exchange import pdf, scenario
from services.guard import Guard
from services.settings import HOME


def test_a_page_carries_what_it_shows_and_fetches_nothing():
    page = '<!doctype html><html lang="zh-CN"><body style="font-family:\'Noto Sans CJK SC\'"><h1>议事会纪要</h1><img src="http://127.0.0.1:9/x.png"></body></html>'
    made = pdf.from_html(page)
    assert made.startswith(b"%PDF-") and len(made) > 20_000  # the letters it shows are in it


@pytest.fixture
def web(engine):
    played = replay.play(scenario.load(HOME / "scenarios" / "huating.yaml"))
    with TestClient(Guard(Starlette(routes=ROUTES), ROUTES), base_url="http://localhost:8501") as client:
        yield client, played


def test_minutes_and_notice_as_pdf(web):
    client, played = web
    for address in (f"/minutes/{played.saved['meeting1'].id}", f"/notice/{played.saved['notice1'].id}"):
        shown = client.get(address)
        assert shown.status_code == 200 and "?as=pdf" in shown.text
        saved = client.get(f"{address}?as=pdf")
        assert saved.headers["content-type"] == "application/pdf" and saved.content.startswith(b"%PDF-")
    assert client.get("/notice/nothing?as=pdf").status_code == 404
    assert client.get("/communities?as=pdf").headers["content-type"].startswith("text/html")
