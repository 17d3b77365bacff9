"""The real server, at which an official of the test can grant time: a file in EXAM_GRANTS is the wish.

What a wish does is what the office's own act does; only the way in is the test's. A wish is a JSON object
{attempt, seconds, kind, reason, author}; it is gone once it is granted.
"""

from __future__ import annotations

import functools
import json
import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import wsgi  # isort: skip - first: it patches for the async mode

from flask import Flask

from exam_server.exam import ledger
from exam_server.extensions import House
from exam_server.rounds import Rounds

create_app = wsgi.create_app


def granting_app(*args: Any, **named: Any) -> Flask:
    """The application, with one worker more."""
    app = create_app(*args, **named)
    app.extensions["workers"].append(Rounds("grants", 0.1, functools.partial(grant_all, app)))
    return app


def grant_all(app: Flask) -> None:
    house: House = app.extensions["house"]
    for path in Path(os.environ["EXAM_GRANTS"]).glob("*.json"):
        wish = json.loads(path.read_text())
        grant = ledger.Grant(wish["kind"], wish["seconds"], "tested", wish["reason"], wish["author"])
        act = functools.partial(ledger.enter, attempt_id=wish["attempt"], grant=grant, now=house.clock.now())
        app.extensions["autosave"].run(act)
        path.unlink()


if __name__ == "__main__":
    wsgi.create_app = granting_app
    sys.exit(wsgi.main())
