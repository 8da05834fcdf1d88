"""F10: a model file that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.broker import Mosquitto
from tests.support.node import Node, Person


@pytest.mark.parametrize("content", [None, b"", b"GGUF\x03\0\0\0", bytes(range(256)) * 64])
def test_daemon_stays_up_and_every_intent_fails_with_the_reason(tmp_path: Path, content: bytes | None) -> None:
    model = tmp_path / "model.gguf"
    if content is not None:
        model.write_bytes(content)
    with Mosquitto() as broker, Person(broker.port) as person:
        node = Node(tmp_path, broker.port)
        node.file.write_text(node.file.read_text() + f'[model]\npath = "{model}"\n')
        try:
            node.start(environ={"TEST_REAL_MODEL": "1"})
            person.online()
            answer = person.ask("turn on the desk lamp")
            assert answer["outcome"] == "failed"
            assert "model" in answer["say"]
            assert any(reason.startswith("model") for reason in _degraded(person))
            assert node.running
            assert node.log().count("cannot be") == 1
        finally:
            node.kill()


def _degraded(person: Person) -> list[str]:
    person.wait_for(lambda heard: heard.topic.endswith("/health") and b'"degraded": ["model' in heard.payload)
    reasons: list[str] = person.health()["degraded"]
    return reasons
