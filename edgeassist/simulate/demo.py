"""The main job in one process: a broker, a home that announces itself, the daemon, and what came of some utterances."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edgeassist.bus.embedded import EmbeddedBroker
from edgeassist.bus.mqtt import MqttBus
from edgeassist.bus.values import Incoming, MqttSettings
from edgeassist.client import DaemonClient
from edgeassist.config import Config, HomeConfig, IntentConfig, MqttConfig, PathsConfig, load_config
from edgeassist.daemon import Daemon
from edgeassist.errors import BusError
from edgeassist.messages import Outcome

from .home import SimulatedHome

#: What is said in the demo, and where.
SCRIPT: tuple[tuple[str, str | None], ...] = (
    ("turn on the kitchen ceiling light", None),
    ("dim the living room lamp to 30 percent", None),
    ("turn off everything downstairs", None),
    ("open the bedroom curtains and set the living room to 21 degrees", None),
    ("lights on", "Bedroom"),
    ("is the front door locked?", None),
    ("unlock the front door", None),
    ("what do you think of the weather", None),
)
_READY_S = 120.0


@dataclass(frozen=True)
class Shown:
    """One utterance of the demo: its result, and the commands that devices got."""

    text: str
    room: str | None
    result: dict[str, Any]
    commands: tuple[tuple[str, str], ...]


@contextmanager
def running(daemon: Daemon) -> Iterator[Daemon]:
    """A daemon on threads of this process, stopped as a signal stops it."""
    daemon.start()
    watch = threading.Thread(target=daemon.watch, name="main", daemon=True)
    watch.start()
    try:
        yield daemon
    finally:
        daemon.request_stop()
        watch.join()
        daemon.stop()


def play(said: Callable[[Shown], None], script: Sequence[tuple[str, str | None]] = SCRIPT) -> None:
    """Run the demo and hand over each utterance as it is answered. Raises EdgeAssistError where a part cannot start."""
    with tempfile.TemporaryDirectory(prefix="edgeassist-demo-") as folder, EmbeddedBroker() as broker:
        config = _config(Path(folder), broker.port)
        with (
            SimulatedHome("127.0.0.1", broker.port) as home,
            running(Daemon(config)) as daemon,
            DaemonClient(config) as client,
        ):
            devices = len(home.device_ids)
            _await(lambda: daemon.ready and daemon.devices >= devices, "the daemon did not become ready")
            client.daemon_is_online()
            with _overheard(broker.port, home.command_topics) as overheard:
                for text, room in script:
                    result = client.ask(text, room=room)
                    said(Shown(text, room, result, _spelled(overheard())))
                    if result["outcome"] == Outcome.CONFIRM:
                        confirmed = client.confirm(result["id"], "yes")
                        said(Shown("yes", None, confirmed, _spelled(overheard())))


def _spelled(heard: Iterable[Incoming]) -> tuple[tuple[str, str], ...]:
    return tuple((each.topic, each.payload.decode()) for each in heard)


def _config(folder: Path, port: int) -> Config:
    home = folder / "home.toml"
    home.write_text(SimulatedHome.home_toml)
    usual = load_config()
    return usual.model_copy(
        update={
            "node": "demo",
            "mqtt": MqttConfig(host="127.0.0.1", port=port),
            "home": HomeConfig(file=home),
            "intent": IntentConfig(deadline_ms=30_000),
            "paths": PathsConfig(state=folder, cache=usual.paths.cache, models=usual.paths.models),
        }
    )


def _await(condition: Callable[[], bool], trouble: str) -> None:
    deadline = time.monotonic() + _READY_S
    tick = threading.Event()
    while not condition():
        if time.monotonic() > deadline:
            raise BusError(f"{trouble} within {_READY_S:.0f} s")
        tick.wait(0.05)


@contextmanager
def _overheard(port: int, topics: Sequence[str]) -> Iterator[Callable[[], list[Incoming]]]:
    """Listen to the devices' command topics as another client of the broker; what is called gives what came since."""
    bus = MqttBus(MqttSettings("edgeassist-demo-overhears", host="127.0.0.1", port=port))
    bus.subscribe(topics)
    bus.start()

    def since() -> list[Incoming]:
        found = []
        while not bus.inbox.empty():
            incoming = bus.inbox.get_nowait()
            bus.ack(incoming)
            # The embedded broker sends a new subscriber retained messages of other topics too.
            if incoming.topic in topics and not incoming.retain:
                found.append(incoming)
        return found

    try:
        if not bus.wait_ready(10):
            raise BusError(f"the embedded broker does not answer: {bus.detail}")
        yield since
    finally:
        bus.stop()
