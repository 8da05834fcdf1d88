"""The nodes of a broker, as their retained status and health tell."""

from __future__ import annotations

import json
import queue
import time
from dataclasses import dataclass, field
from typing import Any

from edgeassist.bus.mqtt import MqttBus
from edgeassist.bus.settings import mqtt_settings
from edgeassist.bus.topics import ROOT
from edgeassist.bus.values import Incoming
from edgeassist.config import Config
from edgeassist.errors import BusError
from edgeassist.text import sanitise

_CONNECT_S = 5.0
#: The broker sends what it retains at once; when nothing has come for this long, that was all.
_QUIET_S = 0.5
_MAX_S = 10.0


@dataclass
class Node:
    """``status`` is what the last will and the daemon say: online, offline, or unknown."""

    name: str
    status: str = "unknown"
    health: dict[str, Any] = field(default_factory=dict)

    def facts(self, now: float) -> dict[str, object]:
        """One flat row; what a peer sends is bounded and stripped of control characters.

        ``lag_s``: how old the node's health is by ``now`` and by its own clock, both in seconds of Unix time.
        """
        at = self.health.get("at")
        mqtt = self.health.get("mqtt")
        reasons = self.health.get("degraded")
        return {
            "node": self.name,
            "status": self.status,
            **{name: _plain(self.health.get(name)) for name in ("version", "model", "profile", "queue", "p50_ms")},
            "lag_s": round(now - at, 1) if isinstance(at, int | float) else None,
            "reconnects": _plain(mqtt.get("reconnects")) if isinstance(mqtt, dict) else None,
            "degraded": [sanitise(str(reason), 200) for reason in reasons[:20]] if isinstance(reasons, list) else [],
        }


def listen(config: Config) -> list[Node]:
    """Every node that retains something, by name. Raises BusError without a broker."""
    bus = MqttBus(mqtt_settings(config, None))
    bus.subscribe([f"{ROOT}/+/status", f"{ROOT}/+/health"])
    bus.start()
    try:
        if not bus.wait_ready(_CONNECT_S):
            raise BusError(f"no broker: {bus.state}: {bus.detail}")
        return _gathered(bus)
    finally:
        bus.stop()


def _gathered(bus: MqttBus) -> list[Node]:
    nodes: dict[str, Node] = {}
    deadline = time.monotonic() + _MAX_S
    while time.monotonic() < deadline:
        try:
            incoming = bus.inbox.get(timeout=_QUIET_S)
        except queue.Empty:
            break
        bus.ack(incoming)
        name = incoming.topic.split("/")[1]
        _note(nodes.setdefault(name, Node(sanitise(name))), incoming)
    return [nodes[name] for name in sorted(nodes)]


def _note(node: Node, incoming: Incoming) -> None:
    if incoming.topic.endswith("/status"):
        said = incoming.payload.decode(errors="replace")
        node.status = said if said in {"online", "offline"} else "unknown"
        return
    try:
        document = json.loads(incoming.payload)
    except (ValueError, RecursionError):
        return
    node.health = document if isinstance(document, dict) else {}


def _plain(value: object) -> str | int | float | None:
    return value if value is None or isinstance(value, int | float) else sanitise(str(value), 80)
