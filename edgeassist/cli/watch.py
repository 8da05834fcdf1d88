"""Watch what is said to the nodes and what comes of it, live.

Shows each result as it is published: the utterance, its calls, the outcome and how long every stage took. Questions
that
wait for a yes, and nodes that come and go, are shown too. Ctrl-C ends it.
"""

from __future__ import annotations

import json
import queue
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edgeassist.cli._config import config_option

if TYPE_CHECKING:
    from edgeassist.bus.values import Incoming

_COLORS = {
    "done": "green",
    "dry_run": "green",
    "partial": "yellow",
    "confirm": "cyan",
    "duplicate": "bright_black",
    "not_understood": "yellow",
}
_KINDS = ("action", "confirm", "status", "timer")


@click.command(help=__doc__)
@click.option("--all", "every", is_flag=True, help="Every node of the fleet, not only this one.")
@click.option("--count", type=click.IntRange(1), help="End after so many results.")
@click.option("--json", "as_json", is_flag=True, help="Print each message as one line of JSON.")
@config_option
def command(every: bool, count: int | None, as_json: bool, config_file: Path | None) -> None:
    from edgeassist.bus.mqtt import MqttBus
    from edgeassist.bus.settings import mqtt_settings
    from edgeassist.config import load_config
    from edgeassist.errors import BusError

    config = load_config(config_file)
    bus = MqttBus(mqtt_settings(config, None))
    node = "+" if every else config.node
    bus.subscribe([f"edgeassist/{node}/{kind}" for kind in _KINDS])
    bus.start()
    try:
        if not bus.wait_ready(3.0):
            raise BusError(f"no broker: {bus.state}: {bus.detail}")
        _follow(bus, count, as_json=as_json)
    except KeyboardInterrupt:
        click.echo()
    finally:
        bus.stop()


def _follow(bus: Any, count: int | None, *, as_json: bool) -> None:
    results = 0
    while count is None or results < count:
        try:
            incoming: Incoming = bus.inbox.get(timeout=1.0)
        except queue.Empty:
            continue
        bus.ack(incoming)
        _, node, kind = incoming.topic.split("/")[:3]
        results += kind == "action"
        line = _as_json(node, kind, incoming.payload) if as_json else _as_text(node, kind, incoming.payload)
        if line is not None:
            click.echo(line)


def _as_json(node: str, kind: str, payload: bytes) -> str | None:
    document = {"node": node, "kind": kind} | _document(payload)
    return json.dumps(document, ensure_ascii=False)


def _as_text(node: str, kind: str, payload: bytes) -> str | None:
    from edgeassist.text import sanitise

    at = click.style(time.strftime("%H:%M:%S"), dim=True)
    said = _document(payload)
    where = click.style(sanitise(node, 30), dim=True)
    if kind == "action":
        return f"{at} {where} {_result(said)}"
    if kind == "confirm":
        return f"{at} {where} {click.style('?', fg='cyan')} {sanitise(str(said.get('prompt')), 200)}"
    if kind == "timer":
        return f"{at} {where} timer {sanitise(str(said.get('label') or ''), 60)} ended"
    return f"{at} {where} {sanitise(payload.decode('utf-8', 'replace'), 20)}"


def _result(result: dict[str, Any]) -> str:
    from edgeassist.text import sanitise

    outcome = str(result.get("outcome"))
    calls = "; ".join(_call(call) for call in result.get("calls", ()))
    timing = result.get("timing_ms", {})
    stages = " ".join(f"{name} {value:.0f}" for name, value in timing.items() if isinstance(value, int | float))
    parts = [
        click.style(f"{sanitise(outcome, 20):<14}", fg=_COLORS.get(outcome, "red")),
        f'"{sanitise(str(result.get("text")), 120)}"',
        f"→ {calls}" if calls else sanitise(str(result.get("say")), 160),
        click.style(f"[{sanitise(str(result.get('path') or '-'), 12)}; {stages or '0'} ms]", dim=True),
    ]
    return " ".join(parts)


def _call(call: dict[str, Any]) -> str:
    from edgeassist.text import sanitise

    arguments = json.dumps(call.get("arguments"), ensure_ascii=False)
    return f"{sanitise(str(call.get('name')), 40)} {sanitise(arguments, 120)} {sanitise(str(call.get('status')), 12)}"


def _document(payload: bytes) -> dict[str, Any]:
    try:
        document = json.loads(payload)
    except ValueError:
        return {"payload": payload.decode("utf-8", "replace")}
    return document if isinstance(document, dict) else {"payload": document}
