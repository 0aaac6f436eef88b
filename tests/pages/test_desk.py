"""The desk's pages and the list of proposals, as every role and in both languages: who sees what, the acts and their undo."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from models.concern import Concern
from models.proposal import Proposal, ProposalDraft
from models.vocabulary import ConcernStage, Stage
from services import clock, communities, concerns, proposals, register
from services.work import do
from tests.fixtures.intake import NOON, WISH, Look, address, fault, press, rows, said, seen, wished
from tests.fixtures.moment import around
from tests.fixtures.neighbours import CAST, Neighbours

LANGUAGES = ("zh-CN", "en")
DESK = ("grid_worker", "committee", "second")


@pytest.fixture(autouse=True)
def _noon(neighbours_sqlite: Neighbours) -> Iterator[None]:
    around(NOON)
    yield
    clock.follow(timedelta)


@pytest.fixture
def look(neighbours_sqlite: Neighbours) -> Look:
    return Look(neighbours_sqlite)


# ---- who sees what


def test_whoever_looks_after_several_grids_is_named_with_the_signs_of_the_language(neighbours_sqlite: Neighbours, look: Look) -> None:
    n = neighbours_sqlite
    concern = said(n)
    do(n.actor("committee"), register.add_grid, estate_id=n.estate, name="Grid B", worker_id=n.people["grid_worker"])
    do(n.actor("committee"), concerns.pass_on, concern_id=concern.id, holder_id=n.people["second"], note="")
    for language, joined in (("zh-CN", "Grid B和第一网格"), ("en", "Grid B and 第一网格")):
        offered = look("inbox.py", "committee", language, id=concern.id).selectbox(key=f"whom_{concern.id}").options
        assert any(joined in each for each in offered), offered
        assert language == "zh-CN" or not any(set("、：（") & set(each) for each in offered)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_role_on_every_page(neighbours_sqlite: Neighbours, look: Look, language: str) -> None:
    n = neighbours_sqlite
    concern, proposal = said(n), wished(n, title="Chairs in the garden")
    mark = re.compile(
        r"坡道口停满外卖车，轮椅上不去|坡道口|华亭\w*|小花园\w*|老人\w*，\w*|在小花园\w*|第一网格|号院|中文|字|[\u4e00-\u9fff]{2,4}(?=\s)"
    )
    for who in ("", *CAST):
        for page, query in (
            ("proposals.py", {}),
            ("proposal_new.py", {}),
            ("inbox.py", {}),
            ("review.py", {}),
            ("concern.py", {"id": concern.id}),
        ):
            text = seen(look(page, who, language, **query))
            assert not fault(text), (page, who, text)
            han = re.findall(r"[\u4e00-\u9fff]", mark.sub("", text))
            assert (len(han) > 6) == (language == "zh-CN"), (page, who, "".join(han))
            if page == "inbox.py":
                assert (concern.number in text) == (who in DESK), (page, who)
            if page == "review.py":
                assert (proposal.number in text) == (who in ("committee", "second")), (page, who)
            if page == "concern.py":
                assert ("轮椅上不去" in text) == (who in (*DESK, "resident")), (page, who)
            if page == "proposals.py":
                assert proposal.number in text, who


def test_phones_are_for_the_desk(neighbours_sqlite: Neighbours, look: Look) -> None:
    concern = said(neighbours_sqlite, "", visitor_name="小马哥", visitor_phone="138 0000 1234")
    assert "138 0000 1234" in seen(look("inbox.py", "grid_worker", id=concern.id))
    for who in ("resident", "chair", ""):
        assert "138" not in seen(look("concern.py", who, id=concern.id))


def test_addresses_that_are_nobodys(neighbours_sqlite: Neighbours, look: Look) -> None:
    other = wished(neighbours_sqlite, "neighbour")
    for page, query in (
        ("concern.py", {"id": "nothing"}),
        ("concern.py", {}),
        ("proposal_new.py", {"id": "nothing"}),
        ("proposal_new.py", {"id": other.id}),
        ("proposal_new.py", {"done": other.id}),
    ):
        assert "这一页打不开" in seen(look(page, "resident", **query)), (page, query)
    assert "请先登录" in seen(look("proposal_new.py"))
    assert not fault(seen(look("inbox.py", "committee", id="nothing", page="999999999999", set="x", category="x", estate="x", q="%_'")))
    assert not fault(seen(look("proposals.py", "", page="-1", set="x", order="x", category="hazard", q="\\%")))


@pytest.mark.parametrize(("words", "heading"), [("路灯坏了三天。", "路灯坏了三天。"), ("路灯坏了。走路要摸黑。", "路灯坏了")])
def test_a_concern_of_one_sentence_is_said_once(neighbours_sqlite: Neighbours, look: Look, words: str, heading: str) -> None:
    concern = said(neighbours_sqlite, text=words)
    text = seen(look("concern.py", "committee", id=concern.id))
    assert text.count(heading.rstrip("。")) == (1 if words == heading else 2) and words in text


# ---- the lists


def test_the_list_narrows_and_its_address_keeps_it(neighbours_sqlite: Neighbours, look: Look) -> None:
    assert "还没有提案" in seen(look("proposals.py"))
    made = []
    for place in range(14):
        with clock.at(NOON - timedelta(hours=20 - place)):
            made.append(wished(neighbours_sqlite, title=f"第{place}份提案"))
    text = seen(look("proposals.py"))
    assert "14 份提案正在办" in text and made[-1].number in text and made[0].number not in text
    assert made[0].number in seen(look("proposals.py", page="2"))
    assert made[0].number in seen(look("proposals.py", q=made[0].number)) and made[1].number not in seen(
        look("proposals.py", q=made[0].number)
    )
    assert "没有符合的提案" in seen(look("proposals.py", set="works"))
    lost = seen(look("proposals.py", q="zzzz"))
    assert "14 份提案里没有合适的" in lost and "0 份提案正在办" not in lost
    sets = look("proposals.py").get("button_group")[0]
    assert sets.proto.options[0].content.endswith(" 14"), "how many stand where is said once, at the filter"
    at = look("proposals.py")
    at.text_input(key="q").set_value("第3份").run()
    assert address(at, "q") == "第3份" and made[3].number in seen(at) and made[4].number not in seen(at)
    assert made[0].number not in seen(look("proposals.py", "neighbour", mine="1"))


# ---- the desk


def test_late_first_and_the_five_figures(neighbours_sqlite: Neighbours, look: Look) -> None:
    n = neighbours_sqlite
    with clock.at(NOON - timedelta(hours=31, minutes=30)):
        late = said(n, text="楼道灯不亮，晚上摸黑上楼")
    with clock.at(NOON - timedelta(hours=20)):
        today = said(n, text="三楼装修午休时还在敲")
    fresh = said(n, text="想给小花园添两把椅子")
    with clock.at(NOON - timedelta(hours=6)):
        done = said(n, text="门禁坏了，谁都能进")
        with clock.at(NOON - timedelta(hours=4)):
            do(n.actor("grid_worker"), concerns.answer, concern_id=done.id, text="明天换新的。")
    text = seen(look("inbox.py", "committee"))
    assert "1 件已超时，先办这些" in text and "超时 7 小时" in text
    assert text.index("楼道灯不亮") < text.index("三楼装修") < text.index("想给小花园") and "门禁坏了" not in text
    for figure in ("等首次答复 3 件", "今天到期 1 件", "2.0 小时", "有回音的占 25.0 %"):
        assert figure in text, figure
    assert "楼道灯" in seen(look("inbox.py", "committee", set="late")) and fresh.number not in seen(
        look("inbox.py", "committee", set="late")
    )
    assert "三楼装修" in seen(look("inbox.py", "committee", set="today")) and today.number and late.number
    assert "门禁坏了" in seen(look("inbox.py", "committee", set="answered"))
    assert "这里没有等着办的" in seen(look("inbox.py", "committee", set="ended"))
    assert "没有符合的" in seen(look("inbox.py", "committee", q="没有这件事"))
    assert "楼道灯" not in seen(look("inbox.py", "committee", holder="me"))


def test_answer_pass_on_close(neighbours_sqlite: Neighbours, look: Look) -> None:
    n = neighbours_sqlite
    concern = said(n)
    at = look("inbox.py", "grid_worker", id=concern.id)
    assert at.button(key="locked_close").disabled
    at.text_area(key=f"answer_{concern.id}").set_value("好").run()
    press(at, "do_answer")
    assert "至少" in seen(at) and rows(Concern)[0].answer == ""
    again = look("inbox.py", "grid_worker", id=concern.id)
    assert again.text_area(key=f"answer_{concern.id}").value == "好", "a half-written answer is kept"
    again.text_area(key=f"answer_{concern.id}").set_value("今天起画禁停线，保安中午值守。").run()
    press(again, "do_answer")
    assert rows(Concern)[0].stage is ConcernStage.ANSWERED and "答复了" in seen(again)
    assert not [each for each in rows(ProposalDraft) if each.kind.startswith("answer")]
    at = look("concern.py", "committee", id=concern.id)
    at.selectbox(key=f"whom_{concern.id}").select(n.people["second"]).run()
    press(at, "do_pass_on")
    assert rows(Concern)[0].holder_id == n.people["second"] and "转给 吴委员" in seen(at)
    press(at, "do_undo")
    assert rows(Concern)[0].holder_id == n.people["grid_worker"]
    press(look("concern.py", "committee", id=concern.id), "do_close")
    assert rows(Concern)[0].stage is ConcernStage.CLOSED
    text = seen(look("concern.py", "resident", id=concern.id))
    assert "已经办结" in text and "今天起画禁停线" in text and "李师傅" in text


@pytest.mark.parametrize("closed", [False, True])
def test_name_and_number_of_a_visitor_are_taken_off(neighbours_sqlite: Neighbours, look: Look, closed: bool) -> None:
    n = neighbours_sqlite
    concern = said(n, "", visitor_name="小马哥", visitor_phone="138 0000 1234")
    if closed:
        do(n.actor("committee"), concerns.answer, concern_id=concern.id, text="今天起画禁停线，保安中午值守。")
        do(n.actor("committee"), concerns.close, concern_id=concern.id)
    at = look("concern.py", "grid_worker", id=concern.id)
    assert "138 0000 1234" in seen(at)
    press(at, "do_forget")
    assert rows(Concern)[0].visitor_phone == "" and "已经去掉" in seen(at) and "小马哥" not in seen(at)
    assert "do_forget" not in {each.key for each in look("concern.py", "grid_worker", id=concern.id).button}


def test_several_at_once_with_undo(neighbours_sqlite: Neighbours, look: Look) -> None:
    n = neighbours_sqlite
    made = [said(n, text=f"第{place}件事，请看看") for place in range(3)]
    at = look("inbox.py", "committee")
    for each in made[:2]:
        at.checkbox(key=f"tick_{each.id}").check().run()
    press(at, "do_bulk")
    assert "请选一项" in seen(at)
    at.selectbox(key="bulk_whom").select(n.people["committee"]).run()
    press(at, "do_bulk")
    assert sorted(each.holder_id == n.people["committee"] for each in rows(Concern)) == [False, True, True]
    assert "2 件转给 周主任" in seen(at)
    press(at, "do_undo")
    assert {each.holder_id for each in rows(Concern)} == {n.people["grid_worker"]} and "2 件收回来了" in seen(at)


# ---- review


def test_review_returns_and_accepts(neighbours_sqlite: Neighbours, look: Look) -> None:
    n = neighbours_sqlite
    assert "没有等审核的提案" in seen(look("review.py", "committee"))
    with clock.at(NOON - timedelta(days=12)):
        do(n.actor("administrator"), communities.change, figures={"supporters_needed": 2})
        made = wished(n)
        do(n.actor("neighbour"), proposals.support, proposal_id=made.id)
    waits = wished(n, title="还在等附议的那一份", problem="路灯太暗，看不清台阶。")
    at = look("review.py", "committee")
    assert "1 份审核超期了" in seen(at) and "超时 4 天" in seen(at)
    press(at, "do_proposal.return")
    assert "空着" in seen(at) and rows(Proposal)[0].stage is Stage.ENDORSED
    at.text_area(key=f"reason_{made.id}_1").set_value("请附一张现场照片。").run()
    assert look("review.py", "committee").text_area(key=f"reason_{made.id}_1").value == "请附一张现场照片。"
    press(at, "do_proposal.return")
    assert "退回提案人补充了" in seen(at)
    at = look("review.py", "committee", id=waits.id)
    assert at.button(key="do_proposal.accept").disabled and "还要 1 户附议" in seen(at)
    do(n.actor("resident"), proposals.resubmit, proposal_id=made.id, plan="装两把带扶手的长椅，附照片。")
    press(look("review.py", "committee", id=made.id), "do_proposal.accept")
    assert {each.title: each.stage for each in rows(Proposal)}[WISH["title"]] is Stage.ACCEPTED
    assert "已经不在审核里" in seen(look("review.py", "committee", id=made.id))


def test_nobody_reviews_their_own_and_is_told_why(neighbours_sqlite: Neighbours, look: Look) -> None:
    made = wished(neighbours_sqlite, "committee")
    at = look("review.py", "committee", id=made.id)
    assert all(at.button(key=f"do_proposal.{act}").disabled for act in ("accept", "return", "decline"))
    assert "自己" in seen(at)
    assert not look("review.py", "second", id=made.id).button(key="do_proposal.decline").disabled
