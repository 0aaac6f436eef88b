"""The first page: what one can do here."""

from pages.kit import frame
from pages.kit.html import h, m, show
from pages.kit.marks import icon
from pages.kit.tables import empty, head
from pages.kit.words import t

actor = frame.me()
house = frame.plate(actor)

if not house.community:
    show(h("{empty}", empty=empty(t("No community has been set up here yet."))))
else:
    show(h("{head}", head=head(t("Good to see you, {name}.", name=actor.name) if actor.name else house.community)))
    show(
        h(
            '<div class="tiles">{tiles}</div>',
            tiles=m("").join(
                m('<a href="{to}">{icon}<b>{title}</b><span>{about}</span></a>', to=to, icon=icon(name), title=title, about=about)
                for to, name, title, about in (
                    ("/report", "talk", t("Say what is wrong"), t("A photo is enough")),
                    ("/j", "table", t("Join a meeting"), t("With its code")),
                    ("/progress", "path", t("See how it goes"), t("What is being done")),
                )
            )
        )
    )
