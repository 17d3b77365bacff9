"""Answered papers for whoever tests what is made of them."""

from __future__ import annotations

from exam_server.db import Database
from exam_server.exam.papers import read_paper
from exam_server.models import Paper
from tests.factories import Scene, add_running
from tests.ranking.stand import sit


def add_answered(db: Database, scene: Scene) -> int:
    """Somebody sat in that scene and was scored; a revision that stood on the paper."""
    run = add_running(db, scene)
    sit(db, run, 2)
    with db.read() as tx:
        return read_paper(tx.get_one(Paper, run.attempt_id).content)[0].id
