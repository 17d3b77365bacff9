"""From the scores to the announcement and on, by officials, candidates and a stranger in their browsers.

At Jepara a wrong key is found, previewed and corrected while somebody still sits; the list is frozen and
announced on its date, two withdraw and two reserves take their places. Magetan decides beside it, unseen.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from exam_server.models import Placing, SelectionList
from tests.journeys.hall import Admin, Guest, Hall, Mitra, open_hall
from tests.journeys.two_offices import RESULT_IN, WRONG, House, Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LAST_SITTING = timedelta(hours=2, minutes=30)
PLACES, RESERVES = 3, 3
WHY, NOTE = "Pembahasan dan buku pedoman menyebut pilihan C.", "Kunci satu soal keliru dan sudah diperbaiki."
MEETING = "Berita acara rapat pleno nomor 7"
CHANGED = re.compile(r"(\d+) peringkat dan (\d+) status berubah")


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    with open_hall(tmp_path) as found:
        yield found


def test_from_the_scores_to_reserves_who_moved_up(chromium: Browser, hall: Hall) -> None:
    jepara, magetan = hall.houses["jepara"], hall.houses["magetan"]
    admin, second = (Admin(chromium, hall, jepara, one) for one in (jepara.admin, jepara.second))
    other, fourth = (Admin(chromium, hall, magetan, one) for one in (magetan.admin, magetan.second))
    early, guest = Guest(chromium, hall), Guest(chromium, hall)

    records_criteria(admin)
    records_quotas(admin, PLACES, RESERVES)
    opens_scores(admin)
    finds_the_wrong_key(admin)
    second.grant(asks_for_the_correction(admin))
    reads_both_versions(admin)
    cannot_freeze_yet(admin)
    decides_beside(other, fourth, jepara)

    hall.pass_by(LAST_SITTING)
    second.grant(freezes(admin, len(jepara.people) + len(jepara.sitting)))
    second.grant(announces(admin))
    waits_for_the_date(early, jepara)

    hall.pass_by(RESULT_IN)
    reads_the_result(guest, jepara)
    takes_the_files_away(guest)
    left, moved = two_move_up(chromium, hall, jepara)
    sees_the_chain(admin, left, moved)
    tells_all_of_it(admin, left, moved)
    reads_magetan(guest, magetan)
    for visitor in (admin, second, other, fourth, early, guest):
        visitor.leave()
    agrees_with_itself(hall)


def records_criteria(admin: Admin) -> None:
    """Weights that do not sum are refused and stay as they were typed."""
    admin.page.goto("/results")
    admin.stands("hasil")
    admin.open(admin.house.activity)
    admin.reads("catat kriteria dan bobot sebelum nilai dibuka")
    admin.stands("ikhtisar")
    admin.open("Isi kriteria dan bobot")
    admin.page.locator("#weight-test").fill("80")
    admin.page.locator("#weight-p8").fill("15,5")
    admin.page.locator("#tie-0").select_option("applied")
    admin.press("Catat kriteria")
    admin.refused(422, "Jumlah bobot harus tepat 100, sekarang 95,5. Belum ada yang dicatat.")
    expect(admin.page.locator("#weight-p8")).to_have_value("15,5")
    admin.stands("kriteria")
    admin.page.locator("#weight-p8").fill("20")
    admin.press("Catat kriteria")
    admin.reads("Versi 1, dicatat")


def records_quotas(admin: Admin, places: int, reserves: int) -> None:
    admin.open("Isi kuota")
    admin.page.locator("#places-1").fill(str(places))
    admin.page.locator("#reserves").fill(str(reserves))
    admin.stands("kuota")
    admin.press("Catat kuota")
    admin.reads(f"{places} tempat dalam 1 kuota")


def opens_scores(admin: Admin) -> None:
    """Before it nobody sees a score, after it the criteria are fixed."""
    admin.press(f"Buka nilai {admin.house.activity}")
    admin.reads("Tetap sejak nilai dibuka.")
    admin.stands("dibuka")
    admin.open("Lihat kriteria")
    admin.reads("Nilai sudah dibuka, jadi kriteria ini tetap.")
    expect(admin.page.get_by_role("button", name="Catat kriteria")).to_have_count(0)


def finds_the_wrong_key(admin: Admin) -> None:
    """The gravest sign stands first in the list of items."""
    admin.go()
    admin.open("Analisis butir soal")
    admin.stands("analisis")
    admin.go("/analysis/items")
    first = admin.page.locator(".ana-items tbody tr").first
    expect(first).to_contain_text(WRONG)
    expect(first).to_contain_text("kunci kemungkinan salah: pilihan C lebih sering dipilih yang mampu")
    admin.stands("butir")
    admin.go("/analysis/fairness")
    admin.stands("kesetaraan")
    admin.go("/analysis/items")
    admin.open(WRONG)
    admin.reads("kunci kemungkinan salah")
    admin.stands("soal")


def asks_for_the_correction(admin: Admin) -> str:
    """From the item to what its correction would do, person by person, and to the second official."""
    admin.open(f"Usulkan koreksi kunci soal {WRONG}")
    admin.stands("perbaikan")
    form = admin.page.locator("form").filter(has_text="Jenis perbaikan")
    form.get_by_label("Kunci lain").check()
    form.locator("[name=option][value='2']").check()
    admin.press("Lihat akibatnya")
    admin.reads("Ini pratinjau. Belum ada yang berubah.", "Kunci sekarang: A", "Kunci yang baru: C")
    told = CHANGED.search(admin.page.get_by_role("main").inner_text())
    assert told is not None
    assert int(told[1]) > int(told[2]) > 0
    admin.stands("pratinjau")
    admin.turn(admin.page.get_by_role("link", name="Status berubah"))
    expect(admin.page.locator(".fix-table tbody tr")).to_have_count(int(told[2]))
    admin.page.get_by_label(re.compile("^Alasan")).fill(WHY)
    admin.press(f"Ajukan perbaikan kunci soal {WRONG}")
    admin.refused(422, "Catatan untuk umum")
    expect(admin.page.get_by_label(re.compile("^Alasan"))).to_have_value(WHY)
    admin.page.locator("#note_id").fill(NOTE)
    admin.page.locator("#note_en").fill("The key of one item was wrong and has been corrected.")
    admin.press(f"Ajukan perbaikan kunci soal {WRONG}")
    return admin.asked()


def reads_both_versions(admin: Admin) -> None:
    """The new one counts, the old one stays readable as it was."""
    admin.go("/corrections")
    admin.reads("Versi 2 berlaku", WHY, NOTE)
    admin.stands("versi")
    scores = []
    for number in (1, 2):
        admin.go("/corrections")
        admin.open(f"Lihat nilai versi {number}")
        admin.stands(f"versi{number}")
        scores.append(admin.page.locator("tbody").inner_text())
    assert scores[0] != scores[1]


def cannot_freeze_yet(admin: Admin) -> None:
    """While somebody sits the list may be looked at and tried, and not be frozen."""
    admin.go("/list")
    admin.reads("Belum dibekukan", "Susunan menurut keadaan sekarang; masih dapat berubah.")
    admin.stands("susunan")
    admin.go("/what-if")
    admin.stands("coba")
    admin.go()
    admin.reads("tunggu sesi terakhir berakhir; susunan boleh disiapkan")
    admin.page.get_by_label(re.compile("^Alasan atau dasar")).fill(MEETING)
    admin.press("Ajukan pembekuan daftar kepada petugas kedua")
    admin.refused(409, "Daftar belum dapat dibekukan: 1 peserta belum selesai atau belum dinilai")


def decides_beside(admin: Admin, second: Admin, stranger: House) -> None:
    """The other office sees nothing of the first, says honestly that its answers are few, and decides."""
    admin.page.goto("/results")
    expect(admin.page.get_by_role("main").get_by_role("heading", level=2)).to_have_count(1)
    for part in ("", "/list", "/corrections", "/places", "/announcement", "/analysis"):
        answer = admin.page.goto(f"/results/{stranger.public_id}{part}")
        assert answer is not None
        assert answer.status == 404
    admin.refused(404)
    admin.go("/criteria")
    admin.page.locator("#weight-test").fill("100")
    admin.press("Catat kriteria")
    records_quotas(admin, 2, 1)
    opens_scores(admin)
    admin.go("/analysis/items")
    admin.reads("baru 12 jawaban, belum cukup untuk menilai")
    second.grant(freezes(admin, len(admin.house.people)))
    second.grant(announces(admin))


def freezes(admin: Admin, ranked: int) -> str:
    """As soon as everybody who sat is scored."""
    admin.come()
    admin.go()
    counted = admin.page.get_by_text(f"{ranked} peserta dinilai")
    while not counted.count():  # the test's own limit ends a wait in vain
        admin.page.wait_for_timeout(500)
        admin.go()
    admin.page.get_by_label(re.compile("^Alasan atau dasar")).fill(MEETING)
    admin.press("Ajukan pembekuan daftar kepada petugas kedua")
    return admin.asked()


def announces(admin: Admin) -> str:
    """Never before the announced date."""
    admin.go("/list")
    admin.reads("Daftar 1, dibekukan")
    admin.stands("daftar")
    admin.go("/announcement")
    admin.stands("pengumuman")
    admin.page.get_by_label(re.compile("^Alasan")).fill(MEETING)
    admin.page.get_by_label("Segera setelah disetujui").check()
    admin.press("Ajukan pengumuman hasil kepada petugas kedua")
    admin.refused(422, "tidak dapat terbit sebelum itu")
    admin.page.get_by_label("Pada waktu yang diumumkan").check()
    admin.press("Ajukan pengumuman hasil kepada petugas kedua")
    return admin.asked()


def waits_for_the_date(guest: Guest, house: House) -> None:
    guest.page.goto(f"/offices/{house.slug}/result")
    guest.reads("Hasil seleksi akhir belum diumumkan.", "Pengumuman dijadwalkan")
    guest.stands("menunggu")


def reads_the_result(guest: Guest, house: House) -> None:
    """Numbers, masked names, the method, and why it differs from what a first look at the keys gave."""
    guest.page.goto(f"/offices/{house.slug}")
    guest.stands("kantor")
    guest.page.goto(f"/offices/{house.slug}/result")
    guest.reads(f"Diterima ({PLACES} orang)", f"Cadangan ({RESERVES} orang)", NOTE, "Cara penilaian")
    expect(guest.page.get_by_role("main")).not_to_contain_text(house.people[0].name)
    guest.stands("hasil-umum")
    guest.page.get_by_label("Cari nomor peserta").fill(house.people[0].number.lower())
    guest.press("Cari")
    guest.reads(f"{house.people[0].number}: Diterima")


def takes_the_files_away(guest: Guest) -> None:
    """Each file says the same, and its hash is known to the office's own page."""
    files = {kind: download(guest.page, kind) for kind in ("PDF", "Excel", "CSV", "JSON")}
    sha256 = hashlib.sha256(files["JSON"]).hexdigest()
    rows = json.loads(files["JSON"])["rows"]
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(files["PDF"])).pages)
    assert sha256 in re.sub(r"\s", "", printed)
    book = openpyxl.load_workbook(io.BytesIO(files["Excel"]))
    assert [row[0].value for row in book["Hasil"].iter_rows(min_row=2)] == [row[0] for row in rows]
    told = files["CSV"].decode("utf-8-sig").splitlines()
    assert len(told) == len(rows) + 1
    expect(guest.page.locator(".ann-seal")).to_contain_text(sha256)
    guest.follow("Periksa keaslian pengumuman ini")
    guest.page.goto("/verify/result")
    guest.page.get_by_label("Sidik (SHA-256) atau kode pengumuman").fill(sha256)
    guest.press("Periksa")
    guest.reads("Asli dan berlaku", sha256)
    guest.stands("periksa")
    guest.page.get_by_label("Sidik (SHA-256) atau kode pengumuman").fill("0" * 64)
    guest.press("Periksa")
    guest.reads("Tidak dikenal")
    assert guest.until(lambda: bool(guest.troubles))
    guest.troubles.clear()  # Chromium's own line about what was not found


def download(page: Page, kind: str) -> bytes:
    with page.expect_download() as found:
        page.get_by_role("main").get_by_role("link", name=re.compile(f"^{kind}")).click()
    return Path(found.value.path()).read_bytes()


def two_move_up(chromium: Browser, hall: Hall, house: House) -> tuple[list[Person], list[Person]]:
    """Who left and who came in their places, each on the own phone."""
    accepted, reserves = placed(hall, house)
    left, moved = accepted[:2], reserves[:2]
    for person in left:
        withdraws(Mitra(chromium, hall, person))
    for person in moved:
        takes_the_place(Mitra(chromium, hall, person))
    return left, moved


def placed(hall: Hall, house: House) -> tuple[list[Person], list[Person]]:
    """Those with a place and those in reserve, each in their order."""
    known = {one.attempt_id: one for one in (*house.people, *house.sitting)}
    with hall.db.read() as tx:
        rows = tx.execute(
            sa.select(Placing.attempt_id, Placing.outcome)
            .join(SelectionList, SelectionList.id == Placing.list_id)
            .where(SelectionList.activity_id == house.activity_id, Placing.rank.is_not(None))
            .order_by(Placing.rank)
        ).all()
    accepted, reserves = (
        [known[row.attempt_id] for row in rows if row.outcome == outcome]
        for outcome in ("accepted", "reserve")
    )
    assert (len(accepted), len(reserves)) == (PLACES, RESERVES)
    return accepted, reserves


def withdraws(mitra: Mitra) -> None:
    """Told first that it is for good."""
    mitra.page.goto("/result")
    mitra.reads("Anda lulus seleksi akhir.", "Cara nilai akhir Anda dihitung", NOTE)
    mitra.stands("lulus")
    mitra.follow("Mengundurkan diri")
    mitra.reads("Ini tidak dapat dicabut")
    mitra.stands("mundur")
    mitra.press(re.compile("^Mengundurkan diri dari"))
    mitra.reads("Anda mengundurkan diri dari seleksi ini.")
    mitra.stands("sudah-mundur")
    mitra.hall.mailbox.wait_for(mitra.person.email, "Pengunduran diri tercatat")
    mitra.leave()


def takes_the_place(mitra: Mitra) -> None:
    """Led there by the letter."""
    letter = mitra.hall.mailbox.wait_for(mitra.person.email, "Tempat ditawarkan kepada Anda")
    mitra.page.goto(next(link for link in letter.links if link.endswith("/result")))
    mitra.reads("ditawarkan kepada Anda", "Jawab sebelum")
    mitra.stands("ditawari")
    mitra.press(re.compile("^Terima tempat"))
    mitra.reads("Anda lulus seleksi akhir.", "Menerima tempat")
    mitra.stands("menerima")
    mitra.page.goto("/status")
    mitra.reads("Diterima (seleksi akhir)", "Tempat diterima")
    mitra.stands("status")
    mitra.leave()


def sees_the_chain(admin: Admin, left: list[Person], moved: list[Person]) -> None:
    """Each place tells who had it, who has it, and when; the public reads of it by numbers."""
    admin.come()
    admin.go("/places")
    admin.reads(f"{PLACES} tempat: {PLACES} terisi, 0 sedang ditawarkan, 0 kosong. 1 cadangan menunggu.")
    lines = admin.page.locator(".place-lines > li")
    for gone, come in zip(left, moved, strict=True):
        line = lines.filter(has_text=gone.number)
        expect(line).to_contain_text(come.number)
        expect(line).to_contain_text("Menerima tempat")
    admin.stands("tempat")
    admin.open(left[0].name)
    admin.reads("Mengundurkan diri")
    admin.stands("orang")
    admin.go("/announcement")
    admin.reads("Pengumuman ke-1: terbit")
    admin.stands("sudah-terbit")
    admin.go()
    admin.reads("hasil sudah diumumkan")
    admin.stands("selesai")


def tells_all_of_it(admin: Admin, left: list[Person], moved: list[Person]) -> None:
    """The trail of the office, read from its beginning."""
    admin.menu("Jejak audit")
    told = list(reversed(admin.page.locator(".trail-table tbody tr td:nth-child(2)").all_inner_texts()))
    first, second = "Bagus Santoso Jepara", "Ratna Dewi Jepara"
    wanted = [
        f"{first} mencatat kriteria seleksi akhir", f"{first} mencatat kuota seleksi akhir",
        f"{first} membuka nilai tes",
        f"{first} membuka analisis hasil tes", f"{first} meminta persetujuan petugas kedua: perbaikan kunci",
        f"{second} menyetujui sebagai petugas kedua: perbaikan kunci",
        f"{first} meminta persetujuan petugas kedua: pembekuan",
        f"{second} menyetujui sebagai petugas kedua: pembekuan",
        f"{first} meminta persetujuan petugas kedua: pengumuman",
        f"{second} menyetujui sebagai petugas kedua: pengumuman",
        *(said for one in left for said in (f"mencatat pengunduran diri {one.name}",)),
        *(f"{one.name} menerima tempat yang ditawarkan" for one in moved),
    ]  # fmt: skip
    at = -1
    for said in wanted:
        at = next((n for n, row in enumerate(told) if n > at and said in row), -1)
        assert at >= 0, (said, told)
    for said in (f"{second} memperbaiki kunci", f"{second} membekukan daftar hasil",
                 *(f"Tempat yang kosong ditawarkan kepada {one.name}" for one in moved)):  # fmt: skip
        assert any(said in row for row in told), (said, told)
    assert not any("Magetan" in row for row in told)


def reads_magetan(guest: Guest, house: House) -> None:
    """Its own result, without a word about the other's correction."""
    guest.page.goto(f"/offices/{house.slug}/result")
    guest.reads("Diterima (2 orang)", "Cadangan (1 orang)")
    expect(guest.page.get_by_role("main")).not_to_contain_text(NOTE)


def agrees_with_itself(hall: Hall) -> None:
    """Whatever is counted again is as it was told, the published lists rebuilt from the journals too."""
    done = subprocess.run(
        [sys.executable, "-c", "from exam_server.cli import main; main()", "verify"],
        env=hall.server.environment, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
