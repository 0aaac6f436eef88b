"""Which community a visitor looks at: chosen by a cookie, never a permission; somebody signed in stays at home."""

import ast

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from models.community import Community
from pages.kit import words
from pages.plain.door import WRITTEN, refused_page
from pages.plain.routes import ROUTES
from services import actors
from services.errors import NotAllowed, WrongStage
from services.guard import Guard
from services.reads import communities
from services.work import working
from tests.fixtures.run import ROOT


@pytest.fixture
def two(engine):
    for slug in ("first", "second"):
        with working(actors.system(slug)) as work:
            work.add(Community(id=slug, slug=slug, name=slug.title(), created_at=work.moment))
            work.record("community.found", work.community)


def visitor():
    return TestClient(Guard(Starlette(routes=ROUTES), ROUTES), base_url="http://localhost:8501", follow_redirects=False)


def test_what_nobody_typed_is_not_shown_as_theirs() -> None:
    typed = {"form": ("k3j9a8b7c6d5e4f3",), "estate_id": ("0123456789abcdef",), "text": ("路灯坏了三天，没人来修。",)}
    typed |= {"place": ("三号楼",), "title": (" ",), "side": ("consequence",), "again": ("secret words 12",), "code": ("7K3M 4821 0000",)}
    with words.speaking("en", 0):
        seen = str(refused_page(WrongStage("This meeting is over."), "/x", typed))
    assert "路灯坏了三天" in seen and "三号楼" in seen and seen.count("<br>") == 1
    assert not [each for each in ("k3j9a8b7c6d5e4f3", "0123456789abcdef", "consequence", "secret words", "7K3M") if each in seen]


def test_whatever_people_write_on_a_plain_page_is_known_to_the_door() -> None:
    found: set[str] = set()
    for path in (ROOT / "pages" / "plain").glob("*.py"):
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            if ast.unparse(call.func) in ("fields.field", "fields.textarea") and 'kind="password"' not in ast.unparse(call).replace("'", '"'):
                assert isinstance(call.args[0], ast.Constant), f"{path.name}:{call.lineno} names its field by a constant"
                found.add(call.args[0].value)
    assert found == {*WRITTEN, "code"}


def test_a_visitor_looks_at_the_first_until_another_is_chosen(two):
    assert actors.of_login("visitor:abc").community_id == "first"
    chosen = actors.of_login("visitor:abc@second")
    assert (chosen.community_id, chosen.visitor, chosen.roles) == ("second", "visitor:abc", frozenset())
    assert actors.of_login("visitor:abc@nowhere").community_id == "first"


def test_the_choice_travels_in_a_cookie_and_only_to_known_ones(two):
    with visitor() as web:
        page = web.get("/communities", headers={"accept": "text/html"})
        assert page.status_code == 200 and "/c/second" in page.text
        assert web.get("/c/nowhere").status_code == 404
        went = web.get("/c/second?next=//evil.example/")
        assert (went.status_code, went.headers["location"]) == (303, "/")
        assert "second" in web.cookies["yiqi-place"]


def test_a_code_voter_is_led_through_the_door_of_the_votes_own_community(two):
    stranger, to = actors.visitor("first", "visitor:abc"), "/poll?id=0123456789abcdef"
    assert communities.way("first", to, stranger) == to
    door = communities.way("second", to, stranger)
    assert door == "/c/second?next=%2Fpoll%3Fid%3D0123456789abcdef"
    with visitor() as web:
        went = web.get(door)
        assert (went.status_code, went.headers["location"]) == (303, to) and "second" in web.cookies["yiqi-place"]
        web.cookies.clear()
        assert "Second" in web.get("/feeds/meetings.ics?c=second").text and "First" in web.get("/feeds/meetings.ics").text
        assert web.get("/feeds/meetings.ics?c=nowhere").status_code == 404


def test_a_closed_door_offers_no_signing_in_to_somebody_signed_in():
    with words.speaking("en", 1):
        for known in (False, True):
            assert ("/auth/login?" in refused_page(NotAllowed("This is for the committee."), "/x", known=known)) is not known
