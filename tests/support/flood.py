"""A client that publishes as fast as it can and counts what comes back by id."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from typing import Self

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

INTENT = "edgeassist/pi/intent"


class Flood:
    """Two connections, so that answers are read while intents are written."""

    def __init__(self, port: int, answers: str) -> None:
        self._listener = paho.Client(CallbackAPIVersion.VERSION2)
        self._speaker = paho.Client(CallbackAPIVersion.VERSION2)
        self._speaker.max_inflight_messages_set(1000)
        self._answers = answers
        self._changed = threading.Condition()
        self._by_id: dict[str, str] = {}
        self._listening = threading.Event()
        self._listener.on_subscribe = lambda *_: self._listening.set()
        self._listener.on_message = self._on_message
        self._port = port
        self.repeated = 0

    def __enter__(self) -> Self:
        for client in (self._listener, self._speaker):
            client.connect("127.0.0.1", self._port)
            client.loop_start()
        self._listener.subscribe(self._answers, 1)
        assert self._listening.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        for client in (self._listener, self._speaker):
            client.disconnect()
            client.loop_stop()

    def say(self, count: int, text: str) -> float:
        """Publish ``count`` intents at QoS 1; returns the seconds until the broker had them all."""
        started = time.monotonic()
        sent = [self._speaker.publish(INTENT, json.dumps({"id": f"n{n}", "text": text}), 1) for n in range(count)]
        for message in sent:
            message.wait_for_publish(60)
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
