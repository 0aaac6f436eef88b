"""Photos and papers of a form that is being filled in: those that are kept already, and the field for more."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from pages.kit.html import m, user_line
from pages.kit.words import t
from pages.plain import fields
from pages.plain.door import Asked
from services import files
from services.errors import Invalid
from services.reads.stored_files import Shown
from services.work import do

FIELD = "file"
DROP = "drop:"
PICTURES = "image/jpeg,image/png,image/webp"


def first_button() -> Markup:
    """What the Enter key of a phone's keyboard presses: it sends, and never takes a photo away."""
    return Markup('<button class="sr" name="do" value="send" tabindex="-1" aria-hidden="true"></button>')


def field(kept: Sequence[Shown], label: str, hint: str, *, documents: bool = False) -> Markup:
    """The field for more files, and below it those that are kept, each with a button that takes it away."""
    accept = PICTURES + (",application/pdf" if documents else "")
    more = fields.upload(FIELD, label, accept=accept, several=True, hint=hint) if len(kept) < files.MOST_FILES else Markup("")
    return more + shown(kept, remove=True)


def shown(kept: Sequence[Shown], *, remove: bool = False) -> Markup:
    """Files as small pictures and names."""
    if not kept:
        return Markup("")
    rows = Markup("").join(
        m(
            "<li>{seen}{away}</li>",
            seen=m('<a href="{to}"><img src="{to}" alt="{name}"></a>', to=each.address, name=each.name)
            if each.picture
            else m('<a href="{to}">{name}</a>', to=each.address, name=user_line(each.name)),
            away=m(
                '<button name="do" value="{value}" formnovalidate aria-label="{said}">✕</button>',
                value=DROP + each.id, said=t("Take {name} away", name=each.name),
            )
            if remove
            else "",
        )
        for each in kept
    )  # fmt: skip
    return m('<ul class="ph">{rows}</ul>', rows=rows)


def uploads(asked: Asked) -> list[tuple[str, bytes]]:
    """What came in with the form; each file is judged where it is kept, so that one that is refused costs nothing else."""
    return [(each.filename, each.start) for each in asked.files.get(FIELD, ())]


def drop(asked: Asked, about: str) -> bool:
    """Take a file of the draft `about` away, where a button for that was pressed; what has been sent with it stays."""
    pressed = asked.get("do")
    if not pressed.startswith(DROP):
        return False
    do(asked.actor, files.remove, file_id=pressed.removeprefix(DROP), about=about)
    return True


def pressed(asked: Asked, *known: str) -> str:
    """Which button sent the form. Raises Invalid for one that is not there."""
    given = asked.get("do", "send")
    if given not in known:
        raise Invalid("It did not arrive whole. Please send it once more.")
    return given
