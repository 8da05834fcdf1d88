"""How soon a home is known: ``python -m tests.soak.discovery [DEVICES] [RUNS]``.

A real Mosquitto retains the announcements of so many devices, as Zigbee2MQTT and ESPHome write them; a whole daemon
with the real model is started beside it. Seconds count from the moment when the broker answers, the model being loaded:
until every device is in the home, and until the model has read the home and answers in it. The first run reads it,
later ones have what was read on the disk.
"""

from __future__ import annotations

import copy
import itertools
import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from edgeassist.config import Config
from edgeassist.conventions.homeassistant import HomeAssistant
from edgeassist.daemon import Daemon
from edgeassist.models.store import Store
from edgeassist.simulate.demo import running
from tests.support.broker import Mosquitto
from tests.support.bus_client import BusClient
from tests.support.discovery import fixture

_AREAS = tuple(f"{name} {side}" for name in ("Kitchen", "Bedroom", "Hall", "Study", "Cellar") for side in "ABCD")
_LOOK_S = 0.002


def announcements(count: int) -> Iterator[tuple[str, str]]:
    """Copies of the devices of two producers under other ids, names, topics and areas."""
    entities = [
        message
        for name in ("zigbee2mqtt_homeassistant", "esphome")
        for message in fixture(name)["messages"]
        if isinstance(message["payload"], dict) and message["topic"].endswith("/config")
    ]
    convention = HomeAssistant()
    numbers = itertools.count()
    while count > 0:
        number = next(numbers)
        message = entities[number % len(entities)]
        payload: dict[str, Any] = json.loads(
            json.dumps(message["payload"]).replace("zigbee2mqtt/", f"zigbee2mqtt/{number} ")
        )
        for key in ("unique_id", "uniq_id"):
            if key in payload:
                payload[key] = f"{payload[key]}_{number}"
        payload = copy.deepcopy(payload) | {"name": f"Thing {number}", "device": _about(payload, number)}
        payload.pop("dev", None)
        for key in ("entity_category", "ent_cat", "enabled_by_default", "en"):
            payload.pop(key, None)
        root, component, *_ = message["topic"].split("/")
        announcement = f"{root}/{component}/copy_{number}/thing/config", json.dumps(payload)
        if convention.read(announcement[0], announcement[1].encode()):
            count -= 1
            yield announcement


def _about(payload: dict[str, Any], number: int) -> dict[str, Any]:
    about = payload.get("device", payload.get("dev", {}))
    return {"identifiers": [f"copy-{number}"], "manufacturer": about.get("manufacturer", about.get("mf", "?"))} | {
        "suggested_area": _AREAS[number % len(_AREAS)],
    }


def main(count: int, runs: int) -> int:
    worst = 0.0
    with Mosquitto() as broker, tempfile.TemporaryDirectory(prefix="edgeassist-discovery-") as folder:
        with BusClient(broker.port) as producer:
            for topic, payload in announcements(count):
                producer.publish(topic, payload, retain=True)
        config = Config.model_validate(
            {
                "node": "pi",
                "mqtt": {"host": "127.0.0.1", "port": broker.port},
                "paths": {"state": Path(folder) / "state", "cache": Path(folder) / "cache", "models": Store().folder},
            }
        )
        for number in range(runs):
            known, ready, cpu = _run(config, count, broker)
            worst = max(worst, ready)
            print(f"run {number + 1}: {count} devices known in {known:.2f} s, ready in {ready:.2f} s; CPU {cpu:.2f} s")
    return int(worst > 2)


def _run(config: Config, count: int, broker: Mosquitto) -> tuple[float, float, float]:
    pause = threading.Event()
    daemon = Daemon(config)
    known: float | None = None
    # Stuck until the model is loaded, so that the home and nothing else is timed.
    broker.pause()
    with running(daemon):
        daemon._worker.loaded.wait()
        broker.resume()
        began, cpu = time.monotonic(), time.process_time()
        while known is None or not daemon.ready:
            if known is None and daemon.devices >= count:
                known = time.monotonic() - began
            pause.wait(_LOOK_S)
        return known, time.monotonic() - began, time.process_time() - cpu


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(given[0] if given else 300, given[1] if len(given) > 1 else 2))
