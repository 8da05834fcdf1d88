"""Too much of one source: too many intents a minute, too many questions."""

from __future__ import annotations

from pathlib import Path

from tests.support import invariants
from tests.support.broker import Mosquitto
from tests.support.node import Node, Person

POLICY = "[policy]\nrate_limit = 4\nopen_questions = 2\n"


def test_source_over_its_rate_is_denied_and_others_are_not(tmp_path: Path) -> None:
    with Mosquitto() as broker, Person(broker.port) as person, Node(tmp_path, broker.port, POLICY):
        person.online()
        said = [person.ask("do on desk lamp", source="loud")["outcome"] for _ in range(6)]
        assert said == ["done"] * 4 + ["denied"] * 2
        assert person.ask("do off desk lamp", source="quiet")["outcome"] == "done"
        assert person.commands("dev/desk") == ["ON"] * 4 + ["OFF"]
        invariants.check_commands(person.heard)


def test_source_with_too_many_open_questions_is_denied(tmp_path: Path) -> None:
    with Mosquitto() as broker, Person(broker.port) as person, Node(tmp_path, broker.port, POLICY):
        person.online()
        said = [person.ask("do unlock front door", source="loud")["outcome"] for _ in range(3)]
        assert said == ["confirm", "confirm", "denied"]
        assert person.ask("do unlock front door", source="quiet")["outcome"] == "confirm"
        assert person.commands("dev/door") == []
