"""Administration: roles and what they may do, the community's settings, the log with its check digits, the installation."""

import streamlit as st

from pages.kit import admin_parts, door, frame
from pages.kit import pieces as p
from pages.kit.forms import emptied, said
from pages.kit.html import h, show
from pages.kit.register_forms import said_as
from pages.kit.words import N_, t
from services.reads import administration as reads

PARTS = {
    "roles": (N_("Roles"), "role.grant", admin_parts.roles),
    "table": (N_("Who may do what"), "log.see", admin_parts.table),
    "community": (N_("The community"), "community.change", admin_parts.community),
    "log": (N_("The log"), "evidence.export", admin_parts.log),
    "installation": (N_("This installation"), "community.change", admin_parts.installation),
}

actor = frame.me()
emptied()
door.only(actor.person_id is not None, t("Roles, settings and the log of the community."), actor)
open_ = [key for key, (_, action, _) in PARTS.items() if reads.why_not(actor, action) is None]
part = st.query_params.get("part", open_[0])
part = part if part in PARTS else open_[0]
show(h("{head}", head=p.head(t("Administration"), sub=t("Every change here is recorded, with who made it."))))
said()
words = said_as(open_, lambda key: t(PARTS[key][0]))
here = part if part in open_ else None
picked = st.segmented_control(t("Part"), open_, default=here, format_func=words, key=f"admin_{part}", label_visibility="collapsed")
if picked and picked != part:
    st.query_params.from_dict({"part": picked})
    st.rerun()
PARTS[part][2](actor)
