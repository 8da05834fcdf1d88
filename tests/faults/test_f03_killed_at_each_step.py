"""F03: kill -9 at each step of the journal, then a restart."""

from __future__ import annotations

import pytest

from tests.support import invariants
from tests.support.node import ACTION, BASE, INTENT, START_S, Node, Person

STEPS = ("received", "begun", "started", "published", "finished")


@pytest.mark.parametrize("step", STEPS)
def test_toggle_is_never_done_twice_and_is_answered(node: Node, person: Person, step: str) -> None:
    outcome, commands = _killed_at(step, "do toggle desk lamp", "dev/desk", node, person)
    assert commands <= 1
    assert outcome in {"received": {"done"}, "begun": {"done"}, "finished": {"duplicate"}}.get(step, {"failed"})
    if outcome == "done":
        assert commands == 1


@pytest.mark.parametrize("step", ["started", "published"])
def test_what_may_be_repeated_is_done_after_the_restart(node: Node, person: Person, step: str) -> None:
    outcome, commands = _killed_at(step, "do on desk lamp", "dev/desk", node, person)
    assert outcome == "done"
    assert 1 <= commands <= 2


def test_intent_without_an_id_is_known_again_when_it_is_handed_over_again(node: Node, person: Person) -> None:
    node.start(environ={"EDGEASSIST_CRASH_AT": "published"})
    person.online()
    person.publish(INTENT, "do toggle desk lamp")
    assert node.wait() == -9
    node.start()
    person.wait_for(lambda heard: heard.topic == ACTION and b"may have been done" in heard.payload, timeout=START_S)
    person.ask("nothing for us")
    assert person.commands("dev/desk") in ([], ["TOGGLE"])


def test_question_that_was_open_is_answered_after_the_restart(node: Node, person: Person) -> None:
    node.start(environ={"EDGEASSIST_CRASH_AT": "asked"})
    person.online()
    person.say("do unlock front door", id_="it", reply_to="answers/here")
    person.subscribe("answers/#")
    assert node.wait() == -9
    node.start()
    person.wait_for(lambda heard: heard.topic == "answers/here" and b"expired" in heard.payload, timeout=START_S)
    person.publish(f"{BASE}/confirm/it", "yes")
    person.ask("nothing for us")
    assert person.results("it")[-1]["outcome"] in {"expired", "duplicate"}
    assert person.commands("dev/door") == []


@pytest.mark.parametrize(
    ("step", "outcome"), [("started", "failed"), ("published", "failed"), ("finished", "duplicate")]
)
def test_confirmed_command_is_not_repeated_and_is_answered(node: Node, person: Person, step: str, outcome: str) -> None:
    node.start(environ={"EDGEASSIST_CRASH_AT": step})
    person.online()
    person.say("do unlock front door", id_="it")
    assert person.result("it")["outcome"] == "confirm"
    person.publish(f"{BASE}/confirm/it", "yes")
    assert node.wait() == -9
    node.start()
    assert person.result("it", count=2)["outcome"] == outcome
    person.ask("nothing for us")
    assert len(person.commands("dev/door")) <= 1


def _killed_at(step: str, text: str, topic: str, node: Node, person: Person) -> tuple[str, int]:
    node.start(environ={"EDGEASSIST_CRASH_AT": step})
    person.online()
    person.say(text, id_="it")
    assert node.wait() == -9
    node.start()
    person.online(count=2)
    outcome = person.result("it")["outcome"]
    person.ask("nothing for us")
    invariants.check(person.heard, {"it"})
    return outcome, len(person.commands(topic))
