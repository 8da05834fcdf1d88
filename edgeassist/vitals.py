"""How the daemon is: STATUS for systemd, the health document, Prometheus' gauges, and what it does without."""

from __future__ import annotations

import time

from edgeassist import __version__, heat
from edgeassist.bus.mqtt import MqttBus
from edgeassist.bus.values import BusState
from edgeassist.choosing import Chosen
from edgeassist.company import Company
from edgeassist.confirmations import Confirmations
from edgeassist.health import Counters, rss_bytes
from edgeassist.home.registry import HomeRegistry
from edgeassist.journal import Journal
from edgeassist.metrics import exposition
from edgeassist.worker import Worker


class Vitals:
    """Reads the parts of a daemon and changes none. ``chosen`` is the model, once it is."""

    def __init__(
        self,
        bus: MqttBus,
        worker: Worker,
        journal: Journal,
        registry: HomeRegistry,
        confirmations: Confirmations,
        counters: Counters,
        company: Company,
        profile: str,
    ) -> None:
        self._bus = bus
        self._worker = worker
        self._journal = journal
        self._registry = registry
        self._confirmations = confirmations
        self._counters = counters
        self._company = company
        self._profile = profile
        self.chosen: Chosen | None = None
        self.reload_trouble: str | None = None
        self.restart_for: tuple[str, ...] = ()

    @property
    def devices(self) -> int:
        return len(self._registry.snapshot().devices)

    def exposition(self) -> str:
        """The document of the metrics endpoint."""
        bus, board = self._bus.health(), heat.read()
        gauges = {
            "up": float(bus.state is BusState.CONNECTED),
            "devices": self.devices,
            "queue": self._worker.depth,
            "confirmations": len(self._confirmations),
            "degraded": len(self.degraded()),
            "mqtt_reconnects": bus.reconnects,
            "mqtt_dropped": bus.dropped,
            "mqtt_queued": bus.queued,
            "unreadable_announcements": self._registry.unreadable,
            "resident_memory_bytes": rss_bytes(),
            "temperature_celsius": board.temperature_c,
            "draft_acceptance": self._counters.acceptance,
        }
        return exposition(self._counters.snapshot(), gauges, self._counters.stages)

    def status(self) -> str:
        """One line for a person."""
        reasons = self.degraded()
        if not self._worker.loaded.is_set():
            return "loading the model"
        if self._bus.state is not BusState.CONNECTED:
            return f"{self._bus.state}: {self._bus.detail}".rstrip(": ")
        if not self._worker.ready.is_set() and not self._worker.trouble:
            return "reading the home"
        model = self.chosen.name if self.chosen else "no model"
        devices = self.devices
        return f"{devices} devices, {model}" + (f"; degraded: {'; '.join(reasons)}" if reasons else "")

    def degraded(self) -> list[str]:
        """What it does without, and why."""
        reasons = []
        if self._worker.trouble:
            reasons.append(f"model: {self._worker.trouble}")
        if self.chosen and self.chosen.notes:
            reasons.extend(f"model: {note}" for note in self.chosen.notes)
        if self._journal.probe():
            reasons.append(f"storage: {self._journal.degraded}")
        if self.reload_trouble:
            reasons.append(f"reload: {self.reload_trouble}")
        reasons.extend(f"board: {complaint}" for complaint in heat.read().now or ())
        reasons.extend(self._company.degraded())
        return reasons

    def health(self) -> dict[str, object]:
        """The document of the health topic."""
        board = heat.read()
        bus = self._bus.health()
        return {
            "at": round(time.time(), 3),
            "version": __version__,
            "model": self.chosen.name if self.chosen else None,
            "model_sha256": self.chosen.sha256 if self.chosen else None,
            "profile": self._profile,
            "devices": self.devices,
            "queue": self._worker.depth,
            "confirmations": len(self._confirmations),
            "p50_ms": self._counters.p50_ms,
            "draft_acceptance": self._counters.acceptance,
            "counters": self._counters.snapshot(),
            "mqtt": {
                "protocol": bus.protocol,
                "missing": list(bus.missing),
                "reconnects": bus.reconnects,
                "queued": bus.queued,
                "dropped": bus.dropped,
                "malformed": bus.malformed,
            },
            "voice": self._company.voice.health() if self._company.voice else None,
            "unreadable": self._registry.unreadable,
            "temperature_c": board.temperature_c,
            "throttling": None if board.now is None else list(board.now),
            "rss_bytes": rss_bytes(),
            "degraded": self.degraded(),
            "restart_needed_for": list(self.restart_for),
        }
