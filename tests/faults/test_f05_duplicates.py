"""F05: the same intent again, as a new packet and as a repetition while it is worked on."""

from __future__ import annotations

from tests.support import invariants
from tests.support.node import Node, Person


def test_same_id_twice_acts_once_and_second_answer_is_duplicate(home: Node, person: Person) -> None:
    person.say("do toggle desk lamp", id_="once")
    assert person.result("once")["outcome"] == "done"
    person.say("do toggle desk lamp", id_="once")
    assert person.result("once", count=2)["outcome"] == "duplicate"
    assert person.commands("dev/desk") == ["TOGGLE"]
    invariants.check_commands(person.heard)


def test_same_id_while_it_is_worked_on_is_duplicate(home: Node, person: Person) -> None:
    person.say("wait 0.5", id_="slow")
    person.say("wait 0.5", id_="slow")
    person.result("slow", count=2)
    assert sorted(each["outcome"] for each in person.results("slow")) == ["duplicate", "not_understood"]


def test_same_id_with_other_words_is_rejected(home: Node, person: Person) -> None:
    person.say("do on desk lamp", id_="mine")
    person.result("mine")
    person.publish("edgeassist/pi/intent", '{"id": "mine", "text": "do off desk lamp"}')
    person.wait_for(lambda heard: b"rejected" in heard.payload)
    assert person.commands("dev/desk") == ["ON"]
