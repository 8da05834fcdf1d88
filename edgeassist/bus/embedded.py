"""A broker in this process, for the demo and for a first try: anonymous, loopback only, MQTT 3.1.1."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from typing import Any, Self

from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter
from amqtt.broker import Broker

from edgeassist.errors import BusError

log = logging.getLogger(__name__)

_HOST = "127.0.0.1"
_START_S = 10.0
#: Chatty at info, and at warning about every client that leaves.
_QUIET = ("amqtt", "transitions")
_LISTENER = "default"
_CONFIG = {
    # We listen ourselves and hand each connection over.
    "listeners": {_LISTENER: {"type": "external"}},
    "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
}
_MQTT_5 = 5
_REFUSE_PROTOCOL = b"\x20\x02\x00\x01"
_MAX_FIXED_HEADER = 5
_MAX_NAME = 6


class EmbeddedBroker:
    """amqtt on a thread with an event loop of its own. Retained messages live as long as the broker."""

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._started = threading.Event()
        self._failure: Exception | None = None

    def start(self) -> int:
        """Begin to listen; returns the port. Raises BusError when it cannot, for example on a port in use."""
        for name in _QUIET:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._started.clear()
        self._failure = None
        self._thread = threading.Thread(target=self._run, name="embedded-broker", daemon=True)
        self._thread.start()
        if not self._started.wait(_START_S):
            raise BusError(f"the embedded broker cannot listen on {_HOST}:{self.port}: no answer")
        return self._listening()

    def _listening(self) -> int:
        if self._failure is not None:
            raise BusError(f"the embedded broker cannot listen on {_HOST}:{self.port}: {self._failure}")
        return self.port

    def stop(self) -> None:
        """Close every connection and end the thread."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        if self._loop is not None and self._stop is not None and thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        thread.join(_START_S)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except Exception as error:  # noqa: BLE001  (the thread's boundary: start() raises it in the caller's)
            self._failure = error
        finally:
            self._started.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(_ignore)
        self._stop = asyncio.Event()
        broker = Broker(_CONFIG)
        await broker.start()
        server = await asyncio.start_server(_acceptor(broker), _HOST, self.port)
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        try:
            await self._stop.wait()
        finally:
            server.close()
            try:
                await broker.shutdown()
            except asyncio.CancelledError:
                # Of a delivery that waited for its acknowledgement; nobody is left to wait for it.
                log.debug("a delivery was cut off when the embedded broker stopped")


class _Replay(StreamReaderAdapter):  # type: ignore[misc]
    """A reader that gives out again what was read ahead."""

    def __init__(self, ahead: bytes, reader: asyncio.StreamReader) -> None:
        super().__init__(reader)
        self._ahead = ahead

    async def read(self, n: int = -1) -> bytes:
        kept, self._ahead = (self._ahead, b"") if n == -1 else (self._ahead[:n], self._ahead[n:])
        rest = n if n == -1 else n - len(kept)
        return kept + (await super().read(rest) if rest else b"")


def _acceptor(broker: Broker) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """Refuses MQTT 5 in the way that clients fall back from; amqtt would misread its CONNECT and wait for ever."""

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            ahead, level = await _protocol_level(reader)
        except (asyncio.IncompleteReadError, OSError):
            writer.close()
            return
        if level == _MQTT_5:
            writer.write(_REFUSE_PROTOCOL)
            writer.close()
            return
        await broker.external_connected(_Replay(ahead, reader), StreamWriterAdapter(writer), _LISTENER)

    return accept


async def _protocol_level(reader: asyncio.StreamReader) -> tuple[bytes, int]:
    """The start of a CONNECT, up to its protocol level: fixed header, name, level."""
    ahead = await reader.readexactly(2)
    while ahead[-1] & 0x80 and len(ahead) < _MAX_FIXED_HEADER:
        ahead += await reader.readexactly(1)
    ahead += (name_length := await reader.readexactly(2))
    rest = await reader.readexactly(min(int.from_bytes(name_length), _MAX_NAME) + 1)
    return ahead + rest, rest[-1]


def _ignore(_loop: asyncio.AbstractEventLoop, _context: dict[str, Any]) -> None:
    """Handlers of connections that a client dropped end in errors of their own, which say nothing new."""
