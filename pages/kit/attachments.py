"""Photos and papers of a matter on a Streamlit page: kept at once, each refused file named, each one's own to take away."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from pages.kit import door
from pages.kit.html import h, label, m, show, user_line
from pages.kit.words import t
from services import files, filing
from services.actors import Actor
from services.errors import Refusal, gathering, refuse_all
from services.reads.stored_files import Shown
from services.work import do

PHOTOS = ("jpg", "jpeg", "png", "webp")
KINDS = (*PHOTOS, "pdf")


def attachments(actor: Actor, about: str, kept: Sequence[Shown], said: str, kinds: Sequence[str] = KINDS) -> None:
    """The field for more files of `kinds`, and those that are kept with a button each. `about` as in `files.add`."""
    fields = door.Fields()
    turn, refused = st.session_state.setdefault(f"files_turn_{about}", 0), f"files_refused_{about}"
    if given := st.session_state.get(f"files_{about}_{turn}"):
        # Before anything is drawn there is a field of its own for the next files: what is given to the old one would be lost.
        turn = st.session_state[f"files_turn_{about}"] = turn + 1
        with door.attempt():
            wrong: list[Refusal] = []
            with gathering(wrong):
                filing.take_in(actor, about=about, uploads=[(each.name, each.getvalue()) for each in given])
            st.session_state[refused] = wrong
            st.rerun()
    st.file_uploader(said, kinds, accept_multiple_files=True, max_upload_size=5, key=f"files_{about}_{turn}")
    fields.under("file")
    with door.attempt(fields):
        refuse_all(list(st.session_state.get(refused, [])))
    for each in kept:
        with st.container(horizontal=True, vertical_alignment="center", key=f"file_{each.id}"):
            show(h("{one}", one=file_line(each)))
            if st.button(t("Take it away"), key=f"take_{each.id}", help=label(each.name), type="tertiary"):
                with door.attempt() as tried:
                    do(actor, files.remove, file_id=each.id)
                if tried.ok:
                    st.rerun()


def file_line(each: Shown) -> Markup:
    """One file: a small picture or its name; a press opens it."""
    if each.picture:
        return m('<a class="thumb" href="{to}" target="_blank"><img src="{to}" alt="{name}"><span>{said}</span></a>', to=each.address,
                 name=each.name, said=user_line(each.name))  # fmt: skip
    return m('<a class="thumb" href="{to}" target="_blank"><span>{said}</span></a>', to=each.address, said=user_line(each.name))


def gallery(kept: Sequence[Shown]) -> Markup:
    """Files without buttons."""
    return m('<div class="gal">{all}</div>', all=Markup("").join(file_line(each) for each in kept)) if kept else Markup("")
