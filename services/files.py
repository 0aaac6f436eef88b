"""Uploaded files: judged by their first bytes, pictures drawn anew without what the camera noted, kept in the data folder."""

from __future__ import annotations

import contextlib
import os
import warnings
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps
from sqlmodel import col, func, select

from models.base import Stored
from models.concern import Concern
from models.file import StoredFile
from models.notice import Notice
from models.project import ProgressReport, Project
from models.proposal import Proposal
from models.vocabulary import FileKind
from services.errors import Invalid, NotAllowed, NotFound
from services.permission import require, why_not
from services.reads.stored_files import place
from services.rules.plain_text import one_line
from services.work import Work

MOST_BYTES = 5 * 1024 * 1024
MOST_FILES = 8
LONGEST_SIDE = 2000
MOST_PIXELS = 60_000_000
PICTURES = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"RIFF": "WEBP"}
MATTERS: dict[str, type[Stored]] = {"concern": Concern, "proposal": Proposal, "report": ProgressReport, "notice": Notice}


@dataclass(frozen=True)
class Checked:
    """What an upload turned out to be: its kind, media type and the bytes that are kept."""

    kind: FileKind
    media_type: str
    ending: str
    content: bytes


def check(name: str, content: bytes) -> Checked:
    """Judge an upload by its bytes, never by its name. Raises Invalid that names the file and says what to do."""
    short = one_line(name)[:60]
    if not content:
        raise Invalid("{name} is empty. Choose another file.", field="file", name=short)
    if len(content) > MOST_BYTES:
        raise Invalid("{name} is larger than 5 MB. Choose a smaller one.", field="file", name=short)
    form = next((form for start, form in PICTURES.items() if content.startswith(start)), None)
    if form == "WEBP" and content[8:12] != b"WEBP":
        form = None
    if form is not None:
        return Checked(FileKind.PICTURE, "image/jpeg", ".jpg", _drawn_anew(short, content, form))
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return Checked(FileKind.DOCUMENT, "application/pdf", ".pdf", content)
    raise Invalid("{name} is neither a photo (JPEG, PNG, WebP) nor a PDF. Choose another file.", field="file", name=short)


def _drawn_anew(name: str, content: bytes, form: str) -> bytes:
    """The picture upright, at most 2000 px, as JPEG, without the place and the device that the camera noted."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=[form]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise Invalid("{name} has too many pixels. Choose a smaller picture.", field="file", name=name)
                picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                upright = ImageOps.exif_transpose(picture)
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                flat = Image.new("RGB", upright.size, "white")
                flat.paste(upright.convert("RGBA"), mask=upright.convert("RGBA").getchannel("A"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as broken:
        raise Invalid("{name} cannot be read as a photo. Choose another one.", field="file", name=name) from broken
    drawn = BytesIO()
    flat.save(drawn, "JPEG", quality=82, optimize=True)
    return drawn.getvalue()


def add(work: Work, *, about: str, name: str, content: bytes, public: bool = False, once: bool = False) -> StoredFile:
    """Keep a file of a matter (`about` is "concern:<id>", "proposal:<id>", "report:<id>", "notice:<id>" or "draft:<kind>").

    Only who may write about the matter may add to it: its author, those who carry it out, the committee. `once`: the same
    file sent again with a draft is not kept twice.
    """
    require(work, "file.add")
    _may_add(work, about)
    return _keep(work, about, name, check(name, content), public=public, once=once)


def take_along(work: Work, *, concern_id: str, kind: str) -> int:
    """Keep the files of a concern with this owner's draft of `kind` too, those that are not with it yet; returns how many came.

    For the concern's author and the desk, whoever may make a proposal of it. Raises NotFound for anybody else, Invalid when there is
    no more room.
    """
    require(work, "file.add")
    concern = work.fetch(Concern, concern_id)
    if concern.author_id != work.actor.person_id and why_not(work.db, work.actor, "concern.see_inbox"):
        raise NotFound()
    about, kept = f"draft:{kind}", of_draft(work, f"draft:{kind}")
    have = {(row.name, row.sha256) for row in kept}
    theirs = select(StoredFile).where(StoredFile.about == f"concern:{concern.id}", col(StoredFile.removed_at).is_(None))
    wanted = [
        row for row in work.db.exec(theirs.order_by(col(StoredFile.at))).all()
        if (row.name, row.sha256) not in have and place(row).exists()
    ]  # fmt: skip
    if len(kept) + len(wanted) > MOST_FILES:  # before any byte is written
        raise _one_too_many(wanted[MOST_FILES - len(kept)].name)
    for row in wanted:
        # As it lies: a picture that is drawn anew each time it goes on gets worse each time.
        _keep(work, about, row.name, Checked(row.kind, row.media_type, Path(row.name).suffix, place(row).read_bytes()))
    return len(wanted)


def _keep(work: Work, about: str, name: str, found: Checked, *, public: bool = False, once: bool = False) -> StoredFile:
    kept_name, mark = Path(one_line(name)).stem[:100] + found.ending, sha256(found.content).hexdigest()
    same = (each for each in of_draft(work, about) if (each.name, each.sha256) == (kept_name, mark))
    if once and (row := next(same, None)):
        return row
    count = select(func.count()).select_from(StoredFile).where(StoredFile.about == about, col(StoredFile.removed_at).is_(None))
    if about.startswith("draft:"):
        count = count.where(StoredFile.visitor == work.actor.owner)
    if work.db.exec(count).one() >= MOST_FILES:
        raise _one_too_many(name)
    row = StoredFile(
        id=work.new_id(),
        community_id=work.community_id,
        about=about,
        kind=found.kind,
        name=kept_name,
        media_type=found.media_type,
        size=len(found.content),
        sha256=mark,
        public=public,
        by_id=work.actor.person_id,
        visitor=work.actor.owner if about.startswith("draft:") or not work.actor.person_id else "",
        at=work.moment,
    )
    _write(place(row), found.content)
    try:
        work.add(row)
        work.record("file.add", row, size=row.size)
    except BaseException:
        place(row).unlink(missing_ok=True)
        raise
    return row


def _one_too_many(name: str) -> Invalid:
    said = "{name} is one too many: there is room for {most} files. Take one away, or leave this one out."
    return Invalid(said, field="file", name=one_line(name)[:60], most=MOST_FILES)


def _may_add(work: Work, about: str) -> None:
    """Raises NotFound for an unknown matter, NotAllowed for somebody else's."""
    word, _, row_id = about.partition(":")
    if word == "draft" or work.actor.system:
        return
    if word not in MATTERS:
        raise NotFound()
    row = work.fetch(MATTERS[word], row_id)
    if isinstance(row, ProgressReport):
        require(work, "project.report", work.fetch(Project, row.project_id))
    elif isinstance(row, Concern) and row.author_id is None:
        if row.filed_at != work.moment:
            raise NotAllowed("Photos are added while you report. Please report again.")
    elif getattr(row, "author_id", None) != work.actor.person_id:
        require(work, "file.add_to_matter", row)


def adopt(work: Work, *, kind: str, about: str, public: bool = False) -> int:
    """Hand the files of this owner's draft of `kind` over to the matter it became, `public` for everybody to see. Returns how many.

    Somebody without a login can still see their own, in the same browser.
    """
    rows = of_draft(work, f"draft:{kind}")
    for row in rows:
        row.about, row.visitor, row.public = about, "" if row.by_id else row.visitor, row.public or public
    work.db.flush()
    return len(rows)


def forget(work: Work, *, kind: str) -> int:
    """Remove the files of this owner's draft of `kind`: it is thrown away. Returns how many."""
    rows = of_draft(work, f"draft:{kind}")
    for row in rows:
        remove(work, file_id=row.id)
    return len(rows)


def of_draft(work: Work, about: str) -> list[StoredFile]:
    """The files of this owner's draft, oldest first; none of what is no draft."""
    if not work.actor.owner or not about.startswith("draft:"):
        return []
    mine = select(StoredFile).where(StoredFile.about == about, StoredFile.visitor == work.actor.owner)
    return list(work.db.exec(mine.where(col(StoredFile.removed_at).is_(None)).order_by(col(StoredFile.at))).all())


def remove(work: Work, *, file_id: str, about: str = "") -> StoredFile:
    """Remove one's own file; the bytes go, the row stays as a mark that there was one. Raises NotFound if it is not of `about`."""
    row = work.fetch(StoredFile, file_id, lock=True)
    if about and row.about != about:
        raise NotFound()
    if row.removed_at is not None:
        return row
    if not (row.visitor and row.visitor == work.actor.owner):
        require(work, "file.remove", row)
    row.removed_at = work.moment
    work.record("file.remove", row)
    place(row).unlink(missing_ok=True)
    return row


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".part")
    with contextlib.suppress(FileNotFoundError):
        draft.unlink()
    with draft.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
