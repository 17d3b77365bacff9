"""What is typed into each step: forgiven, understood, or refused with a sentence of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exam_server.profile import cleaning
from exam_server.profile.cleaning import Wrong, tidy, years_between
from exam_server.profile.entries import read
from exam_server.profile.rules import STEPS, told
from tests.profile.samples import GOOD, JEPARA, NIK, TODAY


def entered(step: str, **changed: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """(values, field to sentence) of a good step with something changed."""
    chosen = next(one for one in STEPS if one.name == step)
    given = GOOD[step] | changed
    typed = {name: one if isinstance(one, list) else [one] for name, one in given.items()}
    values, problems = read(chosen, typed, [JEPARA], TODAY)
    return values, {name: told(said) for name, said in problems.items()}


def refused(understand: Callable[[str], object], raw: str) -> str:
    with pytest.raises(Wrong) as wrong:
        understand(raw)
    return told(wrong.value.said)


@pytest.mark.parametrize("step", [step.name for step in STEPS])
def test_a_good_step_has_exactly_its_own_fields_and_no_problem(step: str) -> None:
    values, problems = entered(step)
    assert problems == {}
    assert tuple(values) == next(one for one in STEPS if one.name == step).fields


@pytest.mark.parametrize("step", [step.name for step in STEPS])
def test_fields_of_other_steps_and_unknown_ones_are_not_read(step: str) -> None:
    values, _ = entered(step, account_id="9", saved_at="x", is_admin="1", phone_verified="1")
    assert set(values) == set(next(one for one in STEPS if one.name == step).fields)


@pytest.mark.parametrize("step", [step.name for step in STEPS])
def test_every_empty_field_that_is_needed_says_so(step: str) -> None:
    empty = {name: "" for name in GOOD[step] if not isinstance(GOOD[step][name], list)}
    _, problems = entered(step, **empty)
    spared = {"major", "kecamatan"}  # asked only after a school or a regency was chosen
    assert set(problems) == set(empty) - spared
    assert set(problems.values()) == {"Bagian ini belum diisi."}


@pytest.mark.parametrize(
    "pasted",
    [
        " 3320 0117 0598 0001 ",
        "3320-0117-0598-0001",
        "3320.01.170598.0001",
        "３３２００１１７０５９８０００１",
        "\u200b3320011705980001\u00a0",
        "3320\u20130117\u20130598\u20130001",
    ],
)
def test_a_pasted_nik_loses_blanks_dashes_and_dots(pasted: str) -> None:
    values, problems = entered("identity", nik=pasted)
    assert (values["nik"], problems) == (NIK, {})


def test_fifteen_digits_are_told_beside_the_nik() -> None:
    _, problems = entered("identity", nik=NIK[:-1])
    assert problems == {"nik": "NIK terdiri atas 16 angka; yang diketik 15 angka."}


def test_a_date_against_the_nik_is_told_beside_the_date() -> None:
    _, problems = entered("identity", birth_date="18-05-1998")
    assert list(problems) == ["birth_date"]
    assert "17 Mei 1998, laki-laki; yang Anda ketik 18 Mei 1998" in problems["birth_date"]


@pytest.mark.parametrize(
    "typed",
    [
        "17-05-1998",
        "17/05/1998",
        "1998-05-17",
        "17.5.1998",
        "17 05 1998",
        "17051998",
        "19980517",
        "１７-０５-１９９８",
        "17–05–1998",
    ],
)
def test_a_date_is_understood_however_it_is_typed(typed: str) -> None:
    values, problems = entered("identity", birth_date=typed)
    assert (values["birth_date"], problems) == (date(1998, 5, 17), {})


@pytest.mark.parametrize("typed", ["17-05-98", "kemarin", "17-05", "1705199", "17-05-1998 08:00"])
def test_what_is_no_date_is_told_how_to_write_one(typed: str) -> None:
    assert "misalnya 17-05-1998" in refused(lambda raw: cleaning.understand_birth_date(raw, TODAY), typed)


@pytest.mark.parametrize("typed", ["31-02-1998", "29-02-2001", "00-05-1998", "17-13-1998", "99999999"])
def test_a_day_that_does_not_exist_is_named(typed: str) -> None:
    said = refused(lambda raw: cleaning.understand_birth_date(raw, TODAY), typed)
    assert said.startswith(f"Tanggal {typed} tidak ada")


@pytest.mark.parametrize("typed", ["04-11-2016", "05-11-1925"])
def test_ages_ten_and_a_hundred_are_taken(typed: str) -> None:
    assert cleaning.understand_birth_date(typed, TODAY)


@pytest.mark.parametrize(
    ("typed", "day"),
    [("05-11-2016", "5 November 2016"), ("04-11-1925", "4 November 1925"), ("01-01-2030", "1 Januari 2030")],
)
def test_an_age_beyond_them_is_refused(typed: str, day: str) -> None:
    assert day in refused(lambda raw: cleaning.understand_birth_date(raw, TODAY), typed)


@pytest.mark.parametrize(
    ("born", "on_day", "age"),
    [
        (date(2008, 11, 4), TODAY, 18),
        (date(2008, 11, 5), TODAY, 17),
        (date(2008, 11, 3), TODAY, 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_an_age_is_reached_on_the_birthday(born: date, on_day: date, age: int) -> None:
    assert years_between(born, on_day) == age


@pytest.mark.parametrize(
    "typed",
    [
        "081234567890",
        "+62 812-3456-7890",
        "62812.3456.7890",
        "81234567890",
        "(0812) 3456 7890",
        "+62 0812 3456 7890",
        "0062 81234567890",
        "０８１２３４５６７８９０",
    ],
)
def test_a_mobile_number_becomes_one_form(typed: str) -> None:
    assert cleaning.understand_phone(typed) == "081234567890"


@pytest.mark.parametrize("typed", ["0812345678", "0812345678901"])
def test_the_shortest_and_longest_numbers_are_taken(typed: str) -> None:
    assert cleaning.understand_phone(typed) == typed


@pytest.mark.parametrize(
    "typed",
    ["081234567", "08123456789012", "0291591234", "08012345678", "+1 212 555 0100", "abc", "0812345678a"],
)
def test_what_is_no_mobile_number_is_told_how_one_looks(typed: str) -> None:
    assert "misalnya 081234567890" in refused(cleaning.understand_phone, typed)


def test_text_has_its_blanks_collapsed_and_invisible_signs_dropped() -> None:
    values, _ = entered("identity", name="  Budi \u00a0 Santoso\u200b\n")
    assert values["name"] == "Budi Santoso"


@given(st.text(max_size=60))
def test_tidying_twice_is_tidying_once(raw: str) -> None:
    once = tidy(raw)
    assert tidy(once) == once
    assert "  " not in once


def test_text_has_a_longest_and_needs_a_letter() -> None:
    assert entered("identity", name="a" * 100)[1] == {}
    assert entered("identity", name="a" * 101)[1] == {
        "name": "Isian paling panjang 100 huruf; yang diketik 101 huruf."
    }
    assert "huruf" in entered("identity", birth_place="123")[1]["birth_place"]


@pytest.mark.parametrize(
    ("step", "name"),
    [
        ("identity", "sex"),
        ("work", "education"),
        ("work", "occupation"),
        ("work", "civil_servant"),
        ("means", "experienced"),
        ("means", "devices"),
        ("means", "vehicles"),
        ("domicile", "office_id"),
    ],
)
def test_an_unknown_choice_is_refused(step: str, name: str) -> None:
    _, problems = entered(step, **{name: "x"})
    assert problems == {name: "Pilihan ini tidak dikenal. Pilih salah satu yang tersedia."}


def test_a_kecamatan_comes_from_the_list_of_the_office() -> None:
    assert entered("domicile")[0]["office_id"] == 7
    assert entered("domicile")[0]["regency"] is None
    _, problems = entered("domicile", kecamatan="Poncol")
    assert problems == {
        "kecamatan": "Kecamatan ini tidak ada pada daftar Kabupaten Jepara. Pilih dari daftar."
    }


def test_who_lives_elsewhere_tells_regency_and_kecamatan_in_words() -> None:
    values, problems = entered(
        "domicile", office_id="elsewhere", regency="Kabupaten Kudus", kecamatan="Mejobo"
    )
    assert problems == {}
    assert (values["office_id"], values["regency"], values["kecamatan"]) == (
        None,
        "Kabupaten Kudus",
        "Mejobo",
    )
    assert set(entered("domicile", office_id="elsewhere")[1]) == {"regency"}


def test_only_higher_schools_have_a_subject() -> None:
    assert entered("work", education="smp", major="")[1] == {}
    assert set(entered("work", education="sma", major="")[1]) == {"major"}


@pytest.mark.parametrize("occupation", ["civil_servant_pns", "civil_servant_pppk"])
def test_a_civil_servant_cannot_say_not_to_be_one(occupation: str) -> None:
    _, problems = entered("work", occupation=occupation)
    assert set(problems) == {"civil_servant"}
    assert entered("work", occupation=occupation, civil_servant="yes")[1] == {}


def test_owning_nothing_is_an_answer_and_choices_keep_their_order() -> None:
    values, problems = entered("means")
    assert problems == {}
    assert (values["devices"], values["vehicles"]) == (["computer", "smartphone"], [])


def test_experience_is_described_when_there_is_some() -> None:
    assert set(entered("means", experienced="yes")[1]) == {"experience"}
    values, _ = entered("means", experienced="yes", experience="Sensus 2020")
    assert (values["experienced"], values["experience"]) == (True, "Sensus 2020")
    assert entered("means", experience="Sensus 2020")[0]["experience"] is None
