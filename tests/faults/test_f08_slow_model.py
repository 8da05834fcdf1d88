"""F08: a model that is slower than the deadline."""

from __future__ import annotations

from tests.support.node import Node, Person


def test_slow_reading_expires_and_the_queue_moves_on(home: Node, person: Person) -> None:
    person.say("slow", id_="slow", deadline_ms=500)
    person.say("do on desk lamp", id_="next")
    late = person.result("slow")
    assert late["outcome"] == "expired"
    assert 400 <= late["timing_ms"]["total"] <= 3000
    assert person.result("next")["outcome"] == "done"


def test_what_waited_beyond_its_deadline_expires_unread(home: Node, person: Person) -> None:
    person.say("wait 1")
    person.say("do on desk lamp", id_="late", deadline_ms=200)
    assert person.result("late")["outcome"] == "expired"
    assert person.commands("dev/desk") == []
