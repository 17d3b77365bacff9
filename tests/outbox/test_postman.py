"""Letters leave at least once each, on a real mail server, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from exam_server import mail
from exam_server.db import Database
from exam_server.models import Mail
from exam_server.outbox import carrier, postman, service
from exam_server.outbox.postman import Postman
from tests.conftest import SetClock, make_settings
from tests.factories import START
from tests.mailbox import Mailbox, read

AYU, BUDI, CITRA = "ayu@surel.example", "budi@surel.example", "citra@surel.example"
BODY = "Selamat pagi,\n\nBukti pilihan: {}\n\nSalam — kantor\n"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as made:
        yield made


@pytest.fixture
def worker(db: Database, clock: SetClock, mailbox: Mailbox, tmp_path: Path) -> Postman:
    return make_postman(db, clock, tmp_path, mailbox.url)


def make_postman(db: Database, clock: SetClock, folder: Path, url: str | None) -> Postman:
    return Postman(db, clock, make_settings(folder, "", mail_url=url, base_url="https://ujian.example.go.id"))


def post(db: Database, to: str = AYU, subject: str = "Sesi pilihan Anda") -> None:
    with db.write() as tx:
        mail.post(tx, mail.Letter(subject, BODY.format(mail.link("/booking"))), to, START)


def rows(db: Database) -> dict[str, Mail]:
    with db.read() as tx:
        return {row.recipient: row for row in tx.scalars(sa.select(Mail).order_by(Mail.id))}


def test_a_letter_arrives_as_it_was_written(db: Database, worker: Postman, mailbox: Mailbox) -> None:
    post(db)
    assert worker.round() == 1
    (message,) = mailbox.letters(AYU)
    found = read(message)
    assert found.subject == "Sesi pilihan Anda"
    assert found.text == BODY.format("https://ujian.example.go.id/booking")
    assert found.links == ["https://ujian.example.go.id/booking"]
    assert message["From"] == "no-reply@ujian.example.go.id"
    assert message["To"] == AYU
    assert message["Date"] == "Wed, 04 Nov 2026 01:00:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == f"<{rows(db)[AYU].public_id}@ujian.example.go.id>"


def test_a_letter_that_was_sent_keeps_no_body_and_does_not_leave_again(
    db: Database, worker: Postman, mailbox: Mailbox, clock: SetClock
) -> None:
    post(db)
    assert worker.round() == 1
    row = rows(db)[AYU]
    assert (row.sent_at, row.body, row.problem, row.tries) == (START, "", None, 1)
    clock.pass_by(days=2)
    assert worker.round() == 0
    assert len(mailbox.letters()) == 1


def test_without_a_mail_server_letters_stay_in_the_outbox(
    db: Database, clock: SetClock, tmp_path: Path
) -> None:
    post(db)
    assert make_postman(db, clock, tmp_path, None).round() == 0
    row = rows(db)[AYU]
    assert (row.sent_at, row.given_up_at, row.tries) == (None, None, 0)
    assert mail.ADDRESS in row.body


def test_a_recipient_who_is_refused_for_good_stops_no_other_letter(
    db: Database, worker: Postman, mailbox: Mailbox
) -> None:
    mailbox.answers[BUDI] = "550 5.1.1 no mailbox budi@surel.example here"
    for name in (AYU, BUDI, CITRA):
        post(db, name)
    assert worker.round() == 2
    row = rows(db)[BUDI]
    assert (row.given_up_at, row.sent_at) == (START, None)
    assert row.problem == carrier.RECIPIENT, "the server's own words name the person"
    assert mailbox.letters(AYU)
    assert mailbox.letters(CITRA)


def test_a_letter_whose_content_is_refused_is_given_up(
    db: Database, worker: Postman, mailbox: Mailbox
) -> None:
    mailbox.answers[BUDI] = "DATA 554 5.7.1 looks like spam"
    post(db, BUDI)
    post(db, AYU)
    assert worker.round() == 1
    assert rows(db)[BUDI].problem == carrier.CONTENT
    assert rows(db)[BUDI].given_up_at == START


@pytest.mark.parametrize("said", ["451 4.7.1 come back later", "DATA 452 4.3.1 disk full"])
def test_a_letter_that_may_come_later_comes_later(
    db: Database, worker: Postman, mailbox: Mailbox, clock: SetClock, said: str
) -> None:
    mailbox.answers[BUDI] = said
    post(db, BUDI)
    assert worker.round() == 0
    row = rows(db)[BUDI]
    assert (row.given_up_at, row.next_at) == (None, START + timedelta(minutes=1))
    mailbox.answers.clear()
    assert worker.round() == 0, "not before its time"
    clock.pass_by(minutes=1)
    assert worker.round() == 1
    assert rows(db)[BUDI].problem is None


def test_a_mail_server_that_is_away_delays_all_and_is_left_in_peace(
    db: Database, worker: Postman, mailbox: Mailbox, clock: SetClock
) -> None:
    mailbox.down()
    post(db)
    post(db, BUDI)
    assert worker.round() == 0
    assert {(row.problem, row.next_at - START, row.tries) for row in rows(db).values()} == {
        (carrier.AWAY, timedelta(minutes=1), 1)
    }
    post(db, CITRA)
    assert worker.round() == 0
    assert rows(db)[CITRA].tries == 0, "nothing is tried while the worker rests"
    mailbox.up()
    clock.pass_by(minutes=1)
    assert worker.round() == 3
    assert len(mailbox.letters()) == 3


def test_a_mail_server_that_hangs_up_delays_all(db: Database, worker: Postman, mailbox: Mailbox) -> None:
    mailbox.answers[AYU] = "421 4.3.2 too many"
    post(db)
    post(db, BUDI)
    assert worker.round() == 0
    assert {row.problem for row in rows(db).values()} == {carrier.AWAY}


def test_one_letter_at_which_the_line_breaks_does_not_hold_up_the_others(
    db: Database, worker: Postman, mailbox: Mailbox
) -> None:
    mailbox.breaks.add(AYU)
    post(db)
    post(db, BUDI)
    assert worker.round() == 1
    assert rows(db)[AYU].problem == carrier.LOST
    assert rows(db)[AYU].given_up_at is None
    assert mailbox.letters(BUDI)


def test_a_letter_is_given_up_after_about_three_days(
    db: Database, worker: Postman, mailbox: Mailbox, clock: SetClock
) -> None:
    mailbox.down()
    post(db)
    while (row := rows(db)[AYU]).given_up_at is None:
        clock.at = max(row.next_at, clock.at + postman.REST)
        worker.round()
    assert row.tries == 20
    assert timedelta(days=2.5) < row.given_up_at - START < timedelta(days=3.5)
    assert row.body, "what was never delivered can still be read"


@pytest.mark.parametrize(
    "recipient",
    ["ayu@surel.example\r\nBcc: jahat@surel.example", "ayu", "", "a@b@c", "ayu@surel.example,x@y.z"],
)
def test_an_address_that_is_none_is_given_up_and_brings_no_header(
    db: Database, worker: Postman, mailbox: Mailbox, recipient: str
) -> None:
    post(db, recipient)
    post(db, BUDI)
    assert worker.round() == 1
    assert [message["To"] for message in mailbox.letters()] == [BUDI]
    assert rows(db)[recipient].problem == postman.UNWRITABLE


def test_no_text_becomes_a_header(db: Database, worker: Postman, mailbox: Mailbox) -> None:
    post(db, subject="Halo\r\nBcc: jahat@surel.example\r\n\r\nisi")
    with db.write() as tx:  # a row that did not come through `post`
        tx.add(Mail(recipient=BUDI, subject="Halo\nBcc: jahat@surel.example", body="x", written_at=START,
                    next_at=START))  # fmt: skip
    assert worker.round() == 1
    (message,) = mailbox.letters()
    assert message["Bcc"] is None
    assert message["Subject"] == "Halo Bcc: jahat@surel.example isi"
    assert rows(db)[BUDI].problem == postman.UNWRITABLE


def test_a_name_in_another_script_arrives(db: Database, worker: Postman, mailbox: Mailbox) -> None:
    post(db, subject="Untuk Ayu Ñandú 𝒜 — " + "panjang sekali " * 20)
    assert worker.round() == 1
    assert mailbox.letters()[0]["Subject"].startswith("Untuk Ayu Ñandú 𝒜 — panjang sekali")


def test_what_a_dead_worker_had_claimed_leaves_again_under_the_same_name(
    db: Database, worker: Postman, mailbox: Mailbox, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise SystemExit

    post(db)
    with monkeypatch.context() as patched:
        patched.setattr(service, "sent", dies)
        with pytest.raises(SystemExit):
            worker.round()
    assert worker.round() == 0, "it is lent to the worker that died"
    clock.at += postman.LOAN
    assert worker.round() == 1
    first, second = mailbox.letters(AYU)
    assert first["Message-ID"] == second["Message-ID"]


def test_a_round_is_bounded(
    db: Database, worker: Postman, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postman, "BATCH", 2)
    for _ in range(3):
        post(db)
    assert [worker.round(), worker.round(), worker.round()] == [2, 1, 0]


def test_a_slow_mail_server_ends_the_round_inside_the_loan(
    db: Database, worker: Postman, mailbox: Mailbox, clock: SetClock
) -> None:
    mailbox.at_the_door = lambda recipient: clock.pass_by(minutes=3)
    for name in (AYU, BUDI, CITRA):
        post(db, name)
    assert worker.round() == 2
    row = rows(db)[CITRA]
    assert (row.tries, row.next_at) == (0, clock.at), "handed back untried"
    assert worker.round() == 1


def test_a_worker_that_is_told_to_end_hands_the_rest_back(
    db: Database, worker: Postman, mailbox: Mailbox, clock: SetClock
) -> None:
    mailbox.at_the_door = lambda recipient: worker._stopping.set()
    post(db)
    post(db, BUDI)
    assert worker.round() == 1
    assert rows(db)[BUDI].tries == 0


def test_late_news_of_an_old_loan_changes_nothing(db: Database) -> None:
    post(db)
    (old,) = service.claim(db, 1, START, postman.LOAN)
    (new,) = service.claim(db, 1, START + postman.LOAN, postman.LOAN)
    service.give_up(db, old, carrier.RECIPIENT, START + postman.LOAN)
    service.put_off(db, [old], carrier.AWAY, START + postman.LOAN)
    service.hand_back(db, [old], START)
    row = rows(db)[AYU]
    assert (row.given_up_at, row.problem, row.tries) == (None, None, 2)
    assert row.next_at == START + 2 * postman.LOAN
    service.sent(db, new, START)
    assert rows(db)[AYU].sent_at == START
