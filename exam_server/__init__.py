"""The exam server. `create_app` stands in `app`; a command or a reckoning apart loads nothing of the web."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exam_server.app import create_app as create_app


def __getattr__(name: str) -> Any:
    """Loads the application when somebody asks for it; raises AttributeError for every other name."""
    if name != "create_app":
        raise AttributeError(name)
    from exam_server.app import create_app

    return create_app
