"""What others see of the daemon: Home Assistant's discovery, Prometheus, and a person at a terminal."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.support.broker import Mosquitto, free_port
from tests.support.node import ROOT, Node, Person

PREFIX = "homeassistant"


def test_node_announces_itself_and_again_when_home_assistant_starts(tmp_path: Path) -> None:
    with Mosquitto() as broker, Person(broker.port) as person:
        person.subscribe(f"{PREFIX}/#")
        with Node(tmp_path, broker.port, "[announce]\nutterances = true\n") as node:
            topic = f"{PREFIX}/text/edgeassist_pi/intent/config"
            person.wait_for(topic, timeout=40)
            person.wait_for(f"{PREFIX}/sensor/edgeassist_pi/utterance/config")
            person.publish(f"{PREFIX}/status", "online")
            again = person.wait_for(topic, count=2, timeout=20)
            assert again[0].payload == again[1].payload
            assert json.loads(again[1].payload)["command_topic"] == "edgeassist/pi/intent"
            assert person.ask("nothing for us")["outcome"] == "not_understood"
            # It must not find itself among the devices of the home: five are declared, none more is known.
            assert person.health()["devices"] == 5
            broker.kill()
            broker.start()
            with Person(broker.port) as later:
                later.subscribe(f"{PREFIX}/#")
                later.wait_for(topic, timeout=40)
            assert node.running


def test_metrics_count_outcomes_and_stages_on_loopback(tmp_path: Path) -> None:
    port = free_port()
    with (
        Mosquitto() as broker,
        Person(broker.port) as person,
        Node(tmp_path, broker.port, f"[metrics]\nport = {port}\n"),
    ):
        person.online()
        person.ask("do on desk lamp")
        person.ask("nothing for us")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            page = answer.read().decode()
        assert 'edgeassist_intents_total{outcome="done"} 1\n' in page
        assert 'edgeassist_stage_seconds_count{stage="total"} 2\n' in page
        assert 'edgeassist_stage_seconds_count{stage="queue"} 2\n' in page
        assert "edgeassist_devices 5\n" in page


def test_watch_shows_utterance_call_and_timings(tmp_path: Path) -> None:
    with Mosquitto() as broker, Person(broker.port) as person, Node(tmp_path, broker.port) as node:
        person.online()
        person.ask("nothing for us")
        watcher = subprocess.Popen(
            [sys.executable, "-c", "from edgeassist.cli import main; main()", "watch", "--count", "1", "--config",
             str(node.file)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )  # fmt: skip
        assert watcher.stdout is not None
        # Its first line is the retained status: by then it listens.
        first = watcher.stdout.readline()
        assert "online" in first
        person.say("do on desk lamp")
        rest = watcher.communicate(timeout=40)[0]
        assert '"do on desk lamp"' in rest
        assert 'turn_on {"name": "Desk Lamp"} sent' in rest
        assert "total" in rest
        assert watcher.returncode == 0
