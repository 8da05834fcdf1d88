"""A model hub on a free port of this machine, which can be told to misbehave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class Hub:
    """``files`` by path. Each of ``cuts`` ends one response after so many bytes; ``failures`` go first."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    cuts: list[int] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)
    ranges: bool = True
    requests: list[tuple[str, str | None]] = field(default_factory=list)


@contextmanager
def running() -> Iterator[Hub]:
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _answer(hub, self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _answer(hub: Hub, request: BaseHTTPRequestHandler) -> None:
    wanted = request.headers.get("Range")
    hub.requests.append((request.path, wanted))
    if hub.failures:
        request.send_error(hub.failures.pop(0))
    elif request.path in hub.redirects:
        request.send_response(302)
        request.send_header("Location", hub.redirects[request.path])
        request.end_headers()
    elif request.path not in hub.files:
        request.send_error(404)
    else:
        _send(hub, request, hub.files[request.path], wanted)


def _send(hub: Hub, request: BaseHTTPRequestHandler, content: bytes, wanted: str | None) -> None:
    match = re.fullmatch(r"bytes=(\d+)-", wanted or "") if hub.ranges else None
    first = int(match[1]) if match else 0
    if match and first >= len(content):
        request.send_error(416)
        return
    request.send_response(206 if match else 200)
    request.send_header("Content-Length", str(len(content) - first))
    if match:
        request.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
    request.end_headers()
    request.wfile.write(content[first:][: hub.cuts.pop(0) if hub.cuts else None])
