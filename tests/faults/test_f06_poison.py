"""F06: an intent that brings the process down whenever it is read."""

from __future__ import annotations

from tests.support.node import Node, Person


def test_after_two_attempts_it_is_given_up_and_acknowledged(node: Node, person: Person) -> None:
    node.start()
    person.online()
    person.say("die", id_="poison")
    assert node.wait() == -9
    node.start()
    assert node.wait() == -9
    node.start()
    assert person.result("poison")["outcome"] == "failed"
    assert person.ask("do on desk lamp")["outcome"] == "done"
    node.kill()
    node.start()
    person.online(count=4)
    person.ask("nothing for us")
    assert len(person.results("poison")) == 1


def test_what_raises_is_answered_and_the_next_is_served(home: Node, person: Person) -> None:
    assert person.ask("raise hell")["outcome"] == "failed"
    assert person.ask("do on desk lamp")["outcome"] == "done"
