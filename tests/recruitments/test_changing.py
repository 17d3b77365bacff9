"""After publication: a reason for everything, notice and letters for dates, nothing said is taken away."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import AuditEntry, Mail, Notice, Phase, Preference, Recruitment
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import (
    DAY,
    HOUR,
    START,
    Scene,
    add,
    add_accepted,
    add_account,
    add_applicant,
    add_official,
    add_running,
    add_sitting,
)
from tests.recruitments.entering import must, problems, rows

AT = "/desk/jepara/2026"
REASON = "Server pusat dirawat"
KINDS = ("registration", "screening", "test", "final")


def schedule(**changed: tuple[str, str]) -> dict[str, str]:
    """The scene's four stages (21 October to 17 November), some with other days."""
    usual = ("21-10-2026", "17-11-2026")
    return rows("phases", [
        {"kind": kind, "title_id": kind, "title_en": kind, "note_id": "", "note_en": "",
         "first": changed.get(kind, usual)[0], "last": changed.get(kind, usual)[1]} for kind in KINDS
    ])  # fmt: skip


@pytest.fixture
def scene(db: Database, scene: Scene) -> Scene:
    """Stages from midnight to midnight, as the desk makes them."""
    midnight = datetime.fromisoformat("2026-10-21T00:00+07:00")
    with db.write() as tx:
        tx.execute(sa.update(Phase).values(opens_at=midnight, closes_at=midnight + 28 * DAY))
    return scene


def hidden(answer: Any) -> dict[str, str]:
    """What the page that shows the notice would send back."""
    page = answer.get_data(as_text=True)
    about = re.search(r'name="about" value="(\w+)"', page)
    said = {name: re.search(rf'<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>', page, re.DOTALL)
            for name in ("notice_id", "notice_en")}  # fmt: skip
    assert about, page
    assert all(said.values())
    return {"about": about[1]} | {name: found[1] for name, found in said.items() if found}


def change(client: Client, reason: str = REASON, **changed: tuple[str, str]) -> Any:
    """Both steps of a change of dates: look at the notice, then save."""
    form = schedule(**changed) | {"reason": reason}
    shown = client.submit(f"{AT}/phases", **form)
    return client.submit(f"{AT}/phases", **form, **hidden(shown)) if shown.status_code == 200 else shown


def refused(answer: Any) -> list[str]:
    assert answer.status_code in (409, 422)
    return [name.removesuffix("-problem") for name, _ in problems(answer)]


def closes(db: Database, kind: str) -> datetime:
    with db.read() as tx:
        found = tx.scalars(sa.select(Phase).where(Phase.kind == kind)).one().closes_at
        assert found
        return found


def letters(db: Database) -> list[Mail]:
    with db.read() as tx:
        return list(tx.scalars(sa.select(Mail).order_by(Mail.id)))


def notices(db: Database) -> list[dict[str, Any]]:
    with db.read() as tx:
        return [one.text for one in tx.scalars(sa.select(Notice).order_by(Notice.id))]


def acts(db: Database) -> list[tuple[str, dict[str, Any]]]:
    with db.read() as tx:
        return [(one.act, one.detail) for one in tx.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))
                if one.act.startswith("recruitment.")]  # fmt: skip


def test_a_later_end_is_announced_mailed_and_kept_in_the_trail(
    admin: Client, db: Database, scene: Scene
) -> None:
    waiting, accepted = add_applicant(db, scene), add_accepted(db, scene)
    add(db, Preference(account_id=accepted.id, language="en"))
    add_account(db)
    must(change(admin, registration=("21-10-2026", "20-11-2026")), f"{AT}?saved=phases&letters=2")
    assert closes(db, "registration") == datetime.fromisoformat("2026-11-21T00:00+07:00")
    said = notices(db)[0]["id"]
    assert "registration: semula Rabu, 21 Oktober 2026 sampai Selasa, 17 November 2026" in said
    assert "menjadi Rabu, 21 Oktober 2026 sampai Jumat, 20 November 2026" in said
    assert f"Alasan: {REASON}" in said
    assert [one.account_id for one in letters(db)] == [waiting.id, accepted.id]
    assert said in letters(db)[0].body
    assert "November 20, 2026" in letters(db)[1].body or "20 November 2026" in letters(db)[1].body
    assert acts(db) == [
        ("recruitment.changed", {"section": "phases", "fields": ["phases 1"], "reason": REASON, "letters": 2})
    ]
    assert said in admin.get("/offices/jepara").get_data(as_text=True)


def test_the_notice_is_shown_before_anything_is_saved(admin: Client, db: Database, scene: Scene) -> None:
    before = closes(db, "registration")
    form = schedule(registration=("21-10-2026", "20-11-2026")) | {"reason": REASON}
    shown = admin.submit(f"{AT}/phases", **form)
    assert shown.status_code == 200
    assert "0 pendaftar menerima surel" in shown.get_data(as_text=True)
    assert closes(db, "registration") == before
    assert notices(db) == []


def test_the_notice_is_published_as_the_official_wrote_it(admin: Client, db: Database, scene: Scene) -> None:
    form = schedule(final=("21-10-2026", "20-11-2026")) | {"reason": REASON}
    sent = hidden(admin.submit(f"{AT}/phases", **form)) | {"notice_id": "Kata sendiri.", "notice_en": ""}
    must(admin.submit(f"{AT}/phases", **form, **sent), f"{AT}?saved=phases&letters=0")
    assert notices(db) == [{"id": "Kata sendiri."}]


def test_a_notice_about_other_dates_is_shown_again(admin: Client, db: Database, scene: Scene) -> None:
    sent = hidden(admin.submit(f"{AT}/phases", **schedule(final=("21-10-2026", "20-11-2026")), reason=REASON))
    other = schedule(final=("21-10-2026", "25-11-2026")) | {"reason": REASON}
    shown = admin.submit(f"{AT}/phases", **other, **sent)
    assert shown.status_code == 200
    assert "25 November 2026" in hidden(shown)["notice_id"]
    assert notices(db) == []


def test_an_empty_notice_is_refused_beside_it(admin: Client, db: Database, scene: Scene) -> None:
    form = schedule(final=("21-10-2026", "20-11-2026")) | {"reason": REASON}
    sent = hidden(admin.submit(f"{AT}/phases", **form)) | {"notice_id": " "}
    assert refused(admin.submit(f"{AT}/phases", **form, **sent)) == ["notice_id"]
    assert notices(db) == []


@pytest.mark.parametrize("reason", ["", "  ", "abc"])
def test_without_a_reason_nothing_changes(admin: Client, db: Database, scene: Scene, reason: str) -> None:
    before = closes(db, "registration")
    assert refused(change(admin, reason, registration=("21-10-2026", "20-11-2026"))) == ["reason"]
    assert refused(
        admin.submit(
            f"{AT}/channels", **rows("channels", [{"kind": "web", "label": "x", "url": ""}]), reason=reason
        )
    ) == ["reason"]
    assert closes(db, "registration") == before
    assert acts(db) == []


def test_words_change_with_a_reason_and_without_letters(admin: Client, db: Database, scene: Scene) -> None:
    add_applicant(db, scene)
    sent = rows("channels", [{"kind": "web", "label": "jepara", "url": "https://jepara.example"}])
    must(admin.submit(f"{AT}/channels", **sent, reason="Alamat situs baru"), f"{AT}?saved=channels&letters=0")
    assert letters(db) == []
    assert acts(db)[0][1] == {"section": "channels", "fields": ["channels 1"], "reason": "Alamat situs baru"}


def test_saving_what_stands_there_already_leaves_no_trace(admin: Client, db: Database, scene: Scene) -> None:
    must(admin.submit(f"{AT}/phases", **schedule()), f"{AT}?saved=phases&letters=0")
    assert (acts(db), notices(db), letters(db)) == ([], [], [])


@pytest.mark.parametrize(
    ("days", "field", "code"),
    [
        (("21-10-2026", "3-11-2026"), "phases-1-last", "ends_in_the_past"),
        (("21-10-2026", "4-11-2026"), "phases-1-last", "too_short_notice"),
        (("21-10-2026", "20-10-2026"), "phases-1-last", "ends_before_it_begins"),
        (("6-11-2026", "17-11-2026"), "phases-1-first", "already_begun"),
        (("", "17-11-2026"), "phases-1-first", "half_dated"),
        (("", ""), "phases-1-first", "needs_dates"),
        (("21 Oktober", "17-11-2026"), "phases-1-first", "day_unreadable"),
        (("30-2-2026", "17-11-2026"), "phases-1-first", "no_such_day"),
    ],
)
def test_what_was_announced_is_not_taken_away(
    admin: Client, db: Database, scene: Scene, days: tuple[str, str], field: str, code: str
) -> None:
    before = closes(db, "registration")
    answer = change(admin, registration=days)
    assert field in refused(answer)
    assert all(f'value="{typed}"' in answer.get_data(as_text=True) for typed in days)
    asked = admin.post(f"{AT}/phases", **schedule(registration=days), reason=REASON)
    assert asked.get_json()["code"] == code
    assert closes(db, "registration") == before
    assert (acts(db), notices(db)) == ([], [])


def test_a_day_of_notice_is_enough_to_shorten(admin: Client, db: Database, scene: Scene) -> None:
    """START is 4 November 08.00: the end of the 5th is 40 hours away."""
    must(change(admin, registration=("21-10-2026", "5-11-2026")), f"{AT}?saved=phases&letters=0")
    assert closes(db, "registration") == datetime.fromisoformat("2026-11-06T00:00+07:00")


def test_a_window_that_is_over_may_be_opened_again_and_not_moved(
    admin: Client, db: Database, scene: Scene, clock: SetClock
) -> None:
    clock.at = datetime.fromisoformat("2026-11-18T00:00+07:00")
    admin.sign_in(add_official(db, "admin", scene.office).id)
    assert refused(change(admin, final=("21-10-2026", "16-11-2026"))) == ["phases-4-last"]
    must(change(admin, final=("21-10-2026", "20-11-2026")), f"{AT}?saved=phases&letters=0")


def test_an_announced_stage_is_not_removed_and_keeps_its_kind(
    admin: Client, db: Database, scene: Scene
) -> None:
    fewer = {name: text for name, text in schedule().items() if not name.startswith("phases-4-")}
    assert admin.post(f"{AT}/phases", **fewer, reason=REASON).get_json()["code"] == "stage_is_announced"
    other = schedule() | {"phases-4-kind": "result"}
    assert admin.post(f"{AT}/phases", **other, reason=REASON).get_json()["code"] == "stage_is_announced"


def test_a_stage_is_not_moved_away_from_its_sittings(admin: Client, db: Database, scene: Scene) -> None:
    add_sitting(
        db,
        scene.selection.id,
        label="Sesi 9",
        starts_at=START + 10 * DAY,
        ends_at=START + 10 * DAY + 2 * HOUR,
    )
    answer = change(admin, test=("21-10-2026", "10-11-2026"))
    assert refused(answer) == ["phases-3-last"]
    assert "Ada 1 sesi di luar tanggal ini" in answer.get_data(as_text=True)
    must(change(admin, test=("21-10-2026", "14-11-2026")), f"{AT}?saved=phases&letters=0")


def test_confirmed_requirements_change_their_words_only(admin: Client, db: Database, scene: Scene) -> None:
    def row(text: str, kind: str = "must") -> dict[str, str]:
        return {"kind": kind, "proof": "statement", "text_id": text, "text_en": ""}

    def send(*listed: dict[str, str]) -> Any:
        return admin.post(f"{AT}/requirements", **rows("requirements", list(listed)), reason=REASON)

    assert send(row("Sehat.")).status_code == 303
    add_applicant(db, scene)
    assert send(row("Sehat."), row("Jujur.")).get_json()["code"] == "requirements_confirmed"
    assert send(row("Sehat.", "preference")).get_json()["code"] == "requirements_confirmed"
    assert send(row("Sehat jasmani.")).status_code == 303


def test_the_plan_of_the_draw_stands_once_a_test_began(admin: Client, db: Database, scene: Scene) -> None:
    def send(count: str) -> Any:
        plan = rows("strata", [{"count": count, "topic": "umum", "difficulty": ""}])
        return admin.post(f"{AT}/activities", registration_name="Daftar", selection_name="Seleksi",
                          own_score="never", reason=REASON, **plan)  # fmt: skip

    assert send("3").status_code == 303
    add_running(db, scene)
    assert send("2").get_json()["code"] == "test_has_begun"
    assert send("3").status_code == 303


def test_a_draft_changes_without_reason_notice_or_letter(admin: Client, db: Database, scene: Scene) -> None:
    with db.write() as tx:
        tx.execute(sa.update(Recruitment).values(published_at=None))
    must(change(admin, "", registration=("1-9-2026", "2-9-2026")), f"{AT}?saved=phases&letters=0")
    assert (notices(db), letters(db)) == ([], [])
    assert acts(db) == [("recruitment.saved", {"section": "phases", "fields": ["phases 1"]})]


def test_who_saves_later_is_told_of_the_other(admin: Client, db: Database, scene: Scene) -> None:
    seen = re.search(r'name="seen" value="(\w+)"', admin.get(f"{AT}/channels").get_data(as_text=True))
    assert seen
    first = rows("channels", [{"kind": "web", "label": "pertama", "url": ""}])
    must(
        admin.submit(f"{AT}/channels", **first, reason=REASON, seen=seen[1]), f"{AT}?saved=channels&letters=0"
    )
    second = rows("channels", [{"kind": "web", "label": "kedua", "url": ""}])
    answer = admin.submit(f"{AT}/channels", **second, reason=REASON, seen=seen[1])
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "Petugas lain menyimpan bagian ini" in page
    assert 'value="kedua"' in page
    fresh = re.search(r'name="seen" value="(\w+)"', page)
    assert fresh
    must(
        admin.submit(f"{AT}/channels", **second, reason=REASON, seen=fresh[1]),
        f"{AT}?saved=channels&letters=0",
    )


def test_a_free_notice_stands_on_the_public_page(admin: Client, db: Database, scene: Scene) -> None:
    must(admin.submit(f"{AT}/notice", notice_id="Kantor tutup Jumat.", notice_en=""), f"{AT}?saved=notice")
    assert "Kantor tutup Jumat." in admin.get("/offices/jepara").get_data(as_text=True)
    assert refused(admin.submit(f"{AT}/notice", notice_id=" ", notice_en="x")) == ["notice_id"]
    assert letters(db) == []


def test_a_draft_has_nobody_to_notify(admin: Client, db: Database, scene: Scene) -> None:
    with db.write() as tx:
        tx.execute(sa.update(Recruitment).values(published_at=None))
    assert admin.post(f"{AT}/notice", notice_id="Halo").get_json()["code"] == "not_published"
    assert notices(db) == []


def test_letters_go_to_accounts_that_are_in_use(admin: Client, db: Database, scene: Scene) -> None:
    add_applicant(db, scene, disabled_at=START - timedelta(days=1))
    must(change(admin, registration=("21-10-2026", "20-11-2026")), f"{AT}?saved=phases&letters=0")
    assert letters(db) == []
