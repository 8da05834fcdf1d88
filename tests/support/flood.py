"""Ten thousand intents in a second, by Mosquitto's own client, and what comes back of them, by id."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections import Counter
from typing import Self

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

INTENT = "edgeassist/pi/intent"


class Flood:
    """Listens for answers before the first intent is out. A client in Python would be slower than what it tests."""

    def __init__(self, port: int, answers: str) -> None:
        self._listener = paho.Client(CallbackAPIVersion.VERSION2)
        self._answers = answers
        self._changed = threading.Condition()
        self._by_id: dict[str, str] = {}
        self._listening = threading.Event()
        self._listener.on_subscribe = lambda *_: self._listening.set()
        self._listener.on_message = self._on_message
        self._port = port
        self.repeated = 0

    def __enter__(self) -> Self:
        self._listener.connect("127.0.0.1", self._port)
        self._listener.loop_start()
        self._listener.subscribe(self._answers, 1)
        assert self._listening.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.disconnect()
        self._listener.loop_stop()

    def say(self, count: int, text: str) -> float:
        """Publish ``count`` intents at QoS 1; returns the seconds until the broker had them all."""
        lines = "".join(json.dumps({"id": f"n{n}", "text": text}) + "\n" for n in range(count))
        command = ["mosquitto_pub", "-p", str(self._port), "-t", INTENT, "-q", "1", "-l"]
        started = time.monotonic()
        subprocess.run(command, input=lines.encode(), check=True, timeout=60)
        return time.monotonic() - started

    def outcomes(self, count: int, timeout: float) -> Counter[str]:
        """How many intents ended how, once there are ``count`` or the time is up."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._by_id) >= count, timeout)
        return Counter(self._by_id.values())

    def _on_message(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        result = json.loads(message.payload)
        if not result["id"].startswith("n"):
            return
        with self._changed:
            self.repeated += result["id"] in self._by_id
            self._by_id[result["id"]] = result["outcome"]
            self._changed.notify_all()
