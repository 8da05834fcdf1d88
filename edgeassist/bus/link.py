"""The adapter of paho-mqtt: one client for one protocol version, driven by the one thread that owns it.

paho's own thread is not used: an exception in a callback ends it for good while ``is_connected()`` stays true, its
wait before a reconnect cannot be cut short, and it resends commands that expired meanwhile. The calls used here are
paho's interface for an event loop of one's own (``socket``, ``loop_read``, ``loop_write``, ``loop_misc``).
"""

from __future__ import annotations

import logging
import select
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from edgeassist.errors import ConfigError

from .outbox import Outgoing
from .reconnect import Ending, Protocol, Why
from .values import Incoming, MqttSettings

OFFLINE = b"offline"
#: The least that a broker may grant (HiveMQ's default); more in flight gains nothing on a home's network.
_IN_FLIGHT = 10
_HEADER_BYTES = 64
_UNSUPPORTED_PROTOCOL = 132
_CREDENTIALS = (134, 135)
_LATER = (136, 137, 151, 159)
_TAKEN_OVER = 142
_NO_WORD = 128

log = logging.getLogger(__name__)


class Link:
    """One paho client. Every method is for the owning thread only; ``on_message`` is called in it too."""

    def __init__(
        self,
        settings: MqttSettings,
        protocol: Protocol,
        tls: ssl.SSLContext | None,
        on_message: Callable[[Incoming], None],
    ) -> None:
        self._settings = settings
        self.protocol = protocol
        self._on_incoming = on_message
        self.connected = False
        self.ending: Ending | None = None
        self.generation = 0
        self.malformed = 0
        #: Filters of the last SUBSCRIBEs that the broker has not answered yet, by packet id.
        self.asked: dict[int, list[str]] = {}
        self.refused_filters: set[str] = set()
        self.shares = protocol is Protocol.MQTT_5
        self._in_flight: dict[int, Outgoing] = {}
        self._limit = _IN_FLIGHT
        self._server_max_bytes: int | None = None
        self._client = self._build(tls)

    # -- life of a connection

    def connect(self, generation: int) -> None:
        """Open the socket and send CONNECT; raises OSError (ssl.SSLError among them). The answer comes in `poll`."""
        self.connected = False
        self.ending = None
        self.generation = generation
        self.asked.clear()
        self.refused_filters.clear()
        self._client.reconnect()

    def poll(self, wake: socket.socket, timeout: float) -> bool:
        """Read and write what is due, at most ``timeout`` seconds of waiting; False when the connection is over."""
        sock = self._client.socket()
        if sock is None:
            return self._over(Why.LOST, "connection lost")
        pending = isinstance(sock, ssl.SSLSocket) and sock.pending() > 0
        poller = select.poll()
        poller.register(wake, select.POLLIN)
        poller.register(sock, select.POLLIN | (select.POLLOUT if self._client.want_write() else 0))
        ready = dict(poller.poll(0 if pending else timeout * 1000))
        events = ready.get(sock.fileno(), 0)
        failed = MQTTErrorCode.MQTT_ERR_SUCCESS
        if pending or events & ~select.POLLOUT:
            failed = self._client.loop_read()
            _acknowledge_at_once(sock)
        if not failed and events & select.POLLOUT:
            failed = self._client.loop_write()
        if not failed:
            failed = self._client.loop_misc()
        if failed or self._client.socket() is None:
            return self._over(Why.LOST if self.connected else Why.SILENT, paho.error_string(failed))
        return self.ending is None

    def close(self, ending: Ending) -> None:
        """Say goodbye, so that the broker publishes no will; does not wait for a broker that does not read."""
        self._client.disconnect()
        sock = self._client.socket()
        if sock is not None and self._client.want_write():
            self._client.loop_write()
        self._over(ending.why, ending.detail)

    # -- what the owner asks for while connected

    @property
    def in_flight(self) -> int:
        return len(self._in_flight)

    @property
    def has_room(self) -> bool:
        return len(self._in_flight) < self._limit

    def refusal(self, message: Outgoing) -> str | None:
        """Why the broker would close the connection over this message, again at each time that it is resent."""
        size = len(message.payload) + len(message.topic.encode()) + len(message.correlation or b"") + _HEADER_BYTES
        if self._server_max_bytes is not None and size > self._server_max_bytes:
            return f"{size} bytes: the broker takes packets of at most {self._server_max_bytes}"
        return None

    def publish(self, message: Outgoing, now: float) -> None:
        info = self._client.publish(
            message.topic, message.payload, message.qos, message.retain, self._publish_properties(message, now)
        )
        self._in_flight[info.mid] = message

    def ack(self, mid: int, qos: int) -> None:
        self._client.ack(mid, qos)

    def subscribe(self, filters: Mapping[str, int]) -> None:
        pairs = [(name, SubscribeOptions(qos=qos)) for name, qos in filters.items()]
        asked = pairs if self.protocol is Protocol.MQTT_5 else list(filters.items())
        _, mid = self._client.subscribe(asked)
        if mid is not None:
            self.asked[mid] = list(filters)

    def unsubscribe(self, filters: Iterable[str]) -> None:
        self._client.unsubscribe(list(filters))

    def holds_expired(self, now: float) -> bool:
        return any(message.expired(now) for message in self._in_flight.values())

    def take_back(self) -> list[Outgoing]:
        """What the broker never acknowledged, oldest first; this client must not be used again."""
        messages = list(self._in_flight.values())
        self._in_flight.clear()
        return messages

    def take_unsent(self) -> list[Outgoing]:
        """Messages of QoS 0 that went down with the connection; paho resends the others."""
        gone = [mid for mid, message in self._in_flight.items() if message.qos == 0]
        return [self._in_flight.pop(mid) for mid in gone]

    # -- construction

    def _build(self, tls: ssl.SSLContext | None) -> paho.Client:
        settings = self._settings
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=settings.client_id,
            # Without an expiry the broker would keep "unlock the door" for days and deliver it at the next start.
            clean_session=None if self.protocol is Protocol.MQTT_5 else True,
            protocol=MQTTProtocolVersion(self.protocol),
            manual_ack=True,
            reconnect_on_failure=False,
        )
        client.connect_timeout = settings.connect_timeout_s
        if settings.status_topic is not None:
            client.will_set(settings.status_topic, OFFLINE, qos=1, retain=True)
        if settings.username is not None:
            client.username_pw_set(settings.username, settings.password)
        if tls is not None:
            client.tls_set_context(tls)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.on_subscribe = self._on_subscribe
        client.on_socket_open = _no_delay
        # Its presence keeps paho from writing to the socket inside publish().
        client.on_socket_register_write = _nothing
        if self.protocol is Protocol.MQTT_5:
            properties = _properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = settings.session_expiry_s
            properties.ReceiveMaximum = settings.receive_maximum
            properties.MaximumPacketSize = settings.max_packet_bytes
            client.connect_async(
                settings.host, settings.port, settings.keepalive_s, clean_start=False, properties=properties
            )
        else:
            client.connect_async(settings.host, settings.port, settings.keepalive_s)
        return client

    def _publish_properties(self, message: Outgoing, now: float) -> Properties | None:
        if self.protocol is not Protocol.MQTT_5:
            return None
        properties = _properties(PacketTypes.PUBLISH)
        if message.response_topic is not None:
            properties.ResponseTopic = message.response_topic
        if message.correlation is not None:
            properties.CorrelationData = message.correlation
        if message.deadline is not None:
            properties.MessageExpiryInterval = max(1, round(message.deadline - now))
        return properties

    # -- paho's callbacks, all within `poll`; none may raise

    def _on_connect(
        self, _client: paho.Client, _data: object, _flags: object, reason: ReasonCode, properties: Properties | None
    ) -> None:
        if reason.is_failure:
            self.ending = Ending(_refusal(reason.value), reason.getName())
            return
        self.connected = True
        limit = getattr(properties, "ReceiveMaximum", _IN_FLIGHT)
        self._limit = min(limit, _IN_FLIGHT)
        self._server_max_bytes = getattr(properties, "MaximumPacketSize", None)
        self.shares = self.protocol is Protocol.MQTT_5 and getattr(properties, "SharedSubscriptionAvailable", 1) != 0

    def _on_disconnect(
        self, _client: paho.Client, _data: object, flags: paho.DisconnectFlags, reason: ReasonCode, _props: object
    ) -> None:
        if flags.is_disconnect_packet_from_server:
            taken = reason.value == _TAKEN_OVER
            self._over(Why.TAKEN_OVER if taken else Why.LOST, reason.getName())
        elif not self.connected:
            self._over(Why.SILENT, "closed without an answer to CONNECT")
        elif reason.value == _NO_WORD:
            self._over(Why.CLOSED, "closed by the broker")
        else:
            self._over(Why.LOST, reason.getName())

    def _on_message(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        try:
            properties = message.properties
            incoming = Incoming(
                topic=message.topic,
                payload=bytes(message.payload),
                qos=message.qos,
                retain=bool(message.retain),
                dup=bool(message.dup),
                mid=message.mid,
                generation=self.generation,
                response_topic=getattr(properties, "ResponseTopic", None),
                correlation=getattr(properties, "CorrelationData", None),
                expiry_s=getattr(properties, "MessageExpiryInterval", None),
            )
            self._on_incoming(incoming)
        except Exception:  # the thread's boundary: one bad message must not end the connection
            self.malformed += 1
            log.exception("a message of %d bytes could not be taken in", len(message.payload))
            self._client.ack(message.mid, message.qos)

    def _on_publish(
        self, _client: paho.Client, _data: object, mid: int, reason: ReasonCode, _properties: object
    ) -> None:
        message = self._in_flight.pop(mid, None)
        if message is not None:
            message.handle.settle(f"refused by the broker: {reason.getName()}" if reason.is_failure else None)

    def _on_subscribe(
        self, _client: paho.Client, _data: object, mid: int, reasons: list[ReasonCode], _properties: object
    ) -> None:
        for name, reason in zip(self.asked.pop(mid, []), reasons, strict=False):
            if reason.is_failure:
                self.refused_filters.add(name)
                log.warning("the broker refuses the subscription of %s: %s", name, reason.getName())

    def _over(self, why: Why, detail: str) -> bool:
        """The first reason is the true one; what paho reports after it is its consequence."""
        self.connected = False
        if self.ending is None:
            self.ending = Ending(why, detail)
        return False


def tls_context(settings: MqttSettings) -> ssl.SSLContext | None:
    """The context for the settings' files; None without TLS. Raises ConfigError that names the file."""
    if not settings.uses_tls:
        return None
    try:
        context = ssl.create_default_context(cafile=settings.tls_ca)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"tls_ca = {settings.tls_ca}: {error}") from None
    if settings.tls_cert is not None:
        try:
            context.load_cert_chain(settings.tls_cert, settings.tls_key)
        except (OSError, ssl.SSLError) as error:
            raise ConfigError(f"tls_cert = {settings.tls_cert}, tls_key = {settings.tls_key}: {error}") from None
    return context


def _refusal(code: int) -> Why:
    if code == _UNSUPPORTED_PROTOCOL:
        return Why.PROTOCOL
    if code in _CREDENTIALS:
        return Why.CREDENTIALS
    return Why.UNREACHABLE if code in _LATER else Why.REFUSED


def _no_delay(_client: paho.Client, _data: object, sock: paho.SocketLike) -> None:
    if isinstance(sock, socket.socket):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _acknowledge_at_once(sock)


def _acknowledge_at_once(sock: paho.SocketLike) -> None:
    """Two small packets of a broker in a row otherwise wait for each other: its Nagle for our delayed ACK, 40 ms.

    Linux forgets the wish by itself, so it is made after each read.
    """
    if isinstance(sock, socket.socket) and hasattr(socket, "TCP_QUICKACK") and sock.fileno() >= 0:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


def _properties(packet: int) -> Properties:
    return Properties(packet)  # type: ignore[no-untyped-call]


def _nothing(*_: object) -> None:
    return None
