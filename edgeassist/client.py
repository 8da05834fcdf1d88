"""The bus from a command's side: ask a running daemon, or know the home without one."""

from __future__ import annotations

import json
import queue
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from edgeassist.bus.mqtt import MqttBus
from edgeassist.bus.settings import mqtt_settings
from edgeassist.bus.topics import Topics
from edgeassist.bus.values import BusState, Incoming, PublishHandle
from edgeassist.config import Config
from edgeassist.conventions import load as load_conventions
from edgeassist.errors import BusError, NoBrokerError
from edgeassist.home.follow import HomeFollower
from edgeassist.home.registry import HomeRegistry
from edgeassist.home.toml import HomeFile, load_home
from edgeassist.messages import Publish

_CONNECT_S = 3.0
#: The broker sends what it retains at once; when nothing has come for this long, that was all.
_QUIET_S = 0.3
_MARGIN_S = 12.0


class DaemonClient:
    """Sends intents to the daemon of a node and waits for their results. A context manager."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._topics = Topics(config.node)
        self._bus = MqttBus(mqtt_settings(config, None))
        self._answers = f"edgeassist/clients/{uuid.uuid4().hex}"

    def __enter__(self) -> Self:
        self._bus.subscribe([self._answers, self._topics.status, self._topics.confirm])
        self._bus.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._bus.stop()

    def daemon_is_online(self) -> bool:
        """Whether a daemon answers. Raises BusError, and of it NoBrokerError where no broker answers."""
        if not self._bus.wait_ready(_CONNECT_S):
            raise _no_broker(self._bus)
        status = self._next(lambda incoming: incoming.topic == self._topics.status, _QUIET_S)
        return status is not None and status.payload == b"online"

    def ask(self, text: str, *, room: str | None = None, dry_run: bool = False, source: str = "cli") -> dict[str, Any]:
        """The result of an utterance, as on ``<base>/action``. Raises BusError when none comes."""
        id_ = uuid.uuid4().hex
        intent: dict[str, object] = {"id": id_, "text": text, "reply_to": self._answers, "source": source}
        intent |= {"room": room} if room else {}
        intent |= {"dry_run": True} if dry_run else {}
        self._bus.publish(self._topics.intent, json.dumps(intent, ensure_ascii=False).encode())
        return self.result(id_)

    def confirm(
        self, id_: str, answer: str, ask_pin: Callable[[str], str] | None = None, pin: str | None = None
    ) -> dict[str, Any]:
        """Answer a result that says ``confirm``; gives the second result.

        ``ask_pin`` is given the question where it is asked again, since it wants a PIN or another one.
        """
        while True:
            document = {"answer": answer} | ({"pin": pin} if pin else {})
            self._bus.publish(self._topics.confirm_answer(id_), json.dumps(document).encode())
            found = self.result(id_, asked_again=ask_pin is not None)
            if ask_pin is None or "outcome" in found:
                return found
            pin = ask_pin(found["prompt"])

    def result(self, id_: str, *, asked_again: bool = False) -> dict[str, Any]:
        """The next result under that id, or the question where it may be ``asked_again``."""
        timeout = self._config.intent.deadline_ms / 1000 + _MARGIN_S
        topics = {self._answers, self._topics.confirm} if asked_again else {self._answers}
        incoming = self._next(lambda found: found.topic in topics, timeout)
        if incoming is None:
            raise BusError(f"{self._topics.node} did not answer within {timeout:.0f} s; see its log")
        document: dict[str, Any] = json.loads(incoming.payload)
        return document if document["id"] == id_ else self.result(id_, asked_again=asked_again)

    def _next(self, wanted: Any, timeout: float) -> Incoming | None:
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            try:
                incoming = self._bus.inbox.get(timeout=left)
            except queue.Empty:
                return None
            self._bus.ack(incoming)
            if wanted(incoming):
                return incoming
        return None


@dataclass(frozen=True)
class KnownHome:
    """A home kept in step with its broker; without one, ``trouble`` says why, and only home.toml is known."""

    registry: HomeRegistry
    bus: MqttBus
    trouble: str | None = None

    def publish(self, message: Publish) -> PublishHandle:
        """Raises BusError without a broker."""
        if self.trouble:
            raise BusError(self.trouble)
        return self.bus.publish(message.topic, message.payload, qos=message.qos)


@contextmanager
def known_home(config: Config) -> Iterator[KnownHome]:
    """The home as the broker tells it, or where none answers as ``home.toml`` does. Raises BusError when it refuses."""
    with ExitStack() as stack:
        try:
            home = stack.enter_context(followed_home(config))
        except NoBrokerError as error:
            home = declared_home(config, str(error))
        yield home


def declared_home(config: Config, trouble: str) -> KnownHome:
    """The home of ``home.toml`` alone; ``trouble`` is why there is no more."""
    return KnownHome(_registry(config), MqttBus(mqtt_settings(config, None)), trouble)


@contextmanager
def followed_home(config: Config) -> Iterator[KnownHome]:
    """The home as the broker and ``home.toml`` tell it, kept in step. Raises BusError without a broker."""
    registry = _registry(config)
    bus = MqttBus(mqtt_settings(config, None))
    home = HomeFollower(bus, registry)
    quiet, stopping = threading.Event(), threading.Event()

    def follow() -> None:
        while not stopping.is_set():
            try:
                home.deliver(bus.inbox.get(timeout=_QUIET_S))
            except queue.Empty:
                # What the devices report is still to come after the first quiet moment.
                if not home.settle() and bus.wait_ready(0):
                    quiet.set()

    thread = threading.Thread(target=follow, name="follow", daemon=True)
    home.follow()
    bus.start()
    thread.start()
    try:
        if not bus.wait_ready(_CONNECT_S) or not quiet.wait(_CONNECT_S + 10 * _QUIET_S):
            raise _no_broker(bus)
        yield KnownHome(registry, bus)
    finally:
        stopping.set()
        thread.join()
        bus.stop()


def _registry(config: Config) -> HomeRegistry:
    declared = load_home(config.home.file) if config.home.file else HomeFile()
    return HomeRegistry(load_conventions(declared.unit, config.home.roots), declared)


def _no_broker(bus: MqttBus) -> BusError:
    kind = NoBrokerError if bus.state in {BusState.WAITING, BusState.CONNECTING} else BusError
    return kind(f"no broker: {bus.state}: {bus.detail}")
