"""An activity on its way to a result, for whoever tests what comes after the exam.

`build(db, scene, ...)` makes N candidates sit, save, hand in and be scored by the real settling, and lets
others stay away; it records criteria and quotas, opens the scores, and freezes the list where that is asked:

    stand = build(db)                               # five who sat (4, 3, 2, 1, 0 of 4 right), one absent
    stand = build(db, rights=[4, 4, 2], absent=2, places=1, reserves=1, frozen=True)

`stand.people` are who sat in the order of `rights`, `stand.absent` who stayed away; each is a Person (run,
number, name, kecamatan). `stand.admin` and `stand.second` are two admins of the office; `stand.activity_id`,
`stand.path` ("/results/<activity>"), `stand.place` (ranking.ground.Ground), `stand.list_id` (after freezing),
`stand.freeze()`, `stand.lines()` (of the newest list, by rank), `stand.by_number(number)`. `AFTER` is an
instant at which the sitting is over and the announced stage is still open. `add_past_scene(db, office)`
is a scene whose sitting is over at START, for who needs several of one office (the cast of routes).

The recruitment gets three requirements: 1 must (statement), 2 preferred (education), 3 preferred (vehicles).
Everybody meets 2 and 3 by their application unless `data` says otherwise. Criteria by default: test 80,
preference 2 20, gate 1, ties by the time of applying (earlier candidates applied earlier).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from exam_server.apart import Act, reckon, silent
from exam_server.approvals import service as approvals
from exam_server.db import Database
from exam_server.exam import service as exam
from exam_server.exam.papers import read_paper
from exam_server.exam.saves import store
from exam_server.exam.settling import settle
from exam_server.models import (
    Account,
    Application,
    ApplicationVersion,
    Booking,
    Office,
    Paper,
    Recruitment,
    Requirement,
    Screening,
)
from exam_server.profile.rules import Facts, as_json
from exam_server.ranking import freezing, ground, service
from exam_server.ranking.freezing import Freezing
from exam_server.ranking.ground import Ground
from exam_server.ranking.listing import Line
from exam_server.ranking.rules import TEST, Component, Criteria, Quota
from exam_server.reading import open_for_reading
from exam_server.selection.numbers import number_of
from tests.factories import (
    DAY,
    HOUR,
    MINUTE,
    START,
    Run,
    Scene,
    add_booked,
    add_official,
    add_running,
    add_scene,
    answer,
    make_activity,
    make_phase,
    make_profile,
    make_recruitment,
    make_sitting,
)
from tests.restored import once

SECRET = "s" * 40
"""The same as the settings of every application under test."""

KEY = 2
"""The right option of every item of the factories, in its original order, from 0."""

AFTER = START + 3 * HOUR

CRITERIA = Criteria(
    (Component(TEST, Fraction(80)), Component("preference:2", Fraction(20), basis="education")),
    gates=(1,), ties=("applied",),
)  # fmt: skip
INTERVIEW = Component("mark:wawancara", Fraction(20), 100, "Wawancara")
WITH_INTERVIEW = Criteria((Component(TEST, Fraction(80)), INTERVIEW), gates=(1,), ties=("applied",))


@dataclass(frozen=True)
class Person:
    """One candidate with a booking."""

    run: Run
    number: str
    name: str
    kecamatan: str

    @property
    def attempt_id(self) -> int:
        return self.run.attempt_id


@dataclass
class Stand:
    """As the module tells it."""

    db: Database
    scene: Scene
    place: Ground
    admin: int
    second: int
    people: list[Person] = field(default_factory=list)
    absent: list[Person] = field(default_factory=list)
    list_id: int = 0
    process: bool = False

    @property
    def activity_id(self) -> int:
        return self.scene.selection.id

    @property
    def path(self) -> str:
        return f"/results/{self.scene.selection.public_id}"

    def apart(self, act: Act, arguments: dict[str, Any]) -> Any:
        """What is reckoned apart; here, unless `process`: to start one takes longer than most tests."""
        url = self.db.engine.url.render_as_string(hide_password=False)
        if self.process:
            return reckon(url, act, arguments)
        reader = open_for_reading(url)
        try:
            return json.loads(json.dumps(act(reader, arguments, silent)))
        finally:
            reader.close()

    def ask(self, at: datetime = AFTER, reason: str = "Rapat pleno") -> str:
        """The public id of the question to freeze the list."""
        return freezing.ask(self.db, self.place, reason, self.admin, at, self.apart)

    def freeze(self, at: datetime = AFTER) -> int:
        """Asked by the one admin, granted by the other; the id of the list."""
        acts = {freezing.KIND: Freezing().apply}
        approvals.grant(self.db, acts, self.ask(at), self.second, at)
        with self.db.read() as tx:
            found = service.newest_list(tx, self.activity_id)
        assert found is not None
        self.list_id = found.id
        return found.id

    def lines(self) -> list[Line]:
        with self.db.read() as tx:
            found = service.newest_list(tx, self.activity_id)
            return service.lines(tx, found.id) if found else []

    def by_number(self, number: str) -> Person:
        return next(one for one in (*self.people, *self.absent) if one.number == number)


def build(
    db: Database, scene: Scene | None = None, *, rights: Sequence[int] = (4, 3, 2, 1, 0), absent: int = 1,
    kecamatan: Sequence[str] = ("Bangsri",), data: Sequence[dict[str, Any]] = ({},),
    criteria: Criteria | None = CRITERIA, quotas: tuple[Quota, ...] | None = None, places: int = 2,
    reserves: int = 2, opened: bool = True, frozen: bool = False, at: datetime = AFTER,
) -> Stand:  # fmt: skip
    """The stand; `kecamatan` and `data` (fields of the application) are gone through again and again.

    `criteria=None` records nothing at all; `quotas=()` records no quota. Scores are opened and the list is
    frozen `at`; people sit from the beginning of the scene's sitting.
    """
    given = {name: value for name, value in locals().items() if name not in ("db", "scene")}
    if scene is not None:
        return _build(db, scene, **given)
    return once(db, f"stand {given!r}", lambda: _build(db, add_scene(db), **given))


def _build(
    db: Database, scene: Scene, *, rights: Sequence[int], absent: int, kecamatan: Sequence[str],
    data: Sequence[dict[str, Any]], criteria: Criteria | None, quotas: tuple[Quota, ...] | None, places: int,
    reserves: int, opened: bool, frozen: bool, at: datetime,
) -> Stand:  # fmt: skip
    add_requirements(db, scene)
    with db.read() as tx:
        place = ground.of_activity(tx, scene.selection.id)
    admins = [add_official(db, "admin", scene.office).id for _ in range(2)]
    stand = Stand(db, scene, place, *admins)
    for index, right in enumerate(rights):
        run = add_running(db, scene, scene.sitting.starts_at)
        where = kecamatan[index % len(kecamatan)]
        sit(db, run, right, scene.sitting.starts_at)
        stand.people.append(_person(db, scene, run, index, where, data[index % len(data)]))
    for index in range(len(rights), len(rights) + absent):
        run, where = add_booked(db, scene), kecamatan[index % len(kecamatan)]
        stand.absent.append(_person(db, scene, run, index, where, data[index % len(data)]))
    if criteria is not None:
        service.record_criteria(db, place, criteria, admins[0], START)
        wanted = (Quota(places),) if quotas is None else quotas
        if wanted:
            service.record_quota(db, place, wanted, reserves, "", admins[0], START)
        if opened or frozen:
            service.open_scores(db, place, admins[0], at)
        if frozen:
            stand.freeze(at)
    return stand


def add_past_scene(db: Database, office: Office) -> Scene:
    """The recruitment of a year before all others of an office; its only sitting was the day before START."""
    with db.write() as tx:
        first = tx.scalar(sa.select(sa.func.min(Recruitment.year)).where(Recruitment.office_id == office.id))
        year = (first or START.year) - 1
        recruitment = make_recruitment(office.id, year=year)
        tx.add(recruitment)
        tx.flush()
        for position, kind in enumerate(("registration", "screening", "test", "final"), 1):
            tx.add(make_phase(recruitment.id, kind, position))
        made = [make_activity(recruitment, kind) for kind in ("registration", "selection")]
        tx.add_all(made)
        tx.flush()
        sitting = make_sitting(made[1].id, starts_at=START - DAY, ends_at=START - DAY + 2 * HOUR)
        tx.add(sitting)
    return Scene(office, recruitment, *made, sitting)


def add_requirements(db: Database, scene: Scene) -> None:
    """Three of them, where there is none yet."""
    with db.write() as tx:
        has = sa.select(Requirement.id).where(Requirement.recruitment_id == scene.recruitment.id)
        if tx.scalars(has).first():
            return
        for position, (kind, proof, text) in enumerate(
            (("must", "statement", "Sehat jasmani dan rohani"), ("preference", "ijazah", "Pendidikan SMA"),
             ("preference", "profile", "Mempunyai kendaraan bermotor")), 1
        ):  # fmt: skip
            tx.add(Requirement(recruitment_id=scene.recruitment.id, position=position, kind=kind,
                               proof=proof, text={"id": text, "en": text}))  # fmt: skip


def sit(db: Database, run: Run, right: int, started_at: datetime = START) -> None:
    """The first `right` items answered rightly, the others wrongly; handed in after 20 minutes, settled."""
    with db.read() as tx:
        drawn = read_paper(tx.get_one(Paper, run.attempt_id).content)
    given = [
        answer(position, 1, one.order.index(KEY if position <= right else 0) + 1)
        for position, one in enumerate(drawn, 1)
    ]
    with db.write() as tx:
        store(tx, [run.save(*given, at=started_at + MINUTE)])
    with db.write() as tx:
        exam.submit(tx, run.attempt_id, run.session_id, run.lease, started_at + 20 * MINUTE)
    with db.write() as tx:
        assert settle(tx, run.attempt_id, SECRET, started_at + 21 * MINUTE)


def _person(db: Database, scene: Scene, run: Run, index: int, kecamatan: str, told: dict[str, Any]) -> Person:
    name = f"Peserta {index + 1:03d}"
    with db.write() as tx:
        tx.execute(sa.update(Account).where(Account.id == run.candidate_id).values(name=name))
        profile = make_profile(run.candidate_id, scene.office.id, kecamatan=kecamatan)
        tx.add(profile)
        entry = tx.scalars(
            sa.select(Application).where(Application.candidate_id == run.candidate_id,
                                         Application.activity_id == scene.registration.id)
        ).one()  # fmt: skip
        entry.applied_at = START - 10 * DAY + timedelta(seconds=index)
        facts = Facts(
            name=name, nik=profile.nik, birth_date=date(1998, 5, 17), sex="m", office_id=scene.office.id,
            regency=scene.office.regency, kecamatan=kecamatan, desa="Bangsri", education="sma",
            devices=["smartphone"], vehicles=["motorcycle"], experienced=False,
        )  # fmt: skip
        tx.add(ApplicationVersion(application_id=entry.id, number=1, sent_at=entry.applied_at, documents={},
                                  data=as_json(facts) | {"statements": [1]} | told))  # fmt: skip
        tx.add(Screening(application_id=entry.id, activity_id=scene.registration.id, version=1,
                         sent_at=entry.applied_at, decided_at=START - 9 * DAY,
                         decision="accepted"))  # fmt: skip
        booking = tx.scalars(
            sa.select(Booking.public_id).where(Booking.candidate_id == run.candidate_id,
                                               Booking.activity_id == scene.selection.id)
        ).one()  # fmt: skip
    return Person(run, number_of(booking), name, kecamatan)
