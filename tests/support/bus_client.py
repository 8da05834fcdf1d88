"""A plain MQTT client for tests: publishes, subscribes, and remembers what it heard."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

_WAIT_S = 5.0


@dataclass(frozen=True, slots=True)
class Heard:
    topic: str
    payload: bytes
    qos: int
    retain: bool
    correlation: bytes | None = None
    response_topic: str | None = None
    expiry_s: int | None = None


class BusClient:
    """Connected within the ``with`` block; MQTT 5 unless told otherwise.

    ``log`` is all that it ever heard, ``heard`` what a test has not put behind it. The log must obey the contract:
    it is checked at the end of the block (see :mod:`tests.support.invariants`), with ``topic_of`` also its commands.
    """

    #: Device id -> its command topic, where the test's home is known.
    topic_of: Callable[[str], str | None] | None = None
    #: Whether broker or daemon may have been restarted besides what the log shows of it.
    restarted = False

    def __init__(
        self,
        port: int,
        *,
        host: str = "127.0.0.1",
        mqtt5: bool = True,
        client_id: str | None = None,
        username: str | None = None,
        password: str | None = None,
    ) -> None:
        self._host, self._port, self._mqtt5 = host, port, mqtt5
        self._client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id or f"test-{uuid.uuid4().hex[:12]}",
            protocol=MQTTProtocolVersion.MQTTv5 if mqtt5 else MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
        )
        if username is not None:
            self._client.username_pw_set(username, password)
        self._connected = threading.Event()
        self._subscribed = threading.Event()
        self._client.on_connect = lambda *_: self._connected.set()
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = self._on_message
        self._changed = threading.Condition()
        self._later: tuple[str, ...] = ()
        self.heard: list[Heard] = []
        self.log: list[Heard] = []

    def __enter__(self) -> Self:
        self._client.connect(self._host, self._port)
        self._client.loop_start()
        assert self._connected.wait(_WAIT_S), "the test client cannot connect"
        self.subscribe(*self._later)
        return self

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()
        if failure is None:
            from tests.support import invariants

            bases = {heard.topic.removesuffix("/action") for heard in self.log if heard.topic.endswith("/action")}
            for base in bases:
                invariants.check(self.log, base=base, restarted=self.restarted)
            if self.topic_of is not None:
                invariants.check_devices(self.log, bases, self.topic_of)

    def subscribe_later(self, *filters: str) -> BusClient:
        """For the head of a ``with`` block: subscribe as soon as connected."""
        self._later = filters
        return self

    def subscribe(self, *filters: str, qos: int = 1, as_published: bool = False) -> BusClient:
        """Returns when the broker has answered. ``as_published`` shows which messages were sent to be retained."""
        for name in filters:
            self._subscribed.clear()
            if as_published:
                self._client.subscribe(name, options=SubscribeOptions(qos, retainAsPublished=True))
            else:
                self._client.subscribe(name, qos)
            assert self._subscribed.wait(_WAIT_S), f"no answer to the subscription of {name}"
        return self

    def publish(
        self,
        topic: str,
        payload: bytes | str = b"",
        *,
        qos: int = 1,
        retain: bool = False,
        response_topic: str | None = None,
        correlation: bytes | None = None,
        expiry_s: int | None = None,
    ) -> None:
        """Returns when the broker has it."""
        properties = None
        if self._mqtt5:
            properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
            if response_topic is not None:
                properties.ResponseTopic = response_topic
            if correlation is not None:
                properties.CorrelationData = correlation
            if expiry_s is not None:
                properties.MessageExpiryInterval = expiry_s
        self._client.publish(topic, payload, qos, retain, properties).wait_for_publish(_WAIT_S)

    def wait_for(
        self, wanted: Callable[[Heard], bool] | str, *, count: int = 1, timeout: float = _WAIT_S
    ) -> list[Heard]:
        """The messages (of a topic, or that a test accepts) once there are ``count``; fails after ``timeout``."""
        accepts = wanted if callable(wanted) else lambda heard: heard.topic == wanted

        def found() -> list[Heard]:
            return [heard for heard in self.heard if accepts(heard)]

        with self._changed:
            arrived = self._changed.wait_for(lambda: len(found()) >= count, timeout)
        assert arrived, f"heard only {self.heard}"
        return found()

    def _on_message(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        properties = message.properties
        heard = Heard(
            message.topic,
            bytes(message.payload),
            message.qos,
            bool(message.retain),
            getattr(properties, "CorrelationData", None),
            getattr(properties, "ResponseTopic", None),
            getattr(properties, "MessageExpiryInterval", None),
        )
        with self._changed:
            self.heard.append(heard)
            self.log.append(heard)
            self._changed.notify_all()
