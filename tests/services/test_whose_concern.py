"""A concern becomes public with the proposal that is made of it: only its author and the desk may do that."""

from __future__ import annotations

import pytest

from models.concern import Concern
from models.vocabulary import ConcernStage
from services import concerns
from services.errors import NotFound
from services.reads import filing
from services.work import do
from tests.fixtures.intake import one, said, wished
from tests.fixtures.neighbours import Neighbours


@pytest.mark.parametrize("author", ["neighbour", ""])
def test_nobody_makes_a_proposal_of_somebody_elses_concern(neighbours: Neighbours, author: str) -> None:
    concern = said(neighbours, author, text="三楼半夜总有人吵，请来看看")
    with pytest.raises(NotFound):
        wished(neighbours, "resident", concern_id=concern.id)
    assert one(Concern, concern.id).stage is ConcernStage.OPEN
    assert wished(neighbours, "committee", concern_id=concern.id).concern_id == concern.id
    assert one(Concern, concern.id).stage is ConcernStage.PROPOSED


def test_its_author_does_and_not_once_it_is_closed(neighbours: Neighbours) -> None:
    own, over = said(neighbours, "neighbour"), said(neighbours, "neighbour", text="楼道灯坏了，晚上看不清")
    assert filing.origin(neighbours.actor("neighbour"), own.id) is not None
    assert wished(neighbours, "neighbour", concern_id=own.id).concern_id == own.id
    do(neighbours.actor("committee"), concerns.answer, concern_id=over.id, text="已经换了新灯泡。")
    do(neighbours.actor("committee"), concerns.close, concern_id=over.id, text="修好了，谢谢。")
    assert filing.origin(neighbours.actor("neighbour"), over.id) is None
