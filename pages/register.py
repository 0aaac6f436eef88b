"""The register: who waits to be confirmed, people, homes, estates, organisations, bodies; found, changed, printed, taken in and out."""

import streamlit as st

from pages.kit import door, frame, register_forms, register_ground, register_people
from pages.kit import pieces as p
from pages.kit.forms import emptied, said
from pages.kit.html import h, show
from pages.kit.words import N_, number, t, tn
from services.reads import register as reads

PARTS = {
    "confirm": (N_("To confirm"), register_people.confirm),
    "people": (N_("People"), register_people.people),
    "homes": (N_("Homes and units"), register_ground.homes),
    "estates": (N_("Estates and grids"), register_ground.estates),
    "organisations": (N_("Organisations"), register_forms.organisations),
    "bodies": (N_("Bodies"), register_forms.bodies),
}

actor = frame.me()
emptied()
door.only(actor.person_id is not None, t("The register is kept by the committee and the grid workers."), actor)
ground = reads.ground(actor)


def finding() -> str:
    waiting = ground.claims + ground.seconds
    if waiting:
        return tn("{n} waits to be confirmed", "{n} wait to be confirmed", waiting)
    if not ground.units:
        if ground.estates:
            return t("No homes yet. Add those of your estate one by one, or from a table.")
        return t("The register is empty. Begin with an estate.")
    return t("{people} people, {units} homes and units", people=number(ground.people), units=number(ground.units))


def word(key: str) -> str:
    waiting = ground.claims + ground.seconds
    return f"{t(PARTS[key][0])} {waiting}" if key == "confirm" and waiting else t(PARTS[key][0])


show(h("{head}", head=p.head(finding(), sub=t("Seen by the committee, grid workers and administrators only. Every change is recorded."))))
said()
first = "confirm" if ground.claims or ground.seconds else "people" if ground.units else "homes" if ground.estates else "estates"
part = st.query_params.get("part", first)
part = part if part in PARTS else first
# The key names the part, so that an address that was followed wins over what was picked before.
picked = st.segmented_control(
    t("Part"), list(PARTS), default=part, format_func=register_forms.said_as(PARTS, word), key=f"part_{part}", label_visibility="collapsed"
)
if picked and picked != part:
    st.query_params.from_dict({"part": picked})
    st.rerun()
PARTS[part][1](actor, ground)
