"""What the 16 digits of a NIK say, cut at every border, and the sentences for what cannot be right."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exam_server.profile import nik as niks
from exam_server.profile.nik import Nik, contradiction, masked, parse
from exam_server.profile.rules import Said, told
from tests.factories import make_nik

TODAY = date(2026, 11, 4)
BORN = date(1998, 5, 17)


def sentence(number: str) -> str:
    found = parse(number)
    assert isinstance(found, Said), found
    return told(found)


def parts(number: str) -> Nik:
    found = parse(number)
    assert isinstance(found, Nik), found
    return found


def test_a_nik_is_taken_apart() -> None:
    found = parts("3320015705980001")
    assert (found.region, found.regency, found.sex, found.number) == ("332001", "3320", "f", 1)
    assert found.agrees_with(BORN)


def test_fifteen_digits_are_counted() -> None:
    assert sentence("332001170598001") == "NIK terdiri atas 16 angka; yang diketik 15 angka."
    assert sentence("33200117059800012").endswith("17 angka.")


@pytest.mark.parametrize("number", ["332001170598000a", "33200117059800٠1", "3320 0117059801", ""])
def test_only_plain_digits_are_a_nik(number: str) -> None:
    assert sentence(number).startswith("NIK hanya memuat angka")


@pytest.mark.parametrize("region", ["110101", "999999", "332001", "119999"])
def test_regions_at_the_borders_are_taken(region: str) -> None:
    assert parts(f"{region}1705980001").region == region


@pytest.mark.parametrize("region", ["100101", "090101", "000000", "330001", "332000"])
def test_what_is_no_region_is_named(region: str) -> None:
    assert f"({region})" in sentence(f"{region}1705980001")


@pytest.mark.parametrize("digits", ["010100", "311299", "290200", "410100", "711299", "690200", "290204"])
def test_days_that_exist_are_taken(digits: str) -> None:
    assert isinstance(parse(f"332001{digits}0001"), Nik)


@pytest.mark.parametrize(
    "digits",
    ["000100", "320100", "400100", "720100", "310400", "710400", "010000", "011300", "290201", "690203"],
)
def test_days_that_do_not_exist_are_named(digits: str) -> None:
    assert f"({digits})" in sentence(f"332001{digits}0001")


def test_the_running_number_is_never_zero() -> None:
    assert "0000" in sentence("3320011705980000")
    assert parts("3320011705980001").number == 1


@given(st.dates(date(1930, 1, 1), date(2016, 12, 31)), st.booleans(), st.integers(1, 9999))
def test_a_nik_built_from_a_day_says_that_day_and_sex(born: date, female: bool, number: int) -> None:
    day = born.day + (40 if female else 0)
    found = parts(f"332001{day:02d}{born:%m%y}{number:04d}")
    assert found.agrees_with(born)
    assert contradiction(found, born, "f" if female else "m", TODAY) is None


@given(st.text(max_size=20))
def test_whatever_is_typed_gets_a_nik_or_a_sentence(raw: str) -> None:
    found = parse(raw)
    assert told(found) if isinstance(found, Said) else len(raw) == niks.LENGTH


@pytest.mark.parametrize(("year", "said"), [(98, 1998), (16, 2016), (17, 1917), (26, 1926), (0, 2000)])
def test_two_digits_of_a_year_mean_the_later_century_without_small_children(year: int, said: int) -> None:
    assert parts(f"3320011705{year:02d}0001").born(TODAY) == date(said, 5, 17)


def test_another_day_is_told_beside_the_date_with_what_the_nik_says() -> None:
    clash = contradiction(parts(make_nik(BORN, female=True)), date(1998, 5, 18), "f", TODAY)
    assert clash is not None
    assert clash[0] == "birth_date"
    assert told(clash[1]).startswith(
        "NIK memuat tanggal lahir 17 Mei 1998, perempuan; yang Anda ketik 18 Mei 1998."
    )


def test_another_sex_is_told_beside_the_sex() -> None:
    clash = contradiction(parts(make_nik(BORN)), BORN, "f", TODAY)
    assert clash is not None
    assert clash[0] == "sex"
    assert "17 Mei 1998, laki-laki; yang Anda pilih perempuan." in told(clash[1])


def test_when_neither_agrees_the_nik_is_looked_at() -> None:
    clash = contradiction(parts(make_nik(BORN)), date(1997, 1, 2), "f", TODAY)
    assert clash is not None
    assert clash[0] == "nik"
    assert "yang Anda isi 2 Januari 1997, perempuan" in told(clash[1])


@pytest.mark.parametrize(
    ("number", "shown", "told"),
    [
        ("3320011705980042", 4, "••••••••••••0042"),
        ("3320011705980042", 0, "•" * 16),
        (None, 4, ""),
        (None, 0, ""),
    ],
)
def test_a_masked_nik_tells_its_last_digits_only(number: str | None, shown: int, told: str) -> None:
    assert masked(number, shown) == told
