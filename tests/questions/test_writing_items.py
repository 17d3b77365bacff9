"""Writing an item: a new draft, a further revision with its reason, and two editors at once."""

from __future__ import annotations

import io
import json

import pytest
import sqlalchemy as sa

from exam_server.bank.codec import unseal
from exam_server.models import ItemKey, ItemTag, Picture, RevisionPicture
from tests.factories import make_picture
from tests.questions.samples import Bank, add_pictured, form


def said(bench: Bank, code: str) -> dict[str, object]:
    content: dict[str, object] = json.loads(unseal(bench.revisions(code)[-1].content))
    return content


def hidden(bench: Bank, code: str) -> dict[str, object]:
    with bench.db.read() as tx:
        key = tx.scalars(sa.select(ItemKey).where(ItemKey.revision_id == bench.revisions(code)[-1].id)).one()
    content: dict[str, object] = json.loads(unseal(key.content))
    return content


def test_a_new_item_is_a_draft_that_nobody_is_drawn(bench: Bank) -> None:
    before = bench.drawn()
    answer = bench.rina.submit("/bank/new", **form())
    assert answer.status_code == 303
    item = bench.item("W001")
    assert (item.state, item.topic, item.difficulty) == ("draft", "wilayah", "easy")
    assert said(bench, "W001")["options"] == ["Jepara", "Kudus", "Pati"]
    assert hidden(bench, "W001") == {"accepted": [0], "explanation": "Pusat pemerintahannya di Jepara."}
    with bench.db.read() as tx:
        assert sorted(tx.scalars(sa.select(ItemTag.tag))) == ["jawa", "kota"]
    assert bench.revisions("W001")[0].author_id == bench.rina_id
    assert bench.drawn() == before
    assert bench.acts() == ["bank.item_added"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"stem": " "}, "Pokok soal kosong"),
        ({"option-2": "Jepara"}, "Pilihan A dan B sama"),
        ({"option-2": ""}, "Pilihan B kosong"),
        ({"option-2": "", "option-3": ""}, "Hanya ada 1 pilihan"),
        ({"key": None}, "Tandai satu pilihan sebagai kunci."),
        ({"key": "9"}, "Tandai satu pilihan sebagai kunci."),
        ({"topic": "t" * 101}, "Nama topik terlalu panjang"),
        ({"difficulty": "huge"}, "Pilih mudah, sedang, sulit, atau tanpa tingkat."),
        ({"tags": ",".join(map(str, range(13)))}, "label yang dipisahkan koma"),
        ({"code": "U001"}, "Kode U001 sudah dipakai soal lain"),
        ({"stem": 'Lihat <img src="x.png">'}, "gambar atau rumus yang tidak dapat disimpan"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_everything_typed_stays(
    bench: Bank, wrong: dict[str, str | None], sentence: str
) -> None:
    typed = form(**({"explanation": "Pembahasan yang panjang"} | wrong))
    answer = bench.rina.submit("/bank/new", **typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code in (409, 422)
    assert sentence in page
    assert "Pembahasan yang panjang" in page
    assert "Pati" in page or typed["option-3"] == ""
    assert bench.acts() == []


def test_an_equal_item_without_a_code_is_refused(bench: Bank) -> None:
    assert bench.rina.submit("/bank/new", **form(code="")).status_code == 303
    answer = bench.rina.submit("/bank/new", **form(code=""))
    assert answer.status_code == 409
    assert "sudah ada di bank ini" in answer.get_data(as_text=True)


def test_markup_is_kept_harmless_and_line_ends_stay(bench: Bank) -> None:
    bench.rina.submit("/bank/new", **form(stem="m<sup>2</sup> < 3\n<script>alert(1)</script>ya"))
    assert said(bench, "W001")["stem"] == "m<sup>2</sup> &lt; 3<br>ya"
    page = bench.rina.get(f"/bank/item/{bench.id('W001')}/edit").get_data(as_text=True)
    assert "\nm&lt;sup&gt;2&lt;/sup&gt; &lt; 3\nya</textarea>" in page


def test_a_simple_formula_is_set_as_in_a_file(bench: Bank) -> None:
    bench.rina.submit("/bank/new", **form(stem=r"Nilai \(x^2\) untuk x = 2?"))
    assert said(bench, "W001")["stem"] == "Nilai x<sup>2</sup> untuk x = 2?"


def test_a_change_is_a_further_revision_with_its_reason_and_the_item_a_draft(bench: Bank) -> None:
    was = bench.revisions("U001")[0]
    answer = bench.rina.submit(f"/bank/item/{bench.id('U001')}/edit", **bench.editing("U001", key="2"))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    first, second = bench.revisions("U001")
    assert (first.content, second.number) == (was.content, 2)
    assert (second.author_id, bench.why(second.id)) == (bench.rina_id, "Kunci keliru")
    assert bench.item("U001").state == "draft"
    assert not {first.id, second.id} & set(bench.drawn())
    assert bench.acts() == ["bank.item_revised"]


@pytest.mark.parametrize("why", ["", "  ", "ya"])
def test_a_change_without_a_reason_is_refused_and_kept_on_the_page(bench: Bank, why: str) -> None:
    typed = bench.editing("U001", why=why, stem="Kalimat yang baru")
    answer = bench.rina.submit(f"/bank/item/{bench.id('U001')}/edit", **typed)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Tulis alasan perubahannya" in page
    assert "Kalimat yang baru" in page
    assert len(bench.revisions("U001")) == 1


def test_labels_alone_make_no_revision_and_need_no_review(bench: Bank) -> None:
    page = bench.rina.get(f"/bank/item/{bench.id('U001')}/edit").get_data(as_text=True)
    assert "1 pilihan a" in page
    typed = bench.editing("U001", stem="Soal nomor 1", topic="angka", tags="baru", difficulty="hard", why="")
    typed |= {f"option-{at}": f"1 pilihan {x}" for at, x in enumerate("abcd", 1)}
    typed |= {"key": "3", "explanation": "Pembahasan 1"}
    assert bench.rina.submit(f"/bank/item/{bench.id('U001')}/edit", **typed).status_code == 303
    item = bench.item("U001")
    assert (item.topic, item.difficulty, item.state) == ("angka", "hard", "reviewed")
    assert len(bench.revisions("U001")) == 1
    assert bench.acts() == ["bank.item_labelled"]


def test_the_second_of_two_editors_is_told_and_loses_nothing(bench: Bank) -> None:
    path, seen = f"/bank/item/{bench.id('U001')}/edit", bench.seen("U001")
    bench.bagus.submit(path, **bench.editing("U001", stem="Kalimat Bagus", why="Diperjelas"))
    late = bench.editing("U001", stem="Kalimat Rina", seen=seen)
    answer = bench.rina.submit(path, **late)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Petugas lain mengubah soal ini" in page
    assert "Kalimat Rina</textarea>" in page
    assert "Diperjelas" in page
    assert "Bagus</ins>" in page.replace('<ins><span class="visually-hidden">ditambah: </span>', "<ins>")
    assert len(bench.revisions("U001")) == 2
    again = late | {"seen": page.partition('name="seen" value="')[2].partition('"')[0]}
    assert bench.rina.submit(path, **again).status_code == 303
    assert [one.author_id for one in bench.revisions("U001")] == [None, bench.bagus_id, bench.rina_id]


def test_a_program_hears_the_same_refusal_by_its_code(bench: Bank) -> None:
    path = f"/bank/item/{bench.id('U001')}/edit"
    changed = bench.rina.post(path, **bench.editing("U001", seen="1.old"))
    assert (changed.status_code, changed.json["code"]) == (409, "item_changed")
    wrong = bench.rina.post(path, **bench.editing("U001", key="7"))
    assert (wrong.status_code, wrong.json["code"]) == (422, "item_wrong")
    assert wrong.json["fields"] == {"key": "Tandai satu pilihan sebagai kunci."}


def test_labels_that_somebody_changed_meanwhile_are_not_overwritten(bench: Bank) -> None:
    seen = bench.seen("U001")
    bench.bagus.post("/bank/several", act="topic", new_topic="angka", chosen=bench.chosen("U001"))
    answer = bench.rina.submit(f"/bank/item/{bench.id('U001')}/edit", **bench.editing("U001", seen=seen))
    assert answer.status_code == 409
    assert "yang berubah topik" in answer.get_data(as_text=True)
    assert bench.item("U001").topic == "angka"


def test_rows_more_or_less_are_only_shown(bench: Bank) -> None:
    path, typed = f"/bank/item/{bench.id('U001')}/edit", bench.editing("U001", stem="Belum tersimpan")
    more = bench.rina.submit(path, **typed, act="add-option").get_data(as_text=True)
    assert 'name="option-3"' in more
    less = bench.rina.submit(path, **typed, act="remove-option-1").get_data(as_text=True)
    assert 'name="option-2"' not in less
    assert "Belum tersimpan" in less
    assert len(bench.revisions("U001")) == 1


def test_a_picture_beside_the_text_needs_a_description_and_survives_the_refusal(bench: Bank) -> None:
    picture = (io.BytesIO(make_picture()), "peta.png")
    answer = bench.rina.submit("/bank/new", **form(), file=picture)  # type: ignore[arg-type]
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Tulis keterangan gambar" in page
    with bench.db.read() as tx:
        kept = tx.scalars(sa.select(Picture.sha256)).one()
    assert f'name="picture" value="{kept}"' in page
    assert bench.rina.submit("/bank/new", **form(picture=kept, picture_alt="Peta")).status_code == 303
    with bench.db.read() as tx:
        assert tx.get_one(Picture, bench.revisions("W001")[0].picture_id).sha256 == kept
    assert said(bench, "W001")["picture_alt"] == "Peta"


def test_a_file_that_is_no_picture_is_refused_by_name(bench: Bank) -> None:
    answer = bench.rina.submit("/bank/new", **form(), file=(io.BytesIO(b"no"), "x.png"))  # type: ignore[arg-type]
    assert answer.status_code == 409
    assert "Gambar x.png tidak dapat dibuka" in answer.get_data(as_text=True)
    assert bench.acts() == []


def test_a_picture_inside_the_text_stays_where_it_is_written(bench: Bank) -> None:
    add_pictured(bench)
    page = bench.rina.get(f"/bank/item/{bench.id('P001')}/edit").get_data(as_text=True)
    name = "gambar-" + page.partition("gambar-")[2][:12]
    kept = page.partition('name="picture" value="')[2].partition('"')[0]
    stem = f'Perhatikan <img src="{name}" alt="Peta desa">'
    typed = bench.editing("P001", stem=stem, picture=kept, picture_alt="Peta")
    answer = bench.rina.submit(f"/bank/item/{bench.id('P001')}/edit", **typed)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    newest = bench.revisions("P001")[-1]
    assert said(bench, "P001")["stem"] == f'Perhatikan <img src="picture:{kept}" alt="Peta desa">'
    with bench.db.read() as tx:
        inside = tx.scalars(
            sa.select(RevisionPicture.picture_id).where(RevisionPicture.revision_id == newest.id)
        ).all()
    assert inside == [newest.picture_id]


def test_a_picture_is_let_go_by_its_box(bench: Bank) -> None:
    add_pictured(bench)
    page = bench.rina.get(f"/bank/item/{bench.id('P001')}/edit").get_data(as_text=True)
    kept = page.partition('name="picture" value="')[2].partition('"')[0]
    typed = bench.editing("P001", picture=kept, picture_gone="on")
    assert bench.rina.submit(f"/bank/item/{bench.id('P001')}/edit", **typed).status_code == 303
    assert bench.revisions("P001")[-1].picture_id is None


def test_the_preview_is_the_candidates_own_view_without_the_key(bench: Bank) -> None:
    answer = bench.rina.post("/bank/preview", **form(), office="jepara")
    told = answer.json
    assert told["problems"] == []
    assert "Kudus" in told["html"]
    assert "pusat pemerintahannya" not in told["html"].casefold()
    assert "checked" not in told["html"]
    lacking = bench.rina.post("/bank/preview", **form(key=None), office="jepara").json
    assert lacking["problems"] == ["Tandai satu pilihan sebagai kunci."]
    assert bench.acts() == []
