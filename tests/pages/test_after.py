"""Home, the story, notices, projects and outcomes as every role in both languages; the forms: what they refuse, keep and do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from models.evaluation import Evaluation
from models.notice import Notice
from models.project import Project
from models.proposal import Proposal
from models.vocabulary import NoticeState, ProjectState, Ruling, Stage
from services import clock
from services.db import reading
from services.work import working
from tests.fixtures.apptest import html, opened
from tests.fixtures.apptest import seen as text
from tests.fixtures.case import Case, play
from tests.fixtures.moment import around
from tests.fixtures.photo import photo


@pytest.fixture(autouse=True)
def _clock(on_sqlite: Engine) -> Iterator[None]:
    yield
    clock.follow(timedelta)


def at(moment: datetime) -> None:
    """The clock of all threads, as a demo's is moved."""
    around(moment)


def look(case: Case, page: str, who: str = "", language: str = "zh-CN", **query: str) -> AppTest:
    return opened(case.login(who) if who else "visitor:somebody", page, language, **query)


def test_an_unknown_or_foreign_address_is_one_friendly_page() -> None:
    case = play("do: notices.lodge")
    at(case.moment + timedelta(hours=1))
    for page in ("proposal.py", "project.py"):
        for wrong in ("", "nothing000000000", case.ids["notice1"], "' or 1=1"):
            said = text(look(case, page, "li", id=wrong))
            assert "这一页打不开" in said


def test_the_notice_is_prefilled_refused_in_place_and_published() -> None:
    case = play("do: notices.publish")
    at(case.moment + timedelta(hours=1))
    locked = look(case, "proposal.py", "li", id=case.ids["round1"], do="notice.publish")
    assert "do_notice.publish" not in [each.key for each in locked.button]
    seen = look(case, "proposal.py", "wei", id=case.ids["round1"], do="notice.publish")
    typed = seen.text_area(key="notice_text")
    assert "24" in typed.value and "公示 7 天" in typed.value
    seen.number_input(key="notice_days").set_value(10).run()
    assert "公示 10 天" in seen.text_area(key="notice_text").value  # as long as nobody has changed a word
    typed.set_value("给大家看的决定：沥青加晾衣架。").run()
    seen.button(key="do_notice.publish").click().run()
    assert "请先勾选" in text(seen) and seen.text_area(key="notice_text").value.startswith("给大家看的决定")
    again = look(case, "proposal.py", "wei", id=case.ids["round1"], do="notice.publish")
    assert again.text_area(key="notice_text").value.startswith("给大家看的决定") and again.number_input(key="notice_days").value == 10
    again.checkbox(key="notice_sure").check().run()
    again.button(key="do_notice.publish").click().run()
    with reading(case.community_id) as db:
        assert db.get_one(Proposal, case.ids["round1"]).stage is Stage.NOTICE
    assert "已经公示" in text(again)


def test_an_objection_is_lodged_and_taken_back() -> None:
    case = play("do: notices.lodge")
    at(case.moment + timedelta(hours=1))
    assert "登录后参加" in text(look(case, "proposal.py", "", id=case.ids["round1"]))
    seen = look(case, "proposal.py", "du", id=case.ids["round1"], do="objection.lodge")
    seen.text_area(key="objection_text").set_value("近")
    seen.button(key="do_objection.lodge").click().run()
    assert "至少" in text(seen) and seen.text_area(key="objection_text").value == "近"
    seen.text_area(key="objection_text").set_value("近" * 1200)
    seen.button(key="do_objection.lodge").click().run()
    assert "多了 200 个字，最多 1000 个字" in text(seen) and len(seen.text_area(key="objection_text").value) == 1200
    seen.text_area(key="objection_text").set_value("离窗户太近了。")
    seen.button(key="do_objection.lodge").click().run()
    assert "您的异议收到了" in text(seen)
    back = next(each for each in seen.button if (each.key or "").startswith("withdraw_"))
    back.click().run()
    assert "您的异议撤回了" in text(seen)


def test_a_ruling_in_the_page() -> None:
    case = play("do: notices.rule")
    at(case.moment + timedelta(hours=1))
    seen = look(case, "proposal.py", "wei", id=case.ids["round1"], do="objection.rule")
    mine = case.ids["objection1"]
    seen.text_area(key=f"reply_{mine}").set_value("再议一次。")
    seen.checkbox(key=f"sure_{mine}").check()
    seen.button(key=f"do_rule_{mine}").click().run()
    assert "请选一个" in text(seen) or "请选" in text(seen)
    seen.radio(key=f"ruling_{mine}").set_value(Ruling.UPHELD)
    seen.button(key=f"do_rule_{mine}").click().run()
    with reading(case.community_id) as db:
        assert db.get_one(Notice, case.ids["notice1"]).state is NoticeState.SENT_BACK


def test_the_works_are_started_with_everything_said_at_once_and_kept() -> None:
    case = play("save: project1}")
    at(case.moment + timedelta(hours=1))
    with working(case.system) as work:
        work.fetch(Proposal, case.ids["round1"]).cost_fen = 650_000  # what the option on the table cost counts, not the first guess
        work.record("proposal.resubmit")
    seen = look(case, "proposal.py", "wei", id=case.ids["round1"], do="project.start")
    assert seen.text_input(key="start_budget").value == "186400"
    assert (seen.date_input(key="start_last").value - seen.date_input(key="start_first").value).days == 23, "24 days, as it stood there"
    seen.text_input(key="start_budget").set_value("十八万").run()
    seen.button(key="do_project.start").click().run()
    said = text(seen)
    for wrong in ("请选谁来实施", "请至少选一位监督员", "请至少写一个节点", "1 亿", "请先勾选"):
        assert wrong in said, wrong
    seen.selectbox(key="start_executor").set_value(case.people["zhao"]).run()
    seen.multiselect(key="start_supervisors").set_value([case.people["sun"]]).run()
    seen.text_input(key="start_budget").set_value("18.64万").run()
    seen.text_input(key="start_step_0").set_value("清通排水").run()
    kept = look(case, "proposal.py", "wei", id=case.ids["round1"], do="project.start")
    assert (kept.text_input(key="start_budget").value, kept.text_input(key="start_step_0").value) == ("18.64万", "清通排水")
    kept.button(key="do_project.start").click().run()
    assert "请先勾选" in text(kept) and "请选谁来实施" not in text(kept)
    with reading(case.community_id) as db:
        assert db.exec(select(Project)).first() is None  # without the tick it was only rehearsed
    kept.checkbox(key="start_sure").check().run()
    kept.button(key="do_project.start").click().run()
    with reading(case.community_id) as db:
        made = db.exec(select(Project)).one()
        assert (made.budget_fen, made.executor_id, made.state) == (18640000, case.people["zhao"], ProjectState.RUNNING)


def flat(block: Any) -> Iterator[Any]:
    """Everything on a page from top to bottom."""
    for each in block.children.values():
        yield from flat(each) if hasattr(each, "children") else (each,)


def test_a_wrong_milestone_is_marked_where_it_stands_though_a_row_before_it_is_empty() -> None:
    case = play("save: project1")
    at(case.moment + timedelta(hours=1))
    seen = look(case, "proposal.py", "wei", "en", id=case.ids["round1"], do="project.start")
    assert not set("：、") & set(text(seen)), "English pages have English signs"
    seen.selectbox(key="start_executor").set_value(case.people["zhao"]).run()
    seen.multiselect(key="start_supervisors").set_value([case.people["sun"]]).run()
    seen.button(key="start_more").click().run()
    seen.text_input(key="start_step_1").set_value("Lay the asphalt").run()
    seen.date_input(key="start_to_1").set_value(seen.date_input(key="start_from_1").value - timedelta(days=1)).run()
    seen.checkbox(key="start_sure").check().run()
    seen.button(key="do_project.start").click().run()
    order = list(flat(seen.main))
    wrong = [order[place - 1].key for place, each in enumerate(order) if "too early" in str(getattr(each, "body", ""))]
    assert wrong == ["start_to_1"]


def test_reporting_finishing_and_accepting_in_the_page() -> None:
    case = play("at: 2026-05-12T16:00")
    at(case.moment + timedelta(days=3))
    seen = look(case, "project.py", "zhao", id=case.ids["project1"], do="project.report")
    seen.text_input(key="report_spent").set_value("一百")
    seen.button(key="do_project.report").click().run()
    assert "1 亿" in text(seen) and "写" in text(seen)
    seen.text_area(key="report_text").set_value("六组晾衣架装好了。")
    seen.text_input(key="report_spent").set_value("1784200")  # a nought too many
    seen.button(key="do_project.report").click().run()
    assert "比计划的 186,400.00 元 多，没有写错。" in [each.label for each in seen.checkbox] and "请先勾选" in text(seen)
    seen.text_input(key="report_spent").set_value("178420")
    seen.button(key="do_project.report").click().run()
    assert "登记好了" in text(seen) and "178,420.00" in text(seen)
    for _ in range(2):
        step = look(case, "project.py", "zhao", id=case.ids["project1"], do="project.milestone_done")
        step.button(key="do_project.milestone_done").click().run()
    tick = look(case, "project.py", "zhao", id=case.ids["project1"])
    next(each for each in tick.button if (each.key or "").startswith("do_tick_")).click().run()
    done = look(case, "project.py", "zhao", id=case.ids["project1"], do="project.complete")
    done.checkbox(key="complete_sure").check().run()
    done.button(key="do_project.complete").click().run()
    mine = look(case, "project.py", "zhao", id=case.ids["project1"], do="project.accept")
    assert "do_inspect" not in [each.key for each in mine.button]
    accept = look(case, "project.py", "sun", id=case.ids["project1"], do="project.accept")
    accept.checkbox(key="inspect_sure").check()
    accept.button(key="do_inspect").click().run()
    with reading(case.community_id) as db:
        assert db.get_one(Project, case.ids["project1"]).state is ProjectState.ACCEPTED


def test_photos_of_a_report_are_kept_before_it_is_sent_and_go_out_with_it() -> None:
    case = play("at: 2026-05-12T16:00")
    at(case.moment + timedelta(days=3))
    to = {"id": case.ids["project1"], "do": "project.report"}
    seen, kept = look(case, "project.py", "zhao", **to), f"draft:project.report:{case.ids['project1']}"
    seen.file_uploader(key=f"files_{kept}_0").upload("架子.jpg", photo(), "image/jpeg").run()
    seen.file_uploader(key=f"files_{kept}_1").upload("假的.png", b"\x89PNG\r\n\x1a\nbroken", "image/png").run()
    assert "架子.jpg" in text(seen) and "假的.png 打不开" in text(seen)
    again = look(case, "project.py", "zhao", "en", **to)  # another language is another window
    assert "架子.jpg" in text(again)
    again.text_area(key="report_text").set_value("六组晾衣架装好了。")
    again.button(key="do_project.report").click().run()
    shown = html(look(case, "project.py", "li", id=case.ids["project1"]))
    assert "六组晾衣架装好了。" in shown and shown.count('src="/files/') == 1


def test_naming_others_for_the_works_in_the_page() -> None:
    case = play("at: 2026-05-12T16:00")
    at(case.moment + timedelta(days=3))
    assert "open_project.change" not in [each.key for each in look(case, "project.py", "zhao", id=case.ids["project1"]).button]
    seen = look(case, "project.py", "wei", id=case.ids["project1"], do="project.change")
    seen.selectbox(key="change_executor").set_value(case.people["hua_xian"]).run()
    seen.button(key="do_project.change").click().run()
    assert "写" in text(seen)
    seen.text_area(key="change_reason").set_value("赵师傅调走了，换人接着做。").run()
    seen.button(key="do_project.change").click().run()
    assert "改好了" in text(seen) and "赵师傅调走了" in text(seen) and "原先：赵铁成" in text(seen)
    with reading(case.community_id) as db:
        assert db.get_one(Project, case.ids["project1"]).executor_id == case.people["hua_xian"]


def judged_as(case: Case) -> str:
    """How the fields of xiao's home are named: by the evaluation and the home."""
    with reading(case.community_id) as db:
        asked = db.exec(select(Evaluation.id).where(Evaluation.proposal_id == case.ids["round1"])).one()
    return f"{asked}:{case.actor('xiao').units[0]}"


def test_judging_closing_keeping_up_and_the_next_round_in_the_page() -> None:
    case = play("at: 2026-05-17T00:00")
    at(case.moment + timedelta(hours=2))
    seen = look(case, "proposal.py", "xiao", id=case.ids["round1"], do="evaluation.answer")
    seen.button(key="do_evaluation.answer").click().run()
    assert "请选" in text(seen)
    unit = judged_as(case)
    seen.radio(key=f"rate_score_{unit}").set_value(4)
    seen.radio(key=f"rate_solved_{unit}").set_value(True)
    seen.button(key="do_evaluation.answer").click().run()
    assert "收到了，谢谢您" in text(seen)
    keep = look(case, "proposal.py", "wei", id=case.ids["round1"], do="upkeep.plan")
    keep.text_input(key="keep_label").set_value("楼组长").run()
    keep.text_input(key="keep_deed").set_value("清排水口").run()
    said = text(keep)
    assert "没评的住户就不能再评了" in said
    assert re.search(r"提前 \d+ 天结束，\d+ 户里有 \d+ 户评了", said)
    keep.text_area(key="keep_lessons").set_value("早点谈车位。").run()
    keep.checkbox(key="keep_sure").check().run()
    keep.button(key="do_upkeep.plan").click().run()
    with reading(case.community_id) as db:
        assert db.get_one(Proposal, case.ids["round1"]).stage is Stage.KEPT_UP
    assert re.search(r"提前 \d+ 天结束，\d+ 户里有 \d+ 户评了", text(look(case, "proposal.py", id=case.ids["round1"])))
    assert re.search(r"Ended \d+ days before its time, with answers from", text(look(case, "proposal.py", "", "en", id=case.ids["round1"])))
    again = look(case, "proposal.py", "wei", id=case.ids["round1"], do="proposal.reopen")
    assert "下一轮已经开了" in text(again)


def test_filters_narrow_what_is_shown_and_stand_in_the_address() -> None:
    case = play()
    at(case.moment + timedelta(days=1))
    seen = look(case, "progress.py")
    seen.segmented_control(key="works_set").set_value("late").run()
    assert "没有对得上的项目" in text(seen) and "late" in seen.query_params["set"]
    for language, none in (("zh-CN", "没有对得上的项目"), ("en", "No project fits")):
        assert none in text(look(case, "progress.py", "", language, set="late"))
    seen = look(case, "progress.py")
    seen.text_input(key="works_q").set_value("车位").run()
    assert "70 号院重画车位线" in text(seen) and "70 号院铺路" not in text(seen)
    seen = look(case, "outcomes.py")
    seen.selectbox(key="effect_period").set_value("2026-q2").run()
    assert "2026 年二季度" in text(seen)
    seen = look(case, "notices.py")
    seen.segmented_control(key="notice_set").set_value("past").run()
    assert "1 条异议" in text(seen) and "晾衣架离一楼窗户太近。" in text(seen) and "陈玉梅" not in text(seen)


def test_what_is_typed_is_there_again_in_the_other_language() -> None:
    case = play("at: 2026-05-12T16:00")
    at(case.moment + timedelta(days=3))
    seen = look(case, "project.py", "zhao", id=case.ids["project1"], do="project.report")
    seen.text_area(key="report_text").set_value("六组晾衣架").run()
    seen.text_input(key="report_spent").set_value("178420").run()
    seen = look(case, "project.py", "zhao", "en", id=case.ids["project1"], do="project.report")  # a switch of language begins anew
    assert seen.text_area(key="report_text").value == "六组晾衣架" and seen.text_input(key="report_spent").value == "178420"
    seen.text_area(key="report_text").set_value("六组晾衣架装好了。").run()
    seen.button(key="do_project.report").click().run()
    assert "Reported" in text(seen)
    seen = look(case, "project.py", "zhao", id=case.ids["project1"], do="project.report")
    assert seen.text_area(key="report_text").value == ""  # what was sent is not offered again


def test_a_judgement_begun_is_there_again_in_the_other_language() -> None:
    case = play("at: 2026-05-17T00:00")
    at(case.moment + timedelta(hours=2))
    unit = judged_as(case)
    seen = look(case, "proposal.py", "xiao", id=case.ids["round1"], do="evaluation.answer")
    seen.radio(key=f"rate_score_{unit}").set_value(4).run()
    seen.text_area(key=f"rate_text_{unit}").set_value("路平了").run()
    seen = look(case, "proposal.py", "xiao", "en", id=case.ids["round1"], do="evaluation.answer")
    assert seen.radio(key=f"rate_score_{unit}").value == 4 and seen.text_area(key=f"rate_text_{unit}").value == "路平了"


def test_who_has_judged_is_told_so_everywhere_and_not_asked_again() -> None:
    case = play("at: 2026-05-17T00:00")
    at(case.moment + timedelta(hours=2))
    home = look(case, "home.py", "xiao")
    assert "办得怎么样" in text(home)
    unit = judged_as(case)
    seen = look(case, "proposal.py", "xiao", id=case.ids["round1"], do="evaluation.answer")
    seen.radio(key=f"rate_score_{unit}").set_value(4).run()
    seen.radio(key=f"rate_solved_{unit}").set_value(True).run()
    seen.button(key="do_evaluation.answer").click().run()
    assert "您家已经评过了：4 分，好。" in text(seen) and seen.button(key="open_evaluation.answer").label == "改我的评价"
    for language, said in (("zh-CN", "您家已经评过了：4 分，好。"), ("en", "Your home has answered: 4, good.")):
        for page in ("home.py", "me.py"):
            assert said in text(look(case, page, "xiao", language))
    assert "去评价" not in text(look(case, "home.py", "xiao"))
    assert "您家已经评过了" not in text(look(case, "proposal.py", "wei", id=case.ids["round1"]))


def test_what_is_late_says_so_alike_everywhere() -> None:
    case = play("at: 2026-05-12T16:00")
    with reading(case.community_id) as db:
        due_on = db.exec(select(Project.due_on)).one()
    at(datetime.combine(due_on, datetime.min.time(), case.moment.tzinfo) + timedelta(days=4, hours=5))
    for page, query in (("home.py", {}), ("progress.py", {}), ("project.py", {"id": case.ids["project1"]}),
                        ("proposal.py", {"id": case.ids["round1"]})):  # fmt: skip
        seen = look(case, page, "zhao", **query)
        said = text(seen)
        assert "超时 4 天" in said and not re.search(r"晚 \d+ 天", said.replace("比计划晚", "")), (page, said)
        assert re.search(r'class="bd y"[^>]*>(<i[^>]*></i>)?超时\s4\s天', html(seen)), page  # one colour: yellow from the third day


def test_nothing_is_late_once_it_is_finished() -> None:
    case = play("do: projects.accept")
    with reading(case.community_id) as db:
        due_on = db.exec(select(Project.due_on)).one()
    at(datetime.combine(due_on, datetime.min.time(), case.moment.tzinfo) + timedelta(days=9))
    for page, query in (("home.py", {}), ("proposal.py", {"id": case.ids["round1"]})):
        said = text(look(case, page, "sun", **query))
        assert "超时" not in said and f"{due_on.day} 日 24:00" not in said, said
