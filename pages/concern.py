"""One concern for whoever said it and for the desk: how it stands, who had it how long, the answer, a proposal of it."""

import streamlit as st

from models.vocabulary import ConcernStage
from pages.kit import concern, door, forms, frame
from pages.kit import pieces as p
from pages.kit.html import h, show
from pages.kit.words import near, t
from services import clock
from services.reads import concerns as reads
from services.reads import filing, inbox

actor = frame.me()
forms.emptied()
if actor.person_id is None:
    door.only(False, t("It is open to the one who said it, and to the desk."), actor)
seen = reads.page(actor, st.query_params.get("id"))


def finding() -> str:
    """The heading: how it stands."""
    match seen.stage:
        case ConcernStage.OPEN:
            if seen.desk:
                return t("The first answer is due: {when}", when=near(seen.due_at, seen.zone))
            if clock.now() > seen.due_at:
                return t("The answer is late")
            return t("An answer comes by {when}", when=near(seen.due_at, seen.zone))
        case ConcernStage.ANSWERED:
            return t("It has been answered")
        case ConcernStage.PROPOSED:
            return t("A proposal has come of it")
    return t("It is closed")


show(h("{head}", head=p.head(finding(), p.link(t("To the inbox"), f"/inbox?id={seen.id}") if seen.desk else "")))
concern.said_last(actor)
left, right = st.columns([1.5, 1])
with left, st.container(key="card_concern"):
    concern.told(seen)
    concern.answered(seen)
    if seen.mine and not seen.desk and seen.stage in (ConcernStage.OPEN, ConcernStage.ANSWERED):
        show(
            h(
                '<p><a class="fbt" href="/proposal_new?concern={id}" target="_self">{word}</a></p>',
                id=seen.id,
                word=t("Make a proposal of it"),
            )
        )
    if seen.receipt:
        show(h("<p>{link}</p>", link=p.link(t("Receipt with QR code"), f"/concern/{seen.receipt}")))
with right:
    with st.container(key="card_held"):
        concern.held(seen, due_too=False)
    if seen.desk:
        with st.container(key="card_acts"):
            words = filing.draft(actor, f"answer:{seen.id}")
            concern.acts(actor, seen, inbox.people(actor), str(words.content.get("text", "")) if words else "")
