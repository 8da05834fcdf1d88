"""The simulated home's connection to a broker."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections import defaultdict
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from edgeassist.errors import BusError
from edgeassist.messages import Value

from .catalogue import HOME_TOML, products
from .device import Messages, Simulated

_QOS = 1
_PATIENCE_S = 5.0


def _send_at_once(_client: Client, _userdata: object, opened: Any) -> None:
    """Small packets that wait for each other's acknowledgement take 40 ms each; products do not dawdle like that."""
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class SimulatedHome:
    """A home that announces itself by retained discovery, acts on its command topics and reports what it did."""

    home_toml = HOME_TOML

    def __init__(self, host: str, port: int, username: str | None = None, password: str | None = None) -> None:
        self._address = host, port
        self._products: dict[str, Simulated] = {product.device_id: product for product in products()}
        self._by_topic: dict[str, list[Simulated]] = defaultdict(list)
        for product in self._products.values():
            for topic in product.commands:
                self._by_topic[topic].append(product)
        self._lock = threading.Lock()
        self._ready = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, client_id="")
        if username is not None:
            self._client.username_pw_set(username, password)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message
        self._client.on_socket_open = _send_at_once

    @property
    def device_ids(self) -> tuple[str, ...]:
        return tuple(self._products)

    @property
    def command_topics(self) -> tuple[str, ...]:
        return tuple(self._by_topic)

    def state(self, device_id: str) -> dict[str, Value]:
        """The product's true state, in normalised properties. Raises KeyError for an unknown device."""
        with self._lock:
            return dict(self._products[device_id].state)

    def pressed(self, device_id: str) -> int:
        """How often a scene or a button has been activated."""
        with self._lock:
            return self._products[device_id].pressed

    def start(self, timeout_s: float = 10) -> None:
        """Connect, subscribe and announce. Returns when every command topic is subscribed.

        Raises BusError when the broker cannot be reached in time.
        """
        host, port = self._address
        try:
            self._client.connect(host, port, keepalive=30)
        except OSError as error:
            raise BusError(
                f"simulated home: no broker at {host}:{port} ({error}); start one, or name another"
            ) from None
        self._client.loop_start()
        if not self._ready.wait(timeout_s):
            self._client.loop_stop()
            raise BusError(f"simulated home: the broker at {host}:{port} did not accept it in {timeout_s:g} s")

    def stop(self) -> None:
        """Say goodbye as products do: every availability topic says that they are gone. May be called twice."""
        every = (product.availability for product in self._products.values())
        self._say({topic: gone for each in every for topic, (_here, gone) in each.items()})
        self._client.disconnect()
        self._client.loop_stop()

    def forget(self) -> None:
        """Remove the announcements from the broker, as when products are unpaired."""
        self._say({topic: "" for product in self._products.values() for topic in product.announcements})

    def _say(self, retained: dict[str, str]) -> None:
        """Publish, and wait for the broker to have it, unless there is none any more."""
        deadline = time.monotonic() + _PATIENCE_S
        sent = [self._client.publish(topic, payload, _QOS, retain=True) for topic, payload in retained.items()]
        for message in sent:
            with suppress(RuntimeError):
                message.wait_for_publish(max(0.0, deadline - time.monotonic()))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def _on_connect(self, client: Client, _userdata: object, _flags: object, reason: Any, _properties: object) -> None:
        if reason.is_failure:
            return
        client.subscribe([(topic, _QOS) for topic in self._by_topic])

    def _on_subscribe(self, client: Client, *_: object) -> None:
        with self._lock:
            for product in self._products.values():
                for topic, config in product.announcements.items():
                    client.publish(topic, json.dumps(config), _QOS, retain=True)
                for topic, (here, _gone) in product.availability.items():
                    client.publish(topic, here, _QOS, retain=True)
                self._publish(product.reports())
        self._ready.set()

    def _on_message(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        # A retained command is a mistake of its sender; products obey it once, and so does this one.
        payload = message.payload.decode("utf-8", "replace")
        with self._lock:
            for product in self._by_topic.get(message.topic, ()):
                self._publish(product.handle(message.topic, payload))

    def _publish(self, messages: Messages) -> None:
        for topic, payload in messages:
            self._client.publish(topic, payload, _QOS, retain=True)
