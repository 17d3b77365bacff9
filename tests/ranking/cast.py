"""For the cast of routes: an activity at the stage at which an act on its result is possible."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from exam_server.db import Database
from exam_server.models import Office
from exam_server.ranking.mark_files import Row
from tests.factories import START
from tests.ranking.stand import CRITERIA, WITH_INTERVIEW, Stand, add_past_scene, build

MINE = frozenset(
    f"{method} /results/<public_id>{rest}"
    for method, rest in (
        ("GET", ""), ("POST", "/open"), ("POST", "/freeze"), ("GET", "/list"), ("GET", "/what-if"),
        ("GET", "/criteria"), ("POST", "/criteria"), ("GET", "/quotas"), ("POST", "/quotas"),
        ("GET", "/marks"), ("POST", "/marks"), ("GET", "/person/<attempt>"),
        ("POST", "/person/<attempt>/mark"), ("POST", "/person/<attempt>/gate"),
    )
)  # fmt: skip
"""The routes of the ranking."""


def stand_for(db: Database, office: Office, route: str) -> Stand:
    """One who sat yesterday; as far as the route needs it."""
    what = route.rpartition("/")[2]
    marked = what in ("mark", "gate", "marks")
    wanted = WITH_INTERVIEW if marked else CRITERIA
    criteria = None if route == "POST /results/<public_id>/criteria" else wanted
    return build(
        db, add_past_scene(db, office), rights=[2], absent=0, criteria=criteria,
        quotas=() if route == "POST /results/<public_id>/quotas" else None,
        opened=what not in ("open", "criteria"), at=START,
    )  # fmt: skip


def bodies(stand: Stand) -> dict[str, dict[str, Any]]:
    """What the routes under /results want to be sent."""
    row = Row(2, stand.people[0].number, "", "80", "", {"number": "A2", "value": "B2"})
    component = "mark:wawancara"
    base = "POST /results/<public_id>"
    return {
        f"{base}/freeze": {"reason": "Rapat pleno"},
        f"{base}/criteria": {"weight-test": "100"},
        f"{base}/quotas": {"where": "", "places": "1", "reserves": "1"},
        f"{base}/marks": {"act": "import", "component": component, "filename": "nilai.csv",
                          "rows": json.dumps([asdict(row)])},
        f"{base}/person/<attempt>/mark": {"component": component, "value": "80"},
        f"{base}/person/<attempt>/gate": {"requirement": "1", "met": "no", "note": "Sakit"},
    }  # fmt: skip
