"""F04: files that a loss of power has torn."""

from __future__ import annotations

from tests.support.node import Node, Person


def test_damaged_state_is_set_aside_and_the_daemon_starts(node: Node, person: Person) -> None:
    node.state.mkdir()
    (node.state / "journal.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    (node.state / "household.json").write_text('{"timers": [{"label": "eg')
    (node.state / "household.json.tmp").write_text("half")
    node.start()
    person.online()
    assert person.ask("do toggle desk lamp")["outcome"] == "done"
    assert (node.state / "journal.db.corrupt").exists()
    assert (node.state / "household.corrupt").exists()
    assert "is damaged" in node.log()
    assert "cannot be read" in node.log()


def test_timer_set_before_kill_is_still_there(home: Node, person: Person) -> None:
    assert person.ask("do timer10m eggs")["outcome"] == "done"
    home.kill()
    home.start()
    person.online(count=2)
    assert "left" in person.ask("do remaining eggs")["say"]
