"""F15: ten thousand intents at once. The broker is told to keep them all, as the README recommends."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support import invariants
from tests.support.broker import Mosquitto
from tests.support.flood import Flood
from tests.support.node import ACTION, Node, Person

COUNT = 10_000


def test_every_intent_of_a_flood_has_exactly_one_outcome_and_memory_is_bounded(tmp_path: Path) -> None:
    broker = Mosquitto(config=("max_queued_messages 20000", "max_inflight_messages 0"))
    with broker, Node(tmp_path, broker.port) as node, Flood(broker.port, ACTION) as flood:
        with Person(broker.port) as person:
            person.online()
            assert person.ask("nothing for us")["outcome"] == "not_understood"
        before = node.rss_bytes()
        seconds = flood.say(COUNT, "wait 0.1")
        outcomes = flood.outcomes(COUNT, timeout=100)
        growth = node.rss_bytes() - before
        total = sum(outcomes.values())
        print(f"{COUNT} sent in {seconds:.2f} s: {dict(outcomes)}; RSS +{growth / 2**20:.1f} MiB")
        assert total == COUNT, f"{COUNT - total} intents without an outcome; {flood.repeated} answered twice"
        assert flood.repeated == 0
        assert outcomes["not_understood"] > 0
        assert outcomes["overloaded"] > 0
        assert growth < 50 * 2**20


def test_quiet_source_is_served_during_a_flood(home: Node, person: Person) -> None:
    for n in range(60):
        person.publish("edgeassist/pi/intent", json.dumps({"id": f"f{n}", "text": "wait 0.1", "source": "loud"}), qos=0)
    assert person.ask("do on desk lamp", source="quiet", timeout=15)["outcome"] == "done"
    loud = [result["outcome"] for n in range(60) for result in person.results(f"f{n}")]
    assert loud.count("not_understood") < 16
    invariants.check_commands(person.heard)
