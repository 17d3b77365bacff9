"""A choice is for good: no second one, no route for anybody, no SQL; and without the triggers, all of it."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError
from werkzeug.routing import IntegerConverter, Rule

from exam_server.auth import csrf_token
from exam_server.models import Booking
from exam_server.selection import service
from tests.worlds import Somebody, World, wall

COLUMNS = "id, public_id, candidate_id, activity_id, sitting_id, chosen_at"
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}

ATTACKS = {
    "update": "UPDATE booking SET sitting_id = :other WHERE id = :id",
    "update_in_place": "UPDATE booking SET chosen_at = chosen_at WHERE id = :id",
    "delete": "DELETE FROM booking WHERE id = :id",
}
SQLITE_ATTACKS = ATTACKS | {
    "replace_the_row": f"INSERT OR REPLACE INTO booking ({COLUMNS}) "
    "SELECT id, public_id, candidate_id, activity_id, :other, chosen_at FROM booking WHERE id = :id",
    "replace_the_choice": f"INSERT OR REPLACE INTO booking ({COLUMNS}) "
    "SELECT id + 1000, public_id || 'x', candidate_id, activity_id, :other, chosen_at "
    "FROM booking WHERE id = :id",
    "upsert": f"INSERT INTO booking ({COLUMNS}) "
    "SELECT id + 1000, public_id || 'x', candidate_id, activity_id, :other, chosen_at "
    "FROM booking WHERE id = :id ON CONFLICT (candidate_id, activity_id) DO UPDATE SET sitting_id = :other",
}
POSTGRES_ATTACKS = ATTACKS | {
    "upsert": SQLITE_ATTACKS["upsert"],
    "truncate": "TRUNCATE booking CASCADE",
}
CASES = [("sqlite", name) for name in SQLITE_ATTACKS] + [("postgresql", name) for name in POSTGRES_ATTACKS]


@pytest.fixture
def lone_booking(world: World) -> dict[str, int]:
    """A booking that no attempt refers to, so that nothing but the triggers stands in the way."""
    (person,) = world.accepted(1)
    first, other = (
        world.scalar("SELECT id FROM sitting WHERE public_id = :s", s=world.sitting()) for _ in "ab"
    )
    with world.db.write() as tx:
        booking = Booking(candidate_id=person.id, activity_id=world.selection_id, sitting_id=first,
                          chosen_at=wall())  # fmt: skip
        tx.add(booking)
        tx.flush()
        return {"id": booking.id, "other": other}


def attack(world: World, statement: str, names: dict[str, int]) -> None:
    """One statement in its own transaction; what the database says against it is raised."""
    used = {name: value for name, value in names.items() if f":{name}" in statement}
    with world.db.write() as tx:
        tx.execute(sa.text(statement), used)


def everything(world: World) -> list[tuple[Any, ...]]:
    with world.db.read() as tx:
        return [tuple(row) for row in tx.execute(sa.text(f"SELECT {COLUMNS} FROM booking ORDER BY id"))]


def drop_guards(world: World) -> int:
    """Take the triggers of all tables away; how many there were."""
    with world.db.write() as tx:
        if world.db.sqlite:
            rows = tx.execute(
                sa.text("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
            ).all()
        else:
            rows = tx.execute(
                sa.text("SELECT tgname, CAST(tgrelid AS regclass) FROM pg_trigger WHERE NOT tgisinternal")
            ).all()
        guards = [(name, table) for name, table in rows if "_keeps_" in name]
        for name, table in guards:
            tx.execute(sa.text(f"DROP TRIGGER {name}" + ("" if world.db.sqlite else f" ON {table}")))
    return len(guards)


@pytest.mark.parametrize(("database_url", "name"), CASES, indirect=["database_url"])
def test_no_statement_changes_or_removes_a_booking(
    world: World, lone_booking: dict[str, int], name: str
) -> None:
    before = everything(world)
    statement = (SQLITE_ATTACKS if world.db.sqlite else POSTGRES_ATTACKS)[name]
    with pytest.raises(DBAPIError, match="never change"):
        attack(world, statement, lone_booking)
    assert everything(world) == before


@pytest.mark.parametrize(("database_url", "name"), CASES, indirect=["database_url"])
def test_control_without_the_triggers_the_same_statement_succeeds(
    world: World, lone_booking: dict[str, int], name: str
) -> None:
    assert drop_guards(world) > 0
    before = everything(world)
    attack(world, (SQLITE_ATTACKS if world.db.sqlite else POSTGRES_ATTACKS)[name], lone_booking)
    assert name == "update_in_place" or everything(world) != before


def test_a_second_choice_is_refused_and_the_first_one_stands(world: World) -> None:
    first, second = world.sitting(), world.sitting()
    (person,) = world.booked(1, first)
    before = everything(world)
    with pytest.raises(service.AlreadyChosen):
        service.choose_sitting(world.db, person.id, second, wall())
    assert everything(world) == before


def test_the_same_choice_again_is_the_same_booking(world: World) -> None:
    sitting = world.sitting()
    (person,) = world.booked(1, sitting)
    before = everything(world)
    receipt = service.choose_sitting(world.db, person.id, sitting, wall())
    assert [receipt.public_id] == [row[1] for row in before]
    assert everything(world) == before


class Walk:
    """Every unsafe route, called as one person with everything that could name a booking or a sitting."""

    def __init__(self, app: Flask, world: World, person: Somebody, named: dict[str, str]) -> None:
        self._app, self._world, self._person, self._named = app, world, person, named
        self.answers: dict[str, int] = {}

    def all_routes(self) -> Walk:
        for rule in self._app.url_map.iter_rules():
            for method in sorted(UNSAFE & (rule.methods or set())):
                self._call(rule, method)
        return self

    def _call(self, rule: Rule, method: str) -> None:
        cookie = {"Cookie": f"exam={self._world.token(self._person)}"}  # a fresh one: a route may sign out
        with self._app.test_request_context(headers=cookie):
            values = {name: self._value(rule, name) for name in rule.arguments}
            path = self._app.url_map.bind("localhost").build(rule.endpoint, values, method=method)
            headers = cookie | {"X-CSRF": csrf_token(), "Accept": "application/json"}
        client = self._app.test_client(use_cookies=False)
        client.open(path, method=method, headers=headers, json=self._named)
        answer = client.open(path, method=method, headers=headers, data=self._named)
        self.answers[f"{method} {path}"] = answer.status_code

    def _value(self, rule: Rule, name: str) -> Any:
        wanted = self._named.get(name, self._named["booking"])
        return 1 if isinstance(rule._converters[name], IntegerConverter) else wanted


@pytest.mark.parametrize("role", ["admin", "proctor", "screener"])
def test_no_route_lets_an_official_change_a_booking(app: Flask, world: World, role: str) -> None:
    first, second = world.sitting(), world.sitting()
    (person,) = world.booked(1, first)
    before = everything(world)
    named = _names(world, person, second)
    walked = Walk(app, world, world.official(role), named).all_routes()
    assert walked.answers["POST /choose"] == 403
    assert everything(world) == before
    assert world.scalar("SELECT sum(taken) FROM sitting") == 1


def test_no_route_lets_the_candidate_change_the_own_booking(app: Flask, world: World) -> None:
    first, second = world.sitting(), world.sitting()
    (person,) = world.booked(1, first)
    before = everything(world)
    walked = Walk(app, world, person, _names(world, person, second)).all_routes()
    assert walked.answers["POST /exam/save"] < 500
    assert everything(world) == before


def test_control_the_same_walk_makes_a_booking_for_who_has_none(app: Flask, world: World) -> None:
    sitting = world.sitting()
    (person,) = world.accepted(1)
    Walk(app, world, person, {"sitting": sitting, "booking": "none"}).all_routes()
    assert len(everything(world)) == 1


def _names(world: World, person: Somebody, sitting: str) -> dict[str, str]:
    booking = world.scalar("SELECT public_id FROM booking WHERE candidate_id = :id", id=person.id)
    return {
        "sitting": sitting, "booking": booking, "candidate": str(person.id), "candidate_id": str(person.id),
        "email": person.email, "public_id": world.board, "attempt": world.attempt(person).public_id,
        "slug": "uji", "reason": "uji", "seconds": "60", "next": "/",
    }  # fmt: skip
