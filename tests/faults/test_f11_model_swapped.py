"""F10 and F11 with a real model: a file that changes on the disk, before it is loaded and while it is."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from edgeassist.models.store import Store
from tests.support.node import Node, Person

MODEL = "edgeassist-135m"
#: The real reader, and weights that stay in the mapped file.
REAL = {
    "TEST_REAL_MODEL": "1",
    "EDGEASSIST_MODEL__NAME": MODEL,
    "EDGEASSIST_MODEL__REPACK": "false",
    "EDGEASSIST_MODEL__MMAP": "true",
}


@pytest.fixture
def model(node: Node) -> Path:
    """A copy of the model in the node's own store."""
    stored = Store().check(MODEL)
    folder = node.folder / "models"
    folder.mkdir()
    for file in stored.path.parent.glob(f"{stored.path.stem}.*"):
        shutil.copy2(file, folder)
    return folder / stored.path.name


def test_tensors_that_are_zero_are_found_before_the_model_is_loaded(model: Path, node: Node, person: Person) -> None:
    with model.open("r+b") as file:
        file.seek(model.stat().st_size // 2)
        file.write(bytes(1 << 20))
    _degraded(node, person)


def test_model_replaced_by_rename_changes_nothing_and_truncated_in_place_ends_in_a_digest_error(
    model: Path, node: Node, person: Person
) -> None:
    node.start(environ=REAL)
    person.online()
    assert person.ask("turn on the desk lamp")["outcome"] == "done"
    loaded = model.with_suffix(".loaded")
    model.rename(loaded)
    model.write_bytes(b"GGUF and nothing else")
    assert person.ask("turn off the desk lamp")["outcome"] == "done"
    assert person.commands("dev/desk") == ["ON", "OFF"]
    with loaded.open("r+b") as file:
        file.truncate(4096)
    person.say("turn on the counter lamp", id_="torn")
    assert node.wait() == -signal.SIGBUS
    _degraded(node, person, online=2)
    assert person.result("torn")["outcome"] == "failed"
    assert person.commands("dev/counter") == []


def _degraded(node: Node, person: Person, *, online: int = 1) -> None:
    """It stays up, says what is wrong, and answers every intent with it."""
    node.start(environ=REAL)
    person.online(count=online)
    answer = person.ask("turn on the desk lamp", id_="refused")
    assert answer["outcome"] == "failed"
    assert "is damaged" in answer["say"]
    person.wait_for(lambda heard: heard.topic.endswith("/health") and b'"degraded": ["model' in heard.payload)
    assert node.running
