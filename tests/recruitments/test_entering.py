"""Both announcements are entered by hand through the forms: Jepara from nothing, Magetan by copy and edit."""

from __future__ import annotations

import re

from exam_server.db import Database
from tests.client import Client
from tests.conftest import SetClock
from tests.recruitments.entering import announced, enter, enter_office, kept, must, problems


def publish(client: Client, slug: str) -> None:
    must(client.submit(f"/desk/{slug}/2024/publish"), f"/desk/{slug}/2024?saved=published")


def start(client: Client, slug: str, source: str = "") -> None:
    answer = client.submit(f"/desk/{slug}/recruitments/new", year="2024", source=source)
    must(answer, f"/desk/{slug}/2024")


def source_of(client: Client, slug: str, words: str) -> str:
    """The value of the choice that a person would pick by its words."""
    page = client.get(f"/desk/{slug}/recruitments/new").get_data(as_text=True)
    found = re.search(rf'<option value="(\d+)">{re.escape(words)}</option>', page)
    assert found, page
    return found[1]


def test_jepara_by_hand_then_magetan_by_copy_and_edit(chief: Client, db: Database) -> None:
    jepara, magetan = announced("jepara"), announced("magetan")
    enter_office(chief, jepara)
    start(chief, "jepara")
    enter(chief, jepara)
    assert kept(db, "jepara", 2024) == jepara
    assert chief.get("/offices/jepara").status_code == 404
    publish(chief, "jepara")

    enter_office(chief, magetan)
    start(chief, "magetan", source_of(chief, "magetan", "Salin dari BPS Kabupaten Jepara 2024"))
    copied = kept(db, "magetan", 2024)
    for part in ("signatories", "activities", "phases", "requirements", "steps", "channels", "questions"):
        assert copied[part] == jepara[part]
    assert copied["recruitment"]["document_number"] == ""
    page = chief.get("/desk/magetan/2024").get_data(as_text=True)
    assert "“Kabupaten Jepara” masih tertulis pada bagian Dokumen." in page
    enter(chief, magetan)
    assert kept(db, "magetan", 2024) == magetan
    publish(chief, "magetan")
    assert "Periksa kembali" not in chief.get("/desk/magetan/2024").get_data(as_text=True)
    check_public_pages(chief)


def check_public_pages(client: Client) -> None:
    """The table of facts: what each printed announcement says, taken down by hand."""
    for slug, number, signed, requirements, dated in (
        ("jepara", "B-286/33200/KP.200/10/2023", ["Drs. MANGGUS SURYONO", "INA RUSMIYATI, SST., M.Si."], 15,
         "Rabu, 1 November 2023 sampai Jumat, 8 Desember 2023"),
        ("magetan", "B-463/35200/HM.240/11/2023", ["Imam Sudarmaji"], 14,
         "Tanggalnya mengikuti sesi pilihan calon."),
    ):  # fmt: skip
        page = client.get(f"/offices/{slug}").get_data(as_text=True)
        assert number in page
        assert all(name in page for name in signed)
        assert len(set(re.findall(r'<li value="(\d+)">', page))) == requirements
        assert dated in page


def test_next_year_is_this_year_copied_with_its_days_moved(chief: Client, db: Database) -> None:
    jepara = announced("jepara")
    enter_office(chief, jepara)
    start(chief, "jepara")
    enter(chief, jepara)
    source = source_of(chief, "jepara", "Salin dari BPS Kabupaten Jepara 2024")
    answer = chief.submit("/desk/jepara/recruitments/new", year="2025", source=source)
    must(answer, "/desk/jepara/2025")
    copied = kept(db, "jepara", 2025)
    spans = {one["kind"]: (one["opens_on"], one["closes_on"]) for one in copied["phases"]}
    assert spans["registration"] == ("2024-11-01", "2024-11-30")
    assert copied["activities"]["registration"] == {"name": "Rekrutmen Mitra BPS 2025-Pendaftaran"}
    assert copied["recruitment"]["title"]["id"].startswith("Rekrutmen Calon Mitra Statistik Tahun 2025")
    assert copied["recruitment"]["place"] == "Jepara"
    page = chief.get("/desk/jepara/2025").get_data(as_text=True)
    assert "Tahun 2024 tertulis pada bagian Pembuka, tata cara, dan ketentuan." in page
    assert kept(db, "jepara", 2024) == jepara


def test_an_incomplete_draft_is_not_published_and_says_what_is_missing(chief: Client, db: Database) -> None:
    jepara = announced("jepara")
    enter_office(chief, jepara)
    start(chief, "jepara")
    enter(chief, jepara, "document", "signatories", "requirements")
    refused = chief.post("/desk/jepara/2024/publish")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "not_complete")
    assert refused.get_json()["missing"] == ["phases", "texts", "channels"]
    page = chief.submit("/desk/jepara/2024/publish").get_data(as_text=True)
    listed = page.partition("belum lengkap.</span>")[2].partition("</ul>")[0]
    assert re.findall(r'<li><a href="([^"]+)">', listed) == [
        f"/desk/jepara/2024/{part}" for part in ("phases", "texts", "channels")
    ]
    assert chief.get("/offices/jepara").status_code == 404


def test_published_twice_is_published_once(chief: Client, db: Database, clock: SetClock) -> None:
    jepara = announced("jepara")
    enter_office(chief, jepara)
    start(chief, "jepara")
    enter(chief, jepara)
    publish(chief, "jepara")
    clock.pass_by(minutes=5)
    assert chief.post("/desk/jepara/2024/publish").get_json()["code"] == "already_published"


def test_the_preview_is_the_public_page_of_a_draft(chief: Client, db: Database) -> None:
    jepara = announced("jepara")
    enter_office(chief, jepara)
    start(chief, "jepara")
    assert chief.get("/desk/jepara/2024/preview").status_code == 200
    enter(chief, jepara)
    draft = chief.get("/desk/jepara/2024/preview").get_data(as_text=True)
    assert "Pratinjau: begini pengumuman ini terlihat oleh umum." in draft
    publish(chief, "jepara")
    public = chief.get("/offices/jepara").get_data(as_text=True)
    assert body(draft).partition("Persyaratan")[2] == body(public).partition("Persyaratan")[2]


def body(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0].replace(' class="state', "")


def test_nothing_typed_is_lost_when_one_field_is_wrong(chief: Client, db: Database) -> None:
    jepara = announced("jepara")
    enter_office(chief, jepara)
    start(chief, "jepara")
    answer = chief.submit("/desk/jepara/2024/document", number="B-1", date="31-2-2026", place="Jepara",
                          title_id="Judul yang panjang", title_en="")  # fmt: skip
    assert answer.status_code == 422
    assert [name for name, _ in problems(answer)] == ["date-problem"]
    page = answer.get_data(as_text=True)
    assert all(f'value="{text}"' in page for text in ("B-1", "31-2-2026", "Judul yang panjang"))
    assert "Tanggal 31-2-2026 tidak ada dalam kalender" in page
    assert kept(db, "jepara", 2024)["recruitment"]["document_number"] == ""
