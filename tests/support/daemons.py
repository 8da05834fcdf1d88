"""A whole daemon on a real broker, with a small home that announces itself and a reader that follows a script."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self, cast

import paho.mqtt.client as paho

from edgeassist.config import Config
from edgeassist.daemon import Daemon
from edgeassist.understanding import Understanding
from tests.support.bus_client import BusClient, Heard
from tests.support.reading import ScriptedReader

NODE = "pi"
BASE = f"edgeassist/{NODE}"
_READY_S = 30.0
_LOOK_S = 0.01

HOME_TOML = """
[[area]]
name = "Kitchen"
[[area]]
name = "Hall"
[[device]]
name = "Horn"
kind = "siren"
command_topic = "dev/horn/set"
"""

#: Object id -> discovery; what is ``dumb`` takes commands and reports nothing.
DEVICES: Mapping[str, dict[str, Any]] = {
    "light/lamp": {
        "name": "Lamp",
        "state_topic": "dev/lamp",
        "device": {"identifiers": "1", "suggested_area": "Kitchen"},
    },
    "light/dumb": {"name": "Dumb Lamp", "state_topic": "dev/dumb", "availability_topic": "dev/dumb/here"},
    "switch/kettle": {"name": "Kettle"},
    "switch/gone": {"name": "Gone Plug", "state_topic": "dev/gone", "availability_topic": "dev/gone/here"},
    "lock/front": {"name": "Front Door", "state_topic": "dev/front"},
    "cover/garage": {"name": "Garage Door", "device_class": "garage", "state_topic": "dev/garage"},
}
_REPORTS = {"LOCK": "LOCKED", "UNLOCK": "UNLOCKED", "OPEN": "open", "CLOSE": "closed"}


class AnnouncedHome(BusClient):
    """Announces the devices and obeys their commands; hears everything else that the tests subscribe to."""

    @staticmethod
    def topic_of(target: str) -> str:
        return f"dev/{target.partition('.')[2]}/set"

    def __enter__(self) -> Self:
        super().__enter__()
        self.subscribe("dev/+/set", as_published=True)
        self.subscribe(f"{BASE}/#", "answers/#")
        for path, options in DEVICES.items():
            name = path.partition("/")[2]
            announcement = {"unique_id": name, "command_topic": f"dev/{name}/set", **options}
            self.publish(f"homeassistant/{path}/config", json.dumps(announcement), retain=True)
        self.publish("dev/gone/here", "offline", retain=True)
        return self

    def ask(self, text: str | bytes, topic: str = f"{BASE}/intent", **more: Any) -> str:
        """Send an intent as JSON; gives its id."""
        id_ = str(more.pop("id", uuid.uuid4().hex))
        self.publish(topic, json.dumps({"text": text, "id": id_, **more}))
        return id_

    def results(self, id_: str, count: int = 1, topic: str = f"{BASE}/action") -> list[dict[str, Any]]:
        """The first results of an intent, in their order."""

        def is_it(heard: Heard) -> bool:
            return heard.topic == topic and json.loads(heard.payload)["id"] == id_

        return [json.loads(heard.payload) for heard in self.wait_for(is_it, count=count, timeout=15)]

    def result(self, text: str, **more: Any) -> dict[str, Any]:
        return self.results(self.ask(text, **more))[0]

    def commands(self) -> list[Heard]:
        """What devices were told so far."""
        return [heard for heard in list(self.heard) if heard.topic.endswith("/set")]

    def settled(self) -> None:
        """Returns when what was published before by this client and the daemon's answers to it have been heard."""
        self.result("none")

    def _on_message(self, client: paho.Client, data: object, message: paho.MQTTMessage) -> None:
        if message.topic.startswith("dev/") and message.topic.endswith("/set") and "dumb" not in message.topic:
            said = message.payload.decode()
            client.publish(message.topic.removesuffix("/set"), _REPORTS.get(said, said), 1, retain=True)
        super()._on_message(client, data, message)


class ScriptedDaemon(Daemon):
    """The daemon, all of it real but the model."""

    def __init__(self, config: Config, reader: ScriptedReader | None = None) -> None:
        super().__init__(config)
        self.reader = reader or ScriptedReader()

    def _load(self) -> Understanding:
        return cast("Understanding", self.reader)


def config_for(folder: Path, port: int, **sections: Any) -> Config:
    home = folder / "home.toml"
    home.write_text(HOME_TOML)
    return Config.model_validate(
        {
            "node": NODE,
            "mqtt": {"host": "127.0.0.1", "port": port},
            "home": {"file": home},
            "paths": {"state": folder / "state", "cache": folder / "cache", "models": folder / "models"},
            **sections,
        }
    )


def until(condition: Callable[[], bool], what: str, timeout: float = _READY_S) -> None:
    """For what no event tells: looks again and again."""
    deadline = time.monotonic() + timeout
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, what
        pause.wait(_LOOK_S)


def knows_the_home(daemon: ScriptedDaemon, devices: int = len(DEVICES) + 1) -> None:
    """Returns when the reader reads in the home as it is announced."""
    until(lambda: daemon.ready and len(daemon.reader.lexicon.home.devices) >= devices, "the home is not known")
