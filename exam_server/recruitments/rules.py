"""What is still missing before a recruitment can open, how dates move to another year, and which announced
windows may still be changed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from exam_server.errors import N_
from exam_server.recruitments.refusals import (
    AlreadyBegun,
    EndsInThePast,
    ReasonMissing,
    StageIsAnnounced,
    TooShortNotice,
)

NOTICE_PERIOD = timedelta(hours=24)
"""Who planned with an announced end hears so long before it that it comes earlier."""

SHORTEST_REASON = 5
EARLIEST_YEAR, LATEST_YEAR = 2000, 2100
NEEDED_STAGES = ("registration", "screening", "test", "final", "result")


LACKING_STAGES = N_("Masih kurang {count} tahap: pendaftaran, seleksi administrasi, tes, seleksi akhir, dan "
                    "hasil harus ada.")  # fmt: skip
NAMES_ARE_SOUGHT = N_("Nama ini dicari calon saat mendaftar dan saat memilih sesi.")
WORDS_NEEDED = N_("Kalimat pembuka dan sedikitnya satu langkah mendaftar.")


@dataclass(frozen=True)
class Facts:
    """What stands of an office and its newest recruitment; without one `year` is None and the rest empty."""

    found: bool = False
    kecamatan: int = 0
    year: int | None = None
    published: bool = False
    numbered: bool = False
    signatories: int = 0
    named: bool = False
    stages: tuple[str, ...] = ()
    musts: int = 0
    worded: bool = False
    channels: int = 0
    questions_planned: int = 0
    questions_lacking: int = 0
    sittings: int = 0
    screeners: int = 0
    proctors: int = 0


@dataclass(frozen=True)
class Item:
    """One line of the checklist; `page` ends the address where it is done; params fill the sentence."""

    code: str
    title: str
    sentence: str
    done: bool
    page: str
    public: bool = True
    params: Mapping[str, object] = field(default_factory=dict)


def checklist(facts: Facts) -> list[Item]:
    """Every line in the order in which an office works; `public` ones must be done before publication."""
    items = [
        Item(
            "office",
            N_("Data kantor"),
            N_("Alamat, telepon, dan surel kantor, supaya calon dapat bertanya."),
            facts.found,
            "office",
        ),
        Item(
            "kecamatan",
            N_("Daftar kecamatan"),
            N_("Calon memilih kecamatannya dari daftar ini."),
            facts.kecamatan > 0,
            "office",
        ),
        Item(
            "recruitment",
            N_("Rekrutmen tahun ini"),
            N_("Mulai dari kosong, atau salin dari tahun atau kantor lain."),
            facts.year is not None,
            "recruitments/new",
        ),
    ]
    if facts.year is None:
        return items
    return [*items, *_announced(facts), *_prepared(facts), _published(facts)]


def _announced(facts: Facts) -> list[Item]:
    """What the public page says, in its order: (code, title, sentence, done)."""
    lacking = [code for code in NEEDED_STAGES if code not in facts.stages]
    stages = LACKING_STAGES if lacking else N_("Semua tahap tercantum.")
    lines = (
        ("document", N_("Nomor dan tanggal pengumuman"), N_("Seperti tercetak pada pengumuman."),
         facts.numbered),
        ("signatories", N_("Penanda tangan"), N_("Sedikitnya satu nama dengan jabatannya."),
         facts.signatories),
        ("activities", N_("Nama kedua kegiatan"), NAMES_ARE_SOUGHT, facts.named),
        ("phases", N_("Jadwal tahapan"), stages, not lacking),
        ("requirements", N_("Persyaratan"), N_("Sedikitnya satu persyaratan wajib."), facts.musts),
        ("texts", N_("Pembuka dan tata cara"), WORDS_NEEDED, facts.worded),
        ("channels", N_("Saluran resmi"), N_("Sedikitnya satu tempat kantor dapat dihubungi."),
         facts.channels),
    )  # fmt: skip
    return [
        Item(code, title, sentence, bool(done), f"{facts.year}/{code}", params={"count": len(lacking)})
        for code, title, sentence, done in lines
    ]


def _prepared(facts: Facts) -> list[Item]:
    """What need not be there when the announcement comes out, but before the first test."""
    at, short = f"{facts.year}/", facts.questions_lacking
    bank = N_("Tulis dahulu susunan soal tes.")
    if facts.questions_planned:
        bank = (N_("Bank soal kurang {count} soal untuk susunan ini. Tulis, impor, atau periksa soal di "
                   "Bank soal, atau ubah susunannya.") if short
                else N_("Bank soal cukup untuk {planned} soal per peserta."))  # fmt: skip
    return [
        Item("bank", N_("Bank soal"), bank, bool(facts.questions_planned) and not short, at + "activities",
             False, {"count": short, "planned": facts.questions_planned}),
        Item("staff", N_("Petugas"), N_("Undang sedikitnya satu petugas seleksi administrasi dan satu "
                                        "pengawas."), facts.screeners > 0 and facts.proctors > 0, "/staff",
             False),
        Item("sittings", N_("Sesi tes"), N_("Buat sesi, supaya calon yang diterima dapat memilih."),
             facts.sittings > 0, at + "sittings", False),
    ]  # fmt: skip


def _published(facts: Facts) -> Item:
    return Item("published", N_("Terbitkan pengumuman"),
                N_("Lihat dahulu pratinjaunya; sesudah terbit, perubahan perlu alasan."), facts.published,
                str(facts.year), False)  # fmt: skip


def missing(facts: Facts) -> list[Item]:
    """What keeps the announcement from being published."""
    return [item for item in checklist(facts) if item.public and not item.done]


def slug_of(name: str) -> str:
    """A short name for addresses: the office's name without what every office is called."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = [word for word in re.findall(r"[a-z0-9]+", plain) if word not in ("bps", "kabupaten", "kab")]
    return "-".join(words)[:40].strip("-")


def moved(day: date, years: int) -> date:
    """The same day of the month in another year; 29 February becomes 28 where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def usable_reason(typed: str) -> str:
    """Without blanks around; raises ReasonMissing."""
    reason = " ".join(typed.split())
    if len(reason) < SHORTEST_REASON:
        raise ReasonMissing("reason", least=SHORTEST_REASON)
    return reason


@dataclass(frozen=True)
class Window:
    """A stage as announced, half-open; both instants are None when it has no dates."""

    kind: str
    title: Mapping[str, Any]
    opens_at: datetime | None
    closes_at: datetime | None

    @property
    def dates(self) -> tuple[datetime | None, datetime | None]:
        return self.opens_at, self.closes_at


def changes(old: Iterable[Window], new: Iterable[Window]) -> list[tuple[Window, Window]]:
    """(before, after) of every stage whose dates change; stages are known by their kind."""
    later = {window.kind: window for window in new}
    return [(one, later[one.kind]) for one in old
            if one.kind in later and later[one.kind].dates != one.dates]  # fmt: skip


def check_windows(old: Iterable[Window], new: list[Window], now: datetime) -> None:
    """What was announced is not taken away; raises StageIsAnnounced, EndsInThePast, TooShortNotice,
    AlreadyBegun, each beside the field of the new row.
    """
    before = list(old)
    rows = {window.kind: number for number, window in enumerate(new, 1)}
    for one in before:
        if one.kind not in rows:
            raise StageIsAnnounced("", stage=one.title.get("id", ""))
    for was, becomes in changes(before, new):
        _check_window(was, becomes, f"phases-{rows[was.kind]}-", now)


def _check_window(was: Window, becomes: Window, at: str, now: datetime) -> None:
    end = becomes.closes_at
    if end is not None and end != was.closes_at:
        if end <= now:
            raise EndsInThePast(at + "last")
        if (was.closes_at is None or end < was.closes_at) and end < now + NOTICE_PERIOD:
            raise TooShortNotice(at + "last", hours=int(NOTICE_PERIOD.total_seconds() // 3600))
    running = was.opens_at is not None and was.closes_at is not None and was.opens_at <= now < was.closes_at
    if running and becomes.opens_at is not None and becomes.opens_at > now:
        raise AlreadyBegun(at + "first")


def standing_names(texts: Mapping[str, str], names: Iterable[str]) -> list[tuple[str, str]]:
    """(name, where) for every text in which one of `names` still stands as whole words."""
    return [
        (name, where) for name in names for where, text in texts.items()
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)
    ]  # fmt: skip


def other_years(texts: Mapping[str, str], year: int) -> list[tuple[str, str]]:
    """(year, where) for every text that names another year; numbers of letters are no years."""
    return [
        (found, where) for where, text in texts.items()
        for found in sorted(set(re.findall(r"(?<![\d/-])20\d\d(?![\d/])", text))) if found != str(year)
    ]  # fmt: skip
