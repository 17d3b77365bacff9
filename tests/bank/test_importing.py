"""Items into the bank: all or nothing, nothing overwritten, the key apart, and pictures that are pictures."""

from __future__ import annotations

import io
import json
import struct
import zlib
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image

from exam_server.bank import codec, intake, service
from exam_server.bank.pictures import MOST_BYTES, BadPicture, read_picture
from exam_server.bank.service import Imported
from exam_server.db import Database
from exam_server.models import AuditEntry, BankItem, ItemKey, ItemRevision, Picture
from question_bank.items import Item
from tests.factories import DAY, START, Scene, add_other_scene, add_scene, make_item, make_picture


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db, items=0)


def bring_in(db: Database, scene: Scene, *items: Item, **pictures: bytes) -> Imported:
    named = {f"{name}.png": data for name, data in pictures.items()}
    return service.import_items(db, scene.office.id, items, named, START)


def counts(db: Database) -> tuple[int, ...]:
    with db.read() as tx:
        return tuple(tx.execute(sa.select(sa.func.count(table.id))).scalar_one()
                     for table in (BankItem, ItemRevision, ItemKey, Picture))  # fmt: skip


def test_an_item_comes_with_a_revision_and_a_key(db: Database, scene: Scene) -> None:
    assert bring_in(db, scene, make_item(1), make_item(2)) == Imported(added=2)
    assert counts(db) == (2, 2, 2, 0)
    with db.read() as tx:
        entry = tx.scalars(sa.select(AuditEntry)).one()
    assert (entry.act, entry.detail) == ("bank.imported", {"added": 2, "revised": 0, "unchanged": 0})


def test_what_candidates_may_see_and_the_key_lie_apart(db: Database, scene: Scene) -> None:
    bring_in(db, scene, make_item(1, explanation="kanari-pembahasan"))
    with db.read() as tx:
        seen = codec.unseal(tx.scalars(sa.select(ItemRevision.content)).one())
        hidden = codec.unseal(tx.scalars(sa.select(ItemKey.content)).one())
    assert set(json.loads(seen)) == {"stem", "options", "picture_alt"}
    assert json.loads(hidden) == {"accepted": [2], "explanation": "kanari-pembahasan"}


def test_the_same_file_again_changes_nothing(db: Database, scene: Scene) -> None:
    items = (make_item(1), make_item(2, picture="a.png", picture_alt="peta"))
    bring_in(db, scene, *items, a=make_picture())
    before = counts(db)
    assert bring_in(db, scene, *items, a=make_picture()) == Imported(unchanged=2)
    assert counts(db) == before


@pytest.mark.parametrize(
    "changed",
    [
        {"stem": "Lain"},
        {"options": ("1", "2", "3", "4")},
        {"key": 0},
        {"explanation": "Lain"},
        {"shuffle": False},
        {"picture": "a.png", "picture_alt": "peta"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_change_is_a_further_revision_and_the_old_one_stays(
    db: Database, scene: Scene, changed: dict[str, object]
) -> None:
    bring_in(db, scene, make_item(1))
    assert bring_in(db, scene, make_item(1, **changed), a=make_picture()) == Imported(revised=1)
    with db.read() as tx:
        assert tx.scalars(sa.select(ItemRevision.number).order_by(ItemRevision.number)).all() == [1, 2]
        (ref,) = service.refs(tx, scene.office.id)
        newest = tx.scalars(sa.select(sa.func.max(ItemRevision.id))).one()
    assert ref.id == newest


def test_an_item_without_a_code_is_known_by_what_it_says(db: Database, scene: Scene) -> None:
    bring_in(db, scene, make_item(1, code=""))
    assert bring_in(db, scene, make_item(1, code="")) == Imported(unchanged=1)
    assert bring_in(db, scene, make_item(2, code="")) == Imported(added=1)


def test_a_bad_picture_in_the_last_item_brings_in_nothing(db: Database, scene: Scene) -> None:
    items = [make_item(number) for number in range(1, 99)] + [make_item(99, picture="z.png", picture_alt="x")]
    with pytest.raises(BadPicture):
        bring_in(db, scene, *items, z=b"not a picture")
    assert counts(db) == (0, 0, 0, 0)


def test_a_failure_half_way_brings_in_nothing(db: Database, scene: Scene) -> None:
    def fail(done: int, total: int) -> None:
        if done == total:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        service.import_items(db, scene.office.id, [make_item(n) for n in (1, 2, 3)], {}, START, progress=fail)
    assert counts(db) == (0, 0, 0, 0)


def test_a_picture_is_kept_once_per_content(db: Database, scene: Scene) -> None:
    items = [
        make_item(n, picture=f"{name}.png", picture_alt="peta") for n, name in ((1, "a"), (2, "b"), (3, "c"))
    ]
    bring_in(db, scene, *items, a=make_picture(), b=make_picture(), c=make_picture(50))
    assert counts(db) == (3, 3, 3, 2)


def test_each_office_has_a_bank_of_its_own(db: Database, scene: Scene) -> None:
    elsewhere = add_other_scene(db)
    bring_in(db, scene, make_item(1, stem="Hanya di Jepara"))
    with db.read() as tx:
        assert len(service.refs(tx, scene.office.id)) == 1
        assert len(service.refs(tx, elsewhere.office.id)) == 8


@pytest.mark.parametrize("state", ["draft", "retired"])
def test_only_reviewed_items_are_drawn(db: Database, scene: Scene, state: str) -> None:
    bring_in(db, scene, make_item(1), make_item(2))
    with db.write() as tx:
        tx.execute(sa.update(BankItem).where(BankItem.code == "U001").values(state=state))
    with db.read() as tx:
        assert len(service.refs(tx, scene.office.id)) == 1


def test_content_in_an_unknown_seal_is_refused() -> None:
    assert codec.unseal(codec.seal(b"isi")) == b"isi"
    for damaged in (b"", b"\x07isi"):
        with pytest.raises(codec.UnknownSeal):
            codec.unseal(damaged)


def flood() -> bytes:
    """A valid PNG header of 13,000 x 13,000 pixels in a few bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 13_000, 13_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


BAD = {
    "empty": b"",
    "truncated": make_picture(200, 200)[:150],
    "half a photo": make_picture(300, 300, "JPEG")[:900],
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
    "html": b"<html></html>",
    "exe": b"MZ\x90\x00",
    "pixel flood": flood(),
    "too wide": make_picture(4001, 1000),
    "too heavy": make_picture() + b"\0" * MOST_BYTES,
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_harmless_picture_is_refused_by_name(kind: str) -> None:
    with pytest.raises(BadPicture, match=r"peta\.png"):
        read_picture("peta.png", BAD[kind])


def test_a_picture_is_written_anew_without_what_it_carried_along() -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "kanari-lokasi"
    Image.new("RGB", (20, 10)).save(out, "JPEG", exif=exif)
    assert b"kanari-lokasi" in out.getvalue()
    for name, data in (("a.jpg", out.getvalue()), ("a.png", make_picture() + b"<?php kanari-lokasi ?>")):
        _, media_type, content, width, height = read_picture(name, data)
        assert b"kanari-lokasi" not in content
        assert media_type in ("image/jpeg", "image/png")
        assert width * height in (200, 1200)


HEADER = "kode,topik,kesulitan,soal,a,b,c,d,kunci,gambar,keterangan_gambar\n"


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "BMP"])
def test_a_picture_of_another_kind_is_kept_as_a_png(kind: str) -> None:
    _, media_type, content, *size = read_picture("peta", make_picture(kind=kind))
    with Image.open(io.BytesIO(content)) as image:
        assert (media_type, image.format, size) == ("image/png", "PNG", list(image.size))
        assert image.convert("HSV").getpixel((5, 5))[0] in range(165, 175), "no longer blue"  # type: ignore[index]


def test_what_is_seen_through_stays_so() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (3, 3), (0, 0, 0, 0)).save(out, "WEBP", lossless=True)
    with Image.open(io.BytesIO(read_picture("peta", out.getvalue())[2])) as image:
        assert image.convert("RGBA").getpixel((1, 1)) == (0, 0, 0, 0)


def test_all_that_is_wrong_with_one_question_is_one_error(tmp_path: Path) -> None:
    file = tmp_path / "soal.csv"
    file.write_text(HEADER + "A1,umum,mudah,,a,a,c,d,,,\nA2,umum,mudah,Dua?,a,b,c,d,b,hilang.png,Peta\n"
                    "A3,umum,mudah,Tiga?,a,b,c,d,b,,\n")  # fmt: skip
    report = intake.read(file, "id")
    assert [len(report.items), len(report.skipped), len(report.errors)] == [1, 0, 2]
    assert "Kunci" in report.errors[0][1]
    assert "sama" in report.errors[0][1]


def test_a_picture_is_looked_for_beside_the_file_and_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "bank" / "pictures").mkdir(parents=True)
    (tmp_path / "secret.png").write_bytes(make_picture())
    (tmp_path / "bank" / "pictures" / "peta.png").write_bytes(make_picture())
    file = tmp_path / "bank" / "soal.csv"
    file.write_text(HEADER + "A1,umum,mudah,Satu?,a,b,c,d,a,peta.png,Peta\n")
    assert set(intake.read(file, "id").pictures) == {"peta.png"}
    assert intake.read(file, "id").errors == ()
    file.write_text(HEADER + "A1,umum,mudah,Satu?,a,b,c,d,a,../secret.png,Peta\n")
    assert intake.read(file, "id").pictures == {}
    assert intake.read(file, "id").errors
    file.write_text(HEADER + "A1,umum,mudah,Satu?,a,b,c,d,a,hilang.png,Peta\n")
    report = intake.read(file, "id")
    assert (report.items, [where for where, _ in report.errors]) == ((), ["baris 2, kolom J"])
    assert "hilang.png" in report.errors[0][1]


def test_a_file_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(intake.CannotRead):
        intake.read(tmp_path / "hilang.csv", "id")


def test_the_bank_may_grow_until_the_draw(db: Database, scene: Scene) -> None:
    bring_in(db, scene, make_item(1))
    service.import_items(db, scene.office.id, [make_item(2)], {}, START + DAY)
    with db.read() as tx:
        assert len(service.refs(tx, scene.office.id)) == 2
