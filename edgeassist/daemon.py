"""The daemon: the one place where concrete parts are wired, started and stopped in order."""

from __future__ import annotations

import json
import logging
import queue
import signal
import threading
import time
from collections.abc import Callable, Mapping
from types import FrameType

from edgeassist.announce import BIRTH_PAYLOAD, announcements, birth_topic
from edgeassist.boots import GOOD_AFTER_S, MAX_BAD, Boots
from edgeassist.bus.mqtt import MqttBus
from edgeassist.bus.settings import mqtt_settings
from edgeassist.bus.topics import Topics
from edgeassist.bus.values import Incoming, PublishHandle
from edgeassist.choosing import choose_model, choose_profile, with_thresholds
from edgeassist.company import Company
from edgeassist.config import Config
from edgeassist.confirmations import Confirmations
from edgeassist.conventions import load as load_conventions
from edgeassist.desk import Desk
from edgeassist.engine.store import StateStore
from edgeassist.errors import ConfigError, ModelError
from edgeassist.functions import Function, all_functions, builtin_functions
from edgeassist.health import Counters, stuck_after_s
from edgeassist.home.follow import HomeFollower
from edgeassist.home.registry import HomeRegistry
from edgeassist.home.toml import HomeFile, load_home
from edgeassist.household import Household, Timer
from edgeassist.journal import Journal
from edgeassist.messages import Publish
from edgeassist.metrics import MetricsServer
from edgeassist.pipeline import Pipeline
from edgeassist.policy import check_rules
from edgeassist.reload import Reloaded, read_again
from edgeassist.sdnotify import Notifier
from edgeassist.understanding import Understanding
from edgeassist.vitals import Vitals
from edgeassist.voice.audio import AudioSource
from edgeassist.worker import Reader, Worker

_log = logging.getLogger(__name__)
_INBOX = 20_000
_TICK_S = 1.0
#: Of the inbox: when nothing has come for this long, what was announced is a home.
_QUIET_S = 0.03
_IDLE_S = 0.2
_HEALTH_EVERY_S = 30.0
#: A command that the broker gets later than this would surprise; it is dropped and the call reads timeout.
_COMMAND_EXPIRY_S = 5.0
#: Of a model that loads nothing is heard; systemd is asked for more time until it has taken this long.
_LOAD_S = 900.0
_EXTEND_S = 60.0
_STOP_S = 10.0


class Daemon:
    """Raises ConfigError at construction for what a restart would not mend. ``audio`` replaces the microphone.

    ``load`` builds what reads utterances, in place of the model that the configuration and the board call for;
    ``reread`` gives the configuration as it is on disk by now, for SIGHUP.
    """

    def __init__(
        self,
        config: Config,
        load: Callable[[], Reader] | None = None,
        reread: Callable[[], Config] | None = None,
        audio: AudioSource | None = None,
    ) -> None:
        self._config = config
        self._reread = reread or (lambda: config)
        self._profile = choose_profile(config)
        self._boots = Boots(config.paths.state / "boots")
        bad = self._boots.begin()
        self._safe = f"safe mode: {bad} starts in a row did not last a minute" if bad >= MAX_BAD else None
        if self._safe:
            _log.error("%s; neither the model nor own functions are loaded", self._safe)
        try:
            self._build(config, load, audio)
        except ConfigError:
            self._boots.forgive()
            raise

    def _build(self, config: Config, load: Callable[[], Reader] | None, audio: AudioSource | None) -> None:
        functions = all_functions(config.home.functions_dir)
        check_rules(config.policy, functions)
        self._functions: Mapping[str, Function] = builtin_functions() if self._safe else functions
        self._declared = load_home(config.home.file) if config.home.file else HomeFile()
        self.topics = Topics(config.node)
        registry = HomeRegistry(load_conventions(self._declared.unit, config.home.roots), self._declared)
        self._inbox: queue.Queue[Incoming] = queue.Queue(_INBOX)
        self._bus = MqttBus(mqtt_settings(config, self.topics), self._inbox)
        self._home = HomeFollower(self._bus, registry)
        self._registry = registry
        self._journal = Journal(config.paths.state / "journal.db")
        self._household = Household(config.paths.state / "household.json", self._ring, self._list_changed)
        self._counters = Counters()
        self._worker = Worker(self._refuse if self._safe else load or self._load, config.intent.queue)
        self._confirmations = Confirmations(
            config.policy.confirm_expires_s, config.policy.pin_hash, config.policy.open_questions
        )
        self._desk = Desk(
            self._bus,
            self.topics,
            self._journal,
            self._worker,
            self._confirmations,
            self._counters,
            self._pipeline,
            deadline_s=self._deadline_s(config),
            max_bytes=config.intent.max_bytes,
            room=config.room,
            rate_limit=config.policy.rate_limit,
            of_a_device=self._is_taken,
        )
        self.company = Company(config, self._desk, self._bus, self.topics, audio)
        self.vitals = Vitals(
            self._bus,
            self._worker,
            self._journal,
            self._registry,
            self._confirmations,
            self._counters,
            self.company,
            self._profile.profile.name,
        )
        self._birth = birth_topic(config.home.discovery_prefix)
        self._announced = -1
        metrics = config.metrics
        self._metrics = MetricsServer(metrics.host, metrics.port, self.vitals.exposition) if metrics.port else None
        self._router = threading.Thread(target=self._route, name="router", daemon=True)
        self._router_beat = time.monotonic()
        self._stopping = threading.Event()
        self._drained = threading.Event()
        self._hangup = threading.Event()
        self._reloaded: queue.SimpleQueue[Reloaded] = queue.SimpleQueue()
        self._notifier = Notifier()
        self._stuck_s = stuck_after_s(self._deadline_s(config))

    def run(self) -> None:
        """Run until SIGTERM or SIGINT; SIGHUP reloads."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        signal.signal(signal.SIGHUP, lambda *_: self._hangup.set())
        self.start()
        try:
            self.watch()
        finally:
            self.stop()

    def start(self) -> None:
        """Start every part; a broker or a model that is missing degrades the daemon, and does not stop it."""
        self._bus.subscribe((*self.topics.subscriptions, *self.company.subscriptions))
        if self._config.announce.enabled:
            self._bus.subscribe(self._birth, qos=0)
        self._home.follow()
        if self._metrics is not None:
            self._metrics.start()
        self._household.start()
        self._worker.start()
        self._router.start()
        self._bus.start()
        self.company.start()

    def stop(self) -> None:
        """Finish what is at hand, leave the rest to the broker, say ``offline``."""
        self._notifier.send("STOPPING=1", "STATUS=stopping")
        self._stopping.set()
        self.company.stop()
        if not self._worker.stop(_STOP_S):
            _log.warning("the model is still at work after %.0f s and is left behind", _STOP_S)
        self._desk.close()
        # Only now: what the devices report proves the commands that were at hand.
        self._drained.set()
        if self._metrics is not None:
            self._metrics.stop()
        self._household.stop()
        self._bus.stop()
        self._desk.tend()
        self._journal.close()
        self._boots.good()

    @property
    def ready(self) -> bool:
        """Whether the home is read, or it is certain that there is no model to read it with."""
        return self._worker.ready.is_set() or self._worker.trouble is not None

    @property
    def devices(self) -> int:
        return len(self._registry.snapshot().devices)

    def request_stop(self) -> None:
        """Make :meth:`run` end; for signals and other threads."""
        self._stopping.set()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        _log.info("%s: stopping", signal.Signals(number).name)
        self.request_stop()

    def _refuse(self) -> Reader:
        raise ModelError(f"{self._safe}; see the log, mend it, and stop the daemon once to begin anew")

    def _load(self) -> Understanding:
        chosen = choose_model(self._config, self._profile)
        for note in chosen.notes:
            _log.warning("%s", note)
        self.vitals.chosen = chosen
        self._desk.model = chosen.name
        return Understanding(
            chosen.path,
            chosen.options,
            self._functions,
            template=chosen.template,
            digest=chosen.sha256,
            store=StateStore(self._config.paths.cache / "prefix"),
        )

    def _deadline_s(self, config: Config) -> float:
        return min(config.intent.deadline_ms, self._profile.profile.deadline_ms) / 1000

    def _pipeline(self, reader: Reader) -> Pipeline:
        return Pipeline(
            reader,
            self._registry,
            self._command,
            self._functions,
            with_thresholds(self._config.policy, self.vitals.chosen.template if self.vitals.chosen else "chatml"),
            self._household,
            follow_up_s=self._config.intent.follow_up_s,
            observe=self._counters.decoded,
        )

    def _is_taken(self, topic: str) -> bool:
        """Whether a topic is one on which things are commanded or report."""
        return self._registry.owns(topic) or any(topic == each.topic for each in self._functions.values())

    def _command(self, message: Publish) -> PublishHandle:
        return self._bus.publish(message.topic, message.payload, qos=message.qos, expiry_s=_COMMAND_EXPIRY_S)

    def _route(self) -> None:
        """The router thread: every message finds its place here, in the order in which it came."""
        while not self._drained.is_set():
            self._router_beat = time.monotonic()
            self._apply_reload()
            try:
                incoming = self._inbox.get(timeout=_QUIET_S if self._home.unsettled else _IDLE_S)
            except queue.Empty:
                self._settle_home()
                if self._bus.wait_ready(0):
                    self._home.ask()
                continue
            if self._home.overdue:
                self._settle_home()
            try:
                self._deliver(incoming)
            except Exception:  # noqa: BLE001  (the thread's boundary)
                _log.exception("a message on %r could not be handled and is dropped", incoming.topic)
                self._counters.add("undeliverable")
                self._bus.ack(incoming)

    def _deliver(self, incoming: Incoming) -> None:
        if self.topics.is_intent(incoming.topic):
            # Once stopping, intents stay unacknowledged: the broker hands them to whoever comes next.
            if not self._stopping.is_set():
                self._desk.take(incoming)
        elif self.topics.confirm_id(incoming.topic) is not None:
            self._desk.answer_confirmation(incoming)
        elif self.company.deliver(incoming):
            return
        elif incoming.topic == self._birth:
            self._announced = -1 if incoming.payload == BIRTH_PAYLOAD else self._announced
        else:
            self._home.deliver(incoming)

    def _home_changed(self) -> None:
        home = self._registry.snapshot()
        self._worker.home_changed(home)
        self.company.home_changed(home)

    def _settle_home(self) -> None:
        """Know what was announced. Without a single announcement as well, once the broker has sent what it holds."""
        if self._home.settle() or (not self._worker.ready.is_set() and self._bus.wait_ready(0)):
            self._home_changed()

    def watch(self) -> None:
        """The main loop, until a stop is requested: watchdog, status, health, questions that nobody answered."""
        told_ready = False
        good_at = time.monotonic() + GOOD_AFTER_S
        status = ""
        next_health = 0.0
        started = time.monotonic()
        self._notifier.send("STATUS=loading the model")
        while not self._stopping.wait(min(_TICK_S, self._notifier.watchdog_s or _TICK_S)):
            self._desk.tend()
            if time.monotonic() >= good_at and not self._safe:
                self._boots.good()
            if not told_ready and self._worker.loaded.is_set():
                told_ready = True
                self._notifier.send("READY=1")
            elif not told_ready and time.monotonic() - started < _LOAD_S:
                self._notifier.send(f"EXTEND_TIMEOUT_USEC={_EXTEND_S * 1e6:.0f}")
            if told_ready and self._hangup.is_set():
                self._hangup.clear()
                self._reload()
                status = ""
            stuck = self._stuck()
            if stuck is None:
                self._notifier.send("WATCHDOG=1")
            latest = self.vitals.status() if stuck is None else stuck
            if latest != status:
                status = latest
                _log.info("%s", status)
                self._notifier.send(f"STATUS={status}")
                next_health = 0.0
            self._announce()
            if time.monotonic() >= next_health:
                next_health = time.monotonic() + _HEALTH_EVERY_S
                self._bus.publish(self.topics.health, json.dumps(self.vitals.health()).encode(), retain=True)

    def _stuck(self) -> str | None:
        """Which thread makes no progress any more; None while all do, and the watchdog may be fed."""
        now = time.monotonic()
        threads = (
            ("the model's worker", self._worker.alive, self._worker.beat if self._worker.loaded.is_set() else now),
            ("the router", self._router.is_alive(), self._router_beat),
            ("the MQTT thread", self._bus.thread_alive, self._bus.beat),
        )
        for name, alive, beat in threads:
            if not alive:
                return f"{name} has ended; waiting for the watchdog"
            if now - beat > self._stuck_s:
                return f"{name} hangs since {now - beat:.0f} s; waiting for the watchdog"
        return None

    def _reload(self) -> None:
        """SIGHUP: everything is read and checked first; a file that is wrong leaves all as it was."""
        self._notifier.send("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}", "STATUS=reloading")
        try:
            latest = read_again(self._reread, self._config, self._declared)
        except ConfigError as error:
            self.vitals.reload_trouble = str(error)
            _log.error("SIGHUP: nothing was reloaded, the configuration before stays in force: %s", error)
        else:
            self.vitals.reload_trouble = None
            self.vitals.restart_for = latest.restart_for
            self._reloaded.put(latest)
        self._notifier.send("READY=1")

    def _apply_reload(self) -> None:
        """On the router's thread, since the home and its subscriptions are its own."""
        try:
            latest = self._reloaded.get_nowait()
        except queue.Empty:
            return
        config = self._config = latest.config
        self._declared = latest.declared
        self._home.redeclare(latest.declared)
        self._confirmations.configure(config.policy.confirm_expires_s, config.policy.pin_hash)
        self._desk.configure(deadline_s=self._deadline_s(config), max_bytes=config.intent.max_bytes, room=config.room)
        self._worker.change(lambda reader: self._relearn(reader, latest.functions))
        self._worker.home_changed(self._registry.snapshot())
        waits = f"; only a restart changes {', '.join(latest.restart_for)}" if latest.restart_for else ""
        _log.info("SIGHUP: reloaded: policy, home file, functions, room%s", waits)

    def _relearn(self, reader: Reader | None, functions: Mapping[str, Function]) -> None:
        """On the worker's thread: grammar, prompt and stages change together, between two intents."""
        self._functions = functions
        if reader is not None:
            reader.relearn(functions, self._worker.touch)
        self._desk.rebuild()

    def _announce(self) -> None:
        """Tell Home Assistant about this node: once for each connection, and whenever Home Assistant has started."""
        connects = self._bus.health().connects
        if not self._config.announce.enabled or connects == self._announced or not self._bus.wait_ready(0):
            return
        self._announced = connects
        prefix, utterances = self._config.home.discovery_prefix, self._config.announce.utterances
        for topic, payload in announcements(self.topics, prefix, utterances=utterances):
            self._bus.publish(topic, payload, retain=True)

    def _ring(self, timer: Timer) -> None:
        event = {"event": "finished", "label": timer.label, "seconds": timer.seconds, "source": timer.source}
        self._bus.publish(f"{self.topics.base}/timer", json.dumps(event).encode())

    def _list_changed(self, name: str, items: list[str]) -> None:
        self._bus.publish(f"{self.topics.base}/list", json.dumps({"list": name, "items": items}).encode())
