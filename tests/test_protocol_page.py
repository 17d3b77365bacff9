"""The page of the protocol names every route: what is not written there cannot be relied upon."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "protocol.md").read_text()
MATRIX = (ROOT / "tests" / "route_matrix.txt").read_text()
ROUTES = re.findall(r"^(?:GET|POST)\s+(/\S*)", MATRIX, re.MULTILINE)


def plain(path: str) -> str:
    """The path whatever its parts are called."""
    return re.sub(r"<[^>]*>", "<>", path)


def is_told(path: str, page: str) -> bool:
    """Whether a table of the page has it, whole or as `.../last` beside its neighbours."""
    known = {plain(one) for one in re.findall(r"`(/[^`?]*|\.\.\./[^`?]*)", page)}
    return plain(path) in known or f".../{path.rpartition('/')[2]}" in known


@pytest.mark.parametrize("path", sorted(set(ROUTES)))
def test_the_page_names_every_route(path: str) -> None:
    assert is_told(path, PAGE)


@pytest.mark.parametrize("path", ["/attempts/<public_id>/unheard", "/exam/startle", "/"])
def test_control_a_route_that_is_not_there_is_noticed(path: str) -> None:
    assert not is_told(path, "| GET `/exam/start` `pledge=yes` | `.../claim` |")
