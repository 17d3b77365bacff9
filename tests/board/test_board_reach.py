"""Who hears what of a board: an admin all of it, a proctor the sittings assigned, nobody else anything."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.board import publisher, service
from exam_server.board.audience import sitting_room, whole_room
from exam_server.db import Database
from exam_server.errors import Forbidden, NotFound
from exam_server.exam import service as exam
from exam_server.live import Person
from exam_server.models import SittingProctor
from tests.board.stand import Stand
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import (
    HOUR,
    START,
    Run,
    Scene,
    add_booked,
    add_official,
    add_other_scene,
    add_scene,
    add_sitting,
    assign,
)


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db)


@pytest.fixture
def stand(db: Database, clock: SetClock) -> Stand:
    return Stand(db, clock)


def begin(db: Database, run: Run) -> None:
    with db.write() as tx:
        exam.start(tx, run.attempt_id, START)


def heard(stand: Stand, person: Person) -> set[str]:
    """Public ids of the attempts that this person was told of."""
    return {row[0] for frame in stand.ear.told(person) for row in frame["rows"]}


def unassign(db: Database, person: Person) -> None:
    with db.write() as tx:
        tx.execute(sa.delete(SittingProctor).where(SittingProctor.account_id == person.viewer.id))


def two_sittings(db: Database, scene: Scene) -> tuple[Run, Run]:
    """A candidate in the scene's sitting, and one in another of the same activity."""
    other = add_sitting(db, scene.selection.id, label="Sesi 2", starts_at=START, ends_at=START + 2 * HOUR)
    elsewhere = Scene(scene.office, scene.recruitment, scene.registration, scene.selection, other)
    return add_booked(db, scene), add_booked(db, elsewhere)


def test_a_proctor_hears_the_sittings_assigned_and_an_admin_hears_all(
    db: Database, scene: Scene, stand: Stand
) -> None:
    here, there = two_sittings(db, scene)
    proctor, admin = stand.proctor(scene), stand.admin(scene)
    assign(db, scene.sitting.id, proctor.viewer.id)
    assert len(stand.watch(proctor, scene)) == len(stand.watch(admin, scene)) == 1
    for run in (here, there):
        begin(db, run)
    stand.tick()
    assert heard(stand, proctor) == {here.public_id}
    assert heard(stand, admin) == {here.public_id, there.public_id}


def test_a_proctor_without_a_sitting_is_refused_and_hears_nothing(
    db: Database, scene: Scene, stand: Stand
) -> None:
    (run, _), proctor = two_sittings(db, scene), stand.proctor(scene)
    with pytest.raises(Forbidden):
        stand.watch(proctor, scene)
    begin(db, run)
    stand.tick()
    assert proctor.rooms == set()
    assert heard(stand, proctor) == set()


def test_an_assignment_in_another_office_opens_nothing_there(
    db: Database, scene: Scene, stand: Stand
) -> None:
    """Whatever is left in the list of a sitting, without the role of its office it is nothing."""
    elsewhere, proctor = add_other_scene(db), stand.proctor(scene)
    assign(db, elsewhere.sitting.id, proctor.viewer.id)
    with pytest.raises(Forbidden):
        stand.watch(proctor, elsewhere)


def test_there_is_no_board_of_a_registration_or_of_nothing(db: Database, scene: Scene, stand: Stand) -> None:
    admin = stand.admin(scene)
    for wrong in (scene.registration.public_id, "nothing", ""):
        with pytest.raises(NotFound):
            service.sight(db, admin.viewer, wrong)


def test_who_lost_an_assignment_hears_no_more_although_the_page_never_asks_again(
    db: Database, scene: Scene, stand: Stand, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, _ = two_sittings(db, scene)
    proctor = stand.proctor(scene)
    assign(db, scene.sitting.id, proctor.viewer.id)
    stand.watch(proctor, scene)
    room = sitting_room(scene.selection.id, scene.sitting.id)
    assert proctor.rooms == {room}
    unassign(db, proctor)
    monkeypatch.setattr(publisher, "CHECK_EVERY", 0.0)
    begin(db, run)
    stand.tick()
    assert proctor.rooms == set()
    assert [frame for told, frame in stand.ear.frames if told == room] == []


def test_a_check_lets_everybody_else_stay(db: Database, scene: Scene, stand: Stand) -> None:
    proctor, admin = stand.proctor(scene), stand.admin(scene)
    assign(db, scene.sitting.id, proctor.viewer.id)
    for person in (proctor, admin):
        stand.watch(person, scene)
    stand.audience.check()
    assert proctor.rooms == {sitting_room(scene.selection.id, scene.sitting.id)}
    assert admin.rooms == {whole_room(scene.selection.id)}


def test_another_assignment_is_heard_from_the_next_watch_on(db: Database, scene: Scene, stand: Stand) -> None:
    _, there = two_sittings(db, scene)
    proctor = stand.proctor(scene)
    assign(db, scene.sitting.id, proctor.viewer.id)
    stand.watch(proctor, scene)
    with db.read() as tx:
        other = tx.scalars(sa.text("SELECT id FROM sitting WHERE label = 'Sesi 2'")).one()
    assign(db, other, proctor.viewer.id)
    stand.audience.check()
    assert len(proctor.rooms) == 1
    assert len(stand.watch(proctor, scene)) == 2
    begin(db, there)
    stand.tick()
    assert there.public_id in heard(stand, proctor)


def test_a_snapshot_tells_the_same_as_the_frames_would(app: Flask, db: Database, scene: Scene) -> None:
    here, there = two_sittings(db, scene)
    official = add_official(db, "proctor", scene.office)
    path = f"/board/{scene.selection.public_id}/snapshot"
    assert Client(app).sign_in(official.id).get_json(path).status_code == 403
    assign(db, scene.sitting.id, official.id)
    told = Client(app).sign_in(official.id).get_json(path).get_json()
    assert ([row[0] for row in told["rows"]], told["whole"]) == ([here.public_id], False)
    assert [one["label"] for one in told["sittings"]] == ["Sesi 1"]
    admin = add_official(db, "admin", scene.office)
    told = Client(app).sign_in(admin.id).get_json(path).get_json()
    assert {row[0] for row in told["rows"]} == {here.public_id, there.public_id}
    assert (told["whole"], len(told["sittings"]), told["columns"][:2]) == (True, 2, ["id", "rev"])


def test_the_index_lists_only_boards_with_something_to_see(app: Flask, db: Database, scene: Scene) -> None:
    add_other_scene(db)
    official = add_official(db, "proctor", scene.office)
    client, path = Client(app).sign_in(official.id), f"/board/{scene.selection.public_id}"
    empty = client.get("/board").text
    assert path not in empty
    assert "Anda belum ditugaskan mengawasi sesi" in empty
    assign(db, scene.sitting.id, official.id)
    assert client.get("/board").text.count('href="/board/') == 1
    assert path in client.get("/board").text
    superadmin = Client(app).sign_in(add_official(db, "superadmin", None).id)
    assert superadmin.get("/board").text.count('href="/board/') == 2
