"""A page for paper as PDF: the same page, fonts embedded, nothing fetched, the same permission."""

import io

import pytest
from docx import Document
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages.plain.routes import ROUTES
from services import ballots, clock, files, polls
from services.errors import Invalid
from services.exchange import docx_paper, pdf
from services.guard import Guard
from services.work import do
from tests.fixtures.case import play
from tests.fixtures.village import BEGINS, village


def test_a_page_carries_what_it_shows_and_fetches_nothing():
    page = '<!doctype html><html lang="zh-CN"><body style="font-family:\'Noto Sans CJK SC\'"><h1>议事会纪要</h1><img src="http://127.0.0.1:9/x.png"></body></html>'
    made = pdf.from_html(page)
    assert made.startswith(b"%PDF-") and len(made) > 20_000  # the letters it shows are in it


def test_a_photo_that_was_cut_off_stays_refused_after_a_paper_was_made():
    whole = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(whole, "PNG")
    pdf.from_html("<p>议事会纪要</p>")  # WeasyPrint lets Pillow take broken pictures, everywhere in the process
    with pytest.raises(Invalid, match="cut.png"):
        files.check("cut.png", whole.getvalue()[:60])


@pytest.fixture
def web(engine):
    played = play()
    with TestClient(Guard(Starlette(routes=ROUTES), ROUTES), base_url="http://localhost:8501") as client:
        yield client, played


def test_minutes_notice_and_result_as_pdf_and_docx(web):
    client, played = web
    ids = played.ids
    client.get("/lang/zh-CN")
    papers = {f"/minutes/{ids['meeting1']}": "纪要", f"/notice/{ids['notice1']}": "沥青", f"/result/{ids['poll1']}": "沥青"}
    for address, word in papers.items():
        shown = client.get(address)
        assert shown.status_code == 200 and "?as=pdf" in shown.text and f"{address}.docx" in shown.text
        saved = client.get(f"{address}?as=pdf")
        assert saved.headers["content-type"] == "application/pdf" and saved.content.startswith(b"%PDF-")
        text = client.get(f"{address}.docx")
        assert text.headers["content-type"] == docx_paper.MEDIA_TYPE and ".docx" in text.headers["content-disposition"]
        document = Document(io.BytesIO(text.content))
        written = [each.text for each in document.paragraphs] + [c.text for table in document.tables for row in table.rows for c in row.cells]
        assert word in "\n".join(written) and document.inline_shapes, "its QR code is in it"
        assert all(each.strip() in shown.text.replace("&#34;", '"') for each in written[:1])
    assert client.get("/notice/nothing?as=pdf").status_code == 404
    assert client.get("/communities?as=pdf").headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_no_result_before_the_reveal(on_sqlite, language):
    with clock.at(BEGINS), TestClient(Guard(Starlette(routes=ROUTES), ROUTES), base_url="http://localhost:8501") as client:
        place = village()
        place.open()
        client.cookies.set("yiqi", place.sign_in(place.adults[0]))
        client.get(f"/lang/{language}")
        for ending in ("", ".docx", "?as=pdf"):
            early = client.get(f"/result/{place.poll_id}{ending}")
            assert early.status_code == 409 and ("揭晓" if language == "zh-CN" else "before the reveal") in early.text
            assert client.get(f"/result/nothing{ending}").status_code == 404
        for person, choice in zip(place.adults, ["yes", "yes", "yes", "no"], strict=False):
            do(place.actor(person), ballots.cast, poll_id=place.poll_id, choice=choice)
        do(place.system, polls.close, poll_id=place.poll_id)
        do(place.system, polls.reveal, poll_id=place.poll_id)
        page = client.get(f"/result/{place.poll_id}")
        assert page.status_code == 200 and ("不同意" if language == "zh-CN" else "Disagree") in page.text
        assert client.get(f"/result/{place.poll_id}?as=pdf").content.startswith(b"%PDF-")
