"""What may be a password, an address, a name: refused ones tell why, long sentences are welcome."""

from __future__ import annotations

import pytest

from exam_server.accounts import rules
from exam_server.accounts.commonest import COMMONEST

ABOUT = ("Ayu Lestari", "ayu.lestari@surel.example")


@pytest.mark.parametrize(
    "password",
    ["password", "password123", "P@ssw0rd!", "12345678", "87654321", "qwertyuiop", "abcdefgh", "aaaaaaaa",
     "abcabcabc", "bismillah", "sayangku99", "indonesia45", "merdeka1945", "rahasia!!", "katasandi1",
     "jepara2026", "Magetan-2026", "mitrabps", "bpsjepara123", "mitra-bps-26", "ayulestari", "Lestari1998",
     "ayu.lestari", "AYULESTARI!", "ｐａｓｓｗｏｒｄ"],
)  # fmt: skip
def test_what_anybody_would_guess_is_refused(password: str) -> None:
    with pytest.raises(rules.PasswordGuessable):
        rules.usable_password(password, *ABOUT)


@pytest.mark.parametrize(
    "password",
    ["kuda makan rumput di sawah", "tongkol-biru-42x", "xk7#pQ9v", "839271650284", "hujan sungai kopi rindu",
     "jepara kota ukir yang ramai", "ayu suka membaca peta", "mitra-k7f3q9xw", "ñandú–ζωή–雪"],
)  # fmt: skip
def test_no_kind_of_character_is_demanded(password: str) -> None:
    assert rules.usable_password(password, *ABOUT) == password


def test_a_password_has_eight_to_a_hundred_and_twenty_eight_characters() -> None:
    sentence = ("rumput hijau di tepi sawah " * 5)[:128]
    assert rules.usable_password(sentence) == sentence
    assert rules.usable_password("x7 Kq!vz") == "x7 Kq!vz"
    with pytest.raises(rules.PasswordTooLong):
        rules.usable_password(sentence + "x")
    with pytest.raises(rules.PasswordTooShort) as told:
        rules.usable_password("x7 Kq!v")
    assert told.value.params == {"least": 8, "typed": 7}


def test_only_blanks_at_the_ends_of_a_typed_password_are_dropped() -> None:
    assert rules.typed_password(" dua  spasi\tdi dalam \n") == "dua  spasi\tdi dalam"


def test_the_list_of_common_words_is_in_the_spelling_that_is_compared() -> None:
    assert len(COMMONEST) > 300
    assert {word for word in COMMONEST if word != word.casefold() or " " in word} == set()
    assert {"sayang", "bismillah", "indonesia", "password"} <= COMMONEST


@pytest.mark.parametrize(
    "typed",
    [
        "ayu@surel.example",
        " AYU@Surel.Example\t",
        "ａｙｕ＠ｓｕｒｅｌ．ｅｘａｍｐｌｅ",
        "ayu@surel.example\u200b",
        "\ufeffAyu@surel.example",
    ],
)
def test_an_address_has_one_spelling(typed: str) -> None:
    assert rules.usable_email(typed) == "ayu@surel.example"


@pytest.mark.parametrize(
    "typed",
    ["", "ayu", "ayu@", "@surel.example", "ayu@surel", "ayu@@surel.example", "ayu@surel..example",
     "a yu@surel.example",
     "ayu@surel.example, budi@surel.example", "ayu@surel.example\nBcc: x@y.example", "ауu@surel.example",
     "a" * 243 + "@surel.example.", "a" * 241 + "@surel.example"],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(rules.EmailUnusable):
        rules.usable_email(typed)


def test_the_longest_address_is_taken() -> None:
    assert len(rules.usable_email("a" * 240 + "@surel.example")) == 254


def test_a_name_is_tidied_and_must_be_one() -> None:
    assert rules.usable_name("  Siti\n Nur'aini  ") == "Siti Nur'aini"
    for typed in ("", " ", "A", "x" * 121, "Ayu\x07Lestari"):
        with pytest.raises(rules.NameUnusable):
            rules.usable_name(typed)


def test_neighbours_behind_one_connection_share_its_network() -> None:
    assert rules.network("203.0.113.7") == "203.0.113.7"
    assert rules.network("2001:db8:1:2:3:4:5:6") == rules.network("2001:db8:1:2::9") == "2001:db8:1:2::/64"
    assert rules.network("") == ""
