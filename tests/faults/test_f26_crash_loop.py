"""F26: starts that never last."""

from __future__ import annotations

from edgeassist.boots import MAX_BAD
from tests.support.node import Node, Person


def test_after_ten_bad_starts_only_bus_and_health_are_up(node: Node, person: Person) -> None:
    node.state.mkdir()
    (node.state / "boots").write_text(str(MAX_BAD))
    node.start()
    person.online()
    answer = person.ask("do on desk lamp")
    assert answer["outcome"] == "failed"
    assert "safe mode" in answer["say"]
    assert person.commands("dev/desk") == []
    assert node.stop() == 0
    node.start()
    assert person.ask("do on desk lamp", id_="after")["outcome"] == "done"


def test_each_start_that_is_killed_counts(node: Node, person: Person) -> None:
    for n in range(2):
        node.start()
        person.online(count=n + 1)
        node.kill()
    assert (node.state / "boots").read_text() == "2"
