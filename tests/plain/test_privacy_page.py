"""/privacy: the document as a page, in both languages, whole and small."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages.plain.routes import ROUTES
from services.guard import Guard
from services.settings import HOME
from tests.fixtures.neighbours import Neighbours


@pytest.mark.parametrize(("language", "file"), [("zh-CN", "privacy.zh-CN.md"), ("en", "privacy.md")])
def test_it_says_all_that_the_document_says(neighbours_sqlite: Neighbours, language: str, file: str) -> None:
    with TestClient(Guard(Starlette(routes=ROUTES), ROUTES), base_url="http://localhost:8501", headers={"accept": "text/html"}) as web:
        web.cookies.set("yiqi-lang", language)
        page = web.get("/privacy")
    assert page.status_code == 200 and len(page.content) <= 15 * 1024
    said = re.sub(r"\s", "", re.sub(r"<[^>]+>|\*", "", page.text))
    written = (HOME / "docs" / file).read_text(encoding="utf-8")
    written = re.sub(r"^\|[^|\n]*(\|.*)\n(?=\| ---)", r"\1\n", written, flags=re.M)  # what a row is about needs no label
    for line in re.split(r"[|\n]", re.sub(r"\[([^]]*)\]\([^)]*\)|\*|`", r"\1", written)):
        words = re.sub(r"\s", "", line.strip(" #-"))
        if words and set(words) - {"-"} and words not in ("English", "中文"):
            assert words in said, line
    assert f'lang="{language}"' in page.text and "<table" not in page.text
