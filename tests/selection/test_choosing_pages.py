"""The pages around the choice: where a candidate is led who has nothing left to choose, or was refused."""

from __future__ import annotations

from flask import Flask

from exam_server.db import Database
from tests.client import Client
from tests.factories import add_accepted, add_booked, add_scene


def test_a_sitting_can_be_confirmed_before_the_choice(app: Flask, db: Database) -> None:
    scene = add_scene(db)
    client = Client(app).sign_in(add_accepted(db, scene).id)
    page = client.get(f"/choose/confirm?sitting={scene.sitting.public_id}")
    assert page.status_code == 200
    assert "Tetapkan sesi" in page.text


def test_after_the_choice_the_address_of_a_confirmation_leads_to_the_receipt(
    app: Flask, db: Database
) -> None:
    scene = add_scene(db)
    client = Client(app).sign_in(add_booked(db, scene).candidate_id)
    answer = client.get(f"/choose/confirm?sitting={scene.sitting.public_id}")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/booking")


def test_who_opens_the_exam_before_choosing_is_led_to_the_sittings(app: Flask, db: Database) -> None:
    client = Client(app).sign_in(add_accepted(db, add_scene(db)).id)
    page = client.get("/exam")
    assert page.status_code == 404
    assert 'href="/choose"' in page.text.split("<main")[1]
