"""Floor of a durable save: the same frame comes back at once, nothing is checked and nothing is kept."""

from bench.floors import host  # isort: skip  # first, because it patches

from typing import Any

import socketio

server = host.sockets()


@server.on("save")  # type: ignore[untyped-decorator]
def save(sid: str, data: dict[str, Any]) -> dict[str, Any]:
    return data


if __name__ == "__main__":
    host.serve(socketio.WSGIApp(server))
