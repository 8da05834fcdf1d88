"""F07: intents that are older than what was meant by them."""

from __future__ import annotations

import threading
from pathlib import Path

from tests.support.broker import Mosquitto
from tests.support.node import INTENT, Node, Person


def test_retained_intent_is_ignored_and_counted(node: Node, person: Person) -> None:
    person.publish(INTENT, "do toggle desk lamp", retain=True)
    node.start()
    person.online()
    person.ask("nothing for us")
    assert person.commands("dev/desk") == []
    assert "a retained intent" in node.log()


def test_intent_queued_longer_than_the_session_is_never_executed(tmp_path: Path) -> None:
    with Mosquitto() as broker, Person(broker.port) as person:
        config = f'[mqtt]\nhost = "127.0.0.1"\nport = {broker.port}\nsession_expiry_s = 1\n'
        with Node(tmp_path, broker.port, config) as node:
            person.online()
            node.kill()
            person.say("do toggle desk lamp", id_="stale")
            threading.Event().wait(3)
            node.start()
            person.online(count=2)
            person.ask("nothing for us")
            assert person.results("stale") == []
            assert person.commands("dev/desk") == []


def test_intent_queued_shorter_than_the_session_is_done(home: Node, person: Person) -> None:
    home.kill()
    person.say("do on desk lamp", id_="soon")
    home.start()
    assert person.result("soon")["outcome"] == "done"
