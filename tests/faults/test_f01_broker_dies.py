"""F01: the broker is killed while an utterance is read, and comes back on the same port."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import invariants
from tests.support.broker import Mosquitto
from tests.support.node import Node, Person


@pytest.mark.parametrize("persistence", [True, False])
def test_result_comes_once_after_the_broker_is_back(tmp_path: Path, persistence: bool) -> None:
    with Mosquitto(persistence=persistence) as broker, Node(tmp_path, broker.port) as node:
        with Person(broker.port) as person:
            person.online()
            person.ask("nothing for us")
            person.say("wait 1.5", id_="cut")
            node.until_logged("connected")
            pid = node.pid
            broker.kill()
        broker.start()
        with Person(broker.port) as later:
            later.result("cut")
            later.wait_for("edgeassist/pi/status")
            assert later.ask("do on desk lamp")["outcome"] == "done"
            assert len([each for each in later.results("cut") if each["outcome"] != "duplicate"]) == 1
            assert node.pid == pid
            assert node.running
            states = [each.payload for each in later.heard if each.topic == "edgeassist/pi/status"]
            assert states[-1] == b"online"
            invariants.check(later.heard, {"cut"})
