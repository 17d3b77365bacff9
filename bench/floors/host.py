"""Imported first by every floor: patches for EXAM_ASYNC, then serves under the conditions of the real server.

The same listener options, the same fast unmasking, no permessage-deflate, the same thresholds of the garbage
collector: what is left between a floor and the exam server is the work itself.
"""

from __future__ import annotations

from bench.floors.patched import MODE  # isort: skip  # first, because it patches

import gc
import os
import socket
from collections.abc import Callable
from typing import Any

import socketio

Wsgi = Callable[..., Any]


def sockets() -> socketio.Server:
    """A bare Socket.IO server on the route the exam server uses: WebSocket only, handlers in the reader."""
    return socketio.Server(
        async_mode=MODE, async_handlers=False, transports=["websocket"], allow_upgrades=False,
        cors_allowed_origins="*", max_http_buffer_size=64 * 1024,
    )  # fmt: skip


def serve(app: Wsgi) -> None:
    """Serve on PORT of the loopback address until the process is killed."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.bind(("127.0.0.1", int(os.environ["PORT"])))
    listener.listen(4096)
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)
    if MODE == "eventlet":
        import eventlet.websocket
        import eventlet.wsgi

        eventlet.websocket.RFC6455WebSocket._apply_mask = staticmethod(_unmask)
        eventlet.wsgi.server(listener, _plain(app), max_size=30_000, log_output=False, debug=False)
    else:
        from gevent.pywsgi import WSGIServer

        WSGIServer(listener, _plain(app), log=None).serve_forever()


def _plain(app: Wsgi) -> Wsgi:
    def without_deflate(environ: dict[str, Any], start_response: Any) -> Any:
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        return app(environ, start_response)

    return without_deflate


def _unmask(data: bytes, mask: bytes, length: int | None = None, offset: int = 0) -> bytes:
    size = len(data) if length is None else length
    key = (bytes(mask[(offset + place) % 4] for place in range(4)) * (size // 4 + 1))[:size]
    return (int.from_bytes(data[:size], "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")
