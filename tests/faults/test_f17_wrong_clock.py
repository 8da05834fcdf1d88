"""F17: a wall clock that jumps. Deadlines, duplicates and timers go by another one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.node import Node, Person


@pytest.mark.parametrize("seconds", [-86_400.0, 86_400.0, -1.7e9])
def test_jump_of_the_clock_changes_nothing(tmp_path: Path, node: Node, person: Person, seconds: float) -> None:
    clock = tmp_path / "clock"
    clock.write_text("0")
    node.start(environ={"TEST_CLOCK": str(clock)})
    person.online()
    person.say("do toggle desk lamp", id_="one")
    assert person.result("one")["outcome"] == "done"
    assert person.ask("do timer10m eggs")["calls"][0]["status"] == "verified"
    clock.write_text(str(seconds))
    person.say("do toggle desk lamp", id_="one")
    assert person.result("one", count=2)["outcome"] == "duplicate"
    assert person.ask("do on desk lamp")["outcome"] == "done"
    assert "left" in person.ask("do remaining eggs")["say"]
    assert not [heard for heard in person.heard if heard.topic.endswith("/timer")]


def test_restart_in_1970_keeps_a_timer_no_longer_than_it_was_set_for(
    tmp_path: Path, node: Node, person: Person
) -> None:
    clock = tmp_path / "clock"
    clock.write_text("0")
    node.start(environ={"TEST_CLOCK": str(clock)})
    person.online()
    person.ask("do timer10m eggs")
    node.kill()
    clock.write_text("-1.7e9")
    node.start(environ={"TEST_CLOCK": str(clock)})
    person.online(count=2)
    said = person.ask("do remaining eggs")["say"]
    assert "minutes" in said
    assert "hour" not in said
