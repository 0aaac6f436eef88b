"""Proposals, drafts and their files on both databases: each command, each refusal, and that a second press changes nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from models.concern import Concern
from models.file import StoredFile
from models.proposal import Proposal, ProposalDraft, ProposalSupport, StageChange
from models.vocabulary import ConcernStage, Stage
from services import actors, communities, concerns, drafts, files, filing, proposals
from services.errors import Conflict, Invalid, NotAllowed, NotFound, Several, WrongStage
from services.reads import filing as filing_reads
from services.reads import story
from services.reads.story_entries import Filed, Moved
from services.work import do, working
from tests.fixtures.intake import PDF, WISH, one, reasons, rows, said, visitor, wished
from tests.fixtures.neighbours import COMMUNITY, Neighbours


def test_a_proposal_is_filed_with_its_authors_home(neighbours: Neighbours) -> None:
    made = wished(neighbours, cost_fen=186_000)
    assert (made.stage, made.number[:2], made.supporters_needed, made.cost_fen) == (Stage.FILED, "T-", 10, 186_000)
    assert [each.unit_id for each in rows(ProposalSupport)] == [neighbours.units[0]]
    assert [each.after for each in rows(StageChange)] == [Stage.FILED]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "椅子"}, "title"),
        ({"title": "椅" * 61}, "title"),
        ({"problem": "没有"}, "problem"),
        ({"plan": ""}, "plan"),
        ({"place": ""}, "place"),
        ({"estate_id": ""}, "estate_id"),
        ({"estate_id": "nothing"}, "estate_id"),
        ({"category": "hazard"}, "category"),
        ({"category": "x"}, "category"),
        ({"cost_fen": -1}, "cost_fen"),
        ({"cost_fen": 10_000_000_001}, "cost_fen"),
        ({"beneficiaries": "人" * 401}, "beneficiaries"),
        ({"carried_out_by": "人" * 201}, "carried_out_by"),
    ],
)
def test_what_a_proposal_cannot_say(neighbours: Neighbours, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        wished(neighbours, **changes)
    assert list(reasons(refused)) == [field] and rows(Proposal) == []
    if field != "estate_id" or not changes[field]:
        assert [each.field for each in proposals.missing(WISH | {"estate_id": "x"} | changes)] == [field]


def test_looked_over_in_parts_as_typed() -> None:
    assert proposals.look_over(WISH | {"cost": "1,860.5 元"}, ("title",))["cost_fen"] == 186_050
    with pytest.raises(Invalid) as refused:
        proposals.look_over({"cost": "很多"}, ("cost_fen",))
    assert list(reasons(refused)) == ["cost_fen"]
    assert [each.field for each in proposals.missing({})] == ["title", "problem", "plan", "place", "category", "estate_id"]


@pytest.mark.parametrize("who", ["newcomer", "chair", "supervisor", "administrator", ""])
def test_who_may_not_file(neighbours: Neighbours, who: str) -> None:
    with pytest.raises(NotAllowed):
        do(neighbours.actor(who) if who else visitor(), proposals.submit, **WISH, estate_id=neighbours.estate)


def test_the_same_form_makes_one_proposal(neighbours: Neighbours) -> None:
    assert wished(neighbours, form="word").id == wished(neighbours, form="word").id and len(rows(Proposal)) == 1
    assert wished(neighbours, "neighbour", form="word").id != rows(Proposal)[0].id


def test_a_proposal_of_a_concern(neighbours: Neighbours) -> None:
    concern = said(neighbours)
    made = wished(neighbours, concern_id=concern.id)
    assert one(Concern, concern.id).stage is ConcernStage.PROPOSED and made.concern_id == concern.id
    with pytest.raises(NotFound):
        wished(neighbours, concern_id="nothing")
    do(neighbours.actor("committee"), concerns.answer, concern_id=concern.id, text="成了提案。")
    do(neighbours.actor("committee"), concerns.close, concern_id=concern.id)
    with pytest.raises(WrongStage):
        wished(neighbours, concern_id=concern.id, title="小花园再添一把椅子")


def test_the_same_words_from_another_window_are_the_same_proposal(neighbours: Neighbours) -> None:
    concern = said(neighbours)
    first = wished(neighbours, concern_id=concern.id, form="one window")
    assert wished(neighbours, concern_id=concern.id, form="another window").id == first.id
    assert wished(neighbours, concern_id=concern.id, form="another window", plan="在小花园西侧装两把长椅。").id != first.id
    for other in ({"cost_fen": 999_900}, {"category": "safety"}, {"beneficiaries": "孩子"}, {"carried_out_by": "市政公司"}):
        assert wished(neighbours, concern_id=concern.id, form="a third window", **other).id != first.id  # nothing that was said is left out
    assert wished(neighbours, form="without the concern").id != first.id
    assert wished(neighbours, "neighbour").id != first.id, "somebody else may wish the same"
    do(neighbours.actor("resident"), proposals.withdraw, proposal_id=first.id, reason="以后再说。")
    assert wished(neighbours, concern_id=concern.id, form="one window again").id != first.id, "what was withdrawn can be filed again"


def endorsed(neighbours: Neighbours) -> Proposal:
    do(neighbours.actor("administrator"), communities.change, figures={"supporters_needed": 2})
    made = wished(neighbours)
    assert do(neighbours.actor("neighbour"), proposals.support, proposal_id=made.id) == 2
    return made


def test_endorsed_at_the_number_it_needs(neighbours: Neighbours) -> None:
    made = endorsed(neighbours)
    assert one(Proposal, made.id).stage is Stage.ENDORSED
    with pytest.raises(Conflict):
        do(neighbours.actor("neighbour"), proposals.support, proposal_id=made.id)
    with pytest.raises(Conflict):
        do(neighbours.actor("neighbour"), proposals.unsupport, proposal_id=made.id)
    for who in ("resident", "newcomer"):
        with pytest.raises(NotAllowed):
            do(neighbours.actor(who), proposals.support, proposal_id=made.id)


def test_support_is_taken_back_and_given_again(neighbours: Neighbours) -> None:
    made = wished(neighbours)
    for _ in range(2):
        assert do(neighbours.actor("neighbour"), proposals.support, proposal_id=made.id) == 2
        assert do(neighbours.actor("neighbour"), proposals.unsupport, proposal_id=made.id) == 1
    with pytest.raises(Conflict):
        do(neighbours.actor("neighbour"), proposals.unsupport, proposal_id=made.id)


def test_review_returns_completes_accepts(neighbours: Neighbours) -> None:
    made = endorsed(neighbours)
    with pytest.raises(Invalid) as refused:
        do(neighbours.actor("committee"), proposals.send_back, proposal_id=made.id, reason="")
    assert "reason" in reasons(refused)
    do(neighbours.actor("committee"), proposals.send_back, proposal_id=made.id, reason="请附照片。")
    for who in ("neighbour", "committee"):
        with pytest.raises(NotAllowed):
            do(neighbours.actor(who), proposals.resubmit, proposal_id=made.id, plan="换成三把带扶手的长椅。")
    with pytest.raises(Invalid):
        do(neighbours.actor("resident"), proposals.resubmit, proposal_id=made.id, plan="少")
    for _ in range(2):
        again = do(neighbours.actor("resident"), proposals.resubmit, proposal_id=made.id, seen=1, plan="换成三把带扶手的长椅。")
    assert (again.version, one(Proposal, made.id).stage) == (2, Stage.ENDORSED)
    with pytest.raises(WrongStage):
        do(neighbours.actor("resident"), proposals.resubmit, proposal_id=made.id, plan="又换成三把带扶手的长椅。")
    do(neighbours.actor("committee"), proposals.accept, proposal_id=made.id)
    assert one(Proposal, made.id).stage is Stage.ACCEPTED
    for command in (proposals.accept, proposals.decline, proposals.send_back):
        with pytest.raises(WrongStage):
            do(neighbours.actor("committee"), command, proposal_id=made.id, reason="已经立案了。")
    with pytest.raises(WrongStage):
        do(neighbours.actor("resident"), proposals.withdraw, proposal_id=made.id)


def test_declined_withdrawn_and_whose_it_is(neighbours: Neighbours) -> None:
    made = wished(neighbours)
    with pytest.raises(WrongStage):
        do(neighbours.actor("committee"), proposals.accept, proposal_id=made.id)
    for who in ("resident", "grid_worker", "chair", "administrator"):
        with pytest.raises(NotAllowed):
            do(neighbours.actor(who), proposals.decline, proposal_id=made.id, reason="不合适。")
    with pytest.raises(NotAllowed):
        do(neighbours.actor("neighbour"), proposals.withdraw, proposal_id=made.id)
    do(neighbours.actor("committee"), proposals.decline, proposal_id=made.id, reason="归街道管，已经转去。")
    assert one(Proposal, made.id).stage is Stage.DECLINED
    other = wished(neighbours)
    do(neighbours.actor("resident"), proposals.withdraw, proposal_id=other.id, reason="写重了。")
    assert one(Proposal, other.id).stage is Stage.WITHDRAWN


def test_nobody_reviews_their_own(neighbours: Neighbours) -> None:
    made = do(neighbours.actor("committee"), proposals.submit, **WISH, estate_id=neighbours.estate)
    for command in (proposals.send_back, proposals.decline):
        with pytest.raises(NotAllowed):
            do(neighbours.actor("committee"), command, proposal_id=made.id, reason="我自己的。")


# ---- drafts and their files


def test_a_draft_is_kept_per_owner_and_kind(neighbours: Neighbours) -> None:
    for who in (neighbours.actor("resident"), visitor(), visitor("visitor:other")):
        do(who, drafts.save, kind="proposal", content={"title": who.owner}, step=2)
        do(who, drafts.save, kind="proposal", content={"title": who.owner, "plan": "…"}, step=3)
        do(who, drafts.save, kind="concern", content={"text": "别的"})
    assert len(rows(ProposalDraft)) == 6 and {each.step for each in rows(ProposalDraft) if each.kind == "proposal"} == {3}
    do(visitor(), drafts.discard, "proposal")
    do(visitor(), drafts.discard, "proposal")
    assert len(rows(ProposalDraft)) == 5
    with pytest.raises(Invalid):
        do(visitor(), drafts.save, kind="proposal", content={"plan": "长" * (drafts.LONGEST + 1)})
    with pytest.raises(NotAllowed):
        do(actors.visitor(COMMUNITY), drafts.save, kind="proposal", content={})


def test_files_of_a_draft_go_over_to_what_it_became(neighbours: Neighbours) -> None:
    me = neighbours.actor("resident")
    filing.keep(me, kind="proposal", content={"title": "椅子"}, uploads=[("报价.pdf", PDF)])
    filing.keep(neighbours.actor("neighbour"), kind="proposal", content={"title": "别的"}, uploads=[("别人.pdf", PDF)])
    made = wished(neighbours)
    assert {each.name: each.about for each in rows(StoredFile)} == {"报价.pdf": f"proposal:{made.id}", "别人.pdf": "draft:proposal"}
    assert [each.owner for each in rows(ProposalDraft)] == [f"person:{neighbours.people['neighbour']}"]


def test_a_refused_file_leaves_the_words_and_the_other_files(neighbours: Neighbours) -> None:
    with pytest.raises(Several) as refused:
        filing.keep(visitor(), kind="concern", content={"text": "写好的"}, uploads=[("a.pdf", PDF), ("b.exe", b"MZ"), ("c.jpg", b"")])
    assert [each.values["name"] for each in refused.value.reasons] == ["b.exe", "c.jpg"]
    assert [each.name for each in rows(StoredFile)] == ["a.pdf"] and rows(ProposalDraft)[0].content == {"text": "写好的"}
    do(visitor(), filing.throw_away, "concern")
    assert rows(ProposalDraft) == [] and rows(StoredFile)[0].removed_at is not None
    assert not files.place(rows(StoredFile)[0]).exists()


def test_the_same_file_sent_twice_with_a_draft_is_kept_once(neighbours: Neighbours) -> None:
    for name in ("a.pdf", "a.pdf", "b.pdf"):
        filing.keep(neighbours.actor("resident"), kind="proposal", content={"title": "椅子"}, uploads=[(name, PDF)])
    filing.keep(neighbours.actor("neighbour"), kind="proposal", content={"title": "别的"}, uploads=[("a.pdf", PDF)])
    assert sorted(each.name for each in rows(StoredFile)) == ["a.pdf", "a.pdf", "b.pdf"]
    assert [each.name for each in filing_reads.draft_files(neighbours.actor("resident"), "proposal")] == ["a.pdf", "b.pdf"]


def test_the_story_tells_each_version_where_it_was_filed(neighbours: Neighbours) -> None:
    do(neighbours.actor("administrator"), communities.change, figures={"supporters_needed": 1})
    made, texts = wished(neighbours), []
    for changes in ({"title": "小花园添三把椅子"}, {"plan": "换成三把带扶手的长椅。"}, {"plan": "三把带扶手的长椅，绿色。"}):
        do(neighbours.actor("committee"), proposals.send_back, proposal_id=made.id, reason="还要写清楚。")
        do(neighbours.actor("resident"), proposals.resubmit, proposal_id=made.id, **changes)
    for each in story.story(neighbours.actor("resident"), made.id).entries:
        if isinstance(each, Filed) or (isinstance(each, Moved) and each.version):
            texts.append((getattr(each, "version", 1), each.plan))
    assert texts == [(1, WISH["plan"]), (2, ""), (3, "换成三把带扶手的长椅。"), (4, "三把带扶手的长椅，绿色。")]
    receipt = filing_reads.filed(neighbours.actor("resident"), made.id)
    assert receipt.filed_at > made.filed_at, "of what was filed again"


def test_a_second_press_leaves_the_draft_of_another_form_and_other_words(neighbours: Neighbours) -> None:
    me = neighbours.actor("resident")
    wished(neighbours, form="word")
    filing.keep(me, kind="proposal", content={"title": "车棚", "form": "other"}, uploads=[("b.pdf", PDF)])
    wished(neighbours, form="word")
    assert rows(ProposalDraft)[0].content["title"] == "车棚" and rows(StoredFile)[0].removed_at is None
    same = WISH | {"estate_id": neighbours.estate, "cost": "", "form": "word"}
    filing.keep(me, kind="proposal", content=same | {"plan": "另一个窗口里接着写的另一种办法。"})
    wished(neighbours, form="word")
    assert "另一个窗口" in rows(ProposalDraft)[0].content["plan"]
    filing.keep(me, kind="proposal", content=same)
    wished(neighbours, form="word")
    assert rows(ProposalDraft) == [] and rows(StoredFile)[0].removed_at is not None


def test_nothing_is_adopted_by_somebody_without_a_name(neighbours: Neighbours) -> None:
    filing.keep(visitor(), kind="concern", content={"text": "写好的"}, uploads=[("a.pdf", PDF)])
    with working(actors.visitor(COMMUNITY)) as work:
        assert files.adopt(work, kind="concern", about="concern:x") == 0


def test_two_first_saves_of_a_draft_at_once_leave_one(neighbours: Neighbours) -> None:
    actor, both = neighbours.actor("resident"), Barrier(2)

    def save(kind: str, text: str) -> str:
        both.wait(30)
        return str(do(actor, drafts.save, kind=kind, content={"text": text}).content["text"])

    with ThreadPoolExecutor(2) as pool:
        for each in range(10):
            assert list(pool.map(save, [f"concern:{each}"] * 2, ["坡道", "坡道口"])) == ["坡道", "坡道口"]
    assert sorted(each.kind for each in rows(ProposalDraft)) == [f"concern:{each}" for each in range(10)]


def test_a_draft_saved_again_is_the_same_row_as_it_is_now(neighbours: Neighbours) -> None:
    with working(neighbours.actor("resident")) as work:
        first = drafts.save(work, kind="concern", content={"text": "坡道"})
        again = drafts.save(work, kind="concern", content={"text": "坡道口"}, step=2)
        assert (again.id, again.content, again.step) == (first.id, {"text": "坡道口"}, 2)
        assert drafts.find(work, "concern") is again
    assert [each.content for each in rows(ProposalDraft)] == [{"text": "坡道口"}]
