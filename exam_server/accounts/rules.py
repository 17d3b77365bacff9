"""What an e-mail address and a password must be, whoever asks for them; the one spelling of an address."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from typing import ClassVar

from exam_server.accounts.commonest import COMMONEST
from exam_server.errors import N_, Refusal

SHORTEST, LONGEST = 8, 128
"""Characters of a password."""

LONGEST_EMAIL, LONGEST_NAME = 254, 120
CONTEXT = ("bps", "mitra", "jepara", "magetan")
"""Words of this service: the first that come to mind here."""

SHORTEST_WORD, LEAST_OF_ITS_OWN = 3, 6
"""Once the words that anybody would guess are taken out, this many characters must remain."""

MOST_COMMON = 2
"""Three common words in a row are a passphrase, which nobody guesses; one or two are not."""

ADDRESS = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+")
REPEATED = re.compile(r"(.{1,4})\1+.?")
ROWS = ("1234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
RUNS = tuple(row * 2 for row in ROWS)
LOOKALIKES = str.maketrans("@4031!57$", "aaoeiists")


class WrongField(Refusal):
    """Something typed that cannot be used; `field` says beside which field the sentence stands."""

    status = 422
    field: ClassVar[str] = ""


class EmailUnusable(WrongField):
    code = "email_unusable"
    field = "email"
    sentence = N_("Alamat surel ini belum lengkap atau memakai huruf yang tidak dikenal. "
                  "Tulis seperti nama@surel.example.")  # fmt: skip


class NameUnusable(WrongField):
    code = "name_unusable"
    field = "name"
    sentence = N_("Tulis nama lengkap seperti pada KTP, 2 sampai {most} huruf.")


class PasswordTooShort(WrongField):
    code = "password_too_short"
    field = "password"
    sentence = N_("Kata sandi paling sedikit {least} karakter; yang diketik {typed}. "
                  "Beberapa kata yang mudah diingat sudah cukup.")  # fmt: skip


class PasswordTooLong(WrongField):
    code = "password_too_long"
    field = "password"
    sentence = N_("Kata sandi paling banyak {most} karakter; yang diketik {typed}.")


class PasswordGuessable(WrongField):
    code = "password_guessable"
    field = "password"
    sentence = N_("Kata sandi ini terlalu mudah ditebak: kata yang umum, nama sendiri, atau urutan. "
                  "Tambahkan beberapa kata lain yang hanya Anda ingat.")  # fmt: skip


def normal_email(email: str) -> str:
    """One spelling for one address: usual letters, without blanks or invisible signs, in small letters."""
    usual = unicodedata.normalize("NFKC", email)
    return "".join(sign for sign in usual if unicodedata.category(sign) != "Cf").strip().lower()


def usable_email(email: str) -> str:
    """The address in its one spelling; raises EmailUnusable."""
    normal = normal_email(email)
    if len(normal) > LONGEST_EMAIL or not ADDRESS.fullmatch(normal):
        raise EmailUnusable
    return normal


def usable_name(name: str) -> str:
    """The name with single blanks; raises NameUnusable."""
    tidy = " ".join(name.split())
    if not 2 <= len(tidy) <= LONGEST_NAME or not tidy.isprintable():
        raise NameUnusable(most=LONGEST_NAME)
    return tidy


def typed_password(password: str) -> str:
    """Without blanks that were copied along at its ends; inside nothing is changed."""
    return password.strip()


def usable_password(password: str, *about: str) -> str:
    """The password; raises PasswordTooShort, PasswordTooLong, PasswordGuessable.

    `about`: the person's name and address, of which a password must not be made.
    """
    if len(password) < SHORTEST:
        raise PasswordTooShort(least=SHORTEST, typed=len(password))
    if len(password) > LONGEST:
        raise PasswordTooLong(most=LONGEST, typed=len(password))
    folded = unicodedata.normalize("NFKC", password).casefold()
    near = frozenset(CONTEXT).union(*(_words(text) for text in about))
    if any(_is_guessable(spelling, near) for spelling in (folded, folded.translate(LOOKALIKES))):
        raise PasswordGuessable
    return password


def _words(text: str) -> list[str]:
    """What a name or the local part of an address is made of, and the whole of it in one word."""
    local = unicodedata.normalize("NFKC", text).casefold().partition("@")[0]
    parts = re.split(r"[\W\d_]+", local)
    return [word for word in (*parts, "".join(parts), local) if len(word) >= SHORTEST_WORD]


def _is_guessable(password: str, near: frozenset[str]) -> bool:
    if REPEATED.fullmatch(password) or any(password in run or password[::-1] in run for run in RUNS):
        return True
    without_near, _ = _without(password, near)
    rest, common = _without(without_near, COMMONEST)
    own = sum(sign.isalnum() for sign in rest)
    return rest != password and common <= MOST_COMMON and own < LEAST_OF_ITS_OWN


def _without(text: str, words: frozenset[str]) -> tuple[str, int]:
    """The text without these words, the longest first, and how many stood in it."""
    count = 0
    for word in sorted(words, key=len, reverse=True):
        count += text.count(word)
        text = text.replace(word, " ")
    return text, count


def network(address: str) -> str:
    """Whose connection it is: an IPv4 address, or the /64 that one customer of IPv6 has."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else address
