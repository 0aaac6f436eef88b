"""The pages about people, as every role and in both languages: my page, the register, administration, the demo's clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from models.account import Login
from models.community import Community
from models.people import Person, Residence
from models.vocabulary import Role
from services import actors, clock, db, first_run, installation, logins, messages, register, roles
from services.reads import register_ground
from services.work import do, working
from tests.fixtures.apptest import opened, seen
from tests.fixtures.neighbours import CAST, COMMUNITY, Neighbours
from tests.fixtures.run import ROOT

LANGUAGES = ("zh-CN", "en")
EVERYBODY = ("visitor", *CAST)


def look(neighbours: Neighbours, page: str, who: str = "visitor", language: str = "zh-CN", login: str = "", **query: str) -> AppTest:
    return opened(login or ("visitor:somebody" if who == "visitor" else neighbours.login(who)), page, language, **query)


def button(at: AppTest, word: str):
    return next(each for each in at.button if word in each.label)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", EVERYBODY)
def test_my_page_as_everybody(neighbours_sqlite: Neighbours, who: str, language: str) -> None:
    said = seen(look(neighbours_sqlite, "me.py", who, language))
    if who == "visitor":
        assert ("要登录" in said) if language == "zh-CN" else ("Please sign in" in said)
    else:
        assert CAST[who][0] in said
        assert ("我的房子" in said) if language == "zh-CN" else ("My homes" in said)


def test_the_day_of_a_confirmation_is_that_of_the_wall_there(neighbours_sqlite: Neighbours) -> None:
    early = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # 2 March, half past seven in Shanghai
    with working(neighbours_sqlite.system) as work:
        for row in work.db.exec(select(Residence)).all():
            row.confirmed_at = early
        work.record("person.confirm")
    assert "confirmed on 2 March" in seen(look(neighbours_sqlite, "me.py", "resident", "en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_notes_are_read_and_logins_ended(neighbours_sqlite: Neighbours, language: str) -> None:
    with working(neighbours_sqlite.system) as work:
        messages.tell(work, neighbours_sqlite.people["resident"], "Your role “{role}” has ended.", "/me", "x", role="<b>x</b>")
    other = neighbours_sqlite.login("resident")
    at = look(neighbours_sqlite, "me.py", "resident", language)
    assert "<b>x</b>" not in "".join(str(each.body) for each in at.get("html"))
    button(at, "都看过了" if language == "zh-CN" else "read them all").click().run()
    assert do(neighbours_sqlite.actor("resident"), messages.read) == 0
    at.button(key=f"me_end_{other}").click().run()
    with db.reading(COMMUNITY) as session:
        assert session.get_one(Login, other).ended_at is not None
        assert len(session.exec(select(Login).where(Login.ended_at.is_(None))).all()) == 1
    neighbours_sqlite.login("resident")
    at.run()
    button(at, "这里以外" if language == "zh-CN" else "everywhere but here").click().run()
    assert len(logins.own(neighbours_sqlite.people["resident"], COMMUNITY)) == 1


def test_a_login_that_ended_elsewhere_shows_nothing(neighbours_sqlite: Neighbours) -> None:
    login = neighbours_sqlite.login("resident")
    at = look(neighbours_sqlite, "me.py", login=login)
    assert "王阿姨" in seen(at)
    do(neighbours_sqlite.system, logins.end, login)
    assert "王阿姨" not in seen(at.run())


PARTS = ("confirm", "people", "homes", "estates", "organisations", "bodies")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", EVERYBODY)
def test_the_register_as_everybody(neighbours_sqlite: Neighbours, who: str, language: str) -> None:
    sees = who in ("grid_worker", "committee", "second", "administrator")
    for part in PARTS if sees else PARTS[:1]:
        at = look(neighbours_sqlite, "register.py", who, language, part=part)
        said = seen(at)
        assert who == "newcomer" or ("小孙" in said) == (sees and part in ("confirm", "people", "homes")), (part, said)
        if sees and part == "estates":
            assert at.button(key="estate_new_save").disabled == (who == "grid_worker")


def test_confirming_and_refusing(neighbours_sqlite: Neighbours) -> None:
    at = look(neighbours_sqlite, "register.py", "grid_worker", part="confirm")
    claim = next(each.key.removeprefix("yes_") for each in at.button if each.key and each.key.startswith("yes_"))
    at.button(key=f"no_{claim}").click().run()
    assert not at.exception and "请写" in seen(at)
    at.button(key=f"yes_{claim}").click().run()
    assert neighbours_sqlite.actor("newcomer").verified
    assert "小孙" in seen(at)


@pytest.mark.parametrize("language", LANGUAGES)
def test_adding_and_correcting(neighbours_sqlite: Neighbours, language: str) -> None:
    at = look(neighbours_sqlite, "register.py", "committee", language, part="people")
    at.text_input(key="name_new").set_value("").run()
    at.text_input(key="phone_new").set_value("1380000000").run()
    at.button(key="save_new").click().run()
    said = seen(at)
    assert ("少了 1 位，应是 11 位数字。" if language == "zh-CN" else "One digit short; it takes 11.") in said
    assert at.text_input(key="phone_new").value == "1380000000"
    at.text_input(key="name_new").set_value("孙*女士*").run()
    at.text_input(key="phone_new").set_value("13800000005").run()
    at.button(key="save_new").click().run()
    assert not at.exception
    with db.reading(COMMUNITY) as session:
        assert session.exec(select(Person.phone).where(Person.name == "孙*女士*")).one() == "13800000005"
    at.text_input(key="name_new").set_value("孙先生").run()
    at.text_input(key="phone_new").set_value("138 0000 0005").run()
    at.button(key="save_new").click().run()
    assert ("也是这个电话" if language == "zh-CN" else "The same phone number") in seen(at) and "女士" in seen(at)
    at = look(neighbours_sqlite, "register.py", "committee", language, part="people", id=neighbours_sqlite.people["neighbour"])
    at.text_input(key=f"name_{neighbours_sqlite.people['neighbour']}").set_value("赵老师").run()
    at.button(key=f"save_{neighbours_sqlite.people['neighbour']}").click().run()
    at.text_input(key="home_place").set_value("9-999").run()
    at.button(key="home_add").click().run()
    assert ("没有这一户" if language == "zh-CN" else "no such home") in seen(at)
    at.text_input(key="home_place").set_value("1-103").run()
    at.button(key="home_add").click().run()
    assert len(neighbours_sqlite.actor("neighbour").units) == 2 and neighbours_sqlite.actor("neighbour").name == "赵老师"


def test_rows_that_are_not_there(neighbours_sqlite: Neighbours) -> None:
    for part in PARTS[1:]:
        assert "这一页打不开" in seen(look(neighbours_sqlite, "register.py", "committee", part=part, id="nothing"))


TABLE = "楼号,单元,房号,楼层,面积,类型\n2,1,101,1,88.20,住宅\n2,1,102,1,{area},住宅\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_homes_from_a_table(neighbours_sqlite: Neighbours, language: str) -> None:
    at = look(neighbours_sqlite, "register.py", "committee", language, part="homes")
    at.file_uploader(key="units_file").upload("homes.csv", TABLE.format(area="much").encode(), "text/csv").run()
    said = seen(at)
    assert ("平方米数" if language == "zh-CN" else "a figure in m²") in said and "面积" in said
    assert register_ground.units(neighbours_sqlite.actor("committee")).total == 3
    at.file_uploader(key="units_file").set_value(None).run()
    at.file_uploader(key="units_file").upload("homes.csv", TABLE.format(area="61.5").encode("gb18030"), "text/csv").run()
    at.button(key="units_take").click().run()
    assert not at.exception
    assert register_ground.units(neighbours_sqlite.actor("committee")).total == 5


ADMIN = {
    "roles": {"administrator"},
    "table": set(CAST),
    "community": {"administrator"},
    "log": {"administrator", "committee", "second", "supervisor"},
    "installation": {"administrator"},
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", EVERYBODY)
def test_administration_as_everybody(neighbours_sqlite: Neighbours, who: str, language: str) -> None:
    words = {"roles": "grant", "community": "set_save", "log": "log_who"}
    for part, may in ADMIN.items():
        at = look(neighbours_sqlite, "admin.py", who, language, part=part)
        keys = {each.key for each in (*at.button, *at.text_input)}
        if part in words:
            assert (words[part] in keys) == (who in may), (part, keys)
        elif part == "installation":
            assert ("manage.py backup" in seen(at)) == (who in may)
        elif who == "visitor":
            assert not at.selectbox


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_log_says_in_words_what_an_act_was_about(neighbours_sqlite: Neighbours, language: str) -> None:
    do(neighbours_sqlite.actor("administrator"), roles.grant, neighbours_sqlite.people["resident"], Role.SUPERVISOR)
    said = seen(look(neighbours_sqlite, "admin.py", "administrator", language, part="log"))
    assert ("身份：监督员" if language == "zh-CN" else "role: Supervisor") in said
    assert "role=" not in said and "role_held" not in said
    assert ("身份 王阿姨" if language == "zh-CN" else "role 王阿姨") in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_granting_and_ending(neighbours_sqlite: Neighbours, language: str) -> None:
    at = look(neighbours_sqlite, "admin.py", "administrator", language, part="roles")
    at.button(key="grant").click().run()
    assert ("请选一个人" if language == "zh-CN" else "choose a person") in seen(at)
    at.selectbox(key="grant_person").set_value(neighbours_sqlite.people["resident"])
    at.selectbox(key="grant_role").set_value(Role.SUPERVISOR).run()
    at.button(key="grant").click().run()
    assert neighbours_sqlite.actor("resident").holds(Role.SUPERVISOR)
    assert at.selectbox(key="grant_person").value is None and at.selectbox(key="grant_role").value is None  # ready for the next one
    said = seen(at)
    granted = said[said.index("任命好了" if language == "zh-CN" else "Granted:") :][:30]
    assert not re.search(r"\d{4}", granted)  # the end of a phone number stays where one is chosen
    at.selectbox(key="grant_role").set_value(Role.SUPERVISOR)
    at.selectbox(key="grant_person").set_value(neighbours_sqlite.people["administrator"]).run()
    at.button(key="grant").click().run()
    assert ("不能给自己办" if language == "zh-CN" else "for themselves") in seen(at)
    asks = [each.key for each in at.button if each.key and each.key.startswith("ask_")]
    at.button(key=asks[0]).click().run()
    at.button(key="end_not_now").click().run()
    assert not [each.key for each in at.button if (each.key or "").startswith("end_")]
    for key in asks:
        at.button(key=key).click().run()
        at.button(key=key.replace("ask_", "end_")).click().run()
        if ("最后一位管理员" if language == "zh-CN" else "last administrator") in seen(at):
            break
    else:
        pytest.fail("the last administrator could be ended")
    assert neighbours_sqlite.actor("administrator").holds(Role.ADMINISTRATOR)


def test_settings_are_kept(neighbours_sqlite: Neighbours) -> None:
    at = look(neighbours_sqlite, "admin.py", "administrator", "en", part="community")
    at.text_input(key="set_name").set_value("").run()
    at.button(key="set_save").click().run()
    assert "This is empty" in seen(at)
    at.text_input(key="set_name").set_value("Huating").run()
    at.number_input(key="set_supporters_needed").set_value(3).run()
    at.button(key="set_save").click().run()
    with db.reading(COMMUNITY) as session:
        row = session.get_one(Community, COMMUNITY)
        assert (row.name, row.figures) == ("Huating", {"supporters_needed": 3})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_log_is_searched_and_paged(neighbours_sqlite: Neighbours, language: str) -> None:
    for _ in range(30):
        neighbours_sqlite.login("resident")
    at = look(neighbours_sqlite, "admin.py", "committee", language, part="log")
    assert "王阿姨" not in seen(at)
    at.selectbox(key="log_act").set_value("role.grant").run()
    assert not at.exception
    at.selectbox(key="log_act").set_value("").run()
    at.text_input(key="log_who").set_value("卫").run()
    assert ("没有符合的" if language == "zh-CN" else "No act fits") in seen(at)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", ("visitor", "resident", "chair"))
def test_the_demos_clock_is_moved_forward(neighbours_sqlite: Neighbours, who: str, language: str) -> None:
    assert "clock_day" not in {each.key for each in look(neighbours_sqlite, "me.py", who, language).button}
    with working(neighbours_sqlite.system) as work:
        installation.mark_demo(work)
        work.record("community.change", work.community)
    installation.refresh()
    installation.follow_clock()
    try:
        at = look(neighbours_sqlite, "me.py", who, language)
        before = clock.now()
        at.button(key="clock_week").click().run()
        assert not at.exception and clock.now() - before >= timedelta(days=7)
        assert ("往前拨" in seen(at) or "拨快" in seen(at)) if language == "zh-CN" else "forward" in seen(at)
    finally:
        clock.follow(timedelta)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_estate_without_homes_says_so_and_no_longer_begins_with_an_estate(neighbours_sqlite: Neighbours, language: str) -> None:
    made = do(neighbours_sqlite.actor("administrator"), register.add_estate, name="新小区")
    at = look(neighbours_sqlite, "register.py", "committee", language, part="homes")
    at.selectbox(key="estate").set_value(made.id).run()
    assert ("这个小区还没有房屋" if language == "zh-CN" else "This estate has no homes yet") in seen(at)


def test_the_register_is_not_called_empty_once_an_estate_is_there(on_sqlite: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    first_run.announce()
    code = re.findall(r"^ {6}(\S.*)$", capsys.readouterr().out, re.M)[0]
    given = {"community": "新社区", "time_zone": "Asia/Shanghai", "name": "卫管理", "phone": "13900000001", "password": "seven words are enough"}
    community_id, account_id = first_run.set_up(code=code, language="zh-CN", client="127.0.0.1", **given)
    login = logins.resolve(do(actors.system(community_id), logins.open, account_id, device=""))

    def register_page() -> AppTest:
        at = AppTest.from_file(str(ROOT / "pages/shell.py"), default_timeout=30)
        at.user, at.context = {"sub": login}, {"locale": "zh-CN", "timezone": "Asia/Shanghai"}
        at.run()
        at.switch_page("register.py")
        return at.run()

    assert "登记册还是空的" in seen(register_page()).replace(" ", "")
    do(actors.of_login(login), register.add_estate, name="梧桐里")
    said = seen(register_page()).replace(" ", "")
    assert "登记册还是空的" not in said and "还没有房屋" in said
