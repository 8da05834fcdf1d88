"""F23: SIGTERM at any time, twice, and SIGHUP."""

from __future__ import annotations

import signal
import threading

import pytest

from tests.support import invariants
from tests.support.node import STATUS, Node, Person


@pytest.mark.parametrize("after_s", [0.0, 0.4, 0.8, 1.2])
def test_sigterm_while_starting_ends_it_in_time(node: Node, after_s: float) -> None:
    node.start()
    threading.Event().wait(after_s)
    node.signal(signal.SIGTERM)
    assert node.wait(20) in {0, -signal.SIGTERM}


def test_sigterm_while_reading_drains_and_says_offline(home: Node, person: Person) -> None:
    person.say("wait 1", id_="under way")
    person.say("do on desk lamp", id_="waiting")
    person.wait_for(STATUS)
    home.signal(signal.SIGTERM)
    home.signal(signal.SIGTERM)
    assert home.wait(20) == 0
    person.wait_for(lambda heard: heard.topic == STATUS and heard.payload == b"offline")
    home.start()
    person.result("under way")
    assert person.result("waiting")["outcome"] == "done"
    assert person.commands("dev/desk") == ["ON"]
    invariants.check(person.heard, {"under way", "waiting"})


def test_sighup_with_a_bad_file_keeps_the_old_configuration(home: Node, person: Person) -> None:
    home.file.write_text("node = [\n")
    home.signal(signal.SIGHUP)
    home.until_logged("SIGHUP: nothing was reloaded")
    assert person.ask("do on desk lamp")["outcome"] == "done"
