"""Two postmen on one outbox send each letter once; without the claim they would not."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from exam_server import mail
from exam_server.db import Database
from exam_server.models import Mail
from exam_server.outbox import service
from exam_server.outbox.postman import Postman
from exam_server.outbox.service import Claimed
from tests.conftest import SetClock, make_settings
from tests.factories import START
from tests.mailbox import Mailbox

LETTERS = 40
WITHIN = 30


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as made:
        yield made


def looked_up(db: Database, most: int, now: datetime, loan: timedelta) -> list[Claimed]:
    """The control: what is due is read, and nobody is told that it is taken."""
    with db.read() as tx:
        due = sa.select(Mail).where(Mail.sent_at.is_(None), Mail.next_at <= now).order_by(Mail.id).limit(most)
        return [
            Claimed(row.id, row.public_id, row.recipient, row.subject, row.body, 0) for row in tx.scalars(due)
        ]


def arrivals(db: Database, clock: SetClock, folder: Path, mailbox: Mailbox) -> Counter[str]:
    """How often each letter arrived, when two workers begin together and go on until nothing is due."""
    with db.write() as tx:
        for number in range(LETTERS):
            mail.post(tx, mail.Letter("Halo", "Isi"), f"calon{number}@surel.example", START)
    settings = make_settings(folder, "", mail_url=mailbox.url)
    together = threading.Barrier(2)

    def work() -> None:
        together.wait(WITHIN)
        while Postman(db, clock, settings).round():
            pass

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(WITHIN)
    return Counter(message["To"] for message in mailbox.letters())


def meet_after_claiming(claim: Callable[..., list[Claimed]]) -> Callable[..., list[Claimed]]:
    """Both workers have looked before either sends its first letter."""
    both, met = threading.Barrier(2), threading.local()

    def claimed(*given: object) -> list[Claimed]:
        letters = claim(*given)
        if not getattr(met, "once", False):
            met.once = True
            both.wait(WITHIN)
        return letters

    return claimed


def test_two_postmen_send_each_letter_once(
    db: Database, clock: SetClock, tmp_path: Path, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exam_server.outbox.postman.BATCH", 7)
    monkeypatch.setattr(service, "claim", meet_after_claiming(service.claim))
    assert arrivals(db, clock, tmp_path, mailbox) == {f"calon{n}@surel.example": 1 for n in range(LETTERS)}


def test_without_the_claim_letters_arrive_twice(
    db: Database, clock: SetClock, tmp_path: Path, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exam_server.outbox.postman.BATCH", 7)
    monkeypatch.setattr(service, "claim", meet_after_claiming(looked_up))
    assert max(arrivals(db, clock, tmp_path, mailbox).values()) > 1


def test_a_claim_waits_for_nobody(postgres_url: str) -> None:
    """A letter that another worker is just claiming is passed over, not waited for."""
    db = Database(postgres_url)
    with db.write() as tx:
        for number in range(3):
            mail.post(tx, mail.Letter("Halo", "Isi"), f"calon{number}@surel.example", START)
    with db.write() as tx:
        held = tx.scalars(sa.select(Mail.id).order_by(Mail.id).limit(2).with_for_update()).all()
        claimed = service.claim(db, 10, START, timedelta(minutes=1))
    db.close()
    assert len(held) == 2
    assert [letter.recipient for letter in claimed] == ["calon2@surel.example"]
