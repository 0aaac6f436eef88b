"""The parties and the agenda of a meeting: what a form gives of them is checked, then takes the place of what was there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import select

from models.meeting import AgendaItem, Invitation, Meeting, MeetingParty
from models.proposal import Proposal
from models.vocabulary import AgendaKind, Party
from services.checks import Checks
from services.errors import Invalid
from services.work import Work

Row = Mapping[str, Any]
MOST_PARTIES, MOST_ITEMS = 8, 20


def parties_given(check: Checks, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows {party, label, need} as they are kept; what is wrong is noted in `check`."""
    if not rows:
        check.note("Name at least one party that must be at the table.", "parties")
    if len(rows) > MOST_PARTIES:
        check.note("At most {n} parties fit on the wall.", "parties", n=MOST_PARTIES)
    made = []
    for place, row in enumerate(rows):
        made.append(
            {
                "party": check.choice(f"parties.{place}.party", row.get("party"), Party),
                "label": check.text(f"parties.{place}.label", row.get("label"), 40),
                "need": check.whole(f"parties.{place}.need", row.get("need", 1), 0, 500),
            }
        )
    labels = [row["label"] for row in made]
    for place, label in enumerate(labels):
        if label and label in labels[:place]:
            check.note("Two parties have the same name.", f"parties.{place}.label")
    if made and not any(row["need"] for row in made):
        check.note("Say how many of at least one party must be there.", "parties.0.need")
    return made


def items_given(check: Checks, rows: Sequence[Row], proposals: Sequence[Proposal]) -> list[dict[str, Any]]:
    """Rows {kind, title, minutes, proposal} as they are kept; what is wrong is noted in `check`."""
    if not rows:
        check.note("Put at least one item on the agenda.", "agenda")
    if len(rows) > MOST_ITEMS:
        check.note("At most {n} items; put the rest on another day.", "agenda", n=MOST_ITEMS)
    ids = [proposal.id for proposal in proposals]
    made: list[dict[str, Any]] = []
    for place, row in enumerate(rows):
        about = row.get("proposal") or row.get("proposal_id") or (ids[0] if len(ids) == 1 else None)
        kind = check.choice(f"agenda.{place}.kind", row.get("kind"), AgendaKind)
        if about is not None and about not in ids:
            check.note("Please choose one of the proposals of this meeting.", f"agenda.{place}.proposal")
        elif about is None and kind is AgendaKind.VOTE:
            check.note("Say which proposal this vote is about.", f"agenda.{place}.proposal")
        elif kind is AgendaKind.VOTE and any(each["kind"] is kind and each["proposal_id"] == about for each in made):
            # One vote at a time, and its result moves the matter on: the second could not be prepared.
            check.note("A meeting votes on a matter once. Ask all of it in one vote, or in another meeting.", f"agenda.{place}.kind")
        made.append(
            {
                "kind": kind,
                "title": check.text(f"agenda.{place}.title", row.get("title"), 60),
                "minutes": check.whole(f"agenda.{place}.minutes", row.get("minutes", 10), 1, 240),
                "proposal_id": about,
            }
        )
    for proposal in proposals:
        if rows and all(row["proposal_id"] != proposal.id for row in made):
            check.note("No item of the agenda is about “{title}”.", "agenda", title=proposal.title)
    return made


def replace_parties(work: Work, meeting: Meeting, rows: list[dict[str, Any]]) -> None:
    """Put these parties in place of the old ones. Raises Invalid where somebody is invited for one that would go."""
    old = {row.label: row for row in work.db.exec(select(MeetingParty).where(MeetingParty.meeting_id == meeting.id)).all()}
    for label, party in old.items():
        if all(row["label"] != label for row in rows):
            guests = work.db.exec(select(Invitation).where(Invitation.party_id == party.id)).all()
            if any(guest.withdrawn_at is None for guest in guests):
                raise Invalid("People are invited for “{label}”; this party has to stay.", field="parties", label=label)
            if guests:  # taken back, every one of them: what the log keeps of them is enough
                for guest in guests:
                    work.db.delete(guest)
                work.db.flush()
            work.db.delete(party)
    work.db.flush()
    for place, row in enumerate(rows):
        if kept := old.get(row["label"]):
            kept.party, kept.need, kept.position = row["party"], row["need"], place
        else:
            work.add(MeetingParty(id=work.new_id(), community_id=work.community_id, meeting_id=meeting.id, position=place, **row))


def replace_items(work: Work, meeting: Meeting, rows: list[dict[str, Any]], ids: list[str]) -> None:
    """Put these items in place of the old ones; `ids`: which old one each row is, "" for none. Raises Invalid where a vote would go."""
    old = {row.id: row for row in work.db.exec(select(AgendaItem).where(AgendaItem.meeting_id == meeting.id)).all()}
    for place, item in enumerate(old.values()):
        if item.id not in ids:
            if item.poll_id is not None:
                raise Invalid("A vote is prepared for “{title}”; this item has to stay.", field="agenda", title=item.title)
            work.db.delete(item)
        else:
            item.position = 1000 + place  # out of the way: positions are unique
    work.db.flush()
    for place, (row, row_id) in enumerate(zip(rows, ids, strict=True)):
        kept = old.get(row_id)
        if kept is None:
            work.add(AgendaItem(id=work.new_id(), community_id=work.community_id, meeting_id=meeting.id, position=place, **row))
            continue
        if kept.poll_id is not None and (row["kind"] is not AgendaKind.VOTE or row["proposal_id"] != kept.proposal_id):
            raise Invalid("A vote is prepared for “{title}”; this item has to stay.", field=f"agenda.{place}.kind", title=kept.title)
        for name, value in {**row, "position": place}.items():
            setattr(kept, name, value)
    work.db.flush()
