"""F09: a model that never returns."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.support.broker import Mosquitto
from tests.support.manager import Manager
from tests.support.node import Node, Person


def test_watchdog_is_not_fed_and_restart_answers_what_was_hanging(tmp_path: Path) -> None:
    with Mosquitto() as broker, Person(broker.port) as person, Manager(tmp_path) as manager:
        node = Node(tmp_path, broker.port)
        try:
            node.start(environ={**manager.environ, "TEST_STUCK_S": "2"})
            person.online()
            manager.until("WATCHDOG=1")
            person.say("hang", id_="hang")
            node.until_logged("hangs on purpose")
            _until_starved(manager)
            node.signal(signal.SIGABRT)
            node.wait()
            node.start()
            # Hung again, as a poison does: the rules of F06 end it.
            node.until_logged("hangs on purpose", count=2)
            node.kill()
            node.start()
            assert person.result("hang")["outcome"] == "failed"
        finally:
            node.kill()


def _until_starved(manager: Manager) -> None:
    for _ in range(10):
        if manager.quiet_since("WATCHDOG", 2.0):
            return
    raise AssertionError("the watchdog was fed all the time")
