"""The one table of moves: from which stage a move leads where, and which of the eight steps a stage belongs to."""

from __future__ import annotations

from models.vocabulary import Move, Stage, Step
from services.errors import WrongStage

S, M = Stage, Move

# A matter begins by one of these; round two begins accepted, because it was reopened with reasons by those who may.
BEGINNINGS = {M.SUBMIT: S.FILED, M.NEXT_ROUND: S.ACCEPTED}

MOVES: dict[tuple[Stage, Move], Stage] = {
    (S.FILED, M.ENDORSE): S.ENDORSED,
    (S.RETURNED, M.RESUBMIT): S.FILED,
    (S.ENDORSED, M.ACCEPT): S.ACCEPTED,
    (S.FILED, M.RETURN): S.RETURNED,
    (S.ENDORSED, M.RETURN): S.RETURNED,
    (S.FILED, M.DECLINE): S.DECLINED,
    (S.ENDORSED, M.DECLINE): S.DECLINED,
    (S.FILED, M.WITHDRAW): S.WITHDRAWN,
    (S.RETURNED, M.WITHDRAW): S.WITHDRAWN,
    (S.ENDORSED, M.WITHDRAW): S.WITHDRAWN,
    (S.ACCEPTED, M.CONVENE): S.DELIBERATING,
    (S.DELIBERATING, M.CONVENE): S.DELIBERATING,
    (S.DELIBERATING, M.OPEN_POLL): S.DECIDING,
    (S.DECIDING, M.CANCEL_POLL): S.DELIBERATING,
    (S.DECIDING, M.UNDECIDED): S.DELIBERATING,
    (S.DECIDING, M.ADOPT): S.ADOPTED,
    (S.DECIDING, M.REJECT): S.REJECTED,
    (S.ADOPTED, M.PUBLISH): S.NOTICE,
    (S.NOTICE, M.SEND_BACK): S.DELIBERATING,
    (S.NOTICE, M.START): S.EXECUTING,
    (S.EXECUTING, M.COMPLETE): S.INSPECTING,
    (S.INSPECTING, M.REFUSE_WORKS): S.EXECUTING,
    (S.INSPECTING, M.ACCEPT_WORKS): S.EVALUATING,
    (S.EVALUATING, M.CLOSE): S.CLOSED,
    (S.EVALUATING, M.KEEP_UP): S.KEPT_UP,
    (S.CLOSED, M.KEEP_UP): S.KEPT_UP,
    # A dispute while the works still run opens the next round beside them; the first round goes on where it is.
    (S.EXECUTING, M.REOPEN): S.EXECUTING,
    (S.INSPECTING, M.REOPEN): S.INSPECTING,
    (S.EVALUATING, M.REOPEN): S.REOPENED,
    (S.CLOSED, M.REOPEN): S.REOPENED,
    (S.KEPT_UP, M.REOPEN): S.REOPENED,
    (S.REJECTED, M.REOPEN): S.REOPENED,
}

STEP_OF = {
    S.FILED: Step.PROPOSAL,
    S.ENDORSED: Step.PROPOSAL,
    S.RETURNED: Step.PROPOSAL,
    S.DECLINED: Step.PROPOSAL,
    S.WITHDRAWN: Step.PROPOSAL,
    S.ACCEPTED: Step.DELIBERATION,
    S.DELIBERATING: Step.DELIBERATION,
    S.DECIDING: Step.DECISION,
    S.REJECTED: Step.DECISION,
    S.ADOPTED: Step.NOTICE,
    S.NOTICE: Step.NOTICE,
    S.EXECUTING: Step.EXECUTION,
    S.INSPECTING: Step.SUPERVISION,
    S.EVALUATING: Step.EVALUATION,
    S.CLOSED: Step.EVALUATION,
    S.KEPT_UP: Step.EVALUATION,
    S.REOPENED: Step.EVALUATION,
}

ELSEWHERE = "This matter is at another stage now. Open it again to see where it stands."
ENDED = frozenset({S.DECLINED, S.WITHDRAWN, S.REJECTED, S.CLOSED, S.KEPT_UP, S.REOPENED})


def after(stage: Stage | None, move: Move) -> Stage:
    """Where `move` leads from `stage` (None: a new matter). Raises WrongStage where it leads nowhere."""
    found = BEGINNINGS.get(move) if stage is None else MOVES.get((stage, move))
    if found is None:
        raise WrongStage(ELSEWHERE)
    return found
