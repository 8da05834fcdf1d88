"""The one MQTT connection of the daemon: kept up, counted, and safe to use from any thread."""

from __future__ import annotations

import logging
import queue
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Iterable

from edgeassist.errors import BusError
from edgeassist.messages import Reply

from .link import OFFLINE, Link, tls_context
from .outbox import Outbox, Outgoing
from .reconnect import Ending, Protocol, Reconnect, Why
from .topics import check_topic_filter, check_topic_name
from .values import BusHealth, BusState, Incoming, MqttSettings, PublishHandle

log = logging.getLogger(__name__)

#: What a daemon does without on a broker that speaks MQTT 3.1.1 only.
MISSING_ON_3 = ("session expiry", "response topic", "message expiry", "packet size limit", "shared subscription")
_SHARE = "$share/"
_INBOX = 1000
_FILTERS_PER_PACKET = 50
_POLL_S = 1.0
_ANSWER_POLL_S = 0.1
_STATES = {
    Why.STOPPED: BusState.STOPPED,
    Why.CREDENTIALS: BusState.BAD_CREDENTIALS,
    Why.REFUSED: BusState.REFUSED,
    Why.TLS: BusState.TLS_FAILED,
    Why.TAKEN_OVER: BusState.TAKEN_OVER,
    Why.PROTOCOL: BusState.CONNECTING,
}


class MqttBus:
    """Connects in the background and stays connected; nothing here blocks except `stop` and the waits.

    Incoming messages are put into ``inbox`` as they came, and each of QoS 1 must be given to `ack` when it is dealt
    with: not before, or a crash loses it. The broker keeps ``receive_maximum`` of them under way at most, so state
    topics, which arrive while an intent is worked on, are better subscribed at QoS 0.
    """

    def __init__(self, settings: MqttSettings, inbox: queue.Queue[Incoming] | None = None) -> None:
        """Raises ConfigError when a TLS file cannot be used. ``inbox`` is bounded, or this makes one that is."""
        self._settings = settings
        self._tls = tls_context(settings)
        self.inbox: queue.Queue[Incoming] = queue.Queue(_INBOX) if inbox is None else inbox
        self._outbox = Outbox(settings.outgoing_cap, self._count_in_flight)
        self._acks: deque[tuple[Incoming, PublishHandle | None]] = deque()
        self._lock = threading.Lock()
        self._filters: dict[str, int] = {}
        self._asked: dict[str, int] = {}
        self._ready = threading.Event()
        self._online = PublishHandle()
        self._stopping = threading.Event()
        self._wake_in, self._wake_out = socket.socketpair()
        self._wake_in.setblocking(False)
        self._wake_out.setblocking(False)
        self._thread: threading.Thread | None = None
        self._link: Link | None = None
        self._reconnect = Reconnect(settings)
        self._up_since: float | None = None
        self._condition = (BusState.STOPPED, "")
        self._generation = 0
        self._connects = 0
        self._overflowed = 0
        self._stale_acks = 0
        self._malformed = 0
        #: The monotonic instant of the thread's last sign of progress; ahead of now while it waits on purpose.
        self.beat = time.monotonic()

    # -- for every thread

    def start(self) -> None:
        """Begin to connect; returns at once, whether or not there is a broker."""
        if self._thread is not None:
            raise BusError("the bus is started already")
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="mqtt", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Publish what is queued and ``offline``, disconnect, end the thread, in about ``timeout`` seconds."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        deadline = time.monotonic() + timeout
        if self.state is BusState.CONNECTED and self._settings.status_topic is not None:
            self.publish(self._settings.status_topic, OFFLINE, retain=True).wait(timeout / 2)
        self._stopping.set()
        self._wake()
        thread.join(max(0.1, deadline - time.monotonic()))
        self._outbox.clear("the bus was stopped")

    def publish(
        self,
        topic: str,
        payload: bytes,
        *,
        qos: int = 1,
        retain: bool = False,
        reply: Reply | None = None,
        expiry_s: float | None = None,
        response_topic: str | None = None,
    ) -> PublishHandle:
        """Queue a message; never blocks. Raises BusError for a topic that no message can be published on.

        The correlation data of ``reply`` is copied. After ``expiry_s`` the message is not sent any more, nor passed on
        by a broker that speaks MQTT 5. When the queue is full the handle is settled with a failure at once.
        """
        message = Outgoing(
            topic=check_topic_name(topic),
            payload=payload,
            qos=qos,
            retain=retain,
            response_topic=None if response_topic is None else check_topic_name(response_topic),
            correlation=None if reply is None else reply.correlation,
            deadline=None if expiry_s is None else time.monotonic() + expiry_s,
        )
        if self._outbox.put(message):
            self._wake()
        return message.handle

    def subscribe(self, filters: str | Iterable[str], qos: int = 1) -> None:
        """Ask for these filters now and at each connect. Raises BusError for one that a broker would not take."""
        wanted = [filters] if isinstance(filters, str) else list(filters)
        checked = {check_topic_filter(name): qos for name in wanted}
        with self._lock:
            self._filters = {**self._filters, **checked}
            self._ready.clear()
        self._wake()

    def unsubscribe(self, filters: str | Iterable[str]) -> None:
        gone = {filters} if isinstance(filters, str) else set(filters)
        with self._lock:
            self._filters = {name: qos for name, qos in self._filters.items() if name not in gone}
        self._wake()

    def ack(self, incoming: Incoming, after: PublishHandle | None = None) -> None:
        """Tell the broker that a message is dealt with, once it has the answer ``after``; nothing for QoS 0.

        Only on the connection that it came on: packet ids are reused, and a late PUBACK would acknowledge another.
        """
        if incoming.qos > 0:
            self._acks.append((incoming, after))
            self._wake()

    def wait_ready(self, timeout: float | None = None) -> bool:
        """True once connected, ``online`` is published and every subscription answered."""
        return self._ready.wait(timeout)

    @property
    def state(self) -> BusState:
        return self._condition[0]

    @property
    def detail(self) -> str:
        """The state's reason, as STATUS shows it."""
        return self._condition[1]

    @property
    def queued(self) -> int:
        """Messages that the broker does not have yet."""
        return len(self._outbox) + self._count_in_flight()

    @property
    def thread_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    @property
    def missing(self) -> tuple[str, ...]:
        """What this broker does not offer; empty until it is known."""
        link = self._link
        if link is None or not self._reconnect.protocol_known:
            return ()
        if link.protocol is Protocol.MQTT_3_1_1:
            return MISSING_ON_3
        shared_refused = any(name.startswith(_SHARE) for name in link.refused_filters)
        return ("shared subscription",) if shared_refused or not link.shares else ()

    def health(self) -> BusHealth:
        state, detail = self._condition
        link = self._link
        return BusHealth(
            state=state,
            detail=detail,
            protocol=self._reconnect.protocol.label,
            missing=self.missing,
            thread_alive=self.thread_alive,
            connects=self._connects,
            reconnects=max(0, self._connects - 1),
            queued=self.queued,
            dropped=self._outbox.dropped,
            expired=self._outbox.expired,
            overflowed=self._overflowed,
            malformed=self._malformed + (link.malformed if link else 0),
            stale_acks=self._stale_acks,
            refused_filters=tuple(sorted(link.refused_filters)) if link else (),
        )

    # -- the bus thread

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                ending = self._connection()
            except Exception as error:  # the thread's boundary: the bus must outlive any one packet
                log.exception("the MQTT connection ended in an error")
                self._malformed += self._link.malformed if self._link else 0
                self._link = None
                ending = Ending(Why.LOST, f"internal error: {error}")
            self._after(ending)
        self._set_state(BusState.STOPPED, "")

    def _connection(self) -> Ending:
        """One connection from its attempt to its end."""
        link = self._usable_link()
        self._generation += 1
        self._asked = {}
        if self.state is not BusState.TAKEN_OVER:
            self._set_state(BusState.CONNECTING, self._address())
        try:
            link.connect(self._generation)
        except ssl.SSLCertVerificationError as error:
            return Ending(Why.TLS, error.verify_message)
        except ssl.SSLError as error:
            return Ending(Why.TLS, str(error.reason or error))
        except OSError as error:
            return Ending(Why.UNREACHABLE, error.strerror or str(error))
        self._serve(link)
        if link.connected:
            # What was answered last is dealt with, or it would be answered again at the next start.
            self._acknowledge(link)
        if link.ending is None:
            link.close(Ending(Why.STOPPED, "stopped"))
        return link.ending or Ending(Why.LOST, "connection lost")

    def _serve(self, link: Link) -> None:
        """Send and receive until the connection ends or the bus is stopped."""
        answer_by = time.monotonic() + self._settings.answer_timeout_s
        while not self._stopping.is_set():
            self.beat = time.monotonic()
            if link.connected:
                self._pump(link)
            elif time.monotonic() >= answer_by:
                link.close(Ending(Why.SILENT, "the broker does not answer CONNECT"))
            if not link.poll(self._wake_out, _POLL_S if link.connected else _ANSWER_POLL_S):
                break
            self._drain_wakes()

    def _usable_link(self) -> Link:
        """The client that has messages under way, unless one of them is too old to be sent again."""
        link = self._link
        if link is not None and link.protocol == self._reconnect.protocol and not link.holds_expired(time.monotonic()):
            return link
        if link is not None:
            self._malformed += link.malformed
            self._outbox.put_first(link.take_back())
        self._link = Link(self._settings, self._reconnect.protocol, self._tls, self._take_in)
        return self._link

    def _pump(self, link: Link) -> None:
        """Hand everything that other threads asked for to paho."""
        if self._up_since is None:
            self._on_up()
        self._acknowledge(link)
        self._reconcile(link)
        now = time.monotonic()
        while link.has_room and (message := self._outbox.take(now)) is not None:
            if (problem := link.refusal(message)) is None:
                link.publish(message, now)
            else:
                log.warning("a message on %s is dropped: %s", message.topic, problem)
                self._outbox.lose(message, problem)
        self._note_ready(link)

    def _acknowledge(self, link: Link) -> None:
        for _ in range(len(self._acks)):
            incoming, after = self._acks.popleft()
            if incoming.generation != self._generation:
                self._stale_acks += 1
            elif after is not None and not after.settled:
                self._acks.append((incoming, after))
            else:
                link.ack(incoming.mid, incoming.qos)

    def _on_up(self) -> None:
        self._up_since = time.monotonic()
        self._reconnect.connected()
        self._connects += 1
        self._set_state(BusState.CONNECTED, self._address())
        if self._settings.status_topic is None:
            self._online.settle()
        else:
            online = Outgoing(self._settings.status_topic, b"online", retain=True)
            self._online = online.handle
            self._outbox.put_first([online])
        if self.missing:
            log.warning("%s lacks: %s", self._address(), ", ".join(self.missing))

    def _reconcile(self, link: Link) -> None:
        """Bring what the broker sends in line with what is wanted."""
        wanted = self._wanted(link)
        if wanted == self._asked:
            return
        gone = [name for name in self._asked if name not in wanted]
        new = [(name, qos) for name, qos in wanted.items() if self._asked.get(name) != qos]
        for i in range(0, len(gone), _FILTERS_PER_PACKET):
            link.unsubscribe(gone[i : i + _FILTERS_PER_PACKET])
        for i in range(0, len(new), _FILTERS_PER_PACKET):
            link.subscribe(dict(new[i : i + _FILTERS_PER_PACKET]))
        self._asked = wanted

    def _wanted(self, link: Link) -> dict[str, int]:
        return {n: q for n, q in self._filters.items() if link.shares or not n.startswith(_SHARE)}

    def _note_ready(self, link: Link) -> None:
        """Ready is: the broker has ``online``, and has answered for every filter wanted by now."""
        if self._ready.is_set() or link.asked or not self._online.settled:
            return
        with self._lock:
            if self._asked == self._wanted(link):
                self._ready.set()

    def _take_in(self, incoming: Incoming) -> None:
        """Into the inbox as it is. Its last part is kept for QoS 1, so that a flood of state cannot oust intents."""
        reserve = min(2 * self._settings.receive_maximum, self.inbox.maxsize // 2) if incoming.qos == 0 else 0
        if self.inbox.maxsize == 0 or self.inbox.qsize() < self.inbox.maxsize - reserve:
            try:
                self.inbox.put_nowait(incoming)
            except queue.Full:
                log.debug("the inbox filled up meanwhile")
            else:
                return
        self._overflowed += 1
        # Left unacknowledged it would hold one of the few places under way until the next connection.
        self.ack(incoming)

    def _after(self, ending: Ending) -> None:
        """Count, say, and wait before the next attempt."""
        self._ready.clear()
        link = self._link
        for message in link.take_unsent() if link else ():
            self._outbox.lose(message, "connection lost")
        up_s = 0.0 if self._up_since is None else time.monotonic() - self._up_since
        self._up_since = None
        ending = self._reconnect.judge(ending, up_s)
        if self._stopping.is_set():
            return
        self._set_state(_STATES.get(ending.why, BusState.WAITING), f"{self._address()}: {ending.detail}")
        pause_s = self._reconnect.wait_s(ending, up_s)
        self.beat = time.monotonic() + pause_s
        self._stopping.wait(pause_s)

    # -- small parts

    def _set_state(self, state: BusState, detail: str) -> None:
        before, self._condition = self._condition, (state, detail)
        if before != self._condition and not (state is BusState.CONNECTING and before[0] is not BusState.CONNECTED):
            level = logging.INFO if state in (BusState.CONNECTED, BusState.STOPPED) else logging.WARNING
            log.log(level, "MQTT %s%s", state, f": {detail}" if detail else "")

    def _address(self) -> str:
        return f"{self._settings.host}:{self._settings.port}"

    def _count_in_flight(self) -> int:
        return 0 if self._link is None else self._link.in_flight

    def _wake(self) -> None:
        try:
            self._wake_in.send(b"w")
        except (BlockingIOError, OSError):
            # Full: it is awake already. Closed: nobody sleeps any more.
            return

    def _drain_wakes(self) -> None:
        try:
            while self._wake_out.recv(4096):
                pass
        except BlockingIOError:
            return
