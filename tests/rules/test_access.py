"""Every act × every standing × every stage equals what is written here by hand, independently of the table; deny by default."""

from __future__ import annotations

import itertools

import pytest

from models.vocabulary import Role, Stage
from services.errors import NotAllowed, WrongStage
from services.rules import access

# act | who may | who never may, even so | at which stages ("" for any)
# adm com grid chair exe sup own: roles. Any: anybody, in: signed in, res: confirmed resident.
STATED = """
community.found        |                          |       |
community.change       | adm                      |       |
clock.advance          | any                      |       |
register.change        | adm com                  |       |
register.see           | adm com grid             |       |
register.export        | adm com grid             |       |
person.register        | any                      |       |
person.sign_in         |                          |       |
person.sign_out        | self                     |       |
person.confirm         | com grid                 | self  |
person.erase           | adm self                 |       |
person.export          | adm self                 |       |
role.grant             | adm                      | self  |
role.end               | adm self                 |       |
letter.issue           | com grid                 |       |
letter.renew           | adm com grid             | self  |
log.see                | any                      |       |
evidence.export        | adm com sup              |       |
concern.file           | any                      |       |
concern.support        | in                       | author|
concern.see_inbox      | com grid                 |       |
concern.answer         | com grid                 |       |
concern.pass_on        | com grid                 |       |
concern.close          | com grid                 |       |
concern.forget         | com grid                 |       |
proposal.submit        | res com grid own         |       |
proposal.resubmit      | author                   |       | returned
proposal.withdraw      | author                   |       | filed returned endorsed
proposal.support       | res                      | author| filed endorsed
proposal.accept        | com                      | author| endorsed
proposal.return        | com                      | author orphaned | filed endorsed
proposal.decline       | com                      | author| filed endorsed
proposal.reopen        | com chair                | author| executing inspecting evaluating closed kept_up rejected
meeting.convene        | com chair                |       | accepted deliberating
meeting.invite         | com chair_of             |       |
meeting.change         | com chair_of             |       |
meeting.cancel         | com chair_of             |       |
meeting.hand_over      | com chair_of             |       |
meeting.steer          | chair_of                 |       |
meeting.attend         | invited                  |       |
meeting.attend_for     | com chair_of             |       |
meeting.exchange_code  | any                      |       |
meeting.option         | com chair_of attending   |       | accepted deliberating
meeting.argument       | com chair_of attending   |       | accepted deliberating
meeting.commitment     | com chair_of             |       |
meeting.minutes        | com chair_of             |       |
meeting.confirm_minutes| chair_of                 |       |
poll.prepare           | com                      |       | deliberating
poll.renew_roll        | com                      | chair_of | deliberating
poll.codes             | com                      | chair_of | deliberating deciding
poll.open              | com chair chair_of       |       | deliberating
poll.cast              | on_roll                  |       | deciding
poll.exchange          | any                      |       |
poll.take_back         | chair chair_of           |       | deciding
poll.extend            | chair chair_of           |       | deciding
poll.close             | chair chair_of           | roll_keeper | deciding
poll.reveal            | chair chair_of           | roll_keeper | deciding
poll.cancel            | com chair                |       | deliberating deciding
poll.recount           | com chair sup adm on_roll|       |
notice.publish         | com                      |       | adopted
objection.lodge        | res                      |       | notice
objection.withdraw     | author                   |       | notice
objection.rule         | com                      | author proposer | notice
project.start          | com                      |       | notice
project.change         | com                      |       | executing inspecting
project.report         | com executor_of supervisor_of |  | executing inspecting
project.task_done      | com executor_of assignee |       | executing inspecting
project.milestone_done | com executor_of          |       | executing
project.complete       | executor_of              |       | executing
project.accept         | supervisor_of            | executed fellow tasked | inspecting
project.refuse         | supervisor_of            | executed fellow tasked | inspecting
evaluation.answer      | asked                    |       | evaluating
evaluation.close       | com                      | executed        | evaluating
evaluation.overtake    | com chair                | executed        | evaluating
upkeep.plan            | com                      | executed        | evaluating closed
upkeep.kept            | com keeper               |       |
upkeep.end             | com                      |       |
file.add               | any                      |       |
file.add_to_matter     | author com grid          |       |
file.remove            | owner                    |       |
"""
SHORT = {
    "adm": "administrator", "com": "committee", "grid": "grid_worker", "exe": "executor", "sup": "supervisor", "own": "owners_committee",
    "any": "anyone", "in": "signed_in", "res": "resident",
}  # fmt: skip
RELATIONS = (
    "author", "holder", "chair_of", "invited", "attending", "on_roll", "executor_of", "supervisor_of", "roll_keeper", "asked", "assignee",
    "owner", "self", "keeper", "proposer", "executed", "fellow", "tasked", "orphaned",
)  # fmt: skip
ROLES = tuple(role.value for role in Role)


def stated() -> dict[str, tuple[set[str], set[str], set[str]]]:
    found = {}
    for line in STATED.strip().splitlines():
        act, who, never, at = (part.strip() for part in line.split("|"))
        found[act] = ({SHORT.get(name, name) for name in who.split()}, set(never.split()), set(at.split()))
    return found


WANTED = stated()


def allowed(act: str, standing: frozenset[str], stage: Stage | None) -> bool:
    who, never, at = WANTED[act]
    return bool(who & standing) and not never & standing and (not at or (stage is not None and stage.value in at))


def test_nothing_is_missing_and_nothing_more() -> None:
    assert set(WANTED) == set(access.TABLE)
    named = set().union(*(who | never for who, never, _ in WANTED.values()))
    assert named <= {"anyone", "signed_in", "resident", *ROLES, *RELATIONS}


@pytest.mark.parametrize("act", sorted(WANTED))
def test_one_standing_at_every_stage(act: str) -> None:
    """A visitor; whoever is signed in; each role and each relation alone; each role as a resident; each pair of role and relation."""
    signed = {"anyone", "signed_in"}
    standings = [frozenset({"anyone"}), frozenset(signed)]
    standings += [frozenset(signed | {each}) for each in ("resident", *ROLES, *RELATIONS)]
    standings += [frozenset(signed | set(pair)) for pair in itertools.combinations(("resident", *ROLES, *RELATIONS), 2)]
    for standing in standings:
        for stage in (None, *Stage):
            refusal = access.why_not(act, standing, stage)
            assert (refusal is None) == allowed(act, standing, stage), (act, sorted(standing), stage)
            assert refusal is None or isinstance(refusal, NotAllowed | WrongStage)


@pytest.mark.parametrize("act", sorted(WANTED))
def test_the_workspace_itself(act: str) -> None:
    assert access.why_not(act, frozenset({"system"})) is None


@pytest.mark.parametrize(
    ("act", "may", "never"),
    [
        ("poll.close", "chair_of", "roll_keeper"),  # who keeps the roll does not count
        ("poll.reveal", "chair_of", "roll_keeper"),
        ("poll.codes", "committee", "chair_of"),  # and who counts does not keep it
        ("poll.renew_roll", "committee", "chair_of"),
        ("project.accept", "supervisor_of", "executed"),  # who executes, or did, does not accept
        ("project.accept", "supervisor_of", "fellow"),  # nor does their firm
        ("project.refuse", "supervisor_of", "tasked"),  # nor who promised a part of it
        ("evaluation.close", "committee", "executed"),
        ("upkeep.plan", "committee", "executed"),
        ("proposal.accept", "committee", "author"),  # nobody decides on their own matter
        ("objection.rule", "committee", "author"),
        ("objection.rule", "committee", "proposer"),
        ("proposal.reopen", "committee", "author"),
        ("role.grant", "administrator", "self"),  # nobody gives themselves a role
        ("letter.renew", "committee", "self"),  # or a way in
        ("person.confirm", "grid_worker", "self"),  # or a home
    ],
)
def test_what_never_goes_together(act: str, may: str, never: str) -> None:
    stage = next((Stage(each) for each in sorted(WANTED[act][2])), None)
    assert access.why_not(act, frozenset({"signed_in", may}), stage) is None
    refusal = access.why_not(act, frozenset({"signed_in", may, never, "administrator"}), stage)
    assert isinstance(refusal, NotAllowed) and refusal.message == access.NEVER_SAYS[never]


def test_an_unknown_act_is_a_bug() -> None:
    with pytest.raises(KeyError):
        access.why_not("proposal.burn", frozenset({"administrator"}))
