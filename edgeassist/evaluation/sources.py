"""Where suites come from: our own files, Home Assistant's folder, SLURP's file, or a folder that holds these two."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from edgeassist.errors import ConfigError

from .homeassistant import FIXTURES, load_homeassistant
from .slurp import load_slurp
from .suite import Suite, load


def suites(path: Path) -> list[Suite]:
    """The suites of a file or folder, told apart by what is in it. Raises ConfigError where there is none."""
    found = list(_suites(path))
    if not found:
        raise ConfigError(
            f"{path} holds no suite: neither {FIXTURES} of Home Assistant's sentences, nor a file *.jsonl of sentences"
        )
    return found


def _suites(path: Path) -> Iterator[Suite]:
    if path.is_file():
        yield load_slurp(path) if _is_slurp(path) else load(path)
        return
    if (path / FIXTURES).is_file():
        yield load_homeassistant(path)
        return
    for inner in sorted(path.iterdir()):
        if inner.suffix == ".jsonl" or (inner / FIXTURES).is_file():
            yield from _suites(inner)


def _is_slurp(path: Path) -> bool:
    with path.open(encoding="utf-8") as file:
        first = file.readline()
    try:
        return "slurp_id" in json.loads(first)
    except ValueError:
        return False
