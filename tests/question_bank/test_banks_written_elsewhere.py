"""One bank, written by independent programs into every format, imports to the same items and keys."""

from pathlib import Path

import pytest

from question_bank.formats import WRITERS, Loaded, dump, load, losses
from question_bank.items import Item, pictures_of, plain

FOLDER = Path(__file__).parent / "written_elsewhere"
FILES = sorted(file.name for file in FOLDER.iterdir() if file.suffix != ".md")
WITH_PICTURE = {"text2qti_canvas.zip", "moodle_questions.xml", "xlsxwriter.xlsx", "openpyxl.xlsx"}
BANK = [
    ("Satuan luas bangunan sensus adalah?", ["meter", "m2", "liter", "kg"], 1),
    ("Rumus kimia air minum rumah tangga ialah?", ["CO2", "O2", "H2O"], 2),
    ("Nilai 5 < x & x > 3 dipenuhi oleh?", ["x = 7", "x = 2", "x = 4", "x = 5"], 0),
    ("Blok IV memuat keterangan apa?", ["anggota rumah tangga", "pengesahan", "lokasi"], 0),
    ("Méja “bundar” seharga ½ gaji, artinya?", ["seperempat", "setengah", "penuh"], 1),
    ("Kota di Jerman dengan umlaut?", ["München", "Köln", "Straßburg", "Bandung & Solo"], 0),
    ("Tabel: RT ART 1 4 Jumlah ART?", ["1", "3", "4"], 2),
    ("Lihat peta lalu pilih.", ["utara", "selatan"], 1),
    ("Rata-rata dari 2, 4, dan 9?", ["4", "5", "6", "15"], 1),
    ("Persen 1 dari 4?", ["4%", "25%", "40%", "75%"], 1),
    ("Waktu cacah 10:30 {pagi} = ~ #1?", ["10:30", "22:30", "0:30"], 0),
    (
        "Apa kepanjangan BPS?",
        ["Badan Pusat Statistik", "Biro Pusat Survei", "Badan Pokok Sensus", "Balai Peta Statistik",
         "Bukan salah satunya"],
        0,
    ),
]  # fmt: skip


def bank_of(name: str) -> Loaded:
    return load(name, (FOLDER / name).read_bytes())


def as_plain(items: list[Item]) -> list[tuple[str, list[str], int]]:
    return [(plain(item.stem), [plain(option) for option in item.options], item.key) for item in items]


def items_in(loaded: Loaded) -> list[Item]:
    return [located.item for located in loaded.items]


@pytest.mark.parametrize("name", FILES)
def test_a_bank_written_elsewhere_gives_the_same_items_and_keys(name):
    loaded = bank_of(name)
    assert as_plain(items_in(loaded)) == BANK
    assert (loaded.skipped, loaded.errors) == ((), ())
    assert len(loaded.pictures) == (name in WITH_PICTURE)


@pytest.mark.parametrize("name", sorted(set(FILES) - {"python_csv.csv"}))
def test_a_bank_written_elsewhere_keeps_its_markup(name):
    items = items_in(bank_of(name))
    assert items[0].options[1].replace("<p>", "").replace("</p>", "") == "m<sup>2</sup>"
    assert "H<sub>2</sub>O" in items[1].options[2]
    assert "<td>4</td>" in items[6].stem


@pytest.mark.slow
@pytest.mark.parametrize("format_name", WRITERS)
@pytest.mark.parametrize("name", FILES)
def test_a_bank_written_elsewhere_goes_out_and_comes_back_the_same(name, format_name):
    loaded = bank_of(name)
    items = items_in(loaded)
    whole = [
        number for number, item in enumerate(items) if not (pictures_of(item) and losses([item], format_name))
    ]
    back = load(f"bank.{format_name}", dump(items, format_name, loaded.pictures))
    read = as_plain(items_in(back))
    assert [read[number] for number in whole] == [BANK[number] for number in whole]
    assert [key for _, _, key in read] == [key for _, _, key in BANK]
    assert (back.skipped, back.errors) == ((), ())
    assert len(whole) >= len(BANK) - (format_name == "gift")
