"""The demo's own secrets: made on the first run, kept in var/, so that nothing secret stands in the code."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

NAMES = ("SECRET_KEY", "BANK_KEY", "DEMO_PASSWORD")


def prepare(folder: Path, port: int) -> str:
    """Fill the environment for a demo on `port`, and return the password of its logins."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "demo.env"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text("".join(f"{name}={_fresh(name)}\n" for name in NAMES))
    values = dict(line.split("=", 1) for line in kept.read_text().splitlines())
    here = f"http://localhost:{port}"
    defaults = {"EXAM_ENV": "demo", "BASE_URL": here, "DATA_DIR": str(folder),
                "EXAM_ORIGINS": f"{here},http://127.0.0.1:{port}"}  # fmt: skip
    for name, value in (values | defaults).items():
        os.environ.setdefault(name, value)
    return values["DEMO_PASSWORD"]


def _fresh(name: str) -> str:
    if name == "DEMO_PASSWORD":
        return "mitra-" + "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(8))
    return secrets.token_urlsafe(48)
