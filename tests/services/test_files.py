"""Uploads: judged by their bytes, pictures without what the camera noted, permission checked each time."""

from io import BytesIO

import pytest
from PIL import Image

from services import actors, db, files
from services.errors import Invalid, NotAllowed, NotFound
from services.reads import filing, stored_files
from services.work import do
from tests.fixtures.case import play


def picture(form: str = "JPEG", size=(60, 40), **more) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, "teal").save(made, form, **more)
    return made.getvalue()


def photo_with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("a.png", b"<html><script>alert(1)</script>"),
        ("a.jpg", b"\xff\xd8\xff" + b"not a picture" * 50),
        ("a.pdf", b"MZ" + b"\0" * 100),
        ("a.pdf", b"%PDF-1.7 cut"),
        ("a.webp", b"RIFF\0\0\0\0WAVE" + b"\0" * 50),
        ("a.jpg", b""),
        ("big.jpg", picture() + b"\0" * files.MOST_BYTES),
        ("a.png", picture("PNG")[:60]),
    ],
)
def test_what_is_not_a_photo_or_pdf_is_refused_by_name(name, content):
    with pytest.raises(Invalid) as refused:
        files.check(name, content)
    assert name in str(refused.value)


def test_a_photo_is_drawn_anew_upright_and_without_place_or_device():
    found = files.check("IMG_1.JPG", photo_with_place())
    with Image.open(BytesIO(found.content)) as drawn:
        assert drawn.size == (40, 60)
        assert not drawn.getexif()
    assert b"SecretCamera" not in found.content
    assert files.check("wide.png", picture("PNG", (4000, 1000))).media_type == "image/jpeg"
    with Image.open(BytesIO(files.check("wide.png", picture("PNG", (4000, 1000))).content)) as drawn:
        assert max(drawn.size) == files.LONGEST_SIDE


@pytest.fixture
def huating(engine):
    case = play("# 提案")
    return case, {key: case.actor(key) for key in ("li", "wang", "wei", "zhao")}


def test_who_may_add_and_who_may_see(huating):
    played, people = huating
    concern = played.ids["concern"]
    row = do(people["li"], files.add, about=f"concern:{concern}", name="../../坑.jpg", content=picture())
    assert row.name == "坑.jpg" and files.place(row).is_file() and ".." not in str(files.place(row))
    with pytest.raises(NotAllowed):
        do(people["wang"], files.add, about=f"concern:{concern}", name="b.jpg", content=picture())
    with pytest.raises(NotFound):
        do(people["li"], files.add, about="concern:nothing", name="b.jpg", content=picture())
    with db.reading(played.community_id) as session:
        assert stored_files.opened(session, people["li"], row.id)[1]
        assert stored_files.opened(session, people["wei"], row.id)[1]
        for stranger in (people["wang"], actors.visitor(played.community_id, "visitor:x"), actors.visitor("elsewhere")):
            with pytest.raises(NotFound):
                stored_files.opened(session, stranger, row.id)
    do(people["li"], files.remove, file_id=row.id)
    assert not files.place(row).exists()
    with db.reading(played.community_id) as session, pytest.raises(NotFound):
        stored_files.opened(session, people["li"], row.id)


def test_files_of_a_draft_are_the_owners_alone_and_go_with_it(huating):
    played, people = huating
    guest = actors.visitor(played.community_id, "visitor:abc")
    row = do(guest, files.add, about="draft:report", name="a.png", content=picture("PNG"))
    with db.reading(played.community_id) as session, pytest.raises(NotFound):
        stored_files.opened(session, people["wei"], row.id)
    for _ in range(files.MOST_FILES - 1):
        do(guest, files.add, about="draft:report", name="a.png", content=picture("PNG"))
    with pytest.raises(Invalid):
        do(guest, files.add, about="draft:report", name="a.png", content=picture("PNG"))
    do(people["li"], files.add, about="draft:report", name="mine.png", content=picture("PNG"))


def test_photos_of_a_concern_come_along_into_a_proposal_for_its_author_and_the_desk(huating):
    played, people = huating
    concern = played.ids["concern"]
    for name in ("坑.jpg", "车位.jpg"):
        do(people["li"], files.add, about=f"concern:{concern}", name=name, content=picture(size=(60, len(name))))
    with pytest.raises(NotFound):
        do(people["wang"], files.take_along, concern_id=concern, kind="proposal")
    assert do(people["li"], files.take_along, concern_id=concern, kind="proposal") == 2
    assert do(people["li"], files.take_along, concern_id=concern, kind="proposal") == 0, "each of them once"
    assert do(people["wei"], files.take_along, concern_id=concern, kind="proposal") == 2, "the desk, into its own draft"
    with db.reading(played.community_id) as session:
        theirs, (first, *_) = stored_files.files_of(session, f"concern:{concern}"), filing.draft_files(people["li"], "proposal")
        assert stored_files.opened(session, people["li"], first.id)[1] == stored_files.opened(session, people["li"], theirs[0].id)[1]
    do(people["li"], files.remove, file_id=theirs[0].id)
    assert [each.name for each in filing.draft_files(people["li"], "proposal")] == ["坑.jpg", "车位.jpg"], "a copy of its own"
    kept = filing.draft_files(people["li"], "proposal")
    do(people["li"], files.remove, file_id=kept[1].id)
    for n in range(files.MOST_FILES - 1):
        do(people["li"], files.add, about="draft:proposal", name=f"{n}.png", content=picture("PNG"))
    with pytest.raises(Invalid) as full:
        do(people["li"], files.take_along, concern_id=concern, kind="proposal")
    assert full.value.values["name"] == "车位.jpg" and len(filing.draft_files(people["li"], "proposal")) == files.MOST_FILES
