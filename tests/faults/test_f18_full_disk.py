"""F18: a full disk, and one that can only be read."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import invariants
from tests.support.node import Node, Person, until


@pytest.fixture
def small_disk(node: Node) -> Iterator[Path]:
    node.state.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", node.state], check=False)
    if mounted.returncode:
        pytest.skip("mounting a small tmpfs needs root")
    yield node.state
    node.kill()
    subprocess.run(["umount", node.state], check=True)


def test_full_disk_degrades_refuses_what_must_not_be_repeated_and_recovers(
    small_disk: Path, node: Node, person: Person
) -> None:
    filler = _filled(small_disk)
    node.start()
    person.online()
    assert person.ask("do on desk lamp")["outcome"] == "done"
    assert person.ask("do toggle desk lamp")["outcome"] == "failed"
    assert person.commands("dev/desk") == ["ON"]
    person.wait_for(lambda heard: b"storage: " in heard.payload, timeout=40)
    filler.unlink()
    until(lambda: "can be written again" in node.log())
    assert person.ask("do toggle desk lamp")["outcome"] == "done"
    invariants.check_commands(person.heard)


def test_disk_that_becomes_read_only_is_survived(small_disk: Path, node: Node, person: Person) -> None:
    node.start()
    person.online()
    assert person.ask("do toggle desk lamp")["outcome"] == "done"
    filler = _filled(small_disk)
    assert person.ask("do on desk lamp")["outcome"] == "done"
    assert person.ask("do add milk> shopping")["outcome"] in {"done", "failed"}
    assert node.running
    filler.unlink()


def _filled(folder: Path) -> Path:
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    return filler
