"""Which community a visitor looks at: chosen by a cookie, never a permission; somebody signed in stays at home."""

import pytest
from starlette.testclient import TestClient

from models.community import Community
from services import actors
from services.work import working


@pytest.fixture
def two(engine):
    for slug in ("first", "second"):
        with working(actors.system(slug)) as work:
            work.add(Community(id=slug, slug=slug, name=slug.title(), created_at=work.moment))
            work.record("community.found", work.community)


def test_a_visitor_looks_at_the_first_until_another_is_chosen(two):
    assert actors.of_login("visitor:abc").community_id == "first"
    chosen = actors.of_login("visitor:abc@second")
    assert (chosen.community_id, chosen.visitor, chosen.roles) == ("second", "visitor:abc", frozenset())
    assert actors.of_login("visitor:abc@nowhere").community_id == "first"


def test_the_choice_travels_in_a_cookie_and_only_to_known_ones(two):
    from app import app

    with TestClient(app, base_url="http://localhost:8501", follow_redirects=False) as web:
        page = web.get("/communities", headers={"accept": "text/html"})
        assert page.status_code == 200 and "/c/second" in page.text
        assert web.get("/c/nowhere").status_code == 404
        went = web.get("/c/second?next=//evil.example/")
        assert (went.status_code, went.headers["location"]) == (303, "/")
        assert "second" in web.cookies["yiqi-place"]
