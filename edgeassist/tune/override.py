"""The winner as this machine's own values over the shipped profile, with the table that justifies them as comments."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from edgeassist.board import BoardFacts
from edgeassist.engine.options import EngineOptions

from .search import Trial, Tuned

_HEADINGS = ("setting", "value", "answer ms", "utterance ms", "guess ms", "token ms", "prefix ms", "MiB", "")
#: What tuning decides; everything else of an existing override is kept.
KEYS = ("threads", "threads_batch", "batch", "ubatch", "kv_type", "flash", "mmap", "mlock", "repack", "draft")


def settings(best: EngineOptions, facts: BoardFacts) -> dict[str, object]:
    """The keys of a profile that the winner sets; ``big`` keeps it off the small cores."""
    values: dict[str, object] = {key: getattr(best, "batch" if key == "ubatch" else key) for key in KEYS}
    if best.cpus is not None:
        values |= {key: "big" for key in ("threads", "threads_batch") if values[key] == len(facts.big_cpus)}
        if "big" not in values.values():
            values["threads_batch"] = "big"  # one of them must say it, or the small cores are used again
    return values


def text(tuned: Tuned, facts: BoardFacts, model: str, kept: dict[str, object]) -> str:
    """TOML. ``kept`` are values of the override before that tuning does not decide."""
    head = [
        f"Measured with {model} on {facts.model or facts.machine}, {len(facts.cpus)} cores, in {tuned.seconds:.0f} s.",
        "`edgeassist tune` writes this file anew; delete it to go back to the shipped profile.",
        "",
        *table(tuned.trials),
    ]
    values = {**kept, **settings(tuned.best, facts)}
    return "\n".join([*(f"# {line}".rstrip() for line in head), "", *map(_line, values.items()), ""])


def write(path: Path, content: str) -> None:
    """Atomically: a daemon that starts meanwhile reads the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".tmp", delete=False, encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)


def table(trials: Iterable[Trial]) -> list[str]:
    """The trials as lines of text."""
    lines = [_HEADINGS, *map(_cells, trials)]
    # A note stands in the last column, which is as wide as it likes.
    widths = [max(len(line[i]) for line in lines) for i in range(len(_HEADINGS) - 1)]
    padded = (zip(line, [*widths, 0], strict=True) for line in lines)
    return ["  ".join(cell.ljust(width) for cell, width in line).rstrip() for line in padded]


def _cells(trial: Trial) -> tuple[str, ...]:
    timing = trial.timing
    if timing is None:
        return (trial.setting, trial.value, *[""] * 6, trial.note)
    seconds = (timing.answer, timing.utterance, timing.drafted, timing.token, timing.prefix)
    times = (f"{1000 * value:.1f}" for value in seconds)
    memory = f"{timing.peak_rss / (1 << 20):.0f}"
    return (trial.setting, trial.value, *times, memory, "chosen" if trial.chosen else "")


def _line(item: tuple[str, object]) -> str:
    key, value = item
    return f"{key} = {_value(value)}"


def _value(value: object) -> str:
    """TOML on one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(map(_line, value.items())) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False)  # of numbers, words and truth values, JSON is TOML
