"""Parts for the faults: a broker, a daemon in a process of its own, a person; every log is checked at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.broker import Mosquitto
from tests.support.node import Node, Person


@pytest.fixture
def broker() -> Iterator[Mosquitto]:
    with Mosquitto() as mosquitto:
        yield mosquitto


@pytest.fixture
def node(broker: Mosquitto, tmp_path: Path) -> Iterator[Node]:
    """Not started; ended with the test."""
    made = Node(tmp_path, broker.port)
    yield made
    made.kill()


@pytest.fixture
def person(broker: Mosquitto) -> Iterator[Person]:
    with Person(broker.port) as someone:
        yield someone


@pytest.fixture
def home(node: Node, person: Person) -> Node:
    """The node, up and with its home read."""
    node.start()
    person.online()
    assert person.ask("nothing for us")["outcome"] == "not_understood"
    return node
